"""Connor-Davidson Resilience Scale, ten items."""

from confrere.science.instruments.instrument import (
    NOT_PUBLISHED,
    UNKNOWN,
    Instrument,
    Rule,
    Score,
    ids,
    numbered,
)

CD_RISC_10 = Instrument(
    id="cd_risc_10",
    title="Connor-Davidson Resilience Scale, 10 items",
    items=numbered("cdrisc", 10, low=0, high=4),
    scores=(
        Score(
            name="resilience",
            title="Resilience",
            parts=ids("cdrisc", *range(1, 11)),
            how="sum",
            low=0,
            high=40,
            better="higher",
        ),
    ),
    rules=(Rule(name="item_sum", title="The sum of the ten items", headline="resilience"),),
    missing_rule=NOT_PUBLISHED,
    recall=UNKNOWN,
    source="Campbell-Sills and Stein, J Trauma Stress 2007;20:1019-1028",
    licence="own",
    licence_note="The authors give permission and ask a fee.",
    unverified=("the citation of Campbell-Sills and Stein 2007",),
)
