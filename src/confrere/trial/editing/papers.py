"""Forms beside the steps: how to begin, the text itself, the reason of an amendment, the board's papers."""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LARGEST = 400_000
"""Bytes of an uploaded protocol."""


class BeginForm(forms.Form):
    """A protocol that comes with the product, or a file."""

    FROM: ClassVar = [
        ("kiser2024", gettext_lazy("Kiser 2024: peer coaching, coaching now or after three months")),
        ("dyrbye2019", gettext_lazy("Dyrbye 2019: outside coaches, coaching or none")),
        ("file", gettext_lazy("A file of my own (TOML)")),
    ]

    begin = forms.ChoiceField(label=gettext_lazy("Begin with"), choices=FROM, widget=forms.RadioSelect)
    file = forms.FileField(label=gettext_lazy("The file"), required=False, allow_empty_file=True)

    def clean(self) -> dict[str, Any]:
        file = self.cleaned_data.get("file")
        if self.cleaned_data.get("begin") == "file":
            if file is None:
                self.add_error("file", _("Choose the file."))
            else:
                self.cleaned_data["own"] = self._read(file)
        return self.cleaned_data

    def _read(self, file: Any) -> str:
        try:
            return str(file.read(LARGEST + 1)[:LARGEST].decode("utf-8-sig")).replace("\r\n", "\n")
        except UnicodeDecodeError:
            self.add_error("file", _("This is not a text file in UTF-8."))
            return ""

    def text(self, shipped: Callable[[str], str]) -> str:
        """The text that was chosen."""
        chosen = self.cleaned_data["begin"]
        return str(self.cleaned_data["own"]) if chosen == "file" else shipped(chosen)


class TextForm(forms.Form):
    """The protocol as text, and the version that was before the writer's eyes."""

    text = forms.CharField(
        label=gettext_lazy("The protocol as text (TOML)"),
        strip=False,
        required=False,
        widget=forms.Textarea(attrs={"rows": 30, "spellcheck": "false", "class": "code"}),
    )
    after = forms.IntegerField(min_value=0, max_value=10**9, widget=forms.HiddenInput)

    def clean_text(self) -> str:
        """Browsers send the line ends of the network; files here have plain ones."""
        return str(self.cleaned_data["text"]).replace("\r\n", "\n")


class AmendForm(forms.Form):
    """Why a locked protocol changes."""

    why = forms.CharField(
        label=gettext_lazy("Why the protocol changes"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It stands in the log of changes, with your name and the day."),
    )
    reference = forms.CharField(
        label=gettext_lazy("Reference of the review board's approval"), max_length=100, required=False
    )


class StampedForm(forms.Form):
    """The file that the board stamped."""

    file = forms.FileField(
        label=gettext_lazy("The stamped consent (PDF)"), help_text=gettext_lazy("It is kept as it is, with its hash.")
    )


class EventForm(forms.Form):
    """That something was reported: a number and a day, nothing about anyone."""

    reference = forms.CharField(
        label=gettext_lazy("Reference number"),
        max_length=100,
        help_text=gettext_lazy("The board's number. What happened, and to whom, stands with the board, not here."),
    )
    reported_on = forms.DateField(
        label=gettext_lazy("Reported on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean_reference(self) -> str:
        """One line."""
        if "\n" in self.cleaned_data["reference"]:
            raise ValidationError(_("One line is enough."))
        return str(self.cleaned_data["reference"])
