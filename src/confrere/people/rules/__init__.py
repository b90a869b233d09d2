"""Who may open what. Every view carries one of these gates; a test walks every URL as every role."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, Literal

from allauth.core import ratelimit
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from confrere.people import sessions, team
from confrere.people.models import Incentive
from confrere.people.queries import Standing, incentives, left_of, needs_passkey, own_staff, passkeys, standing
from confrere.people.roles import ALWAYS, Role
from confrere.vault.refusals import Refusal, asks

type Gate = frozenset[Role] | Literal["strangers", "newcomers", "signed-in"]
type View = Callable[..., HttpResponseBase]


def check_has_role(*, standing: Standing | None, roles: frozenset[Role]) -> None:
    """A person outside the programme learns nothing (404); one inside without the role is told so (403)."""
    if standing is None:
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)
    if not standing.roles & roles:
        raise Refusal(_("Your role in this programme does not open this page."), status=403)


def person_of(request: HttpRequest) -> int:
    """Who is signed in; asked behind a gate only."""
    assert request.user.pk is not None
    return request.user.pk


def check_can_remove_passkey(*, person: int, passkey: int, now: datetime) -> None:
    """One's own passkey only; the last one stays while a role needs it."""
    own = [each.number for each in passkeys(person)]
    if passkey not in own:
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)
    if len(own) == 1 and needs_passkey(person=person, now=now):
        raise Refusal(_("This is your only passkey, and your role needs one. Add another one first."))


can_remove_passkey = asks(check_can_remove_passkey)


def check_can_appoint(*, standing: Standing, person: int | None, role: Role, site: int) -> None:
    """One's own roles give some to others, at a site of the programme; nobody gives anything to themselves."""
    if role not in team.gives(standing.roles):
        raise Refusal(_("Your role in this programme does not give this one."), status=403)
    if person == standing.person:
        raise Refusal(_("Nobody gives a role to themselves. Ask another director or operator."), status=403)
    if site not in team.sites(standing.programme):
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)


def check_can_dismiss(*, standing: Standing, member: team.Member | None, now: datetime) -> team.Member:
    """Whoever may give a role may end it, and everyone may lay down their own; the last one of some stays."""
    if member is None or (member.role not in team.gives(standing.roles) and member.person != standing.person):
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)
    others = [one for one in team.staff(programme=standing.programme, now=now) if one.role == member.role]
    if member.role in ALWAYS and len(others) == 1:
        raise Refusal(
            _("%(name)s is the last one with this role in the programme. Give it to somebody else first.")
            % {"name": member.name}
        )
    return member


def check_every_site(standing: Standing) -> None:
    """What concerns every site is done by whoever looks at every site."""
    if standing.sites is not None and not standing.sites.issuperset(team.sites(standing.programme)):
        raise Refusal(_("This concerns every site of the programme. A director can do it."), status=403)


can_do_for_every_site = asks(check_every_site)


def check_own_staff(standing: Standing, role: Role, person: int) -> int:
    """Staff of the sites that somebody looks after; of others there is nothing here. The person again."""
    own = own_staff(standing, role)
    if own is not None and person not in own:
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)
    return person


def check_incentive(*, programme: int, incentive: int | None, name: str, stock: int) -> None:
    """One item of a name in a programme, and never fewer than are promised or sent."""
    others = [one for one in incentives(programme=programme) if one.number != incentive]
    if name.casefold() in {one.name.casefold() for one in others}:
        raise Refusal(_("There is an item of this name already. Change that one."))
    here = next((one for one in incentives(programme=programme) if one.number == incentive), None)
    if here is not None and stock < here.promised:
        raise Refusal(
            _("%(count)d are promised or sent already, so there cannot be fewer in all.") % {"count": here.promised}
        )


def check_can_ask_parcel(*, incentive: Incentive, had: int, entitled: int) -> None:
    """One for each survey that was sent, as long as there are any."""
    if had >= entitled:
        raise Refusal(_("You have asked for it already."))
    if left_of(incentive) < 1:
        raise Refusal(_("The last one has just gone to somebody else. Your address was not kept."))


