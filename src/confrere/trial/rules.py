"""What must be so before a trial is locked, consented to, drawn and published; each rule says no with a sentence."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _

from confrere.analysis.errors import InputError
from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.science.allocation import commit_second
from confrere.surveys import queries as answered
from confrere.trial import queries
from confrere.trial.models import (
    MOST_ANNOUNCEMENTS,
    PLACE_TRANSITIONS,
    Batch,
    Consent,
    ConsentText,
    DataQuery,
    Mailing,
    Place,
    PlaceState,
    ProtocolVersion,
    Trial,
    TrialState,
    Unblinding,
)
from confrere.trial.protocol import Protocol, Question, load_protocol, touches_locked
from confrere.trial.queries import batch_of, lapsed, reported_events
from confrere.vault import days
from confrere.vault.origin import simulated
from confrere.vault.refusals import Refusal, asks
from confrere.vault.rules import check_unlocked

#: Days in which answers that were taken back can be given again; the database erases them then.
ERASED_AFTER = 14
#: As many characters as a note of the team may have: enough for what happened, too few for a history.
WORDS = 500

_HASH = re.compile(r"[0-9a-f]{64}")
_SECOND = re.compile(r"([0-9a-f]{2}){16,64}")
LARGEST_STAMPED = 10_000_000
LONGEST_REASON = 2000
LONGEST_REFERENCE = 100
LONGEST_PROTOCOL = 200_000
"""Characters; Kiser's protocol has 10,000."""


def check_protocol(text: str) -> Protocol:
    """The protocol in this text, or a refusal (422) with its place and what was expected."""
    try:
        return load_protocol(text)
    except InputError as error:
        raise Refusal(str(error), status=422) from error


def check_text(text: str) -> None:
    """Refuse what the database cannot keep, or nobody reads."""
    if "\x00" in text or len(text) > LONGEST_PROTOCOL:
        raise Refusal(
            _("This is not the text of a protocol: it has more than %(most)s characters, or an empty one among them.")
            % {"most": LONGEST_PROTOCOL},
            status=422,
        )


def overtaken(newest: ProtocolVersion) -> Refusal:
    """What somebody hears whose version was overtaken by another."""
    return Refusal(
        _(
            "%(by)s saved version %(number)s while you were writing. Nothing of theirs or yours is lost: read what "
            "they changed, then save yours again."
        )
        % {"by": newest.by or _("Somebody"), "number": newest.number}
    )


def check_newest(newest: ProtocolVersion | None, after: int) -> None:
    """Refuse to save over a version that its writer has not seen."""
    if newest is not None and newest.number != after:
        raise overtaken(newest)


def check_finished(trial: Trial, newest: ProtocolVersion | None) -> None:
    """Refuse to lock while the newest draft is unfinished: what would be locked is not what its writer saw."""
    if newest is not None and newest.text != trial.protocol:
        raise Refusal(
            _("The newest draft, version %(number)s, is not finished. Finish it, or go back to an earlier one.")
            % {"number": newest.number}
        )


def check_draft(trial: Trial) -> None:
    """Refuse to change what was locked; the promised hash stands in the sentence."""
    check_unlocked(programme=trial.programme_id)
    if trial.state != TrialState.DRAFT:
        raise Refusal(
            _("The protocol was locked on %(day)s with the hash %(hash)s and cannot be changed.")
            % {"day": _day(trial.locked_at), "hash": trial.protocol_sha256}
        )


def check_amendable(trial: Trial) -> None:
    """Refuse to amend what is still a draft, which is simply changed, and what is locked with the data."""
    check_unlocked(programme=trial.programme_id)
    if trial.state == TrialState.DRAFT:
        raise Refusal(_("The protocol is still a draft. Change it as it is; amendments begin with the lock."))


def check_amendment(trial: Trial, before: Protocol, wanted: Protocol, *, why: str) -> None:
    """Refuse a change without a reason, and one to what the draws or somebody's answers rest on."""
    touched = touches_locked(before, wanted)
    if touched is not None:
        raise Refusal(
            _(
                "An amendment cannot change %(what)s: it was locked on %(day)s with the hash %(hash)s, and draws or "
                "answers rest on it."
            )
            % {"what": touched, "day": _day(trial.locked_at), "hash": trial.protocol_sha256}
        )
    if not why.strip() or len(why) > LONGEST_REASON:
        raise Refusal(
            _("Say why the protocol changes, in a sentence or two: the log of changes prints it."), status=422
        )


def check_approval(trial: Trial, *, now: datetime) -> None:
    """Refuse to enrol after the last day of the review board's approval."""
    over = lapsed(trial, today=now.date())
    if over is not None:
        raise Refusal(
            _("The review board's approval ended on %(day)s. Nobody is enrolled until it is renewed.")
            % {"day": over.isoformat()}
        )


def check_stamped(content: bytes) -> None:
    """Refuse what is no PDF, by its content, and what is too large."""
    if not content.startswith(b"%PDF-") or len(content) > LARGEST_STAMPED:
        raise Refusal(_("A stamped consent is a PDF file of at most 10 MB."), status=422)


