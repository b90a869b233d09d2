"""No page carries a style or a script of its own, and every word in it can be translated."""

from pathlib import Path

import pytest
from tests.web.markup import SOURCE, literal_text, read, templates, untranslated

TEMPLATES = [pytest.param(file, id=file.relative_to(SOURCE).as_posix()) for file in templates()]


@pytest.mark.parametrize("file", TEMPLATES)
def test_a_template_has_no_inline_style_script_or_handler(file: Path) -> None:
    assert read(literal_text(file.read_text("utf-8"))).offences == []


@pytest.mark.parametrize("file", TEMPLATES)
def test_every_word_of_a_template_can_be_translated(file: Path) -> None:
    assert untranslated(file.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "html",
    [
        '<p style="color:red">x</p>',
        "<style>p{}</style>",
        "<script>1</script>",
        '<a href="/" onclick="x()">x</a>',
        '<a href="javascript:x()">x</a>',
        '<div hx-on:click="x()"></div>',
        '<button hx-get="/x">x</button>',
    ],
)
def test_what_the_policy_forbids_is_found(html: str) -> None:
    assert read(html).offences


@pytest.mark.parametrize(
    "source",
    [
        "<p>Hello</p>",
        '<img alt="A face" src="x">',
        '{% include "web/ui.html#button" with label="Save" only %}',
        "{% if x %}Hello{% endif %}",
        "<code>confrere</code><p>Hello</p>",
    ],
)
def test_a_word_without_translation_is_found(source: str) -> None:
    assert untranslated(source)


@pytest.mark.parametrize(
    "source",
    [
        '<p>{% translate "Hello" %}</p>',
        "<p>{% blocktranslate %}Hello <b>you</b>{% endblocktranslate %} · 5 %</p>",
        '{% include "web/ui.html#button" with label=_("Save") name="ok" only %}',
        "{% block main_class %}wide{% endblock %}<p><code>confrere analyze</code></p>",
        "{% comment %}a note{% endcomment %}{# another #}",
        '<a class="wordmark" href="/">confrère</a>',
    ],
)
def test_what_is_translated_or_no_word_passes(source: str) -> None:
    assert untranslated(source) == []
