"""What stands in the copy of a consent, as text and as PDF: one list of words for both."""

from collections.abc import Sequence
from datetime import date

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from confrere.trial.models import Consent, Proof
from confrere.trial.papers import Copy
from confrere.trial.protocol import Certificate
from confrere.trial.queries import Sight


def lines(signed: Consent) -> list[tuple[str, str]]:
    """Under the text: who, when, what agreeing means, and which words these were."""
    found = [
        (_("Signed by:"), signed.name),
        (_("At:"), f"{signed.given_at:%Y-%m-%d %H:%M:%S} (UTC)"),
        (_("Meaning:"), signed.meaning),
        (
            _("SHA-256 of the text:"),
            _("%(hash)s, version %(version)s") % {"hash": signed.sha256, "version": signed.text.version},
        ),
    ]
    if signed.text.irb_reference:
        found.append((_("Approved by the review board:"), signed.text.irb_reference))
    return found


def standing(signed: Consent) -> str:
    """Whether this counts as a signature: only after somebody has signed in."""
    if signed.proved_by == Proof.PASSKEY:
        return _("This counts as a signature: it was given after signing in with a passkey.")
    if signed.proved_by == Proof.CODE:
        return _("This counts as a signature: it was given after signing in with a code sent to the person's address.")
    return _("This says what was agreed to. It is not a signature: nobody had signed in when it was given.")


def certificate_words(found: Certificate | None) -> str:
    """What a Certificate of Confidentiality does and what it does not; empty without one."""
    if found is None:
        return ""
    until = f" {_('Until')} {_day(found.expires)}." if found.expires else ""
    return _(
        "A Certificate of Confidentiality (%(number)s, %(funder)s) covers this study.%(until)s With it the study "
        "team may not hand over information that identifies you in any court or other proceeding, unless you "
        "agree. It does not cover what you tell others yourself, what you agree to pass on, what the law makes "
        "people report (such as a danger to somebody's life), audits by the funder, or what your institution knows "
        "from elsewhere."
    ) % {"number": found.number, "funder": found.funder, "until": until}


def as_text(signed: Consent, *, certificate: Certificate | None) -> str:
    """The copy as plain text."""
    under = [f"{name} {value}" for name, value in lines(signed)]
    more = [certificate_words(certificate)] if certificate else []
    return "\n".join([signed.text.text.rstrip(), "", *under, "", standing(signed), *more]) + "\n"


def as_copy(signed: Consent, *, title: str, sights: Sequence[Sight], certificate: Certificate | None) -> Copy:
    """The copy as its PDF is made of."""
    return Copy(
        title=_("Consent: %(title)s") % {"title": title},
        language=translation.get_language() or "en",
        text=signed.text.text.rstrip(),
        signed=lines(signed),
        standing=standing(signed),
        certificate=certificate_words(certificate),
        sights_title=_("Who can see what, on the day of this copy"),
        sights_head=(_("What"), _("Who can reach it"), _("How long")),
        sights=[(one.what, one.who, one.period) for one in sights],
    )


def _day(day: date) -> str:
    return date_format(day, "j F Y")
