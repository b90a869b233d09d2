"""The thirty items of CONSORT 2025, each with where it is told: in this report, in the protocol, or not here.

The topics are in our own words. The checklist itself, with its wording and explanations: Hopewell et al., CONSORT
2025 statement, BMJ 2025;389:e081123. An analysis can only show what an analysis knows; the plan's
``[report.consort]`` tells where the rest stands.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from confrere.analysis.names import heading
from confrere.science.tables import Cell, Column, Row, Table, Words

ABSENT = "not in this report"


@dataclass(frozen=True, slots=True)
class Item:
    """One item: its number, its topic, and what this report says about it where it has the parts that it needs."""

    number: str
    topic: str
    parts: tuple[str, ...] = ()
    where: str = ""


SECTIONS: Mapping[str, tuple[Item, ...]] = {
    "Title and abstract": (
        Item("1a", "The title says that the trial was randomized"),
        Item("1b", "Abstract in sections"),
    ),
    "Open science": (
        Item("2", "Registry, number and day of registration"),
        Item("3", "Where protocol and analysis plan can be read", ("methods",), "the plan, by its hash, under Methods"),
        Item("4", "Whether and how data, their description and the code can be had"),
        Item("5a", "Who paid, and what the payer did"),
        Item("5b", "Interests of the authors"),
    ),
    "Introduction": (
        Item("6", "Why the trial was needed"),
        Item("7", "Its objectives, benefits and harms alike"),
    ),
    "Methods": (
        Item("8", "How patients or the public took part"),
        Item("9", "Design, allocation ratio and framework"),
        Item("10", "Changes after the start, with reasons"),
        Item("11", "Places and settings"),
        Item("12a", "Who could take part"),
        Item("12b", "Which sites and which persons could deliver the intervention"),
        Item("13", "Intervention and comparator, so that others can repeat them"),
        Item("14", "Outcomes, when and how they were assessed", ("table3",), "their names and times in Table 3"),
        Item("15", "How harms were defined and assessed"),
        Item("16a", "How the sample size was found"),
        Item("16b", "Interim analyses and rules for stopping"),
        Item("17a", "Who made the random sequence, and how"),
        Item("17b", "Kind of randomization and its restrictions"),
        Item("18", "How the sequence was concealed"),
        Item("19", "Who enrolled, who assigned, and who could see the sequence"),
        Item("20a", "Who was blinded"),
        Item("20b", "How blinding was done"),
        Item("21a", "Statistical methods for comparing groups", ("methods",), "Methods; notes of Table 3"),
        Item(
            "21b", "Who is in each analysis, and in which group", ("methods", "flow"), "Methods; flow of participants"
        ),
        Item("21c", "How missing data were handled", ("methods",), "Methods"),
        Item("21d", "Further analyses: subgroups, sensitivity", ("further",), "Methods; further tables"),
    ),
    "Results": (
        Item("22a", "Flow of participants through each stage", ("flow",), "flow of participants"),
        Item("22b", "Losses and exclusions after randomization", ("flow",), "counts in the flow; reasons elsewhere"),
        Item("23a", "Dates of recruitment and follow-up"),
        Item("23b", "Why the trial ended"),
        Item("24a", "The intervention as it was delivered"),
        Item("24b", "Other care that participants had"),
        Item("25", "Baseline characteristics of each group", ("table1",), "Table 1"),
        Item("26", "Numbers analysed, results and effect with precision", ("table2", "table3"), "Tables 2 and 3"),
        Item("27", "All harms, in each group"),
        Item("28", "Further analyses, planned ones apart", ("further",), "further tables"),
    ),
    "Discussion": (
        Item("29", "Interpretation with other evidence"),
        Item("30", "Limitations"),
    ),
}
ITEMS: tuple[Item, ...] = tuple(item for items in SECTIONS.values() for item in items)


def checklist(parts: Collection[str], given: Mapping[str, str]) -> Table:
    """The checklist of a report with ``parts`` (`table1`, `flow`, `methods`, …); ``given``: item → place elsewhere."""
    rows: list[Row] = []
    for section, items in SECTIONS.items():
        rows.append(Row(section))
        rows += [Row(item.number, _cells(item, parts, given), indent=1) for item in items]
    columns = (Column("Topic"), Column("Where"))
    notes = (
        (
            "Topics in our own words after the CONSORT 2025 statement (BMJ 2025;389:e081123), which has the wording "
            f"that counts. “{heading(ABSENT)}” is said of what an analysis cannot know and the plan does not place."
        ),
    )
    return Table("consort", "CONSORT 2025 checklist", "Item", columns, tuple(rows), notes)


def _cells(item: Item, parts: Collection[str], given: Mapping[str, str]) -> tuple[Cell, ...]:
    here = item.where if item.parts and set(item.parts) <= set(parts) else ""
    places = [place for place in (here, given.get(item.number, "")) if place]
    where = "; ".join(places) or ABSENT
    return Words(item.topic), Words(heading(where))
