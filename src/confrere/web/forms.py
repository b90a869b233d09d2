from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

DEVICE = "device"


class AppearanceForm(forms.Form):
    """Light or dark, and the language: kept in two cookies and nowhere else."""

    theme = forms.ChoiceField(
        label=_("Light or dark"),
        choices=((DEVICE, _("As my device")), ("light", _("Light")), ("dark", _("Dark"))),
        widget=forms.RadioSelect,
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, widget=forms.RadioSelect)
