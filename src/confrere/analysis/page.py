"""The report as one self-contained HTML file: no script, nothing loaded, readable on a phone, printable."""

from html import escape
from importlib.resources import files

from confrere.analysis.render import table_html
from confrere.analysis.report import Figure, Report, Section

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def report_html(report: Report) -> str:
    """The whole page, its style sheet inside."""
    css = files("confrere.analysis").joinpath("report.css").read_text(encoding="utf-8")
    titles = [*(section.title for section in report.parts), "How this was computed"]
    places = [*(f"part-{i}" for i in range(len(report.parts))), "methods"]
    links = "".join(
        f'<li><a href="#{place}">{escape(title)}</a></li>' for place, title in zip(places, titles, strict=True)
    )
    sections = "\n".join(_section(section, i) for i, section in enumerate(report.parts))
    methods = "".join(f"<li>{escape(line)}</li>" for line in report.methods)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(report.title)}</title>\n<style>\n{css}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{escape(report.title)}</h1>\n"
        f'<nav aria-label="Parts of this report"><ul>{links}</ul></nav>\n{sections}\n'
        f'<section aria-labelledby="methods"><h2 id="methods">How this was computed</h2><ul>{methods}</ul></section>\n'
        "</main>\n</body>\n</html>\n"
    )


def _section(section: Section, place: int) -> str:
    parts = [f'<section aria-labelledby="part-{place}">', f'<h2 id="part-{place}">{escape(section.title)}</h2>']
    parts += [f'<p class="finding">{escape(sentence)}</p>' for sentence in section.sentences]
    parts += [_figure(figure) for figure in section.figures if figure.leading]
    for table in section.tables:
        html = table_html(table).replace(f'id="{table.name}"', f'id="{table.name}-{place}"')
        parts.append(f'<div class="wide" tabindex="0" role="region" aria-label="{escape(table.title)}">{html}</div>')
    parts += [_figure(figure) for figure in section.figures if not figure.leading]
    if section.notes:
        notes = "".join(f"<li>{escape(note)}</li>" for note in section.notes)
        parts.append(f"<h3>To bear in mind</h3><ul>{notes}</ul>")
    parts.append("</section>")
    return "\n".join(parts)


def _figure(figure: Figure) -> str:
    return f"<figure>{figure.svg}<figcaption>{escape(figure.caption)}</figcaption></figure>"
