import datetime as dt
import json
import re
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from tests.people.authenticator import Device

from confrere.people import actions, queries, sessions
from confrere.people.models import User
from confrere.people.roles import Role
from confrere.post.models import Letter
from confrere.vault.audit import Actor

pytestmark = pytest.mark.django_db

SIGN_IN, CODE, ADD = "/accounts/login/", "/accounts/login/code/", "/accounts/passkeys/add/"
PASSKEY, SECOND, PROVE = "/accounts/login/passkey/", "/accounts/login/passkey/second/", "/accounts/passkeys/prove/"
OPERATOR = Actor.system("test")


@pytest.fixture(autouse=True)
def _limits_start_anew() -> Iterator[None]:
    yield
    cache.clear()


def account(role: Role = Role.PARTICIPANT, email: str = "a.osei@example.org") -> int:
    now = timezone.now()
    person = actions.create_account(email=email, name="Ama Osei", zone="UTC", now=now)
    site = actions.create_site(slug=f"s{person}", name="North", zone="UTC", now=now, actor=OPERATOR)
    peer = actions.create_programme(
        site=site, slug=f"p{person}", name="Peer coaching", zone="UTC", now=now, actor=OPERATOR
    )
    actions.grant_role(person=person, programme=peer, role=role, now=now, actor=OPERATOR)
    return person


def mailed_code() -> str:
    found = re.search(r"^    (\S+)$", Letter.objects.order_by("pk").last().body, re.MULTILINE)  # type: ignore[union-attr]
    assert found is not None
    return found[1]


def ask(client: Client, email: str = "a.osei@example.org", **more: str) -> None:
    answer = client.post(SIGN_IN, {"email": email, **more})
    assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, CODE)


def by_code(client: Client, email: str = "a.osei@example.org") -> None:
    ask(client, email)
    client.post(CODE, {"code": mailed_code()})


def options_of(page: str) -> dict[str, object]:
    found = re.search(r'id="passkey-options" type="application/json">(.*?)</script>', page)
    assert found is not None
    return json.loads(found[1])["publicKey"]  # type: ignore[no-any-return]


def enrol(client: Client, device: Device) -> int:
    page = client.get(ADD).text
    return client.post(ADD, {"name": "Telephone", "credential": device.make(options_of(page))}).status_code


def by_passkey(client: Client, device: Device) -> None:
    options = client.get(PASSKEY, headers={"Accept": "application/json"}).json()["request_options"]["publicKey"]
    client.post(PASSKEY, {"credential": device.use(options)})


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


class TestCode:
    def test_a_mailed_code_signs_in_once(self) -> None:
        person, client = account(), Client()
        ask(client)
        letter = Letter.objects.get()
        assert (letter.to, letter.subject) == ("a.osei@example.org", "Your code")
        code = mailed_code()
        answer = client.post(CODE, {"code": code})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/")
        assert signed_in(client)
        assert User.objects.get(pk=person).last_seen_on == timezone.now().date()
        client.post("/accounts/logout/")
        assert not signed_in(client)
        assert client.post(CODE, {"code": code}).status_code == 302
        assert not signed_in(client)

    def test_a_code_counts_in_the_browser_that_asked_for_it_only(self) -> None:
        account()
        asker, other = Client(), Client()
        ask(asker)
        ask(other, "nobody@example.org")
        other.post(CODE, {"code": mailed_code()})
        assert not signed_in(other)

    def test_three_wrong_codes_end_the_attempt(self) -> None:
        account()
        client = Client()
        ask(client)
        code = mailed_code()
        for _wrong in range(3):
            client.post(CODE, {"code": "wrong"})
        client.post(CODE, {"code": code})
        assert not signed_in(client)
        assert "Too many attempts" in client.get(SIGN_IN).text

    def test_a_code_ends_after_ten_minutes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        account()
        client = Client()
        ask(client)
        import time

        later = time.time() + 601
        monkeypatch.setattr(time, "time", lambda: later)
        client.post(CODE, {"code": mailed_code()})
        assert not signed_in(client)

    def test_the_session_is_a_new_one_after_sign_in(self) -> None:
        account()
        client = Client()
        ask(client)
        before = client.session.session_key
        client.post(CODE, {"code": mailed_code()})
        assert signed_in(client)
        assert client.session.session_key != before
        thief = Client()
        thief.cookies["session"] = str(before)
        assert thief.get("/me/").status_code == 302

    def test_where_one_wanted_to_go_is_kept_unless_it_is_elsewhere(self) -> None:
        account()
        client = Client()
        ask(client, next="/me/")
        assert client.post(CODE, {"code": mailed_code(), "next": "/me/"}).headers["Location"] == "/me/"
        client.post("/accounts/logout/")
        ask(client)
        answer = client.post(CODE, {"code": mailed_code(), "next": "https://evil.example"})
        assert answer.headers["Location"] == "/"


