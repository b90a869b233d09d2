"""A single item on burnout in the respondent's own understanding of the word."""

from confrere.science.instruments.instrument import UNKNOWN, Cutoff, Instrument, Item, Rule, Score

SINGLE_ITEM_BURNOUT = Instrument(
    id="single_item_burnout",
    title="Single burnout item",
    items=(Item(id="burnout_item", low=1, high=5),),
    scores=(
        Score(
            name="burnout_level",
            title="Burnout level",
            parts=("burnout_item",),
            how="sum",
            low=1,
            high=5,
            better="lower",
        ),
    ),
    rules=(Rule(name="level", title="The chosen level", headline="burnout_level"),),
    cutoffs=(
        Cutoff(
            name="high_burnout",
            title="Level 3 or higher",
            any_of=(("burnout_level", ">=", 3),),
            source="Dolan et al., J Gen Intern Med 2015;30:582-587; the limit was not read again",
        ),
    ),
    missing_rule="One item: not answered is missing.",
    recall=UNKNOWN,
    source="Rohland, Kruse and Rohrer, Stress Health 2004;20:75-79; Dolan et al. 2015",
    licence="attest",
    licence_note="Believed to be free; no statement of the authors was read.",
    unverified=(
        "the limit of level 3",
        "the citations of Rohland et al. 2004 and Dolan et al. 2015",
    ),
)
