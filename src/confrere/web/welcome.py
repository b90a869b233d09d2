"""The first sign-in to a new site, by the link that `confrere init` printed."""

from django.contrib.auth import get_user_model, login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from confrere.people.actions.first_sign_in import use_first_sign_in
from confrere.people.rules import began_without_passkey, open_to_strangers


@open_to_strangers
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the link changes nothing, since mail programs and chats open links too; the button signs in."""
    if request.method != "POST":
        return render(request, "web/welcome.html")
    person = use_first_sign_in(token=token, now=timezone.now())
    login(request, get_user_model().objects.get(pk=person))
    began_without_passkey(request)
    return redirect("home")
