"""Makes the manual: `python docs/build.py` writes site/, `--check` says whether the generated pages are current.

The manual is the Markdown under docs/. The pages of docs/reference/ are made from the code: what each command prints
for --help, and every variable that is read from the environment.
"""

import argparse
import html
import os
import re
import sys
import tomllib
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Iterable

    from confrere.science.instruments import Instrument, Score

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
SECTIONS = {
    "tutorials": "Tutorials",
    "how-to": "How to",
    "reference": "Reference",
    "explanation": "Explanation",
    "methods": "Methods",
    "decisions": "Decisions",
}
VARIABLE = re.compile(r"\b(?:CONFRERE|DATABASE)_[A-Z_]*[A-Z]\b")
COMMENT = re.compile(r"^<!--.*-->\n", re.MULTILINE)
MADE = "<!-- Made by docs/build.py; change its sources instead. -->\n"


def commands_page() -> str:
    """What every command prints for --help."""
    from confrere.cli.commands import COMMANDS
    from confrere.cli.refusal import Parser

    parts = [MADE, "# Commands\n", "`./dev confrere …` in a checkout, `confrere …` where it is installed.\n"]
    for name, command in sorted(COMMANDS.items()):
        module = command.load()
        parser = Parser(
            prog=f"confrere {name}",
            description=module.__doc__,
            epilog=f"example:\n{module.EXAMPLE}",
            formatter_class=partial(argparse.RawDescriptionHelpFormatter, width=100),
        )
        module.configure(parser)
        text = f"```text\n{parser.format_help()}```\n"
        parts += [f"## confrere {name}\n", f"{command.summary[0].upper()}{command.summary[1:]}.\n", text]
    return "\n".join(parts)


def settings_page() -> str:
    """Every variable of the environment. Raises ValueError when code and docs/settings.toml do not agree."""
    said = tomllib.loads((DOCS / "settings.toml").read_text())
    listed = {name for section in said.values() for name in section}
    sources = [ROOT / "dev", ROOT / "tests" / "conftest.py", *(ROOT / "src").rglob("*.py")]
    read = {name for file in sources for name in VARIABLE.findall(file.read_text())}
    if listed != read:
        raise ValueError(f"docs/settings.toml does not agree with the code about {', '.join(sorted(listed ^ read))}.")
    parts = [MADE, "# Settings\n", "All of them are variables of the environment; none has to be set.\n"]
    for section, names in said.items():
        rows = [f"| `{name}` | {sentence} |" for name, sentence in names.items()]
        table = "\n".join(["| variable | what it means |", "| --- | --- |", *rows, ""])
        parts += [f"## {section.capitalize()}\n", table]
    return "\n".join(parts)


LICENCES = {
    "ship": "free: the text may be part of the product",
    "attest": "a text pack, with the site's word that it may use it",
    "own": "the site buys a licence and brings the text",
}


def instruments_page() -> str:
    """Every instrument: what is known of it, and what is not."""
    from confrere.science.instruments import registry

    parts = [
        MADE,
        "# Instruments\n",
        "What stands here is what `confrere score` and every survey use. *Unknown* means: no source that we read says",
        "it. The hash of the wording that a site accepted stands on the page of the instrument in its programme, and",
        "in every published version that asks it.\n",
    ]
    for name, scale in registry().items():
        facts = {
            "items": _items(scale),
            "turned round before scoring": ", ".join(f"`{item.id}`" for item in scale.items if item.reverse) or "none",
            "recall period": scale.recall,
            "missing answers": scale.missing_rule,
            "source": scale.source,
            "licence": f"{scale.licence} ({LICENCES[scale.licence]}). {scale.licence_note}",
            "not compared with the source": "; ".join(scale.unverified) or "–",
        }
        if not scale.known:
            del facts["turned round before scoring"]
        parts += [f"## {scale.title}\n", f"`{name}`\n", _table(("what", "is"), facts.items())]
        scores = dict.fromkeys(score for rule in scale.rules for score in scale.all_scores(rule.name))
        parts += [_table(SCORES, map(_score, scores))] if scores else []
        parts += [f"Rule `{rule.name}`: {rule.title}.\n" for rule in scale.rules] if scale.known else []
        cutoffs = [(f"`{one.name}`", one.title, one.source) for one in scale.cutoffs]
        parts += [_table(("cut-off", "reads", "source"), cutoffs)] if cutoffs else []
        parts += [f"{note}\n" for note in scale.notes]
    return "\n".join(parts)


