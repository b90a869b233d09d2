"""What is held, how much is too much, and who may hide, remove, restore and contradict."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from confrere.lounge import guard, limits
from confrere.lounge.models import Mask, Note, Post, Question, Removal
from confrere.lounge.models.asked import State
from confrere.lounge.queries import keeping as queries
from confrere.lounge.queries.specialties import family, places
from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.vault.refusals import Refusal, asks

#: So long an author may appeal; then the text is erased.
APPEAL: Final = timedelta(days=14)


class Held(Refusal):
    """A text was not posted: something in it may point at a patient. Nothing was changed and nothing was stored."""

    def __init__(self, found: tuple[guard.Finding, ...]) -> None:
        super().__init__(
            ngettext(
                "Not posted yet: one thing may point at a patient. Change it, or say that it is no identifier.",
                "Not posted yet: %(count)d things may point at a patient. Change them, or say that they are none.",
                len(guard.distinct(found)),
            )
            % {"count": len(guard.distinct(found))},
            status=422,
        )
        self.found = found


def check_identifiers(*, parts: Mapping[str, str], marked: Collection[str]) -> None:
    """Raises `Held` while a finding is neither changed nor marked by its author as no identifier."""
    found = guard.held(parts, cleared=marked)
    if found:
        raise Held(found)


def pace_of(*, standing: Standing, checked: datetime, now: datetime) -> queries.Pace:
    """How much this member has posted lately; see `queries.keeping.pace`."""
    return queries.pace(standing=standing, checked=checked, now=now)


def check_load(*, text: str, pace: queries.Pace, images: int = 0, attachments: int = 0) -> None:
    """How much one post holds. Refuses (422) and names the first limit that is passed."""
    held, most = limits.load(text, images=images, attachments=attachments), pace.limits
    for found, allowed, what in (
        (held.links, most.links, _("links")),
        (held.images, most.images, _("images")),
        (held.attachments, most.attachments, _("attachments")),
        (held.mentions, most.mentions, _("colleagues called")),
    ):
        if found > allowed:
            raise Refusal(
                _("There are %(found)d %(what)s in your text; %(allowed)d are the most.%(why)s")
                % {"found": found, "what": what, "allowed": allowed, "why": _why(pace)},
                status=422,
            )


def check_pace(*, pace: queries.Pace, asking: bool) -> None:
    """How often. Refuses (429) whoever has posted as much as anybody should."""
    done, most = (pace.questions, pace.limits.questions) if asking else (pace.answers, pace.limits.answers)
    if done >= most:
        raise Refusal(
            _("You have posted %(done)d times within 24 hours, which is the most. Come back tomorrow.%(why)s")
            % {"done": done, "why": _why(pace)},
            status=429,
        )
    if pace.lately >= limits.BURST:
        raise Refusal(_("That was a lot within ten minutes. Wait a little, then post this."), status=429)


def check_tally(*, posts: int, pace: queries.Pace) -> None:
    """How often in a day with the name withheld. Refuses (429)."""
    if posts >= pace.limits.withheld:
        raise Refusal(
            _("You have posted %(done)d times today with your name withheld, which is the most.%(why)s")
            % {"done": posts, "why": _why(pace)},
            status=429,
        )


def check_slow(*, minutes: int, last: datetime | None, now: datetime) -> None:
    """In slow mode each member answers once in so many minutes."""
    if minutes and last is not None and now < last + timedelta(minutes=minutes):
        left = -((now - last - timedelta(minutes=minutes)) // timedelta(minutes=1))
        raise Refusal(
            _("This question is in slow mode: one answer each in %(minutes)d minutes. Yours can follow in %(left)d.")
            % {"minutes": minutes, "left": left},
            status=429,
        )


def is_own(*, standing: Standing, post: Post, mask: Mask | None) -> bool:
    """Whether it was this member who wrote it."""
    return post.author_id == standing.person or (mask is not None and post.mask_id == mask.pk)


def check_flag(*, standing: Standing, post: Post, lately: int) -> None:
    """Not one's own, and not without end: a flag can hide."""
    if post.author_id == standing.person:
        raise Refusal(_("This is your own. You can change it or take it back."))
    if lately >= limits.FLAGS:
        raise Refusal(
            _("You have flagged %(most)d posts within 24 hours. Write to a moderator.") % {"most": limits.FLAGS},
            status=429,
        )


def check_moderates(*, standing: Standing, post: Post) -> None:
    """Moderators, and never about their own."""
    if Role.MODERATOR not in standing.roles:
        raise Refusal(_("Only a moderator does that."), status=403)
    if post.author_id == standing.person:
        raise Refusal(_("This is your own post. Another moderator decides about it."), status=403)


can_moderate = asks(check_moderates)


