"""Who is let in, and what a member may do."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from confrere.lounge.models import KeyHolder, Mask, Poll, Post, Question, Unmasking
from confrere.lounge.queries.specialties import family, labels, places
from confrere.lounge.rules.keeping import check_identifiers, is_own
from confrere.people import queries as people
from confrere.people.queries import Credential, Standing
from confrere.people.roles import Role
from confrere.people.rules import door as doors
from confrere.vault.origin import simulated
from confrere.vault.refusals import Refusal, asks

#: A taxonomy code: nine digits or capitals and the final X.
_NUCC = re.compile(r"[0-9A-Z]{9}X")
#: What a text may not hold: control characters that no keyboard writes, and marks that turn the direction of others.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def check_verified(*, standing: Standing, now: datetime) -> Credential:
    """Physicians only, verified at every access: without a credential that is valid now the door stays shut.

    Returns the credential. One query.
    """
    credential = people.credential(person=standing.person, now=now)
    if credential is None:
        raise Refusal(doors.why_closed(person=standing.person, now=now), status=403)
    return credential


can_enter = asks(check_verified)


def check_specialty(*, programme: int, slug: str) -> None:
    """A question goes to one of the listed specialties. One query."""
    if slug not in labels(programme=programme):
        raise Refusal(
            _("Choose a specialty from the list, so that the question reaches the right colleagues."), status=422
        )


def check_text(*, parts: Mapping[str, str], marked: Collection[str] = ()) -> None:
    """Asked of everything that is written, before it is kept: every verb that stores words passes here once.

    parts: field → text. marked: keys of what its author has marked as no identifier.
    Raises `Refusal` (422) for characters that cannot be seen and could hide or turn what stands beside them, and
    `Held` for what may point at a patient and is not marked.
    """
    if any(_UNSEEN.search(each) for each in parts.values()):
        raise Refusal(
            _("There are invisible characters in your text, perhaps from copying. Type that passage again."), status=422
        )
    check_identifiers(parts=parts, marked=marked)


def check_found(found: object | None) -> None:
    """What does not exist and what belongs to another programme get the same answer."""
    if found is None:
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)


def check_asker(*, standing: Standing, question: Question, mask: Mask | None = None) -> None:
    """Only who asked, under their name or in their mask."""
    if not asked_by(standing=standing, question=question, mask=mask):
        raise Refusal(_("Only the colleague who asked can do that."), status=403)


def asked_by(*, standing: Standing, question: Question, mask: Mask | None) -> bool:
    """Whether it was this member who asked."""
    return question.author_id == standing.person or (mask is not None and mask.asks)


def written_by(*, standing: Standing, post: Post, mask: Mask | None) -> bool:
    """Whether it was this member who wrote it."""
    return is_own(standing=standing, post=post, mask=mask)


def check_own(*, standing: Standing, post: Post, mask: Mask | None = None) -> None:
    """Only who wrote it."""
    if not written_by(standing=standing, post=post, mask=mask):
        raise Refusal(_("Only the colleague who wrote this can change it."), status=403)


def check_accept(*, standing: Standing, question: Question, answer: Post, mask: Mask | None = None) -> None:
    """Only who asked accepts an answer, and not their own."""
    if not asked_by(standing=standing, question=question, mask=mask):
        raise Refusal(_("Only the colleague who asked can accept an answer."), status=403)
    if answer.kind != Post.Kind.ANSWER:
        raise Refusal(_("Only an answer can be accepted."), status=409)
    if written_by(standing=standing, post=answer, mask=mask):
        raise Refusal(_("You cannot accept your own answer."), status=409)


can_accept = asks(check_accept)


def check_endorse(*, standing: Standing, post: Post, specialty: str) -> None:
    """Peers of the question's specialty endorse answers of others."""
    if post.kind != Post.Kind.ANSWER:
        raise Refusal(_("Only an answer can be endorsed."), status=409)
    if post.author_id == standing.person:
        raise Refusal(_("You cannot endorse your own answer."), status=409)
    if specialty not in family(places(programme=post.programme_id), post.question.specialty):
        raise Refusal(_("Answers are endorsed by peers of the question’s specialty."), status=403)


def check_attested(*, helps: Mapping[str, str | int | None], attested: bool) -> None:
    """What describes a patient comes with the author's word about consent."""
    if not attested and any(helps.get(name) for name in ("age_band", "course", "tried")):
        raise Refusal(
            _("Confirm that the patient agreed, or that nobody can recognise them, before you describe them."),
            status=422,
        )


