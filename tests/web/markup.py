"""Templates and pages, read for what the content policy and the translators forbid."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from django.template.base import Lexer, TokenType

SOURCE = Path(__file__).parents[2] / "src" / "confrere"
#: Names that are the same in every language.
SAME_EVERYWHERE = {"confrère", "UTC"}
#: What is typed at a terminal is not translated.
TYPED = {"code", "kbd", "samp", "pre"}
#: Tags whose inside is translated or left out.
UNTOUCHED = {"blocktranslate", "blocktrans", "comment"}
#: Blocks that hold class names.
CLASSES = {"main_class", "body_class"}
SPOKEN = {"alt", "title", "placeholder", "aria-label", "aria-description", "aria-roledescription", "data-label"}
#: Arguments of our parts that people read.
WORDS = re.compile(
    r"""\b(label|title|text|why|consequence|what|left|caption|foot|specialty|verified|lines|sentence)=(["'])(.*?)\2"""
)
LETTERS = re.compile(r"[^\W\d_]{2,}")


def templates() -> list[Path]:
    return sorted(SOURCE.glob("*/templates/**/*.html"))


class Markup(HTMLParser):
    """Collects what may not be in a page, and the words that a person reads."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.offences: list[str] = []
        self.words: list[str] = []
        self.typed = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.typed += tag in TYPED
        data = given.get("type") == "application/json"  # never executed
        if tag == "style" or (tag == "script" and "src" not in given and not data):
            self.offences.append(f"<{tag}> written into the page")
        if "hx-get" in given and "href" not in given:
            self.offences.append("hx-get without href")
        for name, value in given.items():
            if name == "style" or name.startswith(("on", "hx-on")):
                self.offences.append(f"{name}= on <{tag}>")
            if (value or "").strip().lower().startswith("javascript:"):
                self.offences.append(f"javascript: on <{tag}>")
            if name in SPOKEN and value:
                self.words.append(value)

    def handle_endtag(self, tag: str) -> None:
        self.typed -= tag in TYPED

    def handle_data(self, data: str) -> None:
        if not self.typed:
            self.words.append(data)


def read(html: str) -> Markup:
    markup = Markup()
    markup.feed(html)
    markup.close()
    return markup


def literal_text(source: str) -> str:
    """A template without its tags and without what stands inside translation blocks and comments."""
    return "".join(_pieces(source))


def _pieces(source: str) -> Iterator[str]:
    inside = ""
    for token in Lexer(source).tokenize():
        if token.token_type == TokenType.BLOCK:
            word, *rest = token.split_contents()
            if inside and word == f"end{inside}":
                inside = ""
            elif not inside and (word in UNTOUCHED or (word == "block" and CLASSES & {*rest})):
                inside = word
        elif token.token_type == TokenType.TEXT and not inside:
            yield token.contents


def untranslated(source: str) -> list[str]:
    """Words of a template that no translator will ever see."""
    written = [word for text in read(literal_text(source)).words for word in LETTERS.findall(text)]
    handed_on = [
        match[3]
        for token in Lexer(source).tokenize()
        if token.token_type == TokenType.BLOCK and token.contents.startswith("include ")
        for match in WORDS.finditer(token.contents)
        if LETTERS.search(match[3])
    ]
    return [word for word in written if word not in SAME_EVERYWHERE] + handed_on
