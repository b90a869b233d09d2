"""Keeping it clean: flags, removal by two, appeal, slow mode, notes of peers, taking one's own back."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from confrere.lounge import guard, rules
from confrere.lounge.actions.noting import note
from confrere.lounge.actions.showing import change_state
from confrere.lounge.models import Flag, GuardMark, Mask, Note, Picture, Post, Question, Removal, Revision, SlowMode
from confrere.lounge.models.asked import State
from confrere.lounge.queries import keeping as queries
from confrere.lounge.rules import keeping
from confrere.people.queries import Standing
from confrere.post.jobs import every
from confrere.vault import classification as kept

#: The lock of posting: any number that no other lock here uses.
TURNS = 0x6C6F756E  # “loun”


def take_turn(*, person: int) -> None:
    """One member's posts come one after the other, so that limits count all of them. Until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [TURNS, person % 2**31])


def note_marks(*, post: Post, parts: Mapping[str, str], marked: Collection[str], now: datetime) -> int:
    """Note what its author marked as no identifier: who and which kind, never the words. How many marks there were.

    Marks that name nothing in these parts are ignored.
    """
    found = [one for one in guard.distinct(guard.findings(parts)) if one.key in marked] if marked else []
    GuardMark.objects.bulk_create(
        GuardMark(
            programme_id=post.programme_id,
            site_id=post.site_id,
            post=post,
            author_id=post.author_id,
            kind=one.span.kind,
            marked_at=now,
        )
        for one in found
    )
    return len(found)


@transaction.atomic
def flag(*, standing: Standing, post: Post, reason: Flag.Reason, words: str, now: datetime) -> None:
    """Ask the moderators to look at a post. Flagged as a possible identifier, it is hidden at once, unless a
    moderator has looked at such a flag before and let it stand. Flagging twice changes nothing.

    Refuses one's own post (409) and more than `limits.FLAGS` a day (429).
    """
    rules.check_verified(standing=standing, now=now)
    keeping.check_flag(standing=standing, post=post, lately=queries.flags_lately(standing=standing, now=now))
    _found, new = Flag.objects.get_or_create(
        post=post,
        member_id=standing.person,
        outcome="",
        defaults={
            "programme_id": post.programme_id,
            "site_id": post.site_id,
            "reason": reason,
            "words": words,
            "flagged_at": now,
        },
    )
    looked_at = Flag.objects.filter(post=post, reason=Flag.Reason.IDENTIFIER, outcome=Flag.Outcome.KEPT).exists()
    if reason == Flag.Reason.IDENTIFIER and not looked_at and post.state == State.SHOWN:
        change_state(post=post, state=State.HIDDEN)
    if new:
        _note("lounge.flagged", standing, post, now)


@transaction.atomic
def keep(*, standing: Standing, post: Post, now: datetime) -> None:
    """A moderator has looked, and the post stays; what was hidden is shown again. Its flags are settled."""
    rules.check_verified(standing=standing, now=now)
    keeping.check_moderates(standing=standing, post=post)
    keeping.check_not_in_removal(removal=_open_removal(post))
    _settle(post, Flag.Outcome.KEPT, standing.person, now)
    if post.state == State.HIDDEN:
        change_state(post=post, state=State.SHOWN)
    _note("lounge.kept", standing, post, now)


@transaction.atomic
def ask_removal(*, standing: Standing, post: Post, cause: Removal.Cause, now: datetime) -> Removal:
    """A moderator asks that a post be removed; it is hidden until a second one confirms or declines."""
    rules.check_verified(standing=standing, now=now)
    keeping.check_moderates(standing=standing, post=post)
    keeping.check_not_in_removal(removal=_open_removal(post))
    asked = Removal.objects.create(
        programme_id=post.programme_id,
        site_id=post.site_id,
        post=post,
        cause=cause,
        asked_by_id=standing.person,
        asked_at=now,
    )
    change_state(post=post, state=State.HIDDEN)
    _note("lounge.asked_removal", standing, post, now)
    return asked


