"""Lists of attacks on what members write: Markdown, links, identifiers in twenty phrasings."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest

from confrere.lounge import guard
from confrere.lounge.markup import render

#: Markdown and HTML that tries to run, load or disguise something.
MARKDOWN = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<iframe src=//evil.example></iframe>",
    "<object data=//evil.example></object>",
    "<embed src=//evil.example>",
    "<form action=//evil.example><input name=x></form>",
    "<base href=//evil.example>",
    '<meta http-equiv=refresh content="0;url=//evil.example">',
    "<link rel=stylesheet href=//evil.example>",
    "<style>@import '//evil.example'</style>",
    "<p style='background:url(//evil.example)'>x</p>",
    "<a href=javascript:alert(1)>x</a>",
    "<details open ontoggle=alert(1)>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<template><img src=x onerror=alert(1)></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "![pixel](http://tracker.example/x.png)",
    '![x](x"onerror="alert(1))',
    "![x][ref]\n\n[ref]: http://tracker.example/x.png",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](%6aavascript:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox(1))",
    "[x](file:///etc/passwd)",
    "[x](blob:https://x.example/1)",
    "<javascript:alert(1)>",
    "<data:text/html,x>",
    "[ref]: javascript:alert(1)\n\n[ref]",
    '[x](http://a.example "onmouseover=alert(1)")',
    "[x](http://a.example' onmouseover='alert(1))",
    "`<script>alert(1)</script>`",
    "```html\n<script>alert(1)</script>\n```",
    '```"><script>alert(1)</script>\nx\n```',
    "| a |\n|---|\n| <script>alert(1)</script> |",
    "> <img src=x onerror=alert(1)>",
    "# <img src=x onerror=alert(1)>",
    "- [ ] <script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<ScRiPt>alert(1)</sCrIpT>",
    "<scr<script>ipt>alert(1)</script>",
    "\\<script>alert(1)\\</script>",
)
ALLOWED = {
    "p", "em", "strong", "ul", "ol", "li", "blockquote", "code", "pre", "br", "hr", "a",
    "h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip


class Looked(HTMLParser):
    """What a browser would find in a rendered text that it must not."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.live: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ALLOWED:
            self.live.append(tag)
        for name, value in attrs:
            scheme = urlsplit((value or "").strip()).scheme.lower()
            if name not in {"href", "rel", "title"} or (
                name == "href" and scheme not in {"", "http", "https", "mailto"}
            ):
                self.live.append(f"{tag} {name}={value}")

    def handle_comment(self, data: str) -> None:
        self.live.append(f"comment {data}")


@pytest.mark.parametrize("text", MARKDOWN)
def test_nothing_in_markdown_is_live(text: str) -> None:
    assert Looked(render(text)).live == []


@pytest.mark.parametrize(
    "live", ['<img src="x">', '<a href="javascript:x">', '<p onclick="x">', "<script>", '<a href="data:x">', "<!--x-->"]
)
def test_the_look_would_notice_what_is_live(live: str) -> None:
    assert Looked(live).live != []


@pytest.mark.parametrize(
    "text", ["[" * 4000, "> " * 2000, "*" * 8000, "| a " * 2000 + "\n" + "|---" * 2000, "`" * 8000]
)
def test_text_that_is_made_to_be_slow_is_rendered(text: str) -> None:
    assert isinstance(render(text[:8000]), str)


#: One thing that points at a patient in each; all made up.
PHRASINGS = (
    "MRN 4455667",
    "MRN: 44-55-667",
    "medical record number 88123456",
    "DOB 03/12/1961",
    "born on March 12, 1961",
    "born 12.03.1961",
    "date of birth: 1961-03-12",
    "a 92-year-old woman",
    "92 y/o female",
    "aged 97 years",
    "Room 412B, bed 2",
    "Mr. Okonkwo",
    "my patient Maria Gonzalez",
    "his wife Ngozi",
    "call her at (415) 555-2671",
    "SSN 123-45-6789",
    "mail: j.doe@patients.example",
    "admitted on the 3rd of March",
    "lives at 12 Elm Street, Springfield",
    "ZIP 02138",
)


@pytest.mark.parametrize("phrase", PHRASINGS)
def test_twenty_phrasings_are_held(phrase: str) -> None:
    text = f"Seen last week: {phrase}. What would you do?"
    assert guard.findings({"text": text}) != ()
