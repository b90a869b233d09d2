import datetime as dt
import json
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
from allauth.account.models import EmailAddress
from django.dispatch import Signal

from confrere.people import actions, queries, signals
from confrere.people.models import Credential, Membership, Programme, Site, User
from confrere.people.roles import Role
from confrere.vault.audit import Actor
from confrere.vault.models import Payload
from confrere.vault.refusals import Refusal

NOW = dt.datetime(2026, 3, 3, 17, 30, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
OPERATOR = Actor.system("test")

pytestmark = pytest.mark.django_db


def account(email: str = "a.osei@example.org") -> int:
    return actions.create_account(email=email, name="A. Osei", zone="America/Denver", now=NOW)


def programme() -> int:
    site = actions.create_site(slug="north", name="North", zone="America/Chicago", now=NOW, actor=OPERATOR)
    return actions.create_programme(
        site=site, slug="peer", name="Peer coaching", zone="America/Chicago", now=NOW, actor=OPERATOR
    )


def events() -> list[str]:
    return [
        f"{event['actor']} {event['action']} {event['about']} {event['details']}"
        for event in (json.loads(row) for row in Payload.objects.order_by("pk").values_list("body", flat=True))
    ]


@pytest.fixture
def heard() -> Iterator[list[dict[str, object]]]:
    """Every announcement of the room, as its listeners get it."""
    heard: list[dict[str, object]] = []

    def listen(signal: Signal, sender: object, **news: object) -> None:
        heard.append(news)

    both = (signals.role_granted, signals.role_ended, signals.credential_verified)
    for signal in both:
        signal.connect(listen)
    yield heard
    for signal in both:
        signal.disconnect(listen)


class TestCreateAccount:
    def test_an_account_has_an_address_that_is_not_yet_proved(self) -> None:
        person = account(" A.Osei@Example.org ")
        assert User.objects.values_list("email", "name", "zone").get(pk=person) == (
            "a.osei@example.org",
            "A. Osei",
            "America/Denver",
        )
        assert EmailAddress.objects.values_list("email", "primary", "verified").get(user=person) == (
            "a.osei@example.org",
            True,
            False,
        )
        assert events() == [f"system:people.create_account people.create_account person:{person} {{}}"]

    def test_a_second_call_gives_the_same_number_and_changes_nothing(self) -> None:
        first = account()
        again = actions.create_account(email="A.OSEI@example.org", name="Someone else", zone="UTC", now=NOW)
        assert (again, User.objects.get().name, len(events())) == (first, "A. Osei", 1)

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"email": "osei"}, "This is not an e-mail address"),
            ({"name": " "}, "needs 1 to 200 characters"),
            ({"name": "x" * 201}, "needs 1 to 200 characters"),
            ({"zone": "Mars/Base"}, "This time zone is not known"),
        ],
    )
    def test_what_is_wrong_is_said(self, wrong: dict[str, str], sentence: str) -> None:
        with pytest.raises(Refusal, match=sentence):
            actions.create_account(
                **{"email": "a@example.org", "name": "A", "zone": "UTC", **wrong}, now=NOW, actor=OPERATOR
            )
        assert User.objects.count() == 0


class TestPlaces:
    def test_a_programme_stands_at_a_site(self) -> None:
        number = programme()
        assert Programme.objects.values_list("pk", "slug", "site__slug").get() == (number, "peer", "north")
        assert [event.split()[1] for event in events()] == ["people.create_site", "people.create_programme"]

    def test_short_names_are_taken_once(self) -> None:
        programme()
        with pytest.raises(Refusal, match="taken"):
            programme()
        with pytest.raises(Refusal, match="taken"):
            actions.create_programme(
                site=Site.objects.get().pk, slug="peer", name="x", zone="UTC", now=NOW, actor=OPERATOR
            )

    @pytest.mark.parametrize("slug", ["", "a b", "é", "x" * 51])
    def test_a_short_name_fits_an_address(self, slug: str) -> None:
        with pytest.raises(Refusal, match="A short name has"):
            actions.create_site(slug=slug, name="North", zone="UTC", now=NOW, actor=OPERATOR)