@transaction.atomic
def confirm_removal(*, standing: Standing, removal: Removal, now: datetime) -> None:
    """The second moderator agrees: the post is gone for members; its author can appeal."""
    removal = _second(standing, removal, now)
    removal.confirmed_by_id, removal.confirmed_at = standing.person, now
    removal.save(update_fields=["confirmed_by", "confirmed_at"])
    change_state(post=removal.post, state=State.REMOVED)
    _settle(removal.post, Flag.Outcome.REMOVED, standing.person, now)
    _note("lounge.removed", standing, removal.post, now)


@transaction.atomic
def decline_removal(*, standing: Standing, removal: Removal, now: datetime) -> None:
    """The second moderator does not agree: the post stands again."""
    removal = _second(standing, removal, now)
    _end(removal, Removal.Outcome.DECLINED, standing, now)
    _settle(removal.post, Flag.Outcome.KEPT, standing.person, now)
    change_state(post=removal.post, state=State.SHOWN)
    _note("lounge.declined_removal", standing, removal.post, now)


@transaction.atomic
def appeal(*, standing: Standing, removal: Removal, words: str, now: datetime, mask: Mask | None = None) -> None:
    """The author asks that somebody else look again. Once, within 14 days. mask: where their name is withheld."""
    removal = _locked(removal)
    keeping.check_appeal(standing=standing, removal=removal, now=now, mask=mask)
    removal.appeal, removal.appealed_at = words, now
    removal.save(update_fields=["appeal", "appealed_at"])
    _note("lounge.appealed", standing, removal.post, now, masked=mask is not None)


@transaction.atomic
def decide_appeal(*, standing: Standing, removal: Removal, restore: bool, now: datetime) -> None:
    """A moderator who took no part decides: the post stands again, or its text is erased now."""
    rules.check_verified(standing=standing, now=now)
    removal = _locked(removal)
    keeping.check_moderates(standing=standing, post=removal.post)
    keeping.check_decides(standing=standing, removal=removal)
    _end(removal, Removal.Outcome.RESTORED if restore else Removal.Outcome.UPHELD, standing, now)
    if restore:
        change_state(post=removal.post, state=State.SHOWN)
    else:
        erase_text(post=removal.post)
    _note("lounge.restored" if restore else "lounge.upheld", standing, removal.post, now)


@transaction.atomic
def take_back(*, standing: Standing, post: Post, now: datetime, mask: Mask | None = None) -> None:
    """An author takes their own post back: it is gone, and its text and earlier versions are erased now.

    Where it asked the question, the whole question goes from every list; answers of colleagues stay theirs.
    """
    keeping.check_take_back(standing=standing, post=post, mask=mask)
    change_state(post=post, state=State.REMOVED)
    erase_text(post=post)
    Removal.objects.filter(post=post, outcome="").update(
        outcome=Removal.Outcome.LAPSED, decided_at=now, decided_by=None
    )
    _settle(post, Flag.Outcome.REMOVED, None if mask else standing.person, now)
    _note("lounge.taken_back", standing, post, now, masked=mask is not None)


@transaction.atomic
def set_slow(*, standing: Standing, question: Question, minutes: int, now: datetime) -> None:
    """Let each member answer once in so many minutes; 0 ends it. Moderators only."""
    rules.check_verified(standing=standing, now=now)
    keeping.check_moderates(standing=standing, post=Post.objects.get(question=question, number=0))
    keeping.check_minutes(minutes)
    if minutes:
        SlowMode.objects.update_or_create(
            question=question,
            defaults={
                "programme_id": question.programme_id,
                "site_id": question.site_id,
                "minutes": minutes,
                "set_by_id": standing.person,
                "set_at": now,
            },
        )
    else:
        SlowMode.objects.filter(question=question).delete()
    note("lounge.set_slow", standing=standing, about=f"question {question.pk}", now=now)


