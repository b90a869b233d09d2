"""Overall quality of life on a linear analogue scale from 0 to 10."""

from confrere.science.instruments.instrument import UNKNOWN, Instrument, Item, Rule, Score

LASA_QOL = Instrument(
    id="lasa_qol",
    title="Quality of life, linear analogue scale",
    items=(
        Item(
            id="lasa_qol",
            low=0,
            high=10,
            text="How good is your quality of life overall?",
            low_label="as bad as it can be",
            high_label="as good as it can be",
        ),
    ),
    scores=(
        Score(
            name="quality_of_life",
            title="Quality of life",
            parts=("lasa_qol",),
            how="sum",
            low=0,
            high=10,
            better="higher",
        ),
    ),
    rules=(Rule(name="position", title="The chosen number", headline="quality_of_life"),),
    missing_rule="One item: not answered is missing.",
    recall=UNKNOWN,
    source="Dyrbye et al., JAMA Intern Med 2019, doi:10.1001/jamainternmed.2019.2425 (range not read again)",
    licence="ship",
    licence_note="A generic question in our own words.",
    unverified=("the range of the answers",),
)
