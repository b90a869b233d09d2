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

from markdown_it import MarkdownIt

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


def generated() -> dict[Path, str]:
    """The pages that are made from the code."""
    return {DOCS / "reference" / "commands.md": commands_page(), DOCS / "reference" / "settings.md": settings_page()}


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
