"""Copenhagen Burnout Inventory: personal, work-related and client-related burnout."""

from confrere.science.instruments.instrument import Cutoff, Instrument, Item, Rule, Score, ids

_SOURCE = "Kristensen et al., Work Stress 2005;19:192-207, doi:10.1080/02678370500297720"
_REVERSED = ("cbi_work", 7)


def _items(prefix: str, count: int) -> tuple[Item, ...]:
    return tuple(
        Item(id=f"{prefix}_{number}", low=0, high=4, reverse=(prefix, number) == _REVERSED)
        for number in range(1, count + 1)
    )


def _mean(name: str, title: str, prefix: str, count: int, least: int) -> Score:
    return Score(
        name=name,
        title=title,
        parts=ids(prefix, *range(1, count + 1)),
        how="mean",
        factor=25.0,
        least=least,
        low=0,
        high=100,
        better="lower",
    )


def _high(name: str, score: str) -> Cutoff:
    return Cutoff(
        name=name,
        title="Burnout of 50 or more",
        any_of=((score, ">=", 50),),
        source="common practice with this inventory; the authors' own limit was not read",
    )


CBI = Instrument(
    id="cbi",
    title="Copenhagen Burnout Inventory",
    items=_items("cbi_personal", 6) + _items("cbi_work", 7) + _items("cbi_client", 6),
    scores=(
        _mean("personal_burnout", "Personal burnout", "cbi_personal", 6, 3),
        _mean("work_burnout", "Work-related burnout", "cbi_work", 7, 4),
        _mean("client_burnout", "Client-related burnout", "cbi_client", 6, 3),
    ),
    rules=(Rule(name="item_means", title="The mean of each scale's items", headline="work_burnout"),),
    cutoffs=(
        _high("high_personal_burnout", "personal_burnout"),
        _high("high_work_burnout", "work_burnout"),
        _high("high_client_burnout", "client_burnout"),
    ),
    missing_rule=(
        "Published: a scale is the mean of its answered items; with fewer than three answered (four for "
        "work-related burnout) it is missing."
    ),
    recall="none: the answers are frequencies or degrees",
    source=_SOURCE,
    licence="ship",
    licence_note="Secondary sources call it public domain; its wording does not come with us yet.",
    notes=("Codes 0 to 4 stand for 0, 25, 50, 75 and 100.",),
    unverified=("the limit for high burnout, which the authors do not state",),
)
