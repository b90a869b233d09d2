"""What exists about me: the vault's answer, laid out for the person it is about."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from confrere.people.queries import programmes_of
from confrere.vault.classification import PROGRAMME, SIGN_IN, TECHNICAL, Kept, classes
from confrere.vault.queries import Section, about, holds

#: Columns that are not shown: keys of the database, and what lets one in (over a shoulder it would let others in).
HIDDEN = frozenset({TECHNICAL, SIGN_IN})
#: Classes that say nothing about the person whose row it is.
IMPERSONAL = frozenset({TECHNICAL, PROGRAMME})
#: What a table holds, for the person it is about; another table is called as its model is.
TITLES: Final = {
    "account_emailaddress": _("Addresses for sign-in"),
    "account_emailconfirmation": _("Addresses that wait for a proof"),
    "coaching_away": _("Days on which you are away"),
    "coaching_booking": _("Sessions booked"),
    "coaching_busycalendar": _("Your other calendar: its address, sealed"),
    "coaching_busytime": _("Busy times of your other calendar"),
    "coaching_coach": _("Your page as a coach"),
    "coaching_coachfile": _("Your file as a coach"),
    "coaching_complaint": _("Complaints about you as a coach, by kind"),
    "coaching_conversation": _("First conversations"),
    "coaching_entitlement": _("Sessions granted to you"),
    "coaching_heldsession": _("Sessions that took place, by number"),
    "coaching_hours": _("Hours you offered"),
    "coaching_workbook": _("Your workbook, sealed"),
    "coaching_workbooklock": _("What opens your workbook, each only with your own device or code"),
    "coaching_leeway": _("How many first conversations and changes of coach you have taken"),
    "coaching_occupied": _("Times at which you are taken"),
    "coaching_shunned": _("Check sums of whom you would rather not meet"),
    "django_session": _("Browsers in which you are signed in"),
    "lounge_browser": _("Browsers of yours that get notices of the lounge"),
    "lounge_draft": _("What you have begun to write in the lounge"),
    "lounge_endorsement": _("Answers you stand by in the lounge"),
    "lounge_flag": _("Posts that you flagged, and flags that you settled"),
    "lounge_guardmark": _("What you marked as no identifier: which kind, not the words"),
    "lounge_interest": _("Specialties you follow or mute in the lounge"),
    "lounge_keyholder": _("That you hold a key to withheld names"),
    "lounge_mention": _("Where you were called in the lounge"),
    "lounge_note": _("Notes you wrote or agreed with in the lounge"),
    "lounge_noticechoice": _("What you want to hear of the lounge, and when"),
    "lounge_post": _("What you wrote in the lounge under your name"),
    "lounge_question": _("Questions you asked in the lounge under your name"),
    "lounge_readmark": _("What you read, kept and follow in the lounge"),
    "lounge_removal": _("Removals of posts that you took part in as a moderator"),
    "lounge_slowmode": _("Questions that you made slower as a moderator"),
    "lounge_token": _("Tokens with which programs act for you in the lounge"),
    "lounge_unmasking": _("Withheld names that you helped to open"),
    "lounge_vote": _("What you chose in polls of the lounge"),
    "mfa_authenticator": _("Passkeys"),
    "people_credential": _("What was checked about you"),
    "people_bindinglink": _("Links that were made to show who you are"),
    "people_claim": _("Which physician you said you are"),
    "people_decision": _("What was decided about that, and why"),
    "people_look": _("What moderators found, or you as one"),
    "people_picture": _("Pictures of badge and face, encrypted"),
    "people_rostered": _("Your line on your institution's list"),
    "people_vouch": _("Words that colleagues gave for you, or you for them"),
    "people_mailrefusal": _("That your address refused mail"),
    "people_membership": _("Your roles"),
    "people_parcel": _("Parcels that you asked for"),
    "people_user": _("Your account"),
    "post_letter": _("Letters to you"),
    "service_agreement": _("Your agreement to the service"),
    "service_place": _("Your place in the service"),
    "surveys_answer": _("Your answers, under your code"),
    "surveys_letterstop": _("That you stopped letters about questions, under your code"),
    "surveys_response": _("Surveys that were open to you, under your code"),
    "trial_allocation": _("Your arm, under your code"),
    "trial_consent": _("Your consent"),
    "trial_lot": _("Your rank in the lottery, under your code"),
    "trial_place": _("Your place in the study, under your code"),
    "trial_recipient": _("That your address is on a list of announcements"),
    "trial_step": _("How your place came about, under your code"),
    "trial_withdrawal": _("That you left the study, under your code"),
    "vault_link": _("The link between you and your code"),
    "vault_payload": _("What was noted about things you did"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One table with rows about the person; kinds: the classes of what it says, most often one."""

    table: str
    title: str
    count: int
    kinds: tuple[Kept, ...]
    shown: bool


@dataclass(frozen=True, slots=True)
class Longer:
    """What a legal hold keeps beyond its period."""

    programme: str
    words: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one table, each as pairs of a column's name and what it holds."""

    title: str
    rows: tuple[tuple[tuple[str, str], ...], ...]


def parts(*, person: int) -> tuple[list[Part], list[str]]:
    """What exists, and the titles of what could exist and does not."""
    sections = about(person=person).sections
    found = []
    for section in sections:
        names = dict.fromkeys(column.kept for column in section.columns if column.kept not in IMPERSONAL)
        part = Part(
            table=section.table,
            title=title_of(section),
            count=len(section.rows),
            kinds=tuple(classes()[name] for name in names),
            shown=bool(names.keys() - HIDDEN),
        )
        found.append(part)
    return [part for part in found if part.count], [part.title for part in found if not part.count]


def kept_longer(*, person: int, now: datetime) -> list[Longer]:
    """The legal holds in force in a person's programmes, in words that need no law."""
    mine = {programme.pk: programme.name for programme in programmes_of(person=person, now=now)}
    return [
        Longer(
            programme=mine[hold.programme],
            words=", ".join(classes()[name].title for name in hold.classes),
            since=hold.confirmed_at,
        )
        for hold in holds(programmes=list(mine), active=True)
    ]


def rows(*, person: int, table: str) -> Rows | None:
    """What one table holds about the person; None alike for an unknown table and for one without a row."""
    for section in about(person=person).sections:
        if section.table == table and section.rows:
            seen = [
                (index, column.name.replace("_", " "))
                for index, column in enumerate(section.columns)
                if column.kept not in HIDDEN
            ]
            held = (tuple((name, in_words(row[index])) for index, name in seen) for row in section.rows)
            return Rows(title=title_of(section), rows=tuple(held))
    return None


def in_words(value: Any) -> str:
    """A stored value for reading; octets that nobody can read are only counted."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, dict):
        return gettext("%(octets)s octets, unreadable without a key") % value
    return str(value)


def title_of(section: Section) -> str:
    """What the table holds, in words."""
    return str(TITLES.get(section.table) or section.title[:1].upper() + section.title[1:])
