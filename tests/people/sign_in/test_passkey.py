import datetime as dt

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone
from tests.people.authenticator import Device
from tests.people.sign_in.steps import (
    ADD,
    OPERATOR,
    PASSKEY,
    PROVE,
    SECOND,
    SIGN_IN,
    account,
    by_code,
    by_passkey,
    enrol,
    options_of,
    signed_in,
)

from confrere.people import actions, queries
from confrere.people.models import User
from confrere.people.roles import Role
from confrere.post.models import Letter

pytestmark = pytest.mark.django_db


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
