"""What directors and those who ask type."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from confrere.science import instruments
from confrere.service.states import IntakeKind, Order


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PlanForm(forms.Form):
    """What one person gets, how places are given, what is asked."""

    title = forms.CharField(label=_("Name of the service"), max_length=200)
    minutes = forms.CharField(
        label=_("Minutes of each session"),
        help_text=_("One number a session, such as 90, 60, 60, 60, 60, 60."),
        max_length=200,
    )
    window_days = forms.IntegerField(
        label=_("Days within which they lie"), min_value=1, max_value=3660, help_text=_("Three months are 91 days.")
    )
    intake = forms.ChoiceField(label=_("How people come in"), choices=IntakeKind.choices, widget=forms.RadioSelect)
    order = forms.ChoiceField(label=_("Who gets a place"), choices=Order.choices, widget=forms.RadioSelect)
    offer_days = forms.IntegerField(
        label=_("Days for which a free place is kept for the next in line"), min_value=1, max_value=60
    )
    instruments = forms.MultipleChoiceField(
        label=_("What is asked before and after"),
        help_text=_("Nothing need be asked. Licensed wording comes from your site's text packs."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    questionnaire = forms.ChoiceField(label=_("Or one of your published questionnaires"), required=False)

    def __init__(self, *args: Any, questionnaires: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(scale.id, scale.title) for scale in instruments.registry().values() if scale.known]
        self.fields["instruments"].choices = known  # type: ignore[attr-defined]  # a choice field has choices
        none = [("", _("None: ask the instruments above, or nothing"))]
        self.fields["questionnaire"].choices = [*none, *questionnaires.items()]  # type: ignore[attr-defined]  # as above

    def clean_minutes(self) -> list[int]:
        """The minutes as numbers."""
        parts = [part for part in re.split(r"[,;\s]+", self.cleaned_data["minutes"]) if part]
        if not parts or len(parts) > 60 or not all(re.fullmatch(r"[0-9]{1,3}", part) for part in parts):
            raise forms.ValidationError(_("Write one number of minutes a session, with commas between them."))
        return [int(part) for part in parts]


class TermsForm(forms.Form):
    """What people agree to."""

    text = forms.CharField(
        label=_("What people agree to"),
        widget=forms.Textarea(attrs={"rows": 16}),
        max_length=20_000,
        help_text=_(
            "What they get, who sees what, how long it is kept, how they stop. Your counsel may want to read it."
        ),
    )


class IntakeForm(forms.Form):
    """A rolling intake: from when, and how many coach hours there are at a time."""

    opens_on = forms.DateField(label=_("People can ask from"), widget=_day())
    coach_hours = forms.IntegerField(
        label=_("Coach hours"),
        min_value=1,
        max_value=1_000_000,
        help_text=_("All hours that your coaches can give within one person's window of days."),
    )


class CohortForm(IntakeForm):
    """A cohort: it opens, closes and starts."""

    closes_on = forms.DateField(label=_("Last day of asking"), widget=_day())
    starts_on = forms.DateField(label=_("Coaching starts on"), widget=_day())
    field_order = ("opens_on", "closes_on", "starts_on", "coach_hours")


class SaidForm(forms.Form):
    """The public contribution to a draw."""

    said = forms.CharField(
        label=_("A sentence that nobody could know before"),
        min_length=20,
        max_length=500,
        help_text=_("Such as today's first headline of a newspaper, with its date."),
    )


class EndForm(forms.Form):
    """The programme's last day."""

    ends_on = forms.DateField(label=_("Last day of the programme"), widget=_day())


class JoinForm(forms.Form):
    """A stranger who followed the link."""

    name = forms.CharField(label=_("Your name"), max_length=200)
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("We send a code to it. Use the one you read at work."),
        max_length=254,
    )


class AgreeForm(forms.Form):
    """A signature under the text on the screen: which text it was travels with it."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)
    name = forms.CharField(label=_("Your full name, as your signature"), max_length=200)
    agreed = forms.BooleanField(label=_("I have read this and agree"))