class TestRoles:
    def test_a_role_is_open_from_its_grant_until_its_end(self, heard: list[dict[str, object]]) -> None:
        person, peer = account(), programme()
        for _twice in range(2):
            actions.grant_role(person=person, programme=peer, role="coach", now=NOW, actor=OPERATOR)
        assert queries.members_of(peer, Role.COACH, NOW) == [person]
        for _twice in range(2):
            actions.end_role(person=person, programme=peer, role=Role.COACH, now=NOW + DAY, actor=OPERATOR)
        assert queries.members_of(peer, Role.COACH, NOW + DAY) == []
        assert events()[-2:] == [
            f"system:test people.grant_role person:{person} {{'role': 'coach'}}",
            f"system:test people.end_role person:{person} {{'role': 'coach'}}",
        ]
        site = Site.objects.get().pk
        news = {"programme": peer, "site": site, "person": person, "role": Role.COACH}
        assert heard == [{**news, "now": NOW}, {**news, "now": NOW + DAY}]

    def test_a_role_can_be_given_back(self) -> None:
        person, peer = account(), programme()
        actions.grant_role(person=person, programme=peer, role="coach", now=NOW, actor=OPERATOR)
        actions.end_role(person=person, programme=peer, role="coach", now=NOW + DAY, actor=OPERATOR)
        actions.grant_role(person=person, programme=peer, role="coach", now=NOW + 2 * DAY, actor=OPERATOR)
        assert Membership.objects.count() == 2
        assert queries.members_of(peer, Role.COACH, NOW + 3 * DAY) == [person]

    def test_a_role_that_does_not_exist_is_no_role(self) -> None:
        with pytest.raises(ValueError, match="is not a valid Role"):
            actions.grant_role(person=account(), programme=programme(), role="king", now=NOW, actor=OPERATOR)


class TestVerify:
    def test_a_check_is_remembered_with_its_evidence(self, heard: list[dict[str, object]]) -> None:
        person = account()
        actions.verify(
            person=person, specialty="cardiology", evidence="roster mailbox", until=NOW + DAY, now=NOW, actor=OPERATOR
        )
        row = Credential.objects.get()
        assert (row.evidence, row.verified_by) == ("roster mailbox", "system:test")
        assert queries.credential(person=person, now=NOW) == queries.Credential(
            specialty="cardiology", label="Cardiology", verified_at=NOW, verified_until=NOW + DAY
        )
        assert events()[-1] == (
            f"system:test people.verify person:{person} {{'credential': {row.pk}, 'specialty': 'cardiology'}}"
        )
        assert heard == [{"person": person, "specialty": "cardiology", "until": NOW + DAY, "now": NOW}]

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"specialty": "phrenology"}, "not on the list"),
            ({"evidence": ""}, "needs 1 to 200 characters"),
            ({"until": NOW}, "must end in the future"),
        ],
    )
    def test_what_is_wrong_is_said(self, wrong: dict[str, object], sentence: str) -> None:
        right: dict[str, object] = {"specialty": "cardiology", "evidence": "roster", "until": NOW + DAY}
        with pytest.raises(Refusal, match=sentence):
            actions.verify(person=account(), now=NOW, actor=OPERATOR, **{**right, **wrong})  # type: ignore[arg-type]  # a table
        assert Credential.objects.count() == 0


class TestChangeAccount:
    def change(self, person: int, **more: object) -> None:
        said: dict[str, object] = {"name": "A. Osei", "zone": "UTC", "quiet_from": None, "quiet_until": None}
        actions.change_account(person=person, now=NOW, **{**said, **more})  # type: ignore[arg-type]  # a table

    def test_quiet_hours_may_pass_midnight(self) -> None:
        person = account()
        quiet = {"quiet_from": dt.time(22), "quiet_until": dt.time(7)}
        self.change(person, name=" Ama  Osei ", zone="Europe/Berlin", **quiet)
        assert queries.account(person) == queries.Account(
            email="a.osei@example.org",
            name="Ama Osei",
            zone="Europe/Berlin",
            quiet_from=dt.time(22),
            quiet_until=dt.time(7),
        )
        assert events()[-1] == f"person:{person} people.change_account person:{person} {{}}"

    @pytest.mark.parametrize(
        ("quiet_from", "quiet_until", "sentence"),
        [
            (dt.time(22), None, "a beginning and an end"),
            (None, dt.time(7), "a beginning and an end"),
            (dt.time(7), dt.time(7), "the whole day"),
        ],
    )
    def test_half_quiet_hours_are_refused(
        self, quiet_from: dt.time | None, quiet_until: dt.time | None, sentence: str
    ) -> None:
        with pytest.raises(Refusal, match=sentence):
            self.change(account(), quiet_from=quiet_from, quiet_until=quiet_until)

    @pytest.mark.parametrize(
        ("quiet_from", "quiet_until", "hour", "quiet"),
        [
            (None, None, 3, False),
            (dt.time(22), dt.time(7), 23, True),
            (dt.time(22), dt.time(7), 6, True),
            (dt.time(22), dt.time(7), 7, False),
            (dt.time(12), dt.time(14), 13, True),
            (dt.time(12), dt.time(14), 14, False),
        ],
    )
    def test_quiet_hours_are_read_on_the_persons_own_clock(
        self, quiet_from: dt.time | None, quiet_until: dt.time | None, hour: int, quiet: bool
    ) -> None:
        person = account()
        self.change(person, zone="Asia/Kolkata", quiet_from=quiet_from, quiet_until=quiet_until)
        now = dt.datetime(2026, 3, 3, hour, tzinfo=ZoneInfo("Asia/Kolkata")).astimezone(dt.UTC)
        assert queries.is_quiet(person=person, now=now) == quiet
