"""Going in as somebody simulated."""

from django.contrib.auth import get_user_model, login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from confrere.people.rules import open_to_strangers
from confrere.vault.refusals import Refusal
from confrere.web.demo import guard


@open_to_strangers
def enter(request: HttpRequest, person: int, token: str) -> HttpResponse:
    """Say who one would be (GET); go in as that person (POST)."""
    guard.check_demo(meta=request.META, host=request.get_host())
    someone = get_user_model().objects.filter(pk=person, is_active=True).first()
    if someone is None or not guard.opens(person, token):
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)
    if request.method == "POST":
        login(request, someone, backend="allauth.account.auth_backends.AuthenticationBackend")
        return redirect("home")
    return render(request, "web/demo/enter.html", {"someone": someone})
