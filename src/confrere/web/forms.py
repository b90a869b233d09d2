from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from confrere.vault.classification import classes, holdable

DEVICE = "device"


class AppearanceForm(forms.Form):
    """Light or dark, and the language: kept in two cookies and nowhere else."""

    theme = forms.ChoiceField(
        label=_("Light or dark"),
        choices=((DEVICE, _("As my device")), ("light", _("Light")), ("dark", _("Dark"))),
        widget=forms.RadioSelect,
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, widget=forms.RadioSelect)


class EndForm(forms.Form):
    """The last day of a programme."""

    ends_on = forms.DateField(label=_("Last day of the programme"), widget=forms.DateInput(attrs={"type": "date"}))


def kept_in_words() -> list[tuple[str, str]]:
    """The classes that a hold can pause."""
    return [(name, classes()[name].title) for name in holdable()]


class CheckForm(forms.Form):
    """A signed sheet, pasted whole."""

    text = forms.CharField(label=_("The sheet, whole"), strip=False, widget=forms.Textarea(attrs={"rows": 12}))


class MailForm(forms.Form):
    """A first question, which goes out by e-mail in the same moment."""

    address = forms.EmailField(label=_("Where the answer goes"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    text = forms.CharField(
        label=_("Your question"),
        max_length=5000,
        help_text=_("Nothing that you would not write in any e-mail."),
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off", "spellcheck": "false"}),
    )


class HoldForm(forms.Form):
    """What is to be kept longer, and why."""

    classes = forms.MultipleChoiceField(
        label=_("What is kept"), choices=kept_in_words, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(
        label=_("Why"), max_length=500, help_text=_("Names of people do not belong here; a file number does.")
    )
