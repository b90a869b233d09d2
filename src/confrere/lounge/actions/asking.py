"""Writing: a question, an answer, what helps a specialist, a change, and how it went."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from confrere.lounge import rules
from confrere.lounge.actions.calling import call
from confrere.lounge.actions.following import drop_draft, mark_read
from confrere.lounge.actions.keeping import note_marks, take_turn
from confrere.lounge.actions.notices import tell
from confrere.lounge.actions.noting import markers, note, words, words_of
from confrere.lounge.actions.tallying import count_withheld
from confrere.lounge.actions.withholding import mask_of, put_on, specialty_shown
from confrere.lounge.markup import render
from confrere.lounge.models import Mask, Post, Question, Revision
from confrere.lounge.rules.keeping import check_load, check_may_post, pace_of
from confrere.people.queries import Standing


@transaction.atomic
def ask(
    *,
    standing: Standing,
    specialty: str,
    title: str,
    text: str,
    now: datetime,
    marked: Collection[str] = (),
    secret: str = "",
) -> Question:
    """Ask the colleagues of a specialty. Only a verified member can.

    secret: with the name withheld, what the author's browser keeps; then no row of the question leads to the author.
    Raises `Refusal` without a valid credential, for a specialty that is not listed, and for what `check_text` holds.
    """
    credential = rules.check_verified(standing=standing, now=now)
    rules.check_specialty(programme=standing.programme, slug=specialty)
    parts = {"title": title, "text": text}
    rules.check_text(parts=parts, marked=marked)
    take_turn(person=standing.person)
    pace = check_may_post(standing=standing, checked=credential.verified_at, text=text, question=None, now=now)
    if secret:
        count_withheld(standing=standing, pace=pace, now=now)
    question = Question.objects.create(
        programme_id=standing.programme,
        site_id=standing.site,
        specialty=specialty,
        author_id=None if secret else standing.person,
        title=title,
        asked_at=now,
        moved_at=now,
    )
    voice = _voice(standing, question, credential.specialty, secret, now, asks=True)
    post = _write(standing, question, 0, kind=Post.Kind.QUESTION, text=text, now=now, voice=voice)
    _mark(voice, post, parts, marked, now)
    call(post=post, standing=standing, now=now)
    tell.defer(id=post.pk)
    if not voice.mask:
        mark_read(standing=standing, question=question, number=0, now=now)
        drop_draft(standing=standing, question=None)
    note("lounge.asked", standing=standing, about=f"question {question.pk}", now=now, masked=bool(secret))
    return question


@transaction.atomic
def answer(
    *,
    standing: Standing,
    question: Question,
    text: str,
    source: str,
    now: datetime,
    marked: Collection[str] = (),
    secret: str = "",
) -> Post:
    """Answer a question. An empty `source` says that the answer rests on experience. secret: as in `ask`.

    Raises `Refusal` without a valid credential, and for what `check_text` holds.
    """
    credential = rules.check_verified(standing=standing, now=now)
    parts = {"text": text, "source": source}
    rules.check_text(parts=parts, marked=marked)
    take_turn(person=standing.person)
    mask = mask_of(question=question, secret=secret) if secret else None
    checked = credential.verified_at
    pace = check_may_post(standing=standing, checked=checked, text=text, question=question, now=now, mask=mask)
    if secret:
        count_withheld(standing=standing, pace=pace, now=now)
    number = _next(question, answers=1, now=now)
    voice = _voice(standing, question, credential.specialty, secret, now, asks=False)
    given = _write(
        standing,
        question,
        number,
        kind=Post.Kind.ANSWER,
        text=text,
        now=now,
        voice=voice,
        basis=Post.Basis.SOURCE if source else Post.Basis.EXPERIENCE,
        source=source,
    )
    _mark(voice, given, parts, marked, now)
    call(post=given, standing=standing, now=now)
    tell.defer(id=given.pk)
    if not voice.mask:
        mark_read(standing=standing, question=question, number=number, now=now)
        drop_draft(standing=standing, question=question)
    note("lounge.answered", standing=standing, about=f"question {question.pk}", now=now, masked=bool(secret))
    return given


@transaction.atomic
def tell_outcome(
    *, standing: Standing, question: Question, text: str, now: datetime, marked: Collection[str] = (), secret: str = ""
) -> Post:
    """Who asked tells how it went. Raises `Refusal` for anybody else."""
    credential = rules.check_verified(standing=standing, now=now)
    mask = mask_of(question=question, secret=secret) if secret else None
    rules.check_asker(standing=standing, question=question, mask=mask)
    secret = "" if question.author_id else secret
    parts = {"text": text}
    rules.check_text(parts=parts, marked=marked)
    take_turn(person=standing.person)
    checked = credential.verified_at
    pace = check_may_post(standing=standing, checked=checked, text=text, question=question, now=now, mask=mask)
    if secret:
        count_withheld(standing=standing, pace=pace, now=now)
    number = _next(question, answers=0, now=now)
    voice = _voice(standing, question, credential.specialty, secret, now, asks=True)
    told = _write(standing, question, number, kind=Post.Kind.OUTCOME, text=text, now=now, voice=voice)
    _mark(voice, told, parts, marked, now)
    tell.defer(id=told.pk)
    note("lounge.told_outcome", standing=standing, about=f"question {question.pk}", now=now, masked=bool(secret))
    return told


@transaction.atomic
def describe(
    *,
    standing: Standing,
    question: Question,
    helps: Mapping[str, str | int | None],
    attested: bool,
    now: datetime,
    marked: Collection[str] = (),
    mask: Mask | None = None,
) -> None:
    """Add what helps a specialist: setting, age band, course, what was tried, urgency in days.

    attested: that the patient agreed, or that nobody can be recognised. Raises `Refusal` for anybody but who asked,
    and for a case without that word.
    """
    rules.check_verified(standing=standing, now=now)
    rules.check_asker(standing=standing, question=question, mask=mask)
    rules.check_attested(helps=helps, attested=attested)
    parts = {name: str(value) for name, value in helps.items() if value}
    rules.check_text(parts=parts, marked=marked)
    if mask is None:
        note_marks(post=Post.objects.get(question=question, number=0), parts=parts, marked=marked, now=now)
    Question.objects.filter(pk=question.pk).update(**helps, attested_at=now if attested else None)
    note("lounge.described", standing=standing, about=f"question {question.pk}", now=now, masked=mask is not None)


@transaction.atomic
def edit(
    *,
    standing: Standing,
    post: Post,
    title: str,
    text: str,
    source: str,
    now: datetime,
    marked: Collection[str] = (),
    mask: Mask | None = None,
) -> Post:
    """Change what one wrote. What stood there before is kept and can be read. Nothing changed: nothing happens.

    title: of the question, where the post asks; else ignored. Raises `Refusal` for a post that is not one's own.
    """
    checked = rules.check_verified(standing=standing, now=now).verified_at
    post = Post.objects.select_for_update(of=("self",)).select_related("question").get(pk=post.pk)
    rules.check_own(standing=standing, post=post, mask=mask)
    parts = {"title": title, "text": text, "source": source}
    rules.check_text(parts=parts, marked=marked)
    check_load(text=text, pace=pace_of(standing=standing, checked=checked, now=now))
    question = post.question
    asks, answers = post.kind == Post.Kind.QUESTION, post.kind == Post.Kind.ANSWER
    title = title if asks else question.title
    source = source if answers else ""
    if (title, text, source) == (question.title, post.text, post.source):
        return post
    Revision.objects.create(
        programme_id=post.programme_id,
        site_id=post.site_id,
        post=post,
        title=question.title if asks else "",
        text=post.text,
        source=post.source,
        until=now,
    )
    if asks:
        question.title = title
        question.save(update_fields=["title"])
    post.text, post.html, post.source, post.edited_at = text, render(text), source, now
    if answers:
        post.basis = Post.Basis.SOURCE if source else Post.Basis.EXPERIENCE
    post.save(update_fields=["text", "html", "source", "basis", "edited_at"])
    Post.objects.filter(pk=post.pk).update(search=words_of(post))
    if mask is None:
        note_marks(post=post, parts=parts, marked=marked, now=now)
    note("lounge.edited", standing=standing, about=f"post {post.pk}", now=now, masked=mask is not None)
    return post


@dataclass(frozen=True, slots=True)
class _Voice:
    """Who speaks: a person under their name, or a mask."""

    author: int | None
    mask: Mask | None
    specialty: str


def _voice(standing: Standing, question: Question, specialty: str, secret: str, now: datetime, *, asks: bool) -> _Voice:
    if not secret:
        return _Voice(standing.person, None, specialty)
    shown = specialty_shown(programme=standing.programme, specialty=specialty, now=now)
    return _Voice(None, put_on(standing=standing, question=question, secret=secret, asks=asks), shown)


def _mark(voice: _Voice, post: Post, parts: Mapping[str, str], marked: Collection[str], now: datetime) -> None:
    """Note what the author marked as no identifier; not with the name withheld, since the note names them."""
    if not voice.mask:
        note_marks(post=post, parts=parts, marked=marked, now=now)


def _next(question: Question, *, answers: int, now: datetime) -> int:
    """The number of the next post, with which the question moves; answers: how many more it has.

    The question's row stays locked until the post is written, so that none is given twice. Raises `Refusal` where the
    question has gone meanwhile.
    """
    # In SQL: the row that was counted up is read in the same statement, also where another had locked it before.
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE lounge_question
            SET numbered = numbered + 1, last = numbered + 1, answers = answers + %s, moved_at = %s
            WHERE id = %s AND state = 'shown' RETURNING numbered
            """,
            [answers, now, question.pk],
        )
        found = cursor.fetchone()
    rules.check_found(found)
    return int(found[0])


def _write(
    standing: Standing,
    question: Question,
    number: int,
    *,
    kind: Post.Kind,
    text: str,
    now: datetime,
    voice: _Voice,
    basis: str = "",
    source: str = "",
) -> Post:
    post = Post(
        programme_id=standing.programme,
        site_id=standing.site,
        question=question,
        number=number,
        kind=kind,
        author_id=voice.author,
        mask=voice.mask,
        specialty=voice.specialty,
        text=text,
        html=render(text),
        basis=basis,
        source=source,
        written_at=now,
    )
    found = markers(question=question, kind=kind, author=voice.author, at=now)
    title = question.title if number == 0 else ""
    post.search = words(title=title, text=text, markers=found)
    post.save()
    return post
