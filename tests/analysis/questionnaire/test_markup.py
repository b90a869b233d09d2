"""XML from strangers, and XML that brings every text back."""

from xml.etree.ElementTree import Element, SubElement

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from confrere.analysis.errors import InputError
from confrere.analysis.questionnaire.markup import read_xml, write_xml

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\ufffe\uffff", exclude_categories=["Cc", "Cs"]))
ANY = st.one_of(TEXTS, st.sampled_from(["\r\n", "\n a \t b ", "<&>\"'", "]]>"]))


@given(ANY, ANY)
@settings(derandomize=True, deadline=None)
def test_texts_and_attributes_come_back(text: str, attribute: str) -> None:
    root = Element("a", {"xmlns": "u", "b": attribute})
    SubElement(root, "c").text = text
    found = read_xml(write_xml(root).encode())
    assert (found.tag, found.get("b"), found[0].tag, found[0].text or "") == ("{u}a", attribute, "{u}c", text)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "line 1: a document type or entities are not read"),
        (b"<!DOCTYPE a SYSTEM 'file:///etc/passwd'>\n<a/>", "line 1: a document type or entities are not read"),
        (b"<a>\n&x;</a>", "line 2: this is not well-formed XML: undefined entity."),
        (b"<a>" * 101, "line 1: the elements are nested deeper than 100 levels."),
        (b"<?xml version='1.0' encoding='nonsense'?><a/>", "this XML is in an encoding that is not known"),
        (b"<?xml version='1.0' encoding='gbk'?><a/>", "this XML is in an encoding that is not known"),
    ],
)
def test_what_is_refused(content: bytes, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        read_xml(content, file="x")
    assert sentence in str(caught.value)
