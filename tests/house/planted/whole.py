"""The whole town, planted room by room."""

from datetime import datetime

from django.utils import timezone
from tests.house.planted.lounge import plant_lounge
from tests.house.planted.meeting import plant_coaching, plant_service
from tests.house.planted.study import plant_evidence, plant_rest, plant_trial
from tests.house.planted.town import DIRECTOR, Planted
from tests.study import make_study

from confrere.people import actions as people
from confrere.people.models import Programme, Site
from confrere.people.roles import Role


def plant() -> Planted:
    """Two participants of whom one is coached, a coach, everyone of the staff, and somebody of another programme."""
    now = timezone.now()
    town = Planted(make_study())
    study = town.study
    Site.objects.filter(pk=study.site).update(name=town.word("people.Site.name"))
    Programme.objects.filter(pk=study.programme).update(name=town.word("people.Programme.name"))
    for role in Role:
        _person(town, str(role), role, now)
    _person(town, "other participant", Role.PARTICIPANT, now)
    _outsider(town, now)
    plant_lounge(town, now)
    plant_trial(town, now)
    plant_service(town, now)
    plant_coaching(town, now)
    plant_evidence(town, now)
    plant_rest(town, now)
    return town


def _person(town: Planted, who: str, role: Role, now: datetime) -> None:
    meets = {"participant": "coach", "coach": "participant"}.get(who)
    email = town.word("people.User.email", about=who, meets=meets) + "@example.org"
    name = town.word("people.User.name", about=who, meets=meets)
    person = people.create_account(email=email, name=name, zone="UTC", now=now)
    people.grant_role(person=person, programme=town.study.programme, role=role, now=now, actor=DIRECTOR)
    town.people[who] = person


def _outsider(town: Planted, now: datetime) -> None:
    study = town.study
    other = people.create_programme(
        site=study.site, slug="elsewhere", name="Elsewhere", zone="UTC", now=now, actor=DIRECTOR
    )
    person = people.create_account(email="outsider@example.org", name="Outsider", zone="UTC", now=now)
    for role in Role:
        people.grant_role(person=person, programme=other, role=role, now=now, actor=DIRECTOR)
    town.people["outsider"] = person
