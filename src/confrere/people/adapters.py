"""What the sign-in library asks of us: where its letters go, what it may say, what a passkey is bound to."""

import secrets
from typing import Any, override

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from confrere.post.actions import send

_NOT_ACCEPTED = _("This passkey was not accepted. Try again, or use another way to sign in.")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {  # noqa: RUF012  # the library reads it from the class
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": _("This code is not right, or it has been used. Look at the newest letter."),
        "too_many_login_attempts": _("Too many attempts. Wait a few minutes, then ask for a new code."),
        "rate_limited": _("Too many requests. Wait a few minutes, then try again."),
    }

    @override
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by programmes, never by passers-by."""
        return False

    @override
    def is_safe_url(self, url: str | None) -> bool:
        """Only addresses of this server; one that is no address at all is none of them."""
        try:
            return bool(url and super().is_safe_url(url))
        except ValueError:
            return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put the library's letter into the outbox; each is an event of its own."""
        context = {**context, "host": settings.HOST}
        letter = f"people/letters/{template_prefix.rpartition('/')[2]}"
        send(
            to=email,
            subject=render_to_string(f"{letter}_subject.txt", context).strip(),
            body=render_to_string(f"{letter}_message.txt", context),
            event=f"{letter} {secrets.token_hex(16)}",
            programme=None,
            now=timezone.now(),
            urgent=True,
        )

    @override
    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: Any = None,
    ) -> None:
        """Keep what went wrong; the library's cheerful rest is said by our pages, or not at all."""
        if level >= messages.ERROR and message is not None:
            messages.add_message(request, level, message, extra_tags=extra_tags)


class PasskeyAdapter(DefaultMFAAdapter):
    error_messages = {  # noqa: RUF012  # the library reads it from the class
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _NOT_ACCEPTED,
    }

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Passkeys are bound to the site's one host name, whatever the request says."""
        return {"id": settings.HOST, "name": "confrère"}

    @override
    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        """A name until the person gives a better one."""
        made = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("Passkey %(number)d") % {"number": made + 1}
