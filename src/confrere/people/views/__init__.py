from dataclasses import asdict
from typing import Any, cast

from allauth.account.forms import RequestLoginCodeForm
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import RequestLoginCodeView
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from allauth.mfa.webauthn.internal.auth import begin_registration
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from confrere.people import actions, queries, rules
from confrere.people.forms import AccountForm, NewcomerCodeForm
from confrere.people.models import User
from confrere.people.rules import freshly_proved, open_to_signed_in, open_to_strangers, person_of
from confrere.vault.audit import Actor


class SignIn(RequestLoginCodeView):
    """Asks for an address and mails a code; says and does the same when nobody has that address."""

    def form_valid(self, form: RequestLoginCodeForm) -> HttpResponse:
        if form._user is None:
            actions.pretend(address=form.cleaned_data["email"], now=timezone.now())
        return super().form_valid(form)


class AddPasskey(AddWebAuthnView):
    """Makes a passkey that can sign in by itself: kept on the device, opened by finger, face or PIN."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["options"] = begin_registration(cast("User", self.request.user), passwordless=True)
        context["needed"] = queries.needs_passkey(person=person_of(self.request), now=timezone.now())
        return context

    def form_valid(self, form: AddWebAuthnForm) -> HttpResponse:
        super().form_valid(form)
        return redirect(get_next_redirect_url(self.request) or "account")


@require_http_methods(["GET", "HEAD", "POST"])
@open_to_strangers
def newcomer(request: HttpRequest) -> HttpResponseBase:
    """Takes the code of somebody who followed a recruitment link."""
    now = timezone.now()
    waiting = actions.expected(request=request, now=now)
    if waiting is None:
        return redirect("account_login")
    form = NewcomerCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = actions.let_in(request=request, newcomer=waiting, code=form.cleaned_data["code"], now=now)
        if answer is not None:
            return answer
        form.add_error("code", _("This code is not right, or it has been used. Look at the newest letter."))
    context = {"form": form, "email": waiting.email}
    return render(request, "people/newcomer.html", context, status=422 if form.errors else 200)


@open_to_signed_in
def account(request: HttpRequest) -> HttpResponse:
    """What is kept about oneself, to read and to change; one's passkeys; one's sessions."""
    person = person_of(request)
    now = timezone.now()
    form = AccountForm(request.POST or None, initial=asdict(queries.account(person)))
    if request.method == "POST" and form.is_valid():
        actions.change_account(person=person, now=now, **form.cleaned_data)
        return redirect("account")
    context = {
        "form": form,
        "account": queries.account(person),
        "passkeys": queries.passkeys(person),
    }
    return render(request, "people/account.html", context, status=422 if form.errors else 200)


@open_to_signed_in
@freshly_proved
def remove_passkey(request: HttpRequest, passkey: int) -> HttpResponse:
    """Asks, then takes away one of one's own passkeys."""
    now = timezone.now()
    rules.check_can_remove_passkey(person=person_of(request), passkey=passkey, now=now)
    if request.method == "POST":
        actions.remove_passkey(person=person_of(request), passkey=passkey, now=now)
        return redirect("account")
    [wanted] = [each for each in queries.passkeys(person_of(request)) if each.number == passkey]
    return render(request, "people/remove_passkey.html", {"passkey": wanted})


@open_to_signed_in
@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """Ends one's sessions on every device, this one too."""
    person = person_of(request)
    actions.end_sessions(person=person, now=timezone.now(), actor=Actor.person(person))
    logout(request)
    return redirect("home")


def too_many(request: HttpRequest) -> HttpResponse:
    """429: a limit was reached before anything was looked up or computed."""
    return render(request, "people/too_many.html", status=429)
