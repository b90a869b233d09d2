"""What is typed about hours: a coach's rules, days away, holidays, the address of another calendar."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from confrere.coaching.roster_forms import day_field, near

BUFFERS = ((0, _("None")), (10, _("10 minutes")), (15, _("15 minutes")), (30, _("30 minutes")), (60, _("An hour")))
NOTICES = (
    (2, _("2 hours")),
    (12, _("12 hours")),
    (24, _("A day")),
    (48, _("Two days")),
    (168, _("A week")),
)


class RulesForm(forms.Form):
    """What a coach asks of bookings."""

    buffer = forms.TypedChoiceField(label=_("Free time before and after a session"), choices=BUFFERS, coerce=int)
    notice = forms.TypedChoiceField(label=_("Booked at least before the start"), choices=NOTICES, coerce=int)
    daily = forms.IntegerField(
        label=_("The most sessions on one day"),
        help_text=_("Leave it empty for no limit."),
        min_value=1,
        max_value=12,
        required=False,
    )


class AwayForm(forms.Form):
    """Days on which nobody books."""

    first = day_field(_("First day"))
    last = day_field(_("Last day"), required=False)

    def clean_first(self) -> date:
        return near(self.cleaned_data["first"])

    def clean_last(self) -> date | None:
        last: date | None = self.cleaned_data["last"]
        return None if last is None else near(last)

    def clean(self) -> dict[str, Any]:
        """One day, where no last one was given."""
        cleaned = self.cleaned_data
        cleaned["last"] = cleaned.get("last") or cleaned.get("first")
        return cleaned


class CalendarForm(forms.Form):
    """Where another calendar is fetched."""

    address = forms.CharField(
        label=_("The calendar's private address"),
        help_text=_("It begins with https:// and ends most often with .ics. Whoever knows it can read that calendar."),
        max_length=2000,
    )

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"].strip()
        address = "https://" + address.removeprefix("webcal://") if address.startswith("webcal://") else address
        if not address.startswith("https://") or any(each.isspace() for each in address):
            raise ValidationError(_("Give an address that begins with https:// (or webcal://)."))
        return address
