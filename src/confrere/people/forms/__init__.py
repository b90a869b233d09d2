import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as webauthn
from cryptography.exceptions import InvalidSignature
from django import forms
from django.utils.translation import gettext_lazy as _

from confrere.people import checks
from confrere.people.actions.counting import check_count


def zones() -> list[tuple[str, str]]:
    """Time zones as people read them."""
    return [(zone, zone.replace("_", " ")) for zone in checks.zones()]


class AccountForm(forms.Form):
    """What a person says about themselves."""

    name = forms.CharField(label=_("Name"), max_length=200, help_text=_("As colleagues call you."))
    zone = forms.ChoiceField(
        label=_("Time zone"), choices=zones, help_text=_("Every time you read is shown on this clock.")
    )
    quiet_from = forms.TimeField(
        label=_("Quiet from"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    quiet_until = forms.TimeField(
        label=_("Quiet until"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("Between the two, nothing is sent to you that can wait."),
    )


class NewcomerCodeForm(forms.Form):
    """The code that was mailed to an address."""

    code = forms.CharField(
        label=_("Code"),
        max_length=32,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
    )


@contextmanager
def _calmly() -> Iterator[None]:
    """The library that reads a passkey's answer stumbles over some malformed ones; all of them are refused alike."""
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError, struct.error, InvalidSignature):
        raise get_adapter().validation_error("incorrect_code") from None


class PasskeyAnswer(forms.JSONField):
    """What a browser's authenticator sends; nesting and numbers beyond reason are malformed like anything else."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except (ValueError, RecursionError):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None


class AddPasskeyForm(webauthn.AddWebAuthnForm):
    credential = PasskeyAnswer(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        with _calmly():
            return super().clean()


class LoginPasskeyForm(webauthn.LoginWebAuthnForm):
    credential = PasskeyAnswer(widget=forms.HiddenInput)

    def clean_credential(self) -> Authenticator:
        with _calmly():
            passkey = super().clean_credential()
        check_count(passkey=passkey, answer=self.cleaned_data["credential"])
        return passkey


class SecondPasskeyForm(webauthn.AuthenticateWebAuthnForm):
    credential = PasskeyAnswer(widget=forms.HiddenInput)

    def clean_credential(self) -> Authenticator:
        with _calmly():
            passkey = super().clean_credential()
        check_count(passkey=passkey, answer=self.cleaned_data["credential"])
        return passkey


class ProvePasskeyForm(webauthn.ReauthenticateWebAuthnForm):
    credential = PasskeyAnswer(widget=forms.HiddenInput)

    def clean_credential(self) -> Authenticator:
        with _calmly():
            passkey = super().clean_credential()
        check_count(passkey=passkey, answer=self.cleaned_data["credential"])
        return passkey
