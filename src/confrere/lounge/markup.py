"""Member text to safe HTML: Markdown without raw HTML, images or remote content."""

import nh3
from markdown_it import MarkdownIt

_MARKDOWN = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table").disable("image")
_TAGS = {
    "p", "em", "strong", "ul", "ol", "li", "blockquote", "code", "pre", "br", "hr", "a",
    "h3", "h4", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip


def render(text: str) -> str:
    """HTML of a member's Markdown.

    Only the listed tags survive; links keep `http(s)` and `mailto` targets and open without a trace of us;
    images are not rendered, so that no reader's address reaches a third party.
    """
    return nh3.clean(
        _MARKDOWN.render(text), tags=_TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"}
    )
