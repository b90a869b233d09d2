"""What is wrong with an answer. The rules are few; what they do not say stands in tables, looked at by hand."""

import re

from tests.house.permissions.pairs import Answer, Pair
from tests.house.permissions.town import UNVERIFIED, Town
from tests.house.test_audiences import may_read

#: What an address names that belongs to somebody: to one person, to one site, or to one programme.
THINGS = frozenset(
    [
        "answer",
        "away",
        "booking",
        "claim",
        "coach",
        "complaint",
        "conversation",
        "hours",
        "item",
        "key",
        "line",
        "note",
        "number",
        "parcel",
        "passkey",
        "person",
        "post",
        "pulse",
        "query",
        "question",
        "removal",
        "wave",
    ]  # one name a word
)
SHUT = {"none", "closed", "not served"}
P = "p/<slug:programme>/"
#: Names and numbers of wording and plans, which each programme gives anew.
OF_EACH_PROGRAMME = (
    "surveys/waves/<slug:wave>/",
    "surveys/waves/<slug:wave>/rest/",
    "surveys/waves/<slug:wave>/<slug:kind>/",
    "surveys/questionnaires/<slug:slug>/<int:number>/",
    "surveys/questionnaires/<slug:slug>/<int:number>/export/<slug:kind>/",
    "surveys/questionnaires/<slug:slug>/draft/<int:number>/",
    "trial/conduct/wave/<slug:wave>/",
    "trial/protocol/versions/<int:number>/",
    "trial/protocol/versions/<int:number>/back/",
    "trial/protocol/parts/<slug:step>/<int:number>/",
    "trial/recruiting/announcement/<int:number>/",
    "trial/recruiting/announcement/<int:number>/try/",
    "trial/recruiting/announcement/<int:number>/send/",
    "trial/recruiting/represented/<slug:question>/",
)
#: Pages of things in a programme that open to everyone there with the role, whosever the things are, and why.
OPEN_TO_OTHERS: dict[str, tuple[str, ...]] = {
    "participants choose among all coaches; one's own place in a line is all that ends here": (
        "coaching/coaches/<int:coach>/",
        "coaching/coaches/<int:coach>/hold/",
        "coaching/coaches/<int:coach>/wait/",
        "coaching/coaches/<int:coach>/wait/no-longer/",
        "coaching/coaches/<int:coach>/first/",
    ),
    "members read, answer, keep, flag and endorse what others wrote": (
        "lounge/q/<int:question>/",
        "lounge/q/<int:question>/way-back/",
        "lounge/q/<int:question>/keep/",
        "lounge/q/<int:question>/vote/",
        "lounge/q/<int:question>/endorse/<int:answer>/",
        "lounge/q/<int:question>/p/<int:post>/history/",
        "lounge/p/<int:post>/flag/",
        "lounge/p/<int:post>/contradict/",
        "lounge/note/<int:note>/agree/",
    ),
    "moderators decide about others": (
        "door/queue/<int:claim>/",
        "lounge/p/<int:post>/keep/",
        "lounge/p/<int:post>/remove/",
        "lounge/q/<int:question>/slow/",
        "lounge/removal/<int:removal>/",
    ),
    "answers alike whether there was one; another's stays as it is": (
        "lounge/taking/<int:key>/end/",
        "lounge/hooks/<int:key>/end/",
    ),
    "coaches work for every site, and whoever runs a site looks after them": (
        "coaching/roster/<int:person>/",
        "coaching/roster/<int:person>/pause/",
        "coaching/roster/<int:person>/remove/",
        "coaching/roster/complaints/<int:complaint>/",
        "coaching/payments/<int:coach>/training/",
        "coaching/payments/<int:line>/take-back/",
        "coaching/hours/away/<int:away>/end/",
    ),
    "wording, plans and things to give away are the programme's, the same at every site": (
        *OF_EACH_PROGRAMME,
        "surveys/pulses/<int:pulse>/",
        "surveys/parcels/item/<int:item>/",
    ),
    "the director and the statistician answer for the whole programme": (
        "team/<int:number>/end/",
        "evidence/<int:number>/",
        "evidence/<int:number>/release/",
        "evidence/<int:number>/public/",
        "evidence/<int:number>/plan.toml",
        "evidence/<int:number>/results.json",
        "evidence/<int:number>/<slug:table>.csv",
        "evidence/<int:number>/data.csv",
        "evidence/<int:number>/take/",
        "service/lottery/<int:number>/",
        "service/reports/<int:number>/",
        "service/reports/<int:number>/file/<slug:kind>/",
        "trial/conduct/arms/<int:number>/agree/",
        "trial/conduct/arms/<int:number>/read/",
        "trial/conduct/queries/<int:query>/",
    ),
}
#: Days away that a site's coordinator may end for a coach.
ENDS_AWAY = P + "coaching/hours/away/<int:away>/end/"
OPEN = {P + route for routes in OPEN_TO_OTHERS.values() for route in routes}
#: Where somebody of another programme gets an answer at home that has nothing of this one in it, and why.
OWN_THERE: dict[str, tuple[str, ...]] = {
    "names and numbers that each programme gives anew: they lead to its own": OF_EACH_PROGRAMME,
    "answers alike whether there was one; another's stays as it is": (
        "lounge/hooks/<int:key>/end/",
        "lounge/taking/<int:key>/end/",
        "coaching/coaches/<int:coach>/wait/no-longer/",
    ),
    "who has no session to book is told so before a coach is looked for": ("coaching/coaches/<int:coach>/hold/",),
}
THERE = {P + route for routes in OWN_THERE.values() for route in routes}


def wrong(town: Town, pair: Pair, answer: Answer) -> str:
    """Why this answer should not have been given; "" for one that is right."""
    if why := _wrong_status(pair, answer):
        return f"{pair}: {answer.status}, {why}"
    if answer.ended and pair.route.pattern != ENDS_AWAY:
        return f"{pair}: ends {answer.ended}"
    if read := _read(town, pair, answer):
        return f"{pair}: reads {read}"
    return ""


def _wrong_status(pair: Pair, answer: Answer) -> str:
    route, viewer = pair.route, pair.viewer
    if route.inside and viewer.relation == "elsewhere" and pair.programme == "peer":
        return "" if answer.came == "none" else "a stranger to the programme learns something"
    if isinstance(route.gate, frozenset) and viewer.role not in route.gate:
        return "" if answer.came == "closed" else "the role does not open it"
    if viewer == UNVERIFIED and route.pattern.startswith(LOUNGE) and route.pattern not in STILL_OPEN:
        return "" if answer.came in {"closed", "not served"} else "not verified"
    if viewer.relation == "own" or not THINGS & set(route.names):
        return ""
    table = OPEN if viewer.relation == "other" else THERE
    return "" if answer.came in SHUT or route.pattern in table else "it is not theirs"


LOUNGE = P + "lounge/"
#: What is one's own stays so after the door has closed.
STILL_OPEN = {LOUNGE + "taking/own/", LOUNGE + "taking/<int:key>/end/"}


def _read(town: Town, pair: Pair, answer: Answer) -> str:
    """A planted word that this viewer must not read, with its field. What others read, `test_audiences` and
    `test_sites` look at."""
    if pair.viewer.relation != "own":
        return ""
    for word in dict.fromkeys(WORD.findall(answer.text)):
        if not may_read(town.words[word], str(pair.viewer.role)):
            return f"{town.words[word].field} of {town.words[word].about}"
    return ""


WORD = re.compile(r"canary\d{3}x|71\d{3}4321")
