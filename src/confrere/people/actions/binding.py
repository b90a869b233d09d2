"""What binds a person to their claim: the institution's list, colleagues' words, the institution's own sign-in."""

import csv
import io
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from confrere.people import checks, queries
from confrere.people.actions import links
from confrere.people.actions.claims import bind, note
from confrere.people.models import STANDING, Binding, Claim, Decision, Programme, Rostered, Vouch
from confrere.people.queries import Standing
from confrere.people.queries import door as doors
from confrere.people.registers import names
from confrere.people.registers.entries import plain
from confrere.people.rules.vouching import check_can_vouch
from confrere.people.sign_on import Arrived
from confrere.post.actions import send
from confrere.vault import audit
from confrere.vault import classification as kept
from confrere.vault.audit import Actor
from confrere.vault.erasers import erases
from confrere.vault.refusals import Refusal

#: What a column of the institution's list may be called.
_CALLED = {
    "mailbox": ("email", "mail", "mailbox", "emailaddress"),
    "family": ("lastname", "familyname", "surname", "family"),
    "given": ("firstname", "givenname", "given"),
    "number": ("npi", "number", "registernumber"),
}
#: An institution's list is text of at most so many characters.
MOST = 2_000_000


@transaction.atomic
def upload_roster(*, standing: Standing, text: str, now: datetime) -> int:
    """Replace the programme's list of physicians by this one (CSV with a header); how many lines it has.

    Columns: e-mail, last name, first name and, if the institution has it, NPI, in any order. Raises `Refusal` (422)
    naming the line.
    """
    lines = _lines(text)
    Programme.objects.select_for_update(no_key=True).get(pk=standing.programme)
    Rostered.objects.filter(programme_id=standing.programme).delete()
    Rostered.objects.bulk_create(
        Rostered(programme_id=standing.programme, site_id=standing.site, uploaded_on=now.date(), **line)
        for line in lines
    )
    audit.record(
        action="people.upload_roster",
        actor=Actor.person(standing.person),
        about=f"programme:{standing.programme}",
        programme=standing.programme,
        kept_as=kept.ROSTER,
        now=now,
        details={"lines": len(lines)},
    )
    return len(lines)


def _lines(text: str) -> list[dict[str, str]]:
    if len(text) > MOST:
        raise _no(_("This list is longer than two million characters. Upload physicians only."))
    rows = csv.reader(io.StringIO(text.lstrip("\ufeff")))
    header = [plain(name) for name in next(rows, [])]
    places = {ours: _place(header, called) for ours, called in _CALLED.items()}
    if places["mailbox"] is None or places["family"] is None:
        raise _no(_("The first line must name the columns: email, last name, first name and, if you have it, npi."))
    found: dict[str, dict[str, str]] = {}
    try:
        for number, cells in enumerate(rows, start=2):
            line = {ours: _cell(cells, place) for ours, place in places.items()}
            if any(line.values()):
                found[_mailbox(line["mailbox"], number)] = line | {"mailbox": _mailbox(line["mailbox"], number)}
    except csv.Error:
        raise _no(_("This is not a table with commas between its cells.")) from None
    if not found:
        raise _no(_("There is nobody on this list, so the one before stays."))
    return list(found.values())


def _place(header: list[str], called: tuple[str, ...]) -> int | None:
    return next((header.index(name) for name in called if name in header), None)


def _cell(cells: list[str], place: int | None) -> str:
    return cells[place].strip()[:100] if place is not None and place < len(cells) else ""


def _mailbox(text: str, number: int) -> str:
    try:
        return checks.clean_address(text)
    except Refusal:
        raise _no(
            _("Line %(line)d has no e-mail address that reads like name@hospital.org.") % {"line": number}
        ) from None


@transaction.atomic
def ask_roster(*, person: int, now: datetime) -> None:
    """Send a link to the mailbox on the institution's list, if this physician stands on it. Says nothing about it."""
    claim = waiting_claim(person)
    for line in doors.rostered(claim)[:1]:
        secret = links.make(claim=claim, kind="roster", now=now)
        url = settings.ORIGIN + reverse("door_bind", args=[_slug(claim), secret])
        context = {"name": f"{line.given} {line.family}".strip(), "url": url}
        send(
            to=line.mailbox,
            subject=_("Your link to the physicians' lounge"),
            body=render_to_string("people/letters/roster_link.txt", context),
            event=f"people.roster_link {claim.pk} {now.isoformat()}",
            programme=claim.programme_id,
            now=now,
            urgent=True,
        )
        note(
            claim,
            came_from=claim.state,
            why="link_sent",
            evidence={"rostered": line.pk},
            actor=Actor.person(person),
            now=now,
        )


