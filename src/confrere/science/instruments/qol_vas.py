"""Quality of life on a visual analogue scale from 0 to 100."""

from confrere.science.instruments.instrument import UNKNOWN, Instrument, Item, Rule, Score

QOL_VAS = Instrument(
    id="qol_vas",
    title="Quality of life, visual analogue scale",
    items=(
        Item(
            id="qol_vas",
            low=0,
            high=100,
            whole=False,
            text="How good is your quality of life, taken as a whole?",
            low_label="as bad as it can be",
            high_label="as good as it can be",
        ),
    ),
    scores=(
        Score(
            name="quality_of_life",
            title="Quality of life",
            parts=("qol_vas",),
            how="sum",
            low=0,
            high=100,
            better="higher",
        ),
    ),
    rules=(Rule(name="position", title="The position on the line", headline="quality_of_life"),),
    missing_rule="One item: not answered is missing.",
    recall=UNKNOWN,
    source="Kiser et al., JAMA Netw Open 2024;7(4):e245645 (range and ends of the line)",
    licence="ship",
    licence_note="A generic question in our own words.",
)
