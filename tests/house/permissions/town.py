"""The planted town, three people for each role: whose things they are, another, and one of another programme."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Literal
from uuid import uuid4

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test import Client
from django.utils import timezone
from tests.house.planted import Canary, Planted, plant
from tests.house.planted.town import DIRECTOR
from tests.study import Study

from confrere.coaching import actions as coaching
from confrere.coaching.models import Away, Booking, Coach, CoachFile, Complaint, Conversation, LineKind, PayLine, Stage
from confrere.lounge.models import Token
from confrere.people import actions as people
from confrere.people import sessions
from confrere.people.models import Membership, Parcel, Programme, User
from confrere.people.roles import Role
from confrere.surveys import actions as surveys
from confrere.surveys.models import Pulse, Questionnaire
from confrere.vault.audit import Actor

type Relation = Literal["own", "other", "elsewhere"]
RELATIONS: tuple[Relation, ...] = ("own", "other", "elsewhere")
#: Who looks after one site only; the second one of these belongs to another site than everything that is planted.
OF_A_SITE = {Role.COORDINATOR}


@dataclass(frozen=True)
class Viewer:
    """role; relation: to everything that is planted."""

    role: Role
    relation: Relation


#: The coach of the planted town is no verified physician; these two are. Everybody else is made one, so that the
#: lounge's gates are tried by people whom nothing else keeps out.
UNVERIFIED = Viewer(Role.COACH, "own")
VERIFIED_OR_NOT = {UNVERIFIED, Viewer(Role.PARTICIPANT, "own"), Viewer(Role.MODERATOR, "own")}


@dataclass
class Town:
    """planted: the programme `peer`. clients: signed in, with a passkey, a moment ago."""

    planted: Planted
    people: dict[Viewer, int]
    clients: dict[Viewer, Client]

    more: dict[str, int]

    @cached_property
    def words(self) -> dict[str, Canary]:
        return {canary.word: canary for canary in self.planted.canaries}

    def ended(self) -> str:
        """The first kind of planted thing of which there is none any more; "" for none."""
        kinds = (Token, Booking, Conversation, PayLine, Parcel, Away)
        return next((kind.__name__ for kind in kinds if not kind._default_manager.exists()), "")

    def of(self, pattern: str) -> dict[str, str]:
        """What stands in this address, where a name means different things in different ones."""
        of, more = self.planted.people, self.more
        words: dict[str, dict[str, str | int]] = {
            "/coaching/roster/": {"person": more["invited"]},
            "/coaching/payments/<int:coach>": {"coach": of["coach"]},
            "/coaching/grants/": {"person": of["participant"], "source": "coordinator"},
            "/surveys/telephone/": {"person": of["participant"], "wave": "later"},
            "/surveys/questionnaires/<slug:slug>/<int:number>/export/": {"slug": "baseline", "kind": "toml"},
            "/surveys/questionnaires/<slug:slug>/draft/add/": {"slug": "baseline", "kind": "choice"},
            "/surveys/questionnaires/": {"slug": "baseline"},
            "/surveys/instruments/": {"name": "qol_vas"},
            "/surveys/waves/": {"wave": "baseline", "kind": "invitation"},
            "/service/people/": {"state": "waiting"},
            "/service/reports/": {"kind": "pdf"},
            "/trial/protocol/parts/": {"step": "waves"},
            "/trial/recruiting/represented/": {"question": "gender"},
            "/team/<int:number>": {"number": more["membership"]},
            "/evidence/": {"table": "table3"},
        }
        found = {name: str(number) for name, number in more.items()}
        return found | next(
            ({name: str(value) for name, value in given.items()} for at, given in words.items() if at in pattern), {}
        )


def build() -> Town:
    """Three persons for each of the eight roles."""
    planted, now = plant(), timezone.now()
    everyone = {Viewer(role, "own"): planted.people[str(role)] for role in Role}
    second = people.add_site(standing=planted.standing("director", now), name="Second", zone="UTC", now=now)
    peer, elsewhere = planted.study.programme, Programme.objects.get(slug="elsewhere")
    other = Study(programme=elsewhere.pk, site=planted.study.site, slug="elsewhere")
    other.open(test_entropy="elsewhere")
    for role in Role:
        if role is Role.PARTICIPANT:
            everyone[Viewer(role, "other")] = planted.people["other participant"]
        else:
            site = second if role in OF_A_SITE else planted.study.site
            everyone[Viewer(role, "other")] = _person(role, peer, "other", now, site=site)
        everyone[Viewer(role, "elsewhere")] = _person(role, elsewhere.pk, "elsewhere", now, site=other.site)
    for viewer, person in everyone.items():
        if viewer not in VERIFIED_OR_NOT:
            _verify(person, now)
        if viewer.relation != "own" and viewer.role is Role.COACH:
            _coach(person, elsewhere.pk if viewer.relation == "elsewhere" else peer, planted.study.site, now)
    clients = {viewer: sign_in(person) for viewer, person in everyone.items()}
    return Town(planted, everyone, clients, _rows(planted, everyone[Viewer(Role.COACH, "other")], now))


def _rows(planted: Planted, invited: int, now: datetime) -> dict[str, int]:
    """What the planted town has none of, by the name under which it stands in addresses.

    invited: the coach who has a file; whoever has one and no certificate is not shown to participants.
    """
    here: dict[str, Any] = {"programme_id": planted.study.programme, "site_id": planted.study.site}
    of, page, day = planted.people, Coach.objects.get(person=planted.people["coach"]), now.date()
    file = CoachFile.objects.create(**here, person_id=invited, stage=Stage.INVITED, since=day)
    complaint = Complaint.objects.create(**here, file=file, kind=Complaint.Kind.CONDUCT, came_on=day)
    later = DateTimeTZRange(now + timedelta(days=30), now + timedelta(days=30, hours=1))
    away = Away.objects.create(**here, coach=page, first=later.lower.date(), last=later.upper.date(), during=later)
    meeting = Conversation.objects.create(**here, coach=page, person_id=of["participant"], key=uuid4(), during=later)
    line = PayLine.objects.create(
        **here,
        coach_id=of["coach"],
        kind=LineKind.STIPEND,
        day=day,
        minutes=60,
        hourly=100,
        amount=100,
        currency="USD",
    )
    pulse = Pulse.objects.create(
        **here,
        questionnaire=Questionnaire.objects.get(programme=planted.study.programme, slug="baseline"),
        public_key="-",
        key="-",
        asked=9,
        opened_on=day,
        closes=now + timedelta(days=9),
    )
    surveys.revise(programme=planted.study.programme, site=planted.study.site, slug="baseline", actor=DIRECTOR, now=now)
    return {
        "away": away.pk,
        "complaint": complaint.pk,
        "invited": invited,
        "conversation": meeting.pk,
        "key": Token.objects.get().pk,
        "line": line.pk,
        "membership": Membership.objects.get(user=of["leader"]).pk,
        "pulse": pulse.pk,
    }


def sign_in(person: int, *, proved: bool = True) -> Client:
    """proved: whether they have shown who they are just now."""
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(pk=person))
    if not proved:
        session = client.session
        session[sessions.PROVED] = 0.0
        session.save()
    return client


def _person(role: Role, programme: int, relation: Relation, now: datetime, *, site: int) -> int:
    email = f"{relation}-{role}@example.org"
    person = people.create_account(email=email, name=f"{role} {relation}", zone="UTC", now=now)
    people.grant_role(person=person, programme=programme, role=role, site=site, now=now, actor=DIRECTOR)
    return person


def _verify(person: int, now: datetime) -> None:
    people.verify(
        person=person,
        specialty="cardiology",
        evidence="looked at",
        until=now.replace(year=now.year + 1, day=1),
        now=now,
        actor=Actor.system("test"),
    )


def _coach(person: int, programme: int, site: int, now: datetime) -> None:
    """A page of their own, so that what is refused is refused for somebody else's things."""
    coaching.write_page(
        programme=programme,
        site=site,
        person=person,
        biography="A coach",
        focus="",
        languages="English",
        video_link="",
        phone="1",
        capacity=3,
        now=now,
    )
