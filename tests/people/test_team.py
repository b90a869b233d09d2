"""Roles are given and ended in the open: by whom, to whom, at which site, and never to oneself."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import timezone

from confrere.people import actions, queries, rules, sessions, team
from confrere.people.models import Membership, ProgrammeSite, User
from confrere.people.queries import Standing
from confrere.people.roles import GIVES, Role
from confrere.post.models import Letter
from confrere.vault.audit import Actor
from confrere.vault.models import Payload
from confrere.vault.refusals import Refusal

NOW = datetime(2026, 3, 3, 17, 30, tzinfo=UTC)
SYSTEM = Actor.system("test")

pytestmark = pytest.mark.django_db


class Hospital:
    """A programme with a director and an operator."""

    def __init__(self) -> None:
        self.site = actions.create_site(slug="north", name="North", zone="UTC", now=NOW, actor=SYSTEM)
        self.programme = actions.create_programme(
            site=self.site, slug="peer", name="Peer coaching", zone="UTC", now=NOW, actor=SYSTEM
        )
        self.director = self.member("director", Role.DIRECTOR)
        self.operator = self.member("operator", Role.OPERATOR)

    def member(self, name: str, role: Role) -> Standing:
        email = f"{name}@example.org"
        person = actions.create_account(email=email, name=name.title(), zone="UTC", now=NOW)
        actions.grant_role(person=person, programme=self.programme, role=role, now=NOW, actor=SYSTEM)
        return self.standing(person)

    def standing(self, person: int, now: datetime = NOW) -> Standing:
        found = queries.standing(person=person, programme="peer", now=now)
        assert found is not None
        return found

    def appoint(self, role: Role, *, email: str = "new@example.org", by: Standing | None = None, site: int = 0) -> int:
        return actions.appoint(
            standing=by or self.director, email=email, name="New", role=role, site=site or self.site, now=NOW
        )

    def number(self, person: int, role: Role) -> int:
        return Membership.objects.get(user=person, role=role, until__isnull=True).pk

    def client(self, person: int, *, fresh: bool = True) -> Client:
        client = Client()
        client.force_login(User.objects.get(pk=person), backend="allauth.account.auth_backends.AuthenticationBackend")
        session = client.session
        if not fresh:
            del session[sessions.PROVED]
        session.save()
        return client


@pytest.fixture
def hospital(standing_keys: None) -> Hospital:
    return Hospital()


def actions_done() -> list[str]:
    return [str(row) for row in Payload.objects.order_by("pk").values_list("body", flat=True)]


class TestAppoint:
    @pytest.mark.parametrize("role", sorted(GIVES[Role.DIRECTOR]))
    def test_a_director_gives_a_role_to_somebody_new_and_a_letter_tells_them(
        self, hospital: Hospital, role: Role
    ) -> None:
        person = hospital.appoint(role)
        assert hospital.standing(person).roles == {role}
        [letter] = Letter.objects.filter(to="new@example.org")
        assert str(role.label) in letter.body
        assert "http://localhost/p/peer/" in letter.body
        assert any("people.grant_role" in row for row in actions_done())

    def test_the_same_again_changes_nothing_and_tells_nobody(self, hospital: Hospital) -> None:
        assert hospital.appoint(Role.COORDINATOR) == hospital.appoint(Role.COORDINATOR)
        assert Letter.objects.filter(to="new@example.org").count() == 1

    @pytest.mark.parametrize("role", [Role.PARTICIPANT, Role.OPERATOR])
    def test_no_director_makes_participants_or_operators(self, hospital: Hospital, role: Role) -> None:
        with pytest.raises(Refusal, match="does not give this one") as refused:
            hospital.appoint(role)
        assert refused.value.status == 403

    def test_an_operator_gives_a_programme_its_director_and_no_other_role(self, hospital: Hospital) -> None:
        person = hospital.appoint(Role.DIRECTOR, by=hospital.operator)
        assert hospital.standing(person).roles == {Role.DIRECTOR}
        with pytest.raises(Refusal, match="does not give this one"):
            hospital.appoint(Role.COORDINATOR, by=hospital.operator)

    def test_nobody_gives_a_role_to_themselves(self, hospital: Hospital) -> None:
        with pytest.raises(Refusal, match="Nobody gives a role to themselves"):
            hospital.appoint(Role.STATISTICIAN, email="Director@example.org")
        with pytest.raises(Refusal, match="Nobody gives a role to themselves"):
            hospital.appoint(Role.DIRECTOR, by=hospital.operator, email="operator@example.org")
        assert hospital.standing(hospital.director.person).roles == {Role.DIRECTOR}

    def test_a_site_of_another_programme_is_unknown_here(self, hospital: Hospital) -> None:
        with pytest.raises(Refusal) as refused:
            hospital.appoint(Role.COORDINATOR, site=987_654_321)
        assert refused.value.status == 404


class TestSites:
    def test_a_coordinator_belongs_to_a_site_and_may_look_after_several(self, hospital: Hospital) -> None:
        there = actions.add_site(standing=hospital.director, name="North", zone="UTC", now=NOW)
        again = actions.add_site(standing=hospital.director, name="北", zone="UTC", now=NOW)
        assert team.sites(hospital.programme) == {hospital.site: "North", there: "North", again: "北"}
        person = hospital.appoint(Role.COORDINATOR, site=there)
        assert hospital.standing(person).sites == {there}
        hospital.appoint(Role.COORDINATOR, site=again)
        assert hospital.standing(person).sites == {there, again}
        assert [one.site for one in team.staff(programme=hospital.programme, now=NOW) if one.person == person] == [
            there,
            again,
        ]

    def test_directors_and_who_reads_no_names_look_at_every_site_and_others_at_none(self, hospital: Hospital) -> None:
        assert hospital.director.sites is None
        assert hospital.operator.sites is None
        assert hospital.member("coach", Role.COACH).sites == frozenset()
        both = hospital.member("both", Role.STATISTICIAN)
        assert both.sites is None
        actions.grant_role(
            person=both.person, programme=hospital.programme, role=Role.COORDINATOR, now=NOW, actor=SYSTEM
        )
        assert hospital.standing(both.person).sites == {hospital.site}

    def test_what_concerns_every_site_is_done_by_who_sees_every_site(self, hospital: Hospital) -> None:
        alone = hospital.member("coordinator", Role.COORDINATOR)
        assert rules.can_do_for_every_site(alone)
        actions.add_site(standing=hospital.director, name="South", zone="UTC", now=NOW)
        assert not rules.can_do_for_every_site(alone)
        assert rules.can_do_for_every_site(hospital.director)

    def test_a_site_says_what_it_is(self, hospital: Hospital) -> None:
        actions.add_site(standing=hospital.director, name="South", zone="UTC", now=NOW)
        row = ProgrammeSite.objects.get()
        assert str(row) == f"{row.site_id} in {row.programme_id}"


class TestDismiss:
    def test_a_director_ends_a_role_and_the_others_stay(self, hospital: Hospital) -> None:
        person = hospital.appoint(Role.COORDINATOR)
        hospital.appoint(Role.STATISTICIAN)
        number = hospital.number(person, Role.COORDINATOR)
        actions.dismiss(standing=hospital.director, number=number, now=NOW)
        assert hospital.standing(person).roles == {Role.STATISTICIAN}
        with pytest.raises(Refusal) as refused:
            actions.dismiss(standing=hospital.director, number=number, now=NOW)
        assert refused.value.status == 404

    def test_a_coordinator_of_two_sites_leaves_one(self, hospital: Hospital) -> None:
        there = actions.add_site(standing=hospital.director, name="South", zone="UTC", now=NOW)
        person = hospital.appoint(Role.COORDINATOR)
        hospital.appoint(Role.COORDINATOR, site=there)
        number = Membership.objects.get(user=person, site=hospital.site).pk
        actions.dismiss(standing=hospital.director, number=number, now=NOW)
        assert hospital.standing(person).sites == {there}

    @pytest.mark.parametrize("role", [Role.DIRECTOR, Role.OPERATOR])
    def test_the_last_one_stays_until_there_is_another(self, hospital: Hospital, role: Role) -> None:
        own = {Role.DIRECTOR: hospital.director, Role.OPERATOR: hospital.operator}[role]
        with pytest.raises(Refusal, match="is the last one with this role"):
            actions.dismiss(standing=own, number=hospital.number(own.person, role), now=NOW)
        hospital.member("second", role)
        actions.dismiss(standing=own, number=hospital.number(own.person, role), now=NOW)
        assert queries.standing(person=own.person, programme="peer", now=NOW) is None

    def test_who_gives_no_such_role_ends_none(self, hospital: Hospital) -> None:
        person = hospital.appoint(Role.COORDINATOR)
        with pytest.raises(Refusal) as refused:
            actions.dismiss(standing=hospital.operator, number=hospital.number(person, Role.COORDINATOR), now=NOW)
        assert refused.value.status == 404


class TestPages:
    def test_a_director_gives_and_ends_a_role(self, hospital: Hospital) -> None:
        client = hospital.client(hospital.director.person)
        page = client.get("/p/peer/team/")
        assert "operator@example.org" in page.text
        assert f"/p/peer/team/{hospital.number(hospital.operator.person, Role.OPERATOR)}/end/" not in page.text
        typed = {"name": "Kofi Mensah", "email": "k.mensah@example.org", "role": "coach", "site": hospital.site}
        assert client.post("/p/peer/team/", typed).status_code == 302
        assert "Kofi Mensah" in client.get("/p/peer/team/").text
        person = queries.person_by_address("k.mensah@example.org")
        assert person is not None
        end = f"/p/peer/team/{hospital.number(person.pk, Role.COACH)}/end/"
        assert "Kofi Mensah" in client.get(end).text
        assert client.post(end).status_code == 302
        assert client.get(end).status_code == 404

    def test_a_role_that_is_not_on_the_list_is_refused_beside_the_field(self, hospital: Hospital) -> None:
        client = hospital.client(hospital.operator.person)
        typed = {"name": "A", "email": "a@example.org", "role": "coordinator", "site": hospital.site}
        page = client.post("/p/peer/team/", typed)
        assert page.status_code == 422
        assert queries.person_by_address("a@example.org") is None

    def test_a_site_is_added(self, hospital: Hospital) -> None:
        client = hospital.client(hospital.director.person)
        assert client.get("/p/peer/team/sites/").status_code == 200
        assert client.post("/p/peer/team/sites/", {"name": "South", "zone": "Nowhere"}).status_code == 422
        assert client.post("/p/peer/team/sites/", {"name": "South", "zone": "UTC"}).status_code == 302
        assert "South" in client.get("/p/peer/team/").text
        assert "/p/peer/team/sites/" not in hospital.client(hospital.operator.person).get("/p/peer/team/").text

    @pytest.mark.parametrize("path", ["", "sites/", "1/end/"])
    def test_the_pages_ask_who_one_is_anew(self, hospital: Hospital, path: str) -> None:
        answer = hospital.client(hospital.director.person, fresh=False).get(f"/p/peer/team/{path}")
        assert answer.status_code == 302
        assert "/accounts/" in answer.headers["Location"]

    def test_a_role_that_ended_opens_nothing_with_the_next_click(self, hospital: Hospital) -> None:
        person = hospital.appoint(Role.STATISTICIAN)
        Membership.objects.filter(user=person).update(since=NOW)
        client = hospital.client(person)
        assert client.get("/p/peer/").status_code == 200
        actions.dismiss(
            standing=hospital.director, number=hospital.number(person, Role.STATISTICIAN), now=timezone.now()
        )
        assert client.get("/p/peer/").status_code == 404
