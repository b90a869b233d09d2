"""What every page of the lounge asks first."""

import re
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from confrere.lounge import actions, queries, rules
from confrere.lounge.models import Mask, Post, Question
from confrere.people.queries import Credential, Standing
from confrere.people.rules import open_to

#: The cookie with which an author comes back to what they wrote with the name withheld.
SECRET: Final = "withheld"  # noqa: S105  # the name of a cookie
members = open_to(*queries.MEMBERS)


def verified(standing: Standing) -> Credential:
    """The credential that opens the door now; `Refusal` without one."""
    return rules.check_verified(standing=standing, now=timezone.now())


def question_here(standing: Standing, number: int) -> Question:
    """A shown question of this programme; `Refusal` (404) alike for what does not exist and for another's."""
    found = queries.question(programme=standing.programme, question=number, member=standing.person)
    rules.check_found(found)
    assert found is not None
    return found


def post_here(standing: Standing, question: int, number: int) -> Post:
    """A shown post of such a question."""
    found = queries.post(programme=standing.programme, question=question, post=number)
    rules.check_found(found)
    assert found is not None
    return found


def secret_of(request: HttpRequest) -> str:
    """What this browser keeps of names withheld; "" if it has kept nothing."""
    found = request.COOKIES.get(SECRET, "")
    return found if re.fullmatch(r"[0-9a-f]{40}", found) else ""


def mask_here(request: HttpRequest, question: Question) -> Mask | None:
    """Who the author in this browser is in the thread, if they wrote there with the name withheld."""
    secret = secret_of(request)
    return actions.mask_of(question=question, secret=secret) if secret else None


def keep_secret(answer: HttpResponse, secret: str) -> None:
    """Let the browser keep it for a year; no script can read it, and no other site sends it."""
    answer.set_cookie(
        SECRET, secret, max_age=365 * 24 * 3600, httponly=True, secure=settings.SESSION_COOKIE_SECURE, samesite="Strict"
    )


def page_number(request: HttpRequest, name: str) -> int:
    """A whole number from the address, 0 if it makes no sense."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
