"""What is typed about coaches: invitations, days, certificates, the agreement."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from confrere.coaching.clock import YEARS
from confrere.coaching.models import Certificate, Complaint


def day_field(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}), **more)


def near(day: date) -> date:
    """A day that a calendar can be asked about."""
    if day.year not in YEARS:
        raise ValidationError(_("Choose a nearer day."))
    return day


class InviteForm(forms.Form):
    coach = forms.TypedChoiceField(label=_("Who"), coerce=int)

    def __init__(self, *args: Any, people: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["coach"].choices = people  # type: ignore[attr-defined]  # a choice field


class AgreementForm(forms.Form):
    text = forms.CharField(label=_("What coaches sign"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 16}))

    def clean_text(self) -> str:
        """Lines end the same way, whatever the browser sends: the check sum is over the text."""
        text: str = self.cleaned_data["text"]
        return text.replace("\r\n", "\n").strip()


class SignForm(forms.Form):
    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)
    agreed = forms.BooleanField(label=_("I have read it, and I agree"))


class TrainingForm(forms.Form):
    on = forms.CharField(
        label=_("Days of the training"),
        help_text=_("One a line, such as 2026-03-14."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean_on(self) -> list[date]:
        words = re.split(r"[\s,;]+", self.cleaned_data["on"].strip())
        try:
            return [near(date.fromisoformat(word)) for word in words]
        except ValueError:
            raise ValidationError(_("Write each day like 2026-03-14, one a line.")) from None


class CertificateForm(forms.Form):
    certificate = forms.TypedChoiceField(label=_("Certificate"), choices=Certificate.choices, coerce=Certificate)
    certified_on = day_field(_("Given on"))
    expires_on = day_field(_("Counts until"))

    def clean_certified_on(self) -> date:
        return near(self.cleaned_data["certified_on"])

    def clean_expires_on(self) -> date:
        return near(self.cleaned_data["expires_on"])


class SupervisionForm(forms.Form):
    on = day_field(_("Day of the supervision"))

    def clean_on(self) -> date:
        return near(self.cleaned_data["on"])


class ComplaintForm(forms.Form):
    kind = forms.TypedChoiceField(
        label=_("What a complaint is about"),
        help_text=_("Only the kind is kept here. What was said, and by whom, belongs into your own files."),
        choices=Complaint.Kind.choices,
        coerce=Complaint.Kind,
    )
