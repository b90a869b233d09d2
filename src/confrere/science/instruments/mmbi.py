"""Two single items on emotional exhaustion and depersonalization, after the Maslach Burnout Inventory."""

from confrere.science.instruments.instrument import Cutoff, Instrument, Item, Rule, Score

_SOURCE = "West et al., J Gen Intern Med 2009;24:1318-1321 (single items of the Maslach Burnout Inventory)"
_WEEKLY = "weekly or more often counts as high; usual in the field, not read again in a source"

MMBI = Instrument(
    id="mmbi",
    title="Two single burnout items (mMBI)",
    items=(
        Item(id="mmbi_exhaustion", low=0, high=6),
        Item(id="mmbi_depersonalization", low=0, high=6),
    ),
    scores=(
        Score(
            name="emotional_exhaustion",
            title="Emotional exhaustion",
            parts=("mmbi_exhaustion",),
            how="sum",
            low=0,
            high=6,
            better="lower",
        ),
        Score(
            name="depersonalization",
            title="Depersonalization",
            parts=("mmbi_depersonalization",),
            how="sum",
            low=0,
            high=6,
            better="lower",
        ),
    ),
    rules=(Rule(name="single_items", title="Each item is reported singly", headline="emotional_exhaustion"),),
    cutoffs=(
        Cutoff(
            name="high_emotional_exhaustion",
            title="Emotional exhaustion weekly or more often",
            any_of=(("emotional_exhaustion", ">=", 4),),
            source=_WEEKLY,
        ),
        Cutoff(
            name="high_depersonalization",
            title="Depersonalization weekly or more often",
            any_of=(("depersonalization", ">=", 4),),
            source=_WEEKLY,
        ),
    ),
    missing_rule="Each item is its own score: not answered is missing.",
    recall="none: the answers are frequencies from never to every day",
    source=_SOURCE,
    licence="own",
    licence_note="The Maslach Burnout Inventory is licensed by Mind Garden.",
    notes=("A footnote of Kiser et al. 2024 gives 0-10 for these items; they run from 0 to 6.",),
    unverified=(
        "which two items, and their range, against West et al. 2009",
        "that weekly or more often counts as high",
        "the citation of West et al. 2009",
    ),
)
