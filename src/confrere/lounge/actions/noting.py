"""What every verb of the lounge does: write the event, and the words as the search finds them."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db.models import CharField, Func, Value

from confrere.lounge.models import Post, Question
from confrere.lounge.queries import month
from confrere.people.queries import Standing
from confrere.vault import audit
from confrere.vault import classification as kept


def note(
    action: str,
    *,
    standing: Standing,
    about: str,
    now: datetime,
    kept_as: str = kept.LOUNGE,
    masked: bool = False,
) -> None:
    """One audit event of a member's act. masked: with the name withheld, so that the event names nobody either."""
    audit.record(
        action=action,
        actor=audit.Actor("system:name withheld", by_day=True) if masked else audit.Actor.person(standing.person),
        about=about,
        programme=standing.programme,
        kept_as=kept_as,
        now=now,
    )


def words(*, title: str, text: str, markers: Iterable[str]) -> Func:
    """The search vector of a post, made by the database: weight A the title, B the text, and the markers."""
    return Func(
        Value(title),
        Value(text),
        Value(list(markers), ArrayField(CharField())),
        function="lounge_words",
        output_field=SearchVectorField(),
    )


def markers(*, question: Question, kind: str, author: int | None, at: datetime) -> list[str]:
    """What narrows a search besides words: the question's specialty, the kind of post, its month, and whose it is."""
    found = [f"in:{question.specialty}", f"is:{kind}", month(at)]
    return found if author is None else [*found, f"by:{author}"]


def words_of(post: Post) -> Func:
    """The search vector of a post as it stands; the title counts where it asks."""
    title = post.question.title if post.kind == Post.Kind.QUESTION else ""
    return words(
        title=title,
        text=post.text,
        markers=markers(question=post.question, kind=post.kind, author=post.author_id, at=post.written_at),
    )
