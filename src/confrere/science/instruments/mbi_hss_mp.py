"""Maslach Burnout Inventory, Human Services Survey for Medical Personnel: three sums."""

from confrere.science.instruments.instrument import (
    NOT_PUBLISHED,
    Cutoff,
    Instrument,
    Rule,
    Score,
    ids,
    numbered,
)

_LIMITS = "exhaustion of 27 or more, or depersonalization of 10 or more, as usual in studies of physicians"

MBI_HSS_MP = Instrument(
    id="mbi_hss_mp",
    title="Maslach Burnout Inventory for medical personnel",
    items=numbered("mbi", 22, low=0, high=6),
    scores=(
        Score(
            name="emotional_exhaustion",
            title="Emotional exhaustion",
            parts=ids("mbi", 1, 2, 3, 6, 8, 13, 14, 16, 20),
            how="sum",
            low=0,
            high=54,
            better="lower",
        ),
        Score(
            name="depersonalization",
            title="Depersonalization",
            parts=ids("mbi", 5, 10, 11, 15, 22),
            how="sum",
            low=0,
            high=30,
            better="lower",
        ),
        Score(
            name="personal_accomplishment",
            title="Personal accomplishment",
            parts=ids("mbi", 4, 7, 9, 12, 17, 18, 19, 21),
            how="sum",
            low=0,
            high=48,
            better="higher",
        ),
    ),
    rules=(Rule(name="item_sums", title="The sum of each scale's items", headline="emotional_exhaustion"),),
    cutoffs=(
        Cutoff(
            name="high_emotional_exhaustion",
            title="Emotional exhaustion of 27 or more",
            any_of=(("emotional_exhaustion", ">=", 27),),
            source=_LIMITS,
        ),
        Cutoff(
            name="high_depersonalization",
            title="Depersonalization of 10 or more",
            any_of=(("depersonalization", ">=", 10),),
            source=_LIMITS,
        ),
        Cutoff(
            name="high_burnout",
            title="Overall burnout: high exhaustion or high depersonalization",
            any_of=(("emotional_exhaustion", ">=", 27), ("depersonalization", ">=", 10)),
            source=_LIMITS,
        ),
    ),
    missing_rule=NOT_PUBLISHED,
    recall="none: the answers are frequencies from never to every day",
    source="Maslach, Jackson and Leiter, Maslach Burnout Inventory manual, Mind Garden",
    licence="own",
    licence_note="Licensed by Mind Garden, paid for each use.",
    unverified=(
        "which item belongs to which scale, against the manual",
        "the citation of the manual",
    ),
)
