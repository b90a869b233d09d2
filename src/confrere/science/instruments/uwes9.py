"""Utrecht Work Engagement Scale, nine items."""

from confrere.science.instruments.instrument import NOT_PUBLISHED, Instrument, Rule, Score, ids, numbered


def _mean(name: str, title: str, *numbers: int) -> Score:
    return Score(name=name, title=title, parts=ids("uwes", *numbers), how="mean", low=0, high=6, better="higher")


UWES9 = Instrument(
    id="uwes9",
    title="Utrecht Work Engagement Scale, 9 items",
    items=numbered("uwes", 9, low=0, high=6),
    scores=(
        _mean("vigor", "Vigor", 1, 2, 5),
        _mean("dedication", "Dedication", 3, 4, 7),
        _mean("absorption", "Absorption", 6, 8, 9),
        _mean("work_engagement", "Work engagement", *range(1, 10)),
    ),
    rules=(Rule(name="item_mean", title="The mean of the nine items", headline="work_engagement"),),
    missing_rule=NOT_PUBLISHED,
    recall="none: the answers are frequencies from never to always",
    source="Schaufeli, Bakker and Salanova, Educ Psychol Meas 2006;66:701-716",
    licence="attest",
    licence_note="Free for non-commercial scientific research; any other use needs the authors' permission.",
    unverified=("the citation of Schaufeli et al. 2006",),
)
