"""Where each role can go: one small table. A place appears as soon as its page exists."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from confrere.people.queries import Standing
from confrere.people.roles import Role

type Row = tuple[str | Promise, str]

#: As many as a thumb can tell apart; a desk shows the rest too. "Me" also stands in the foot of every page.
ON_PHONES = 4
TODAY: Row = (_("Today"), "today")
ME: Row = (_("Me"), "me")
LOUNGE: Row = (_("Lounge"), "lounge:home")
PEOPLE: Row = (_("People"), "trial:people")
PROGRAMME: Row = (_("Programme"), "trial:programme")
QUESTIONNAIRES: Row = (_("Questionnaires"), "surveys:shelf")
WAVES: Row = (_("Waves"), "surveys:waves")
SERVICE: Row = (_("Service"), "service:home")
RUNNING: Row = (_("Running"), "trial:conduct")
KEEPING: Row = (_("Keeping"), "keeping")
RESULTS: Row = (_("Results"), "evidence:results")
TEAM: Row = (_("Team"), "team")
COACHES: Row = (_("Coaches"), "coaching:roster")
#: The institution's list, and how old the registers are.
PHYSICIANS: Row = (_("Physicians"), "door_roster")
PAYMENTS: Row = (_("Payments"), "coaching:payments")
WORKPLACE: Row = (_("Workplace"), "coaching:workplace")
#: A person with several roles has their places in this order, each once.
PLACES: dict[Role, tuple[Row, ...]] = {
    Role.PARTICIPANT: ((_("Coaching"), "coaching:home"), LOUNGE, (_("Study"), "trial:mine")),
    Role.COACH: (
        (_("Calendar"), "coaching:calendar"),
        (_("Hours"), "coaching:hours"),
        (_("Pay"), "coaching:pay"),
        (_("Themes"), "coaching:themes"),
        LOUNGE,
    ),
    Role.DIRECTOR: (
        PEOPLE,
        PROGRAMME,
        RESULTS,
        RUNNING,
        WAVES,
        SERVICE,
        QUESTIONNAIRES,
        COACHES,
        PAYMENTS,
        WORKPLACE,
        TEAM,
        KEEPING,
    ),
    Role.COORDINATOR: (
        PEOPLE,
        PROGRAMME,
        RUNNING,
        WAVES,
        SERVICE,
        QUESTIONNAIRES,
        COACHES,
        PHYSICIANS,
        PAYMENTS,
    ),
    Role.STATISTICIAN: (RESULTS, PROGRAMME, RUNNING),
    Role.LEADER: (
        RESULTS,
        WORKPLACE,
        (_("Offerings"), "evidence:offerings"),
        (_("Evidence"), "evidence:library"),
    ),
    Role.MODERATOR: (LOUNGE, (_("Door"), "door_queue"), PHYSICIANS),
    Role.OPERATOR: ((_("Letters"), "letters"), TEAM, KEEPING, (_("Parts"), "programme_parts")),
}


@dataclass(frozen=True, slots=True)
class Place:
    label: str
    url: str
    here: bool
    on_phones: bool


def address(name: str, programme: str) -> str | None:
    """The address of a page, inside the programme or outside; None while it does not exist."""
    for arguments in ({"programme": programme}, {}) if programme else ({},):
        try:
            return reverse(name, kwargs=arguments)
        except NoReverseMatch:
            continue
    return None


def rows(roles: Iterable[Role]) -> list[Row]:
    """Today, what the roles open (each once), Me."""
    wanted = set(roles)
    middle = [row for role in PLACES if role in wanted for row in PLACES[role]]
    return list({name: (label, name) for label, name in (TODAY, *middle, ME)}.values())


def places(*, standing: Standing | None, path: str) -> list[Place]:
    """The places of a person in a programme (or outside any: Today and Me), the open one marked."""
    here = standing.programme_slug if standing else ""
    found = [
        (str(label), url)
        for label, name in rows(standing.roles if standing else ())
        if (url := address(name if here or name != "today" else "home", here))
    ]
    # Today is only itself; another place is also marked on the pages below it.
    marked = [url for index, (_label, url) in enumerate(found) if path == url or (index and path.startswith(url))]
    current = max(marked, key=len, default="")
    return [
        Place(
            label=label,
            url=url,
            here=url == current,
            on_phones=index < ON_PHONES,
        )
        for index, (label, url) in enumerate(found)
    ]
