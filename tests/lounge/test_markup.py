import pytest

from confrere.lounge.markup import render


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("A *short* answer", "<p>A <em>short</em> answer</p>\n"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
        ("<img src=x onerror=alert(1)>", "<p>&lt;img src=x onerror=alert(1)&gt;</p>\n"),
        ("[a](https://example.org)", '<p><a href="https://example.org" rel="noopener noreferrer">a</a></p>\n'),
        ("[a](javascript:alert(1))", "<p>[a](javascript:alert(1))</p>\n"),
        ("[a](data:text/html;base64,PHNjcmlwdD4=)", "<p>[a](data:text/html;base64,PHNjcmlwdD4=)</p>\n"),
    ],
)
def test_only_harmless_markup_survives(written: str, shown: str) -> None:
    assert render(written) == shown


def test_a_remote_image_is_never_loaded() -> None:
    assert "<img" not in render("![x](https://tracker.example/pixel.gif)")


def test_a_table_is_kept() -> None:
    assert render("|a|b|\n|-|-|\n|1|2|").startswith("<table>")
