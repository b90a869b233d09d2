from django import forms
from django.utils.translation import gettext_lazy as _

from confrere.lounge.models import Token
from confrere.lounge.models.interface import Scope


class HookForm(forms.Form):
    """An address of the member's own."""

    url = forms.URLField(
        label=_("Address that is called"),
        help_text=_("It begins with https:// and everybody on the internet can reach it."),
        max_length=300,
        assume_scheme="https",
        widget=forms.URLInput({"autocomplete": "off", "spellcheck": "false"}),
    )


class TokenForm(forms.Form):
    """A key for a program."""

    name = forms.CharField(label=_("What it is for"), max_length=Token._meta.get_field("name").max_length)
    scopes = forms.MultipleChoiceField(
        label=_("What it opens"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    days = forms.IntegerField(
        label=_("Ends after so many days"), help_text=_("90 at most."), min_value=1, max_value=90, initial=30
    )