def check_not_in_removal(*, removal: Removal | None) -> None:
    """One matter at a time."""
    if removal is not None:
        raise Refusal(_("Another moderator has asked for its removal already. Confirm or decline that."))


def check_second(*, standing: Standing, removal: Removal) -> None:
    """Two people remove: not whoever asked, and only what waits for it."""
    if removal.asked_by_id == standing.person:
        raise Refusal(_("You asked for this. A second moderator confirms or declines it."), status=403)
    if removal.outcome or removal.confirmed_at is not None:
        raise Refusal(_("This was decided meanwhile. Open the queue again."))


can_second = asks(check_second)


def check_about_me(*, standing: Standing, removal: Removal, mask: Mask | None = None) -> None:
    """Whose post it is; to everybody else a removal is not there, since one that is only asked for is no news."""
    if not is_own(standing=standing, post=removal.post, mask=mask):
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)


def check_appeal(*, standing: Standing, removal: Removal, now: datetime, mask: Mask | None = None) -> None:
    """The author, under their name or in their mask, once, within `APPEAL` after the removal."""
    check_about_me(standing=standing, removal=removal, mask=mask)
    if removal.confirmed_at is None or removal.outcome or removal.appealed_at is not None:
        raise Refusal(_("There is nothing to appeal against, or you have appealed already."))
    if now >= removal.confirmed_at + APPEAL:
        raise Refusal(_("An appeal can come within 14 days. The text has been erased since."))


can_appeal = asks(check_appeal)


def check_decides(*, standing: Standing, removal: Removal) -> None:
    """Somebody who took no part in the removal hears the appeal."""
    if removal.appealed_at is None or removal.outcome:
        raise Refusal(_("There is no appeal to decide, or it was decided meanwhile."))
    if standing.person in {removal.asked_by_id, removal.confirmed_by_id}:
        raise Refusal(_("You took part in the removal. A moderator who did not decides the appeal."), status=403)


can_decide = asks(check_decides)


def check_take_back(*, standing: Standing, post: Post, mask: Mask | None = None) -> None:
    """Only who wrote it, under their name or in their mask, and nothing that two moderators removed."""
    if not is_own(standing=standing, post=post, mask=mask):
        raise Refusal(_("Only the colleague who wrote this can take it back."), status=403)
    if post.state == State.REMOVED:
        raise Refusal(_("It is gone already."))


def check_minutes(minutes: int) -> None:
    """Slow mode is minutes, a day at most; 0 ends it."""
    if not 0 <= minutes <= 1440:
        raise Refusal(_("Slow mode takes 1 to 1440 minutes, or 0 to end it."), status=422)


def check_note(*, standing: Standing, post: Post, specialty: str, source: str) -> None:
    """A peer of the question's specialty, about somebody else's post, with a source."""
    if post.author_id == standing.person:
        raise Refusal(_("This is your own. Change it instead."))
    if specialty not in family(places(programme=post.programme_id), post.question.specialty):
        raise Refusal(_("Notes are written by peers of the question’s specialty."), status=403)
    if not source.strip():
        raise Refusal(_("A note names its source: a guideline, a paper, a link."), status=422)


def check_agree(*, standing: Standing, note: Note, specialty: str) -> None:
    """Another peer of that specialty, and not whose post it is."""
    if standing.person in {note.author_id, note.post.author_id}:
        raise Refusal(_("Another peer of the specialty has to agree."), status=403)
    if specialty not in family(places(programme=note.programme_id), note.post.question.specialty):
        raise Refusal(_("Notes are agreed with by peers of the question’s specialty."), status=403)
    if note.agreed_at is not None:
        raise Refusal(_("A peer has agreed already; the note is shown to everyone."))


def _why(pace: queries.Pace) -> str:
    """What a new member is told beside a limit."""
    if not pace.new:
        return ""
    return " " + _("These limits end a day after you were verified, when you have read five questions.")


def check_may_post(
    *,
    standing: Standing,
    checked: datetime,
    text: str,
    question: Question | None,
    now: datetime,
    mask: Mask | None = None,
) -> queries.Pace:
    """Everything about how much and how often: asked once of every post. Returns how much it was.

    checked: when the author's credential was. question: None where one is asked. mask: who the author is in the
    question, if they wrote there with the name withheld.
    """
    here = question.pk if question else None
    pace = queries.pace(standing=standing, checked=checked, question=here, now=now)
    check_pace(pace=pace, asking=question is None)
    check_load(text=text, pace=pace)
    if here and pace.minutes:
        since = now - timedelta(minutes=pace.minutes)
        worn = mask.pk if mask else None
        last = queries.last_answer(question=here, person=standing.person, since=since, mask=worn)
        check_slow(minutes=pace.minutes, last=last, now=now)
    return pace
