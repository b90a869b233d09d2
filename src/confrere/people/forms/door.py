"""Four short steps: each asks one thing, checks it at once, and carries on what was said before."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from confrere.people import specialties
from confrere.people.registers.npi import check_npi
from confrere.people.rules.claims import UNITED_STATES
from confrere.vault.refusals import Refusal

_PLAIN = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}


class NameStep(forms.Form):
    """Who: as the register spells it."""

    given = forms.CharField(
        label=_("First name"), max_length=100, required=False, widget=forms.TextInput({"autocomplete": "given-name"})
    )
    family = forms.CharField(
        label=_("Last name"),
        max_length=100,
        help_text=_("As the register has them. Accents, hyphens and the order do not matter."),
        widget=forms.TextInput({"autocomplete": "family-name"}),
    )


class NumberStep(forms.Form):
    """Which number of which register."""

    register = forms.ChoiceField(label=_("Register"))
    number = forms.CharField(
        label=_("Your number in the register"),
        max_length=64,
        help_text=_("In the United States your NPI, ten digits. Numbers are public; this alone opens nothing."),
        widget=forms.TextInput({**_PLAIN, "inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, registers: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["register"]
        assert isinstance(field, forms.ChoiceField)
        titles: dict[str, str | Promise] = {UNITED_STATES: _("United States (NPPES)")}
        field.choices = [(slug, titles.get(slug, slug)) for slug in registers]
        if len(registers) == 1:
            field.widget = forms.HiddenInput()
            field.initial = registers[0]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("register") == UNITED_STATES and "number" in said:
            try:
                said["number"] = check_npi(said["number"])
            except Refusal as no:
                self.add_error("number", no.sentence)
        return said


class LicenceStep(forms.Form):
    """Which licence; those in training have none yet."""

    jurisdiction = forms.CharField(
        label=_("State of your licence"),
        max_length=16,
        required=False,
        help_text=_("Two letters. Leave both empty while you are in training, or outside the United States."),
        widget=forms.TextInput(_PLAIN),
    )
    licence = forms.CharField(label=_("Licence number"), max_length=32, required=False, widget=forms.TextInput(_PLAIN))
    specialty = forms.ChoiceField(
        label=_("Your field"),
        required=False,
        choices=lambda: [("", _("As the register says")), *specialties.labels().items()],
        help_text=_("Counts only where the register does not say it, as for those in training."),
    )

    def clean_jurisdiction(self) -> str:
        return str(self.cleaned_data["jurisdiction"]).strip().upper()


class BadgeForm(forms.Form):
    """Two pictures, taken with a telephone."""

    badge = forms.FileField(
        label=_("Your badge"),
        help_text=_("Name and institution readable. Cover any other number with a finger."),
        widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp", "capture": "environment"}),
    )
    face = forms.FileField(
        label=_("Your face, with the badge beside it"),
        widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp", "capture": "user"}),
    )


class RosterForm(forms.Form):
    """The institution's list."""

    file = forms.FileField(
        label=_("List of physicians"),
        help_text=_(
            "CSV with the columns email, last name, first name and, if you have it, npi. It replaces the list."
        ),
        widget=forms.FileInput({"accept": ".csv,text/csv"}),
    )