def check_poll(*, question: Question, choices: Sequence[str]) -> None:
    """Two to six different choices, once."""
    if Poll.objects.filter(question=question).exists():
        raise Refusal(_("This question has a poll already."), status=409)
    if not 2 <= len(choices) <= 6 or len(set(choices)) < len(choices):
        raise Refusal(_("A poll has two to six different choices, one on each line."), status=422)


def check_poll_found(poll: Poll | None) -> Poll:
    """A question without a poll has none to vote on."""
    check_found(poll)
    assert poll is not None
    return poll


def check_choice(*, poll: Poll, choice: int) -> None:
    """One of those that there are."""
    if not 0 <= choice < len(poll.choices):
        raise Refusal(_("Choose one of the answers of the poll."), status=422)


def check_may_edit_specialties(*, standing: Standing) -> None:
    """The moderators keep the list."""
    if Role.MODERATOR not in standing.roles:
        raise Refusal(_("Only moderators edit the list of specialties."), status=403)


def check_may_hold(*, standing: Standing, place: int) -> None:
    """Two moderators, one key each."""
    if Role.MODERATOR not in standing.roles:
        raise Refusal(_("Only moderators hold the keys to withheld names."), status=403)
    if place not in {1, 2}:
        raise Refusal(_("There are two keys, 1 and 2."), status=422)
    others = KeyHolder.objects.filter(programme_id=standing.programme, until=None).exclude(place=place)
    if others.filter(holder_id=standing.person).exists():
        raise Refusal(_("You hold the other key. Another moderator has to hold this one."), status=403)


def check_holders(*, programme: int) -> tuple[KeyHolder, KeyHolder]:
    """The holders of both keys now, first and second. One query."""
    found = list(KeyHolder.objects.filter(programme_id=programme, until=None).order_by("place"))
    if len(found) < 2:  # two people, two keys
        raise Refusal(_("A name can be withheld once two moderators hold a key. Ask them, or write under your name."))
    return found[0], found[1]


can_withhold = asks(check_holders)


def check_masked(post: Post) -> Mask:
    """Only a name that was withheld can be opened."""
    check_found(post.mask)
    assert post.mask is not None
    return post.mask


def check_ask_unmasking(*, standing: Standing, mask: Mask, words: str) -> None:
    """Whoever holds the first key of this mask, with a reason, once at a time."""
    if Role.MODERATOR not in standing.roles or mask.outer.holder_id != standing.person:
        raise Refusal(_("The holder of the first key begins, with their key."), status=403)
    if not words.strip():
        raise Refusal(_("Say in a sentence why the name has to be opened."), status=422)
    if Unmasking.objects.filter(mask=mask, agreed_at=None).exists():
        raise Refusal(_("It was asked already that this name be opened. The holder of the second key has to agree."))


def check_agree_unmasking(*, standing: Standing, unmasking: Unmasking) -> None:
    """Whoever holds the second key of this mask, and did not ask."""
    if unmasking.agreed_at is not None:
        raise Refusal(_("This name was opened already. It was shown once, and is stored nowhere."))
    holds = unmasking.mask.inner.holder_id == standing.person
    if Role.MODERATOR not in standing.roles or not holds or unmasking.asked_by_id == standing.person:
        raise Refusal(_("The holder of the second key decides, with their key."), status=403)


def check_may_load(*, slug: str) -> None:
    """A corpus goes only where all people are simulated, and only once."""
    if not simulated():
        raise Refusal(_("A corpus is loaded only into a database that was made for simulated people."), status=403)
    if people.programme_by_slug(slug) is not None:
        raise Refusal(_("A corpus lies in this database already. Begin a fresh one with `confrere demo --fresh`."))


def check_specialty_fits(*, programme: int, slug: str, parent: str, nucc: Sequence[str]) -> None:
    """Two levels, no more; and codes as the taxonomy writes them."""
    listed = places(programme=programme)
    if parent and (parent == slug or parent not in listed or listed[parent].parent):
        raise Refusal(_("A subspecialty belongs to a specialty of the list that is not itself a part."), status=422)
    if parent and any(one.parent == slug for one in listed.values()):
        raise Refusal(_("This specialty has subspecialties, so it cannot become a part of another one."), status=422)
    if not all(_NUCC.fullmatch(code) for code in nucc):
        raise Refusal(_("A taxonomy code has ten characters and ends with X, like 207RC0000X."), status=422)