@transaction.atomic
def contradict(
    *, standing: Standing, post: Post, text: str, source: str, now: datetime, marked: Collection[str] = ()
) -> Note:
    """A peer of the specialty writes what is wrong in a post, with a source; shown once another peer agrees."""
    credential = rules.check_verified(standing=standing, now=now)
    keeping.check_note(standing=standing, post=post, specialty=credential.specialty, source=source)
    rules.check_text(parts={"text": text, "source": source}, marked=marked)
    written = Note.objects.create(
        programme_id=post.programme_id,
        site_id=post.site_id,
        post=post,
        author_id=standing.person,
        specialty=credential.specialty,
        text=text,
        source=source,
        written_at=now,
    )
    note_marks(post=post, parts={"text": text, "source": source}, marked=marked, now=now)
    _note("lounge.contradicted", standing, post, now)
    return written


@transaction.atomic
def agree(*, standing: Standing, note: Note, now: datetime) -> None:
    """A second peer agrees; from now on everyone sees the note."""
    credential = rules.check_verified(standing=standing, now=now)
    note = Note.objects.select_for_update(of=("self",)).select_related("post__question").get(pk=note.pk)
    keeping.check_agree(standing=standing, note=note, specialty=credential.specialty)
    note.agreed_by_id, note.agreed_at = standing.person, now
    note.save(update_fields=["agreed_by", "agreed_at"])
    _note("lounge.agreed", standing, note.post, now)


@every("50 3 * * *")
def end_appeals() -> None:
    """Erase the text of what was removed and can no longer be appealed."""
    end_appeals_at(now=timezone.now())


@transaction.atomic
def end_appeals_at(*, now: datetime) -> int:
    """How many ended. A removal that was appealed waits for its decision, however long."""
    over = list(
        Removal.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(outcome="", confirmed_at__lte=now - keeping.APPEAL, appealed_at__isnull=True)
        .select_related("post")
    )
    for removal in over:
        erase_text(post=removal.post)
    Removal.objects.filter(pk__in=[one.pk for one in over]).update(outcome=Removal.Outcome.LAPSED, decided_at=now)
    return len(over)


def erase_text(*, post: Post) -> None:
    """Erase the words of a post that was removed, everywhere: post, pictures, earlier versions, notes, the search."""
    Revision.objects.filter(post=post).delete()
    Note.objects.filter(post=post).delete()
    Picture.objects.filter(post=post).delete()
    Post.objects.filter(pk=post.pk).update(
        text="",
        html="",
        source="",
        basis=Post.Basis.EXPERIENCE if post.kind == Post.Kind.ANSWER else "",
        search="",
    )
    if post.number == 0:
        Question.objects.filter(pk=post.question_id).update(
            title="", setting="", age_band="", course="", tried="", urgency_days=None
        )


def _locked(removal: Removal) -> Removal:
    rows = Removal.objects.select_for_update(of=("self",)).select_related("post__question")
    return rows.get(pk=removal.pk)


def _second(standing: Standing, removal: Removal, now: datetime) -> Removal:
    rules.check_verified(standing=standing, now=now)
    removal = _locked(removal)
    keeping.check_moderates(standing=standing, post=removal.post)
    keeping.check_second(standing=standing, removal=removal)
    return removal


def _open_removal(post: Post) -> Removal | None:
    return Removal.objects.filter(post=post, outcome="").first()


def _end(removal: Removal, outcome: Removal.Outcome, standing: Standing, now: datetime) -> None:
    removal.outcome, removal.decided_by_id, removal.decided_at = outcome, standing.person, now
    removal.save(update_fields=["outcome", "decided_by", "decided_at"])


def _settle(post: Post, outcome: Flag.Outcome, by: int | None, now: datetime) -> None:
    """by: who settled it; None where the author took it back with the name withheld."""
    Flag.objects.filter(post=post, outcome="").update(outcome=outcome, settled_by_id=by, settled_at=now)


def _note(action: str, standing: Standing, post: Post, now: datetime, *, masked: bool = False) -> None:
    note(action, standing=standing, about=f"post {post.pk}", now=now, kept_as=kept.MODERATION, masked=masked)
