"""Who may open what. Every view carries one of these gates; a test walks every URL as every role."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Literal

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from confrere.people.queries import Standing, standing
from confrere.people.roles import Role
from confrere.vault.refusals import Refusal

type Gate = frozenset[Role] | Literal["strangers", "signed-in"]
type View = Callable[..., HttpResponseBase]


def check_has_role(*, standing: Standing | None, roles: frozenset[Role]) -> None:
    """A person outside the programme learns nothing (404); one inside without the role is told so (403)."""
    if standing is None:
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)
    if not standing.roles & roles:
        raise Refusal(_("Your role in this programme does not open this page."), status=403)


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
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            here = standing(person=request.user.pk, programme=programme, now=timezone.now())
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
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, **kwargs)

    guarded.gate = "signed-in"  # type: ignore[attr-defined]  # read by the test that walks every URL
    return guarded


def open_to_strangers(view: View) -> View:
    """Gate of a public view; it answers strangers alike whatever exists."""

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        return view(request, **kwargs)

    guarded.gate = "strangers"  # type: ignore[attr-defined]  # read by the test that walks every URL
    return guarded