class TestStrangers:
    def test_nobody_learns_who_has_an_account(self) -> None:
        account()
        seen = []
        for email in ("a.osei@example.org", "nobody@example.org"):
            client = Client()
            answers = [client.post(SIGN_IN, {"email": email}), client.get(CODE), client.post(CODE, {"code": "wrong"})]
            seen.append(
                [
                    (
                        answer.status_code,
                        answer.headers.get("Location"),
                        re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.text).replace(email, "EMAIL"),
                    )
                    for answer in answers
                ]
            )
        assert seen[0] == seen[1]
        assert Letter.objects.count() == 1

    def test_a_closed_account_is_a_stranger(self) -> None:
        account()
        User.objects.update(is_active=False)
        ask(Client())
        assert Letter.objects.count() == 0

    def test_there_is_no_sign_up(self) -> None:
        assert Client().get("/accounts/signup/").status_code == 404
        assert Client().post("/accounts/password/reset/").status_code == 404

    def test_the_fourth_code_within_a_minute_is_not_mailed(self) -> None:
        account()
        client = Client()
        for _asked in range(3):
            ask(client)
            client.post("/accounts/logout/")
        answer = client.post(SIGN_IN, {"email": "a.osei@example.org"})
        assert (answer.status_code, Letter.objects.count()) == (200, 3)
        assert "Too many attempts" in answer.text
        ask(Client(), "nobody@example.org")