SCORES = ("score", "made of", "range", "better", "least answered", "minimal important difference")


def _items(scale: "Instrument") -> str:
    if not scale.known:
        return "unknown"
    ranges = dict.fromkeys(f"{item.low:g} to {item.high:g}" for item in scale.items)
    return f"{len(scale.items)}, codes {', '.join(ranges)}: {', '.join(f'`{item}`' for item in scale.item_ids)}"


def _score(score: "Score") -> tuple[str, ...]:
    parts = f"{score.parts[0]} … {score.parts[-1]}" if len(score.parts) > 4 else ", ".join(score.parts)
    factor = "" if score.factor == 1 else f" × {score.factor:g}"
    mcid = "not read in a source" if score.mcid is None else f"{score.mcid:g} ({score.mcid_source})"
    least = "all" if score.least is None else str(score.least)
    made = f"{score.how}{factor} of {len(score.parts)}: {parts}"
    return f"`{score.name}`", made, f"{score.low:g} to {score.high:g}", score.better, least, mcid


def _table(head: "Iterable[str]", rows: "Iterable[Iterable[str]]") -> str:
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def generated() -> dict[Path, str]:
    """The pages that are made from the code."""
    reference = DOCS / "reference"
    return {
        reference / "commands.md": commands_page(),
        reference / "settings.md": settings_page(),
        reference / "instruments.md": instruments_page(),
    }


def stale() -> list[str]:
    """One sentence for each generated page that is not current, and for each link that leads nowhere."""
    sentences = []
    for path, text in generated().items():
        if not path.exists() or path.read_text() != text:
            sentences.append(f"{path.relative_to(ROOT)} is not current; ./dev docs makes it anew.")
    for page in pages():
        for target in re.findall(r"\]\(([^)#\s:]+)(?:#[^)]*)?\)", page.read_text()):
            if not (page.parent / target).exists():
                sentences.append(f"{page.relative_to(ROOT)} links to {target}, which is not there.")
    return sentences


def pages() -> list[Path]:
    """Every page of the manual, in its order."""
    return [page for section in SECTIONS for page in sorted((DOCS / section).glob("*.md"))]


def title(page: Path) -> str:
    """The first heading of a page."""
    return next(line[2:] for line in page.read_text().splitlines() if line.startswith("# "))


def contents(here: Path) -> str:
    """The list of all pages, as links from `here` (a path under site/)."""
    parts = []
    for section, name in SECTIONS.items():
        entries = [page for page in pages() if page.parent.name == section]
        links = "".join(f'<li><a href="{link(page, here)}">{html.escape(title(page))}</a></li>' for page in entries)
        parts.append(f"<h2>{name}</h2><ul>{links}</ul>" if entries else "")
    return "".join(parts)


def link(page: Path, here: Path) -> str:
    """The relative address of a page's HTML."""
    return os.path.relpath(page.relative_to(DOCS).with_suffix(".html"), here.parent)


def write_site(site: Path) -> None:
    """Write every page as HTML, whole, with the site's own style."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    style = (ROOT / "src/confrere/web/static/web/css/tokens.css").read_text() + (DOCS / "manual.css").read_text()
    site.mkdir(exist_ok=True)
    (site / "manual.css").write_text(style)
    bodies = {page.relative_to(DOCS).with_suffix(".html"): (title(page), page.read_text()) for page in pages()}
    bodies[Path("index.html")] = ("confrère: the manual", "# confrère: the manual\n")
    for here, (name, text) in bodies.items():
        body = re.sub(r'(href="[^":]+)\.md(["#])', r"\1.html\2", markdown.render(COMMENT.sub("", text)))
        css = os.path.relpath("manual.css", here.parent)
        page = (
            f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" '
            f'content="width=device-width, initial-scale=1"><title>{html.escape(name)}</title>'
            f'<link rel="stylesheet" href="{css}"></head>\n<body><nav aria-label="Contents">{contents(here)}</nav>'
            f"<main>{body}</main></body></html>\n"
        )
        (site / here).parent.mkdir(exist_ok=True)
        (site / here).write_text(page)


def main(words: list[str]) -> int:
    """Check, or write."""
    sys.path.insert(0, str(ROOT / "src"))
    if words == ["--check"]:
        sentences = stale()
        for sentence in sentences:
            print(sentence)
        return 1 if sentences else 0
    for path, text in generated().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    write_site(ROOT / "site")
    print(f"The manual is in {ROOT / 'site' / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
