import re

import pytest
from tests.web.stylesheets import SOURCE, TOKENS, Rule, files, rules, without_comments

PHYSICAL = re.compile(
    r"^(min-|max-)?(width|height)$|^(top|right|bottom|left|float|clear)$"
    r"|-(top|right|bottom|left)(-(color|style|width|radius))?$|^overflow-[xy]$"
)
SIDES = re.compile(r"^(margin|padding|inset|scroll-margin|scroll-padding|border-width|border-color)$")
ALL = [(file, rule) for file in files() for rule in rules(file)]


def offences(rule: Rule) -> list[str]:
    """Declarations that would not turn with the direction of writing."""
    found = []
    for name, value in rule.declarations:
        sides = value.split() if SIDES.match(name) else []
        uneven = len(sides) == 4 and sides[1] != sides[3]
        aligned = name in {"text-align", "float", "clear", "justify-content"} and value in {"left", "right"}
        if PHYSICAL.search(name) or uneven or aligned:
            found.append(f"{rule.file}: {rule.selector} {{ {name}: {value} }}")
    return found


def test_every_property_is_logical() -> None:
    assert [line for _file, rule in ALL for line in offences(rule)] == []


@pytest.mark.parametrize(
    "declaration",
    [("margin-left", "1px"), ("width", "1px"), ("text-align", "left"), ("padding", "0 1px 0 2px"), ("border-top", "0")],
)
def test_a_physical_property_is_found(declaration: tuple[str, str]) -> None:
    assert offences(Rule("planted.css", (), "p", (declaration,)))


def test_the_layers_stand_in_their_order() -> None:
    first = without_comments(TOKENS.read_text("utf-8")).strip().splitlines()[0]
    assert first == "@layer reset, tokens, base, ui, rooms;"


def test_every_rule_stands_in_a_layer_and_rooms_in_theirs() -> None:
    def layer(rule: Rule) -> str:
        return rule.within[0] if rule.within else rule.selector

    ours = {layer(rule) for file, rule in ALL if "/web/static/" in file.as_posix()}
    theirs = {layer(rule) for file, rule in ALL if "/web/static/" not in file.as_posix()}
    assert ours == {"@layer reset", "@layer tokens", "@layer base", "@layer ui", "@font-face"}
    assert theirs <= {"@layer rooms"}


def test_colours_are_named_in_the_tokens_only() -> None:
    literal = re.compile(
        r"#[0-9a-f]{3,8}\b|\b(rgb|hsl|oklch|oklab|color)\(|\b(white|black|red|green|blue|gr[ae]y)\b", re.I
    )
    found = [
        (rule.file, rule.selector, value)
        for file, rule in ALL
        for _name, value in rule.declarations
        if file != TOKENS and literal.search(value)
    ]
    assert found == []


def test_every_token_in_use_exists() -> None:
    known = {name for rule in rules(TOKENS) for name, _value in rule.declarations if name.startswith("--")}
    used = {name for file, _rule in ALL for name in re.findall(r"var\((--[\w-]+)", file.read_text("utf-8"))}
    assert used - known == set()


def test_the_serif_is_light_and_says_its_licence() -> None:
    fonts = SOURCE / "web/static/web/fonts"
    assert (fonts / "confrere-serif.woff2").stat().st_size <= 30 * 1024
    assert "SIL Open Font License, Version 1.1" in (fonts / "OFL.txt").read_text("utf-8")


def test_motion_is_short_only_on_opacity_and_transform_and_none_where_unwanted() -> None:
    moving = {
        word
        for _file, rule in ALL
        for name, value in rule.declarations
        if name.startswith(("transition", "animation"))
        for word in value.replace(",", " ").split()
    }
    assert moving == {"opacity", "transform", "var(--swift)"}
    swift = {(rule.within, value) for _file, rule in ALL for name, value in rule.declarations if name == "--swift"}
    assert swift == {
        (("@layer tokens",), "150ms"),
        (("@layer tokens", "@media (prefers-reduced-motion: reduce)"), "0ms"),
    }