class TestPasskey:
    def test_a_closed_account_is_not_opened_by_its_passkey(self) -> None:
        account(Role.COACH)
        client, device = Client(), Device()
        by_code(client)
        enrol(client, device)
        client.post("/accounts/logout/")
        User.objects.update(is_active=False)
        by_passkey(client, device)
        assert not signed_in(client)
        assert "This account is closed" in client.get("/accounts/closed/").text

    def test_the_eleventh_attempt_within_a_minute_is_turned_away_before_it_is_read(self) -> None:
        client = Client()
        answers = [client.post(PASSKEY, {"credential": "{}"}) for _attempt in range(11)]
        assert [answer.status_code for answer in answers] == [302] * 10 + [429]
        assert "Too many attempts" in answers[-1].text

    def test_whoever_decides_about_others_makes_a_passkey_first(self) -> None:
        person, client, device = account(Role.COACH), Client(), Device()
        by_code(client)
        assert client.get("/me/").headers["Location"] == f"{ADD}?next=/me/"
        assert client.get(f"/p/p{person}/").headers["Location"] == f"{ADD}?next=/p/p{person}/"
        assert enrol(client, device) == 302
        assert client.get("/me/").status_code == 200
        assert [key.name for key in queries.passkeys(person)] == ["Telephone"]
        assert Letter.objects.order_by("pk").last().subject == "Your sign-in has changed"  # type: ignore[union-attr]

    def test_participants_may_stay_with_codes(self) -> None:
        account()
        client = Client()
        by_code(client)
        assert client.get("/me/").status_code == 200

    def test_a_role_given_meanwhile_asks_for_a_passkey_at_the_next_page(self) -> None:
        person, client = account(), Client()
        by_code(client)
        peer = queries.programmes_of(person=person, now=timezone.now())[0].pk
        actions.grant_role(person=person, programme=peer, role="leader", now=timezone.now(), actor=OPERATOR)
        assert client.get("/me/").headers["Location"] == f"{ADD}?next=/me/"

    def test_a_passkey_signs_in_and_only_its_day_is_kept(self) -> None:
        person, client, device = account(Role.COACH), Client(), Device()
        by_code(client)
        enrol(client, device)
        client.post("/accounts/logout/")
        by_passkey(client, device)
        assert signed_in(client)
        assert client.get("/me/").status_code == 200
        used = Authenticator.objects.get().last_used_at
        assert used is not None
        assert used.time() == dt.time(0)
        assert queries.passkeys(person)[0].used_on == timezone.now().date()

    def test_with_a_passkey_a_code_alone_does_not_sign_in(self) -> None:
        account(Role.COACH)
        client, device = Client(), Device()
        by_code(client)
        enrol(client, device)
        client.post("/accounts/logout/")
        by_code(client)
        assert not signed_in(client)
        page = client.get(SECOND).text
        client.post(SECOND, {"credential": device.use(options_of(page))})
        assert signed_in(client)
        assert client.get("/me/").status_code == 200

    @pytest.mark.parametrize(
        "wrong",
        [
            {"verifies_user": False},
            {"rp_id": "evil.example"},
            {"origin": "https://evil.example"},
        ],
    )
    def test_a_device_that_answers_wrongly_is_refused(self, wrong: dict[str, object]) -> None:
        account(Role.COACH)
        client, device = Client(), Device()
        by_code(client)
        assert enrol(client, Device(**wrong)) == 200  # type: ignore[arg-type]  # a table
        assert Authenticator.objects.count() == 0
        enrol(client, device)
        client.post("/accounts/logout/")
        for name, value in wrong.items():
            setattr(device, name, value)
        by_passkey(client, device)
        assert not signed_in(client)

    def test_an_answer_cannot_be_played_again(self) -> None:
        account(Role.COACH)
        client, device = Client(), Device()
        by_code(client)
        enrol(client, device)
        client.post("/accounts/logout/")
        options = client.get(PASSKEY, headers={"Accept": "application/json"}).json()["request_options"]["publicKey"]
        answer = device.use(options)
        client.post(PASSKEY, {"credential": answer})
        assert signed_in(client)
        client.post("/accounts/logout/")
        client.get(PASSKEY, headers={"Accept": "application/json"})
        client.post(PASSKEY, {"credential": answer})
        assert not signed_in(client)

    def test_a_signature_by_another_key_is_refused(self) -> None:
        account(Role.COACH)
        client, device = Client(), Device()
        by_code(client)
        enrol(client, device)
        client.post("/accounts/logout/")
        device.key = Device().key
        by_passkey(client, device)
        assert not signed_in(client)
        by_code(client)
        answer = client.post(SECOND, {"credential": device.use(options_of(client.get(SECOND).text))})
        assert answer.status_code == 200
        assert "not accepted" in answer.text
        assert not signed_in(client)

    NONSENSE = (
        "",
        "[]",
        "{}",
        '{"id": 3}',
        "null",
        "x",
        "9" * 5000,
        "[" * 100_000,
        '{"response": {"userHandle": "!"}}',
        '{"id": "QQ", "rawId": "QQ", "type": "public-key", "response": {"clientDataJSON": "QQ", "userHandle": "MQ"}}',
        '{"id": "QQ", "rawId": "QQ", "response": {"clientDataJSON": "e30", "attestationObject": "Qg"}}',
    )

    @pytest.mark.parametrize("credential", NONSENSE, ids=range(len(NONSENSE)))
    def test_nonsense_is_refused_calmly(self, credential: str) -> None:
        client, device = Client(), Device()
        client.get(PASSKEY, headers={"Accept": "application/json"})
        answer = client.post(PASSKEY, {"credential": credential})
        assert (answer.status_code, answer.headers["Location"]) == (302, SIGN_IN)
        account()
        by_code(client)
        client.get(ADD)
        assert client.post(ADD, {"name": "x", "credential": credential}).status_code == 200
        enrol(client, device)
        client.get(PROVE)
        client.post(PROVE, {"credential": credential})
        assert signed_in(client)


class TestSessions:
    def sign_in(self) -> Client:
        account()
        client = Client()
        by_code(client)
        return client

    def set(self, client: Client, **seconds_ago: int) -> None:
        session = client.session
        for name, ago in seconds_ago.items():
            session[f"people.{name}"] = timezone.now().timestamp() - ago
        session.save()

    @pytest.mark.parametrize(
        ("idle", "age", "lives"),
        [(3590, 3600, True), (3601, 3700, False), (10, 86390, True), (10, 86401, False)],
    )
    def test_a_session_ends_after_an_idle_hour_and_after_a_day(self, idle: int, age: int, lives: bool) -> None:
        client = self.sign_in()
        self.set(client, used=idle, began=age)
        assert client.get("/me/").status_code == (200 if lives else 302)
        assert signed_in(client) == lives

    def test_a_session_that_never_began_is_over(self) -> None:
        client = self.sign_in()
        session = client.session
        del session[sessions.BEGAN]
        session.save()
        assert client.get("/me/").status_code == 302

    def test_use_is_remembered_to_the_minute(self) -> None:
        client = self.sign_in()
        self.set(client, used=59)
        before = client.session[sessions.USED]
        client.get("/me/")
        assert client.session[sessions.USED] == before
        self.set(client, used=61)
        client.get("/me/")
        assert client.session[sessions.USED] > before

    def test_signing_out_ends_the_session_for_whoever_kept_the_cookie(self) -> None:
        client, thief = self.sign_in(), Client()
        thief.cookies = client.cookies.copy()  # type: ignore[assignment]  # a plain copy
        client.post("/accounts/logout/")
        assert thief.get("/me/").status_code == 302

    def test_signing_out_everywhere_ends_every_session(self) -> None:
        client = self.sign_in()
        other = Client()
        by_code(other)
        assert other.get("/me/").status_code == 200
        assert client.get("/accounts/everywhere/").status_code == 405
        assert client.post("/accounts/everywhere/").status_code == 302
        assert (client.get("/me/").status_code, other.get("/me/").status_code) == (302, 302)

    def test_a_closed_account_is_out_at_the_next_request(self) -> None:
        client = self.sign_in()
        User.objects.update(is_active=False)
        assert client.get("/me/").status_code == 302

    def test_nothing_but_the_session_table_knows_the_hour(self) -> None:
        self.sign_in()
        assert Session.objects.count() == 1
        assert User.objects.get().last_seen_on == timezone.now().date()


