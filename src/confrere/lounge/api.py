"""The interface for programs: what a member may read and write, by a token that opens no more than they may.

Every answer is declared. Who may do what is asked of the same rules as on the pages, at every call.
"""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, cast

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, NinjaAPI, Path, Query, Schema, Status
from ninja.errors import HttpError, ValidationError
from ninja.security import HttpBearer

from confrere.lounge import actions, queries, rules
from confrere.lounge.actions.interface import digest_of
from confrere.lounge.models.interface import Scope
from confrere.lounge.queries.interface import Bearer, bearer
from confrere.people.queries import Standing
from confrere.vault.refusals import Refusal

type Number = Annotated[int, Path(ge=1, le=2**62)]


class Key(HttpBearer):
    """A token in the head of the request. Ended, unknown, or without a role here: alike 401."""

    def authenticate(self, request: HttpRequest, token: str) -> Bearer | None:  # noqa: ARG002  # its way of asking
        return bearer(digest=digest_of(token), now=timezone.now())


class Trouble(Schema):
    """Why something was refused, in one sentence."""

    sentence: str


class Line(Schema):
    number: int
    specialty: str
    title: str
    asked_at: datetime
    moved_at: datetime
    answers: int


class Lines(Schema):
    """One page, newest movement first. next: the `before` of the next page; none at the end."""

    questions: list[Line]
    next: str | None


class Post(Schema):
    number: int
    kind: str
    author: str
    specialty: str
    text: str
    source: str
    written_at: datetime


class Thread(Schema):
    """A question and one page of what was written in it. after: the number behind which the next page starts."""

    number: int
    specialty: str
    title: str
    posts: list[Post]
    after: int | None


_BEGAN = datetime(1970, 1, 1, tzinfo=UTC)
#: No database of ours takes a NUL.
_WORDS = r"^[^\x00]*$"


class Asked(Schema):
    specialty: Annotated[str, Field(max_length=60, pattern=_WORDS)]
    title: Annotated[str, Field(min_length=1, max_length=160, pattern=_WORDS)]
    text: Annotated[str, Field(max_length=8000, pattern=_WORDS)] = ""


class Answered(Schema):
    text: Annotated[str, Field(min_length=1, max_length=8000, pattern=_WORDS)]
    source: Annotated[str, Field(max_length=300, pattern=_WORDS)] = ""


class Written(Schema):
    question: int
    number: int


REFUSED: dict[int, Any] = dict.fromkeys((400, 401, 403, 404, 409, 422, 429), Trouble)
api = NinjaAPI(title="confrère lounge", version="1", docs_url=None, auth=Key(), urls_namespace="lounge_api")


@api.exception_handler(Refusal)
def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return api.create_response(request, {"sentence": refusal.sentence}, status=refusal.status)


@api.exception_handler(ValidationError)
def unreadable(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Names the fields, never what stood in them."""
    where = sorted({".".join(map(str, one["loc"][1:])) for one in error.errors})
    sentence = _("This cannot be read: %(where)s.") % {"where": ", ".join(where)}
    return api.create_response(request, {"sentence": sentence}, status=422)


@api.exception_handler(HttpError)
def spoilt(request: HttpRequest, error: HttpError) -> HttpResponse:
    """No token, or a body that is no JSON."""
    sentence = _("Bring a token that has not ended.") if error.status_code == 401 else _("This is no JSON.")
    return api.create_response(request, {"sentence": sentence}, status=error.status_code)


def _standing(request: HttpRequest, scope: Scope) -> Standing:
    """Whose token it is, where it opens this and its member is verified now."""
    found = cast("Bearer", request.auth)  # type: ignore[attr-defined]  # the interface puts it there
    if scope not in found.scopes:
        raise Refusal(_("This token does not open that. Make one that does."), status=403)
    rules.check_verified(standing=found.standing, now=timezone.now())
    return found.standing


def _before(text: str) -> tuple[datetime, int] | None:
    """The key of a page, as the page before gave it: microseconds since 1970, and a number. None for the first."""
    if not text:
        return None
    moment, _comma, number = text.partition(",")
    return _BEGAN + timedelta(microseconds=int(moment)), int(number)


@api.get("/questions", response={200: Lines} | REFUSED)
def questions(
    request: HttpRequest,
    specialty: Annotated[str, Query(max_length=60)] = "",
    before: Annotated[str, Query(max_length=40, pattern=r"^(\d{1,16},\d{1,18})?$")] = "",
) -> Lines:
    """Questions, newest movement first: of one specialty, or all."""
    standing = _standing(request, Scope.READ)
    key, listed = _before(before), queries.labels(programme=standing.programme)
    if specialty:
        rules.check_found(listed.get(specialty))
    page = queries.questions(
        programme=standing.programme,
        member=standing.person,
        listed=listed,
        specialty=specialty or None,
        after=key,
    )
    following = page.next_key
    found = [
        Line(
            number=line.question.pk,
            specialty=line.question.specialty,
            title=line.question.title,
            asked_at=line.question.asked_at,
            moved_at=line.question.moved_at,
            answers=line.question.answers,
        )
        for line in page.lines
    ]
    return Lines(questions=found, next=None if following is None else _key(*following))


def _key(moment: datetime, number: int) -> str:
    """Whole microseconds since 1970, so that no digit is lost on the way."""
    return f"{(moment - _BEGAN) // timedelta(microseconds=1)},{number}"


@api.get("/questions/{question}", response={200: Thread} | REFUSED)
def question(request: HttpRequest, question: Number, after: Annotated[int, Query(ge=0, le=10**9)] = 0) -> Thread:
    """One question with a page of its answers."""
    standing = _standing(request, Scope.READ)
    found = queries.question(programme=standing.programme, question=question, member=standing.person)
    rules.check_found(found)
    assert found is not None
    listed = queries.labels(programme=standing.programme)
    thread = queries.thread(question=found, member=standing.person, listed=listed, after=after)
    posts = [
        Post(
            number=given.post.number,
            kind=given.post.kind,
            author=given.name,
            specialty=given.post.specialty,
            text=given.post.text,
            source=given.post.source,
            written_at=given.post.written_at,
        )
        for given in (thread.asked, *thread.posts)
    ]
    return Thread(number=found.pk, specialty=found.specialty, title=found.title, posts=posts, after=thread.after)


@api.post("/questions", response={201: Written} | REFUSED)
def ask(request: HttpRequest, asked: Asked) -> Status[Written]:
    """Ask. What may point at a patient is refused here: only a person can say that it is no identifier."""
    standing = _standing(request, Scope.WRITE)
    made = actions.ask(standing=standing, now=timezone.now(), **asked.dict())
    return Status(201, Written(question=made.pk, number=0))


@api.post("/questions/{question}/answers", response={201: Written} | REFUSED)
def answer(request: HttpRequest, question: Number, answered: Answered) -> Status[Written]:
    """Answer. The same holds."""
    standing = _standing(request, Scope.WRITE)
    found = queries.question(programme=standing.programme, question=question, member=standing.person)
    rules.check_found(found)
    assert found is not None
    made = actions.answer(standing=standing, question=found, now=timezone.now(), **answered.dict())
    return Status(201, Written(question=question, number=made.number))
