import pytest
from django.test import Client
from django.utils import timezone
from tests.people.authenticator import Device
from tests.people.sign_in.steps import OPERATOR, PROVE, SIGN_IN, account, by_code, enrol, options_of, signed_in

from confrere.people import actions, queries, sessions
from confrere.people.roles import Role

pytestmark = pytest.mark.django_db


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