@transaction.atomic
def follow_link(*, standing: Standing, secret: str, now: datetime) -> bool:
    """Whoever reads the mailbox of a physician, and is signed in as the one who claims to be them, is bound.

    Whether the door is open now. A link in another person's hands is none: 404 like a mistyped one.
    """
    link = links.find(secret=secret, kind="roster", programme=standing.programme, now=now)
    claim = waiting_claim(standing.person, link.claim_id)
    link.used_at = now
    link.save(update_fields=["used_at"])
    actor = Actor.person(standing.person)
    return bind(claim=claim, binding=Binding.ROSTER, evidence={"link": link.pk}, actor=actor, now=now)


@transaction.atomic
def make_voucher_link(*, person: int, now: datetime) -> str:
    """The address that the person hands to two colleagues; one made before opens nothing any more."""
    claim = waiting_claim(person)
    if claim.trainee:
        raise Refusal(
            _("Whoever is in training is bound by their institution only: by its sign-in or its list."), status=403
        )
    return settings.ORIGIN + reverse("door_vouch", args=[_slug(claim), links.make(claim=claim, kind="vouch", now=now)])


def voucher_link(*, standing: Standing, secret: str, now: datetime) -> Claim:
    """The claim that a colleague is asked about; refuses who may not give their word, with the reason."""
    claim = links.find(secret=secret, kind="vouch", programme=standing.programme, now=now).claim
    check_can_vouch(claim=claim, voucher=standing.person, now=now)
    return claim


@transaction.atomic
def vouch(*, standing: Standing, secret: str, now: datetime) -> int:
    """Give one's word that one knows the person behind a claim; how many have. The second one binds."""
    claim = voucher_link(standing=standing, secret=secret, now=now)
    claim = Claim.objects.select_for_update().get(pk=claim.pk)
    # The voucher's own row is locked, so that their words are counted one after the other.
    Claim.objects.select_for_update().filter(user_id=standing.person, state="bound").first()
    check_can_vouch(claim=claim, voucher=standing.person, now=now)
    Vouch.objects.create(claim=claim, voucher_id=standing.person, at=now)
    given = doors.vouchers(claim)
    actor = Actor.person(standing.person)
    note(claim, came_from=claim.state, why="vouched", evidence={"voucher": standing.person}, actor=actor, now=now)
    if len(given) == 2:
        both = {"first": given[0], "second": given[1]}
        bind(claim=claim, binding=Binding.VOUCHERS, evidence=both, actor=actor, now=now)
    return len(given)


@transaction.atomic
def arrive(*, person: int, arrived: Arrived, now: datetime) -> bool:
    """The institution has said who came from its sign-in; whether the door is open now.

    Refuses (403) whoever is not in its group of physicians, has another name or number than the claim, or has bound
    another account: one sign-in there, one person here.
    """
    claim = waiting_claim(person)
    if settings.SIGN_ON["group"] not in arrived.groups:
        raise Refusal(
            _("Your institution knows you, but not as one of its physicians. Ask them, or another way."), status=403
        )
    named = [names.Name(arrived.family, arrived.given)]
    if not names.same_person(given=claim.given, family=claim.family, listed=named):
        raise Refusal(_("Your institution knows you under another name than the one of your claim."), status=403)
    if arrived.number and arrived.number != claim.number:
        raise Refusal(_("Your institution has another register number for you than the one of your claim."), status=403)
    if Decision.objects.filter(evidence__subject=arrived.subject).exclude(claim__user=person).exists():
        raise Refusal(_("This sign-in of your institution has shown who another account is already."), status=403)
    evidence = {"issuer": arrived.issuer, "subject": arrived.subject}
    return bind(claim=claim, binding=Binding.SIGN_ON, evidence=evidence, actor=Actor.person(person), now=now)


def waiting_claim(person: int, claim: int | None = None) -> Claim:
    """A person's own claim that waits to be bound, locked; 409 without one, 404 where another one was meant."""
    row = Claim.objects.select_for_update().filter(user_id=person, state__in=STANDING).first()
    if claim is not None and (row is None or row.pk != claim):
        raise Refusal(_("This link opens nothing: it is mistyped, used or too old. Ask for a new one."), status=404)
    if row is None:
        raise Refusal(_("Say first which physician you are."), status=409)
    if row.state == "bound":
        raise Refusal(_("You are verified already. There is nothing left to do."), status=409)
    return row


@erases(kept.ROSTER)
def erase_rosters(*, now: datetime, held: frozenset[int]) -> int:
    """The lists of programmes that are long over."""
    gone, _details = Rostered.objects.filter(programme__in=queries.long_over(now=now) - held).delete()
    return gone


def _slug(claim: Claim) -> str:
    return Programme.objects.values_list("slug", flat=True).get(pk=claim.programme_id)


def _no(sentence: str) -> Refusal:
    return Refusal(sentence, status=422)