def check_reported_event(programme: int, reference: str) -> None:
    """Refuse an event without a reference, with a text in place of one, and one that is noted already."""
    if not reference.strip() or len(reference) > LONGEST_REFERENCE:
        raise Refusal(_("Type the reference number that the board gave, and nothing about anyone."), status=422)
    if any(one.reference == reference.strip() for one in reported_events(programme)):
        raise Refusal(_("This reference number is noted already."))


def check_recruiting(trial: Trial) -> None:
    """Refuse before the lock, after publication, and while the data are locked."""
    check_unlocked(programme=trial.programme_id)
    if trial.state == TrialState.DRAFT:
        raise Refusal(_("Recruitment has not begun: the protocol is not locked yet."))
    if trial.state == TrialState.PUBLISHED:
        raise Refusal(_("Recruitment ended on %(day)s.") % {"day": _day(trial.published_at)})
    batch = batch_of(trial)
    if batch is not None and batch.closed_at is not None:
        raise Refusal(_("Enrolment closed on %(day)s.") % {"day": _day(batch.closed_at)})


def check_locked(trial: Trial) -> None:
    """Refuse to tell strangers of a study that is a draft."""
    if trial.state == TrialState.DRAFT:
        check_recruiting(trial)


def check_form(form: Form) -> None:
    """Refuse (422) what a form of one field on a larger page says is wrong."""
    if not form.is_valid():
        raise Refusal(" ".join(str(error) for errors in form.errors.values() for error in errors), status=422)


def number_in(text: str) -> int:
    """The whole number that was confirmed on a page; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def check_factor(factors: Sequence[Question], name: str) -> Question:
    """The question of this name among those that are compared; 404 for another."""
    for question in factors:
        if question.name == name:
            return question
    raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)


def check_not_ended(trial: Trial) -> None:
    """Recruitment may be prepared before the lock; after its end there is nobody to be told."""
    if trial.state == TrialState.PUBLISHED:
        check_recruiting(trial)


def check_announcement(*, number: int, mailing: Mailing | None, before: Mailing | None) -> None:
    """Refuse a third announcement, a second before the first went out, and words for one that has gone out."""
    if not 1 <= number <= MOST_ANNOUNCEMENTS:
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)
    if mailing is not None and mailing.sent_at is not None:
        raise Refusal(_("This announcement went out on %(day)s.") % {"day": _day(mailing.sent_at)})
    if number > 1 and (before is None or before.sent_at is None):
        raise Refusal(_("The first announcement has not gone out yet. Send it first."))


def check_can_sign(*, trial: Trial, signed: Consent | None, now: datetime) -> None:
    """Refuse a first consent outside recruitment; who signed before may sign newer words, but not under a lock."""
    if signed is None or trial.state == TrialState.DRAFT:
        check_recruiting(trial)
    else:
        check_unlocked(programme=trial.programme_id)
    if trial.state == TrialState.OPEN:
        check_approval(trial, now=now)


def check_distress_plan(protocol: Protocol) -> None:
    """Refuse a protocol that does not say what to do when somebody is in distress."""
    if not protocol.distress:
        raise Refusal(
            _("The protocol names no distress plan. Add the lines of [support] distress, then lock it."), status=422
        )


def check_test_entropy(label: str) -> None:
    """Refuse test entropy, labelled or not, wherever people are real."""
    if label and not simulated():
        raise Refusal(_("Test entropy is for simulated programmes only; real draws need a random key."))


def check_consent(*, text: ConsentText, newest: ConsentText, sha256: str, name: str) -> None:
    """Refuse a consent to other words than the newest, and one without a name."""
    if text.pk != newest.pk or sha256 != newest.sha256:
        raise Refusal(_("The text changed since you opened this page. Please read the new one before you agree."))
    if not name.strip():
        raise Refusal(_("Please type your name: it is your signature."), status=422)


def check_move(place: Place, to: PlaceState) -> None:
    """Refuse what `PLACE_TRANSITIONS` does not have."""
    if to not in PLACE_TRANSITIONS[PlaceState(place.state)]:
        raise Refusal(_("A place that is %(now)s cannot become %(to)s.") % {"now": place.state, "to": to.value})


def check_draws_one_by_one(protocol: Protocol) -> None:
    """Refuse a single draw, and an end without the draw of all, where everybody is drawn at once."""
    if protocol.mode == "batch":
        raise Refusal(_("In this trial everybody is drawn at once, after enrolment has closed."))


def check_draws_at_once(protocol: Protocol) -> None:
    """Refuse the draw of everybody where each is drawn at enrolment."""
    if protocol.mode != "batch":
        raise Refusal(_("In this trial each person is drawn at enrolment; there is no draw of everybody at once."))


def check_promise(batch: Batch | None, commitment: str) -> None:
    """Refuse a promise that is no hash, and another one after the roster has closed."""
    if _HASH.fullmatch(commitment) is None:
        raise Refusal(_("The promise is a hash: 64 digits from 0 to 9 and a to f."), status=422)
    if batch is not None and batch.closed_at is not None:
        raise Refusal(_("Enrolment has closed: the promise cannot be exchanged any more."))


def check_closable(batch: Batch | None, *, held: int, final: int) -> None:
    """Refuse to close before the statistician's promise, while places are held, twice, and with nobody enrolled."""
    if batch is None:
        raise Refusal(_("The statistician has not promised the second number yet. That comes before enrolment closes."))
    if batch.closed_at is not None:
        raise Refusal(_("Enrolment closed on %(day)s.") % {"day": _day(batch.closed_at)})
    if held:
        raise Refusal(_("%(count)s places are still held. Wait until they are final or lapse.") % {"count": held})
    if not final:
        raise Refusal(_("Nobody is enrolled yet, so there is nobody to draw."))


