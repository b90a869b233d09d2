"""Self-Valuation Scale: four items, summed."""

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

SELF_VALUATION = Instrument(
    id="self_valuation",
    title="Self-Valuation Scale",
    items=numbered("sv", 4, low=0, high=4),
    scores=(
        Score(
            name="self_valuation",
            title="Self-valuation",
            parts=ids("sv", 1, 2, 3, 4),
            how="sum",
            low=0,
            high=16,
            better="higher",
        ),
    ),
    rules=(Rule(name="item_sum", title="The sum of the four items", headline="self_valuation"),),
    cutoffs=(
        Cutoff(
            name="low_self_valuation",
            title="Self-valuation of 8 or less",
            any_of=(("self_valuation", "<=", 8),),
            source="as used by Kiser et al. 2024: associated with burnout and impaired sleep",
        ),
    ),
    missing_rule=NOT_PUBLISHED,
    recall=UNKNOWN,
    source="Trockel et al., Mayo Clin Proc 2019;94 (self-valuation of physicians)",
    licence="attest",
    licence_note="The licence of the wording is not stated in the sources that we read.",
    notes=(
        (
            "Codes are expected so that 4 values oneself most. Which items are worded the other way round "
            "is unknown to us: a file with raw codes names them to be turned round."
        ),
    ),
)