def _led_elsewhere(request: HttpRequest) -> HttpResponseBase | None:
    """Strangers go to the sign-in. Whoever came by a mailed code alone, and has a role that decides about others,
    makes a passkey before anything else: who reads their mail could come the same way."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    weak = request.session.get(sessions.BY_CODE, False)
    if weak and needs_passkey(person=person_of(request), now=timezone.now()):
        return redirect_to_login(request.get_full_path(), login_url=reverse("mfa_add_webauthn"))
    return None


def began_without_passkey(request: HttpRequest) -> None:
    """Mark a session that began by something one can forward, like a link: roles that need a passkey ask for it."""
    request.session[sessions.BY_CODE] = True


def came_by_code(request: HttpRequest) -> bool:
    """Whether the session began with a mailed code alone; else it began with a passkey."""
    return bool(request.session.get(sessions.BY_CODE, False))


def proved_within(time: timedelta) -> Callable[[View], View]:
    """Inside a gate: the person has shown who they are within this time, or is asked to do so now."""

    def gate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if has_proved(request, within=time):
                return view(request, *args, **kwargs)
            if passkeys(person_of(request)):
                return redirect_to_login(request.get_full_path(), login_url=reverse("mfa_reauthenticate_webauthn"))
            logout(request)
            return redirect_to_login(request.get_full_path())

        return guarded

    return gate


#: Inside a gate: the person has shown who they are within the last 15 minutes (pages that name people).
freshly_proved = proved_within(sessions.PROOF)


def has_proved(request: HttpRequest, *, within: timedelta) -> bool:
    """Whether the person has shown who they are within this time."""
    return sessions.is_fresh(request.session, now=timezone.now(), within=within)


def check_not_too_often(request: HttpRequest, *, action: str, person: int) -> None:
    """Refuse (429) more than `ACCOUNT_RATE_LIMITS` allows of an action, before anything is looked up."""
    if not ratelimit.consume(request, action=action, key=str(person)):
        raise Refusal(_("Too many attempts. Wait a few minutes, then try again."), status=429)


def open_to(
    *roles: Role,
) -> Callable[[Callable[Concatenate[HttpRequest, Standing, ...], HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Gate of a view inside a programme (`/p/<slug:programme>/…`): any of these roles may enter.

    The view receives the request and the person's `Standing` instead of the slug.
    """
    wanted = frozenset(roles)

    def gate(
        view: Callable[Concatenate[HttpRequest, Standing, ...], HttpResponseBase],
    ) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, programme: str, **kwargs: Any) -> HttpResponseBase:
            if (elsewhere := _led_elsewhere(request)) is not None:
                return elsewhere
            here = standing(person=person_of(request), programme=programme, now=timezone.now())
            request.standing = here  # type: ignore[attr-defined]  # web's frame shows where one is without asking again
            check_has_role(standing=here, roles=wanted)
            assert here is not None
            return view(request, here, **kwargs)

        guarded.gate = wanted  # type: ignore[attr-defined]  # read by the test that walks every URL
        return guarded

    return gate


def open_to_signed_in(view: View) -> View:
    """Gate of a view outside any programme: everyone with an account, about themselves only."""

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if (elsewhere := _led_elsewhere(request)) is not None:
            return elsewhere
        return view(request, **kwargs)

    guarded.gate = "signed-in"  # type: ignore[attr-defined]  # read by the test that walks every URL
    return guarded


def open_to_newcomers(view: View) -> View:
    """Gate of the few pages that a person opens before their role lets them open anything: passkey, sign-out."""

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, **kwargs)

    guarded.gate = "newcomers"  # type: ignore[attr-defined]  # read by the test that walks every URL
    return guarded


def open_to_strangers(view: View) -> View:
    """Gate of a public view; it answers strangers alike whatever exists."""

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        return view(request, **kwargs)

    guarded.gate = "strangers"  # type: ignore[attr-defined]  # read by the test that walks every URL
    return guarded
