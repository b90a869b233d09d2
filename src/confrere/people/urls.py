"""Sign-in and one's own account: the sign-in library's views that we use, behind our gates, and nothing else of it.

Some pages carry a second name, under which the library looks for them.
"""

from collections.abc import Callable
from typing import Any, cast

from allauth.account.views import AccountInactiveView, ConfirmLoginCodeView, LogoutView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.webauthn.views import ReauthenticateWebAuthnView, login_webauthn
from django.http import HttpResponseBase
from django.urls import path

from confrere.people import views
from confrere.people.rules import open_to_newcomers, open_to_strangers
from confrere.people.views.door import mine


def page(view: Any, template: str) -> Callable[..., HttpResponseBase]:
    """A page of the library with our words and look."""
    return cast("Callable[..., HttpResponseBase]", view.as_view(template_name=f"people/{template}.html"))


sign_in = open_to_strangers(page(views.SignIn, "sign_in"))
urlpatterns = [
    path("login/", sign_in, name="account_login"),
    path("login/", sign_in, name="account_request_login_code"),
    path("login/code/", open_to_strangers(page(ConfirmLoginCodeView, "code")), name="account_confirm_login_code"),
    path("login/newcomer/", views.newcomer, name="newcomer_code"),
    path("login/passkey/", open_to_strangers(login_webauthn), name="mfa_login_webauthn"),
    path("login/passkey/second/", open_to_strangers(page(AuthenticateView, "second")), name="mfa_authenticate"),
    path("logout/", open_to_strangers(page(LogoutView, "sign_out")), name="account_logout"),
    path("closed/", open_to_strangers(page(AccountInactiveView, "closed")), name="account_inactive"),
    path("passkeys/add/", open_to_newcomers(page(views.AddPasskey, "add_passkey")), name="mfa_add_webauthn"),
    path(
        "passkeys/prove/",
        open_to_newcomers(page(ReauthenticateWebAuthnView, "prove")),
        name="mfa_reauthenticate_webauthn",
    ),
    path("passkeys/<int:passkey>/remove/", views.remove_passkey, name="remove_passkey"),
    path("verification/", mine, name="my_verification"),
    path("everywhere/", views.sign_out_everywhere, name="sign_out_everywhere"),
    path("", views.account, name="account"),
    path("", views.account, name="mfa_index"),
]
