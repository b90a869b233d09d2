"""Somebody without an account proves an address first: until the mailed code was entered, nothing is kept of them
but their own session, and nobody learns from the answers who has an account already.
"""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.email_verification import verify_email_indirectly
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from confrere.people import checks
from confrere.people.actions.accounts import create_account
from confrere.people.models import User
from confrere.vault.refusals import Refusal

#: How long a code counts, and how often a wrong one may be entered.
LIFE: Final = timedelta(minutes=10)
ATTEMPTS: Final = 3
KEY: Final = "people.newcomer"


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who waits for a code in this browser. code: never the code itself, only a keyed digest. at: seconds UTC."""

    email: str
    name: str
    zone: str
    onward: str  # the path to which they are led once they are in
    code: str
    at: float
    wrong: int = 0


def expect(*, request: HttpRequest, email: str, name: str, zone: str, onward: str, now: datetime) -> None:
    """Mail a code to an address and remember, in the session only, who waits for it.

    Looks nothing up, so known and unknown addresses get the same letter and the same answer. Refuses (429) more than
    three codes a minute for an address and more than twenty from one place: the same budget as at the sign-in page.
    """
    email, name, zone = checks.clean_address(email), checks.clean_line(name), checks.clean_zone(zone)
    if not ratelimit.consume(request, action="request_login_code", key=email):
        raise Refusal(_("Too many requests. Wait a few minutes, then try again."), status=429)
    adapter = get_adapter()
    code = adapter.generate_login_code()
    waiting = Newcomer(email=email, name=name, zone=zone, onward=onward, code=_digest(code, email), at=now.timestamp())
    request.session[KEY] = asdict(waiting)
    adapter.send_mail("account/email/login_code", email, {"code": code, "request": request})


def expected(*, request: HttpRequest, now: datetime) -> Newcomer | None:
    """Who waits for a code in this browser; None when nobody does, or the code is too old."""
    kept = request.session.get(KEY)
    waiting = Newcomer(**kept) if kept else None
    if waiting is None or now - datetime.fromtimestamp(waiting.at, UTC) > LIFE:
        return None
    return waiting


def let_in(*, request: HttpRequest, newcomer: Newcomer, code: str, now: datetime) -> HttpResponseBase | None:
    """With the right code: the account, made now if there is none, is signed in and led onward. None for a wrong one.

    A person with passkeys is asked for one, as at the sign-in page. Refuses (429) after the third wrong code.
    """
    if not constant_time_compare(_digest(code, newcomer.email), newcomer.code):
        wrong = newcomer.wrong + 1
        request.session[KEY] = asdict(newcomer) | {"wrong": wrong}
        if wrong < ATTEMPTS:
            return None
        del request.session[KEY]
        raise Refusal(
            _("Too many wrong codes. Follow the link of the study again, and ask for a new code."), status=429
        )
    del request.session[KEY]
    person = create_account(email=newcomer.email, name=newcomer.name, zone=newcomer.zone, now=now)
    user = User.objects.get(pk=person)
    record_authentication(request, user, method="code", email=newcomer.email)
    verify_email_indirectly(request, user, newcomer.email)
    return perform_login(request, Login(user=user, redirect_url=newcomer.onward, email=newcomer.email))


def _digest(code: str, email: str) -> str:
    typed = "".join(code.split()).replace("-", "").upper()
    return salted_hmac("confrere.people.newcomer", f"{email}|{typed}", algorithm="sha256").hexdigest()
