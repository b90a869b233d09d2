"""Impact of Work on Personal Relationships: four items, higher is worse."""

from confrere.science.instruments.instrument import NOT_PUBLISHED, Instrument, Rule, Score, ids, numbered

IWPR = Instrument(
    id="iwpr",
    title="Impact of Work on Personal Relationships",
    items=numbered("iwpr", 4, low=0, high=4),
    scores=(
        Score(
            name="effect_of_work_on_relationships",
            title="Effect of work on personal relationships",
            parts=ids("iwpr", 1, 2, 3, 4),
            how="mean",
            factor=2.5,
            low=0,
            high=10,
            better="lower",
        ),
    ),
    rules=(
        Rule(
            name="item_mean",
            title="The mean of the four items, times 2.5",
            headline="effect_of_work_on_relationships",
        ),
    ),
    missing_rule=NOT_PUBLISHED,
    recall="the past year",
    source="Trockel et al., Mayo Clin Proc 2022, S0025-6196(22)00141-0",
    licence="attest",
    licence_note="Neither the wording nor its licence was found in the sources that we read.",
    notes=(
        "Kiser et al. 2024 state no range; their means (3.6 to 3.9) fit the 0-10 of Trockel et al. 2022.",
        "Codes are expected so that 4 is the worst effect.",
    ),
)
