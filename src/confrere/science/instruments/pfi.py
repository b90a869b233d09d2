"""Stanford Professional Fulfillment Index: fulfillment, and burnout by two rules."""

from confrere.science.instruments.instrument import (
    NOT_PUBLISHED,
    Cutoff,
    Instrument,
    Rule,
    Score,
    ids,
    numbered,
)

VALIDATION = "Trockel et al., Acad Psychiatry 2018;42:11-24, doi:10.1007/s40596-017-0849-3"


def _mean(name: str, title: str, parts: tuple[str, ...], better: str, factor: float = 2.5) -> Score:
    return Score(
        name=name,
        title=title,
        parts=parts,
        how="mean",
        factor=factor,
        low=0,
        high=10,
        better="higher" if better == "higher" else "lower",
    )


PFI = Instrument(
    id="pfi",
    title="Professional Fulfillment Index",
    items=numbered("pfi", 16, low=0, high=4),
    scores=(
        _mean("professional_fulfillment", "Professional fulfillment", ids("pfi", *range(1, 7)), "higher"),
        _mean("work_exhaustion", "Work exhaustion", ids("pfi", *range(7, 11)), "lower"),
        _mean("interpersonal_disengagement", "Interpersonal disengagement", ids("pfi", *range(11, 17)), "lower"),
    ),
    rules=(
        Rule(
            name="burnout_items",
            title="Burnout is the mean of its ten items, times 2.5",
            headline="overall_burnout",
            scores=(_mean("overall_burnout", "Overall burnout", ids("pfi", *range(7, 17)), "lower"),),
        ),
        Rule(
            name="burnout_subscales",
            title="Burnout is the mean of its two subscales",
            headline="overall_burnout",
            scores=(
                _mean(
                    "overall_burnout",
                    "Overall burnout",
                    ("work_exhaustion", "interpersonal_disengagement"),
                    "lower",
                    factor=1.0,
                ),
            ),
        ),
    ),
    cutoffs=(
        Cutoff(
            name="high_burnout",
            title="Burnout at or above 1.33 of 4 (3.325 of 10)",
            any_of=(("overall_burnout", ">=", 3.325),),
            source=f"{VALIDATION}; the limit is quoted from memory and was not read again",
        ),
        Cutoff(
            name="fulfilled",
            title="Fulfillment at or above 3.0 of 4 (7.5 of 10)",
            any_of=(("professional_fulfillment", ">=", 7.5),),
            source=f"{VALIDATION}; Kiser et al. 2024 print 'above 7.5'",
        ),
    ),
    missing_rule=NOT_PUBLISHED,
    recall="the past two weeks",
    source=VALIDATION,
    licence="attest",
    licence_note="The validation article is open access; Stanford asserts copyright of the wording.",
    notes=(
        (
            "Kiser et al. 2024 describe the mean of the two subscales, and print what only the mean of the "
            "ten items gives (3.37, 3.28, 3.50); the item mean is therefore the default."
        ),
        "The same paper places fulfillment in 'items 0-6'; the index has six such items, 1 to 6.",
    ),
    unverified=("the limit for burnout",),
)
