import re

import pytest
from django.test import Client
from tests.people.sign_in.steps import CODE, SIGN_IN, account, ask

from confrere.people.models import User
from confrere.post.models import Letter

pytestmark = pytest.mark.django_db


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
