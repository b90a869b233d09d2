"""Member text to safe HTML: Markdown without raw HTML, images or remote content."""

import nh3
from markdown_it import MarkdownIt

_MARKDOWN = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table").disable("image")
_TAGS = {
    "p", "em", "strong", "ul", "ol", "li", "blockquote", "code", "pre", "br", "hr", "a",
    "h4", "h5", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
#: Headings of a text stand below those of the page, whatever their author thought of them.
_HEADINGS = {"h1": "h4", "h2": "h4", "h3": "h4", "h4": "h5", "h5": "h5", "h6": "h5"}


def render(text: str) -> str:
    """HTML of a member's Markdown.

    Only the listed tags survive; links keep `http(s)` and `mailto` targets and open without a trace of us;
    images are not rendered, so that no reader's address reaches a third party. Text of 8,000 characters at most.
    """
    tokens = _MARKDOWN.parse(text)
    for token in tokens:
        token.tag = _HEADINGS.get(token.tag, token.tag)
    made = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return nh3.clean(made, tags=_TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"})
