"""Mini-Z 2.0: ten items on work, in two halves of five."""

from confrere.science.instruments.instrument import (
    NOT_PUBLISHED,
    UNKNOWN,
    Cutoff,
    Instrument,
    Rule,
    Score,
    ids,
    numbered,
)

_LIMITS = "usual for the Mini-Z 2.0; the limits are quoted from memory and were not read again in a source"


def _sum(name: str, title: str, first: int, last: int) -> Score:
    return Score(
        name=name,
        title=title,
        parts=ids("miniz", *range(first, last + 1)),
        how="sum",
        low=last - first + 1,
        high=5 * (last - first + 1),
        better="higher",
    )


MINI_Z = Instrument(
    id="mini_z",
    title="Mini-Z 2.0",
    items=numbered("miniz", 10, low=1, high=5),
    scores=(
        _sum("supportive_work", "Supportive work environment", 1, 5),
        _sum("pace_and_records", "Work pace and electronic records", 6, 10),
        _sum("joyful_workplace", "Joyful workplace", 1, 10),
        _sum("burnout_answer", "The burnout item, 5 the best answer", 2, 2),
    ),
    rules=(Rule(name="item_sums", title="The sum of the ten items", headline="joyful_workplace"),),
    cutoffs=(
        Cutoff(
            name="joyful",
            title="A total of 40 or more",
            any_of=(("joyful_workplace", ">=", 40),),
            source=_LIMITS,
        ),
        Cutoff(
            name="highly_supportive",
            title="Supportive work environment of 20 or more",
            any_of=(("supportive_work", ">=", 20),),
            source=_LIMITS,
        ),
        Cutoff(
            name="reasonable_pace",
            title="Work pace and electronic records of 20 or more",
            any_of=(("pace_and_records", ">=", 20),),
            source=_LIMITS,
        ),
        Cutoff(
            name="high_burnout",
            title="Burnout in one's own words, level 3 or higher of 5 (3 or less where 5 is the best answer)",
            any_of=(("burnout_answer", "<=", 3),),
            source=_LIMITS,
        ),
    ),
    missing_rule=NOT_PUBLISHED,
    recall=UNKNOWN,
    source="Linzer and colleagues, Mini-Z 2.0 (Institute for Professional Worklife); no article was read",
    licence="attest",
    licence_note="Believed to be free for research and quality improvement with notice; the terms were not read.",
    notes=("Codes are expected so that 5 is the best answer to each item, the burnout item too.",),
    unverified=(
        "which items form which half",
        "in which direction published files code the items",
        "the limits of 40 and 20, and level 3 of the burnout item",
        "the source and the licence",
    ),
)