class TestProof:
    """Pages that name people, or change the sign-in, want a proof of the last 15 minutes."""

    def remove(self, client: Client, person: int) -> str:
        number = queries.passkeys(person)[0].number
        return f"/accounts/passkeys/{number}/remove/"

    def age(self, client: Client) -> None:
        session = client.session
        session[sessions.PROVED] = timezone.now().timestamp() - 901
        session.save()

    def test_after_15_minutes_the_passkey_is_asked_for_again(self) -> None:
        person, client, device = account(), Client(), Device()
        by_code(client)
        enrol(client, device)
        url = self.remove(client, person)
        assert client.get(url).status_code == 200
        self.age(client)
        asked = client.get(url).headers["Location"]
        assert asked == f"{PROVE}?next={url}"
        page = client.get(asked).text
        answer = client.post(asked, {"credential": device.use(options_of(page)), "next": url})
        assert answer.headers["Location"] == url
        assert client.post(url).headers["Location"] == "/accounts/"
        assert queries.passkeys(person) == []

    def test_without_a_passkey_one_signs_in_again(self) -> None:
        account()
        client = Client()
        by_code(client)
        self.age(client)
        assert client.get("/accounts/passkeys/1/remove/").headers["Location"] == (
            f"{SIGN_IN}?next=/accounts/passkeys/1/remove/"
        )
        assert not signed_in(client)

    def test_the_last_passkey_stays_while_a_role_needs_it(self) -> None:
        person, client, device = account(Role.DIRECTOR), Client(), Device()
        by_code(client)
        enrol(client, device)
        answer = client.post(self.remove(client, person))
        assert (answer.status_code, len(queries.passkeys(person))) == (409, 1)
        assert "only passkey" in answer.text

    def test_nobody_removes_the_passkey_of_another(self) -> None:
        person, client, device = account(), Client(), Device()
        by_code(client)
        enrol(client, device)
        account(email="other@example.org")
        other = Client()
        by_code(other, "other@example.org")
        assert other.post(self.remove(client, person)).status_code == 404
        assert other.post("/accounts/passkeys/999999/remove/").status_code == 404
        assert len(queries.passkeys(person)) == 1

    def test_an_operator_helps_out_who_lost_the_device(self) -> None:
        person, client, device = account(Role.COACH), Client(), Device()
        by_code(client)
        enrol(client, device)
        assert actions.remove_passkeys(person=person, now=timezone.now(), actor=OPERATOR) == 1
        assert client.get("/me/").status_code == 302
        by_code(Client())


class TestAccount:
    def test_one_reads_and_changes_what_is_kept(self) -> None:
        person, client = account(), Client()
        by_code(client)
        page = client.get("/accounts/")
        assert page.status_code == 200
        assert "a.osei@example.org" in page.text
        form = {"name": "Ama B. Osei", "zone": "Europe/Berlin", "quiet_from": "22:00", "quiet_until": "07:00"}
        assert client.post("/accounts/", form).status_code == 302
        assert queries.account(person) == queries.Account(
            email="a.osei@example.org",
            name="Ama B. Osei",
            zone="Europe/Berlin",
            quiet_from=dt.time(22),
            quiet_until=dt.time(7),
        )

    def test_what_is_wrong_is_said_and_what_was_typed_is_kept(self) -> None:
        person, client = account(), Client()
        by_code(client)
        answer = client.post("/accounts/", {"name": "", "zone": "Mars/Base", "quiet_from": "", "quiet_until": ""})
        assert answer.status_code == 422
        assert "2 things need your attention" in answer.text
        half = client.post("/accounts/", {"name": "A", "zone": "UTC", "quiet_from": "22:00", "quiet_until": ""})
        assert half.status_code == 400
        assert queries.account(person).name == "Ama Osei"
