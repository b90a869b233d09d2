"""What strangers and participants type: an address, a signature."""

from django import forms
from django.utils.translation import gettext_lazy as _


class JoinForm(forms.Form):
    """A stranger who followed the recruitment link."""

    name = forms.CharField(label=_("Your name"), max_length=200)
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("We send a code to it. Use the one you read at work."),
        max_length=254,
    )


class ConsentForm(forms.Form):
    """A signature under the text on the screen: which text it was travels with it."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)
    name = forms.CharField(label=_("Your full name, as your signature"), max_length=200)
    agreed = forms.BooleanField(label=_("I have read this and agree"))


class AnnouncementForm(forms.Form):
    """How many addresses an announcement went to."""

    addresses = forms.IntegerField(label=_("To how many addresses did it go?"), min_value=1, max_value=1_000_000)