def check_second(batch: Batch | None, second: str) -> None:
    """Refuse to open before the roster is closed, what is no number, and what was not promised."""
    if batch is None or batch.closed_at is None:
        raise Refusal(_("Enrolment is still open. The second number stays closed until it has ended."))
    if _SECOND.fullmatch(second) is None:
        raise Refusal(_("The second number is 32 to 128 digits from 0 to 9 and a to f, an even count."), status=422)
    if commit_second(bytes.fromhex(second)) != batch.second_commitment:
        raise Refusal(_("This is not the number that was promised before enrolment closed."), status=422)


def check_ready_to_draw(*, place: Place | None, baseline: Mapping[str, object] | None) -> None:
    """Refuse a draw before consent, before the baseline, and without a final place; names the missing step."""
    if place is None or place.state == PlaceState.WITHDRAWN:
        raise Refusal(_("There is no consent yet, so nothing can be drawn."))
    if baseline is None:
        raise Refusal(_("The baseline is not complete yet, so nothing can be drawn."))
    if place.state != PlaceState.FINAL:
        raise Refusal(_("The place is not final yet, so nothing can be drawn."))


def join_path(trial: Trial) -> str:
    """The path of the recruitment link."""
    return reverse("join", args=[trial.join_token])


def study_path(trial: Trial) -> str:
    """The path of the public page."""
    return reverse("study", args=[trial.join_token])


def _day(moment: datetime | None) -> str:
    assert moment is not None  # the database keeps state and time together
    return moment.strftime("%Y-%m-%d")


def check_study_id(*, trial: Trial, study_id: str, sites: frozenset[int] | None) -> None:
    """Refuse a study id that nobody here has; one of another site is as unknown."""
    if not queries.knows(trial=trial, study_id=study_id, sites=sites):
        raise Refusal(_("Nobody in this study has that study id. Look at it again."), status=422)


def check_question_known(*, trial: Trial, study_id: str, wave: str, question: str) -> None:
    """Refuse to ask about a value that was never sent."""
    programme = trial.programme_id
    names = {one.name for one in answered.asked(programme=programme, study_id=study_id, wave=wave)}
    if question not in names or answered.given(programme=programme, study_id=study_id, wave=wave) is None:
        raise Refusal(_("There is no such answer that was sent. Look at the wave and the question again."), status=422)


def check_words(text: str) -> str:
    """The words in one line; refuses none, and more than fit."""
    words = " ".join(text.split())
    if not words:
        raise Refusal(_("Say it in a sentence."), status=422)
    if len(words) > WORDS:
        raise Refusal(_("Say it in at most %(count)s characters.") % {"count": WORDS}, status=422)
    return words


def check_happened(day: date, *, now: datetime) -> None:
    """Refuse a day that has not come."""
    if day > days.of(now):
        raise Refusal(_("That day has not come yet."), status=422)


def check_role(*, standing: Standing, role: Role) -> None:
    """Refuse an act that belongs to another role, on a page that both open."""
    if role not in standing.roles:
        raise Refusal(_("Your role in this programme does not open this page."), status=403)


def check_asked[Row: (DataQuery, Unblinding)](row: Row | None) -> Row:
    """What does not exist and what belongs to another programme get the same answer."""
    if row is None:
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)
    return row


def check_reply(query: DataQuery) -> None:
    """Refuse a second reply."""
    if query.reply:
        raise Refusal(_("This question was answered already."))


def check_close(query: DataQuery) -> None:
    """Refuse to close what nobody answered."""
    if not query.reply:
        raise Refusal(_("Nobody has answered this question yet."))


def check_agree(row: Unblinding, *, person: int) -> None:
    """Two people: whoever asked does not agree."""
    if row.asked_by == person:
        raise Refusal(_("You asked for this arm, so another person has to agree."), status=403)


can_reply = asks(check_reply)
can_close = asks(check_close)
can_agree = asks(check_agree)
can_recruit = asks(check_recruiting)
can_change = asks(check_draft)
can_announce = asks(check_announcement)
