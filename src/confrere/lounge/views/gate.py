"""What every page of the lounge asks first."""

from django.http import HttpRequest
from django.utils import timezone

from confrere.lounge import queries, rules
from confrere.lounge.models import Post, Question
from confrere.people.queries import Credential, Standing
from confrere.people.rules import open_to

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


def page_number(request: HttpRequest, name: str) -> int:
    """A whole number from the address, 0 if it makes no sense."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
