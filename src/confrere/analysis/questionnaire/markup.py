"""XML that comes from strangers, read without entities or document types, and XML of our own, written so that
every text comes back as it was (line breaks in attributes too)."""

from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat
from xml.sax.saxutils import escape

from confrere.analysis.errors import InputError

DEEPEST = 100
LARGEST = 20_000_000
"""Bytes of a file that are read: hundreds of times the largest questionnaire we have seen."""


class _Forbidden(Exception):
    """What the document asks for and does not get."""


def read_xml(content: bytes, *, file: str = "") -> Element:
    """The root element, names as ``{namespace}name``. Raises `InputError` with the line.

    A document type (and so every entity that is not XML's own) is refused, as is deep nesting.
    """
    builder = TreeBuilder()
    parser = expat.ParserCreate(namespace_separator="}")
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise _Forbidden(f"the elements are nested deeper than {DEEPEST} levels.")
        builder.start(_named(name), {_named(key): value for key, value in attributes.items()})

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(_named(name))

    def doctype(*_declared: object) -> None:
        raise _Forbidden("a document type or entities are not read, because they can be used for attacks.")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(content, True)
    except _Forbidden as error:
        raise InputError(f"{error}", file=file, line=parser.CurrentLineNumber) from None
    except expat.ExpatError as error:
        why = expat.ErrorString(error.code)
        raise InputError(f"this is not well-formed XML: {why}.", file=file, line=error.lineno) from None
    except (LookupError, ValueError):
        raise InputError("this XML is in an encoding that is not known; save it as UTF-8.", file=file, line=1) from None
    return builder.close()


def _named(name: str) -> str:
    return "{" + name if "}" in name else name


def write_xml(root: Element) -> str:
    """The document, indented; an element with a text is written on one line with the text as it is.

    Names are written as they stand in the tree (``redcap:Variable``); namespaces are attributes of the root.
    """
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + _written(root, "")


def _written(element: Element, indent: str) -> str:
    attributes = "".join(f' {name}="{_attribute(value)}"' for name, value in element.items())
    start = f"{indent}<{element.tag}{attributes}"
    if len(element):
        inner = "".join(_written(child, indent + "  ") for child in element)
        return f"{start}>\n{inner}{indent}</{element.tag}>\n"
    return f"{start}>{_text(element.text)}</{element.tag}>\n" if element.text else f"{start}/>\n"


def _text(text: str) -> str:
    return escape(text, {"\r": "&#13;"})


def _attribute(text: str) -> str:
    return escape(text, {'"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})
