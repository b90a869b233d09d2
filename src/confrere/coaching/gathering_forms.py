"""What is typed about group sessions and supervision: when, how long, for how many; which coaches."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from confrere.coaching.clock import Gap, Unclear, instant
from confrere.coaching.gathering_rules import LENGTHS, PLACES
from confrere.coaching.roster_forms import day_field, near


class WhenForm(forms.Form):
    """A time on the wall of whoever types it, as an instant."""

    on = day_field(_("Day"))
    starts = forms.TimeField(label=_("From"), widget=forms.TimeInput(attrs={"type": "time"}))
    minutes = forms.TypedChoiceField(label=_("Minutes"), choices=[(each, each) for each in LENGTHS], coerce=int)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if not self.errors:
            wall = datetime.combine(near(cleaned.pop("on")), cleaned.pop("starts"))
            try:
                cleaned["start"] = instant(wall, zone=self.zone)
            except Gap:
                self.add_error("starts", _now("The clocks jump over this time on that day. Choose another one."))
            except Unclear:
                self.add_error("starts", _now("This time comes twice on that day. Choose another one."))
        return cleaned


class GroupForm(WhenForm):
    places = forms.IntegerField(
        label=_("Places"), min_value=PLACES[0], max_value=PLACES[-1], initial=6, help_text=_("Beside yourself.")
    )


class SupervisionForm(WhenForm):
    circle = forms.TypedChoiceField(label=_("Which group"), coerce=int)

    def __init__(self, *args: Any, circles: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["circle"].choices = list(circles)  # type: ignore[attr-defined]  # a choice field


class CircleForm(forms.Form):
    supervisor = forms.TypedChoiceField(label=_("Supervisor"), coerce=int)
    members = forms.TypedMultipleChoiceField(
        label=_("Coaches in the group"), coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, coaches: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("supervisor", "members"):
            self.fields[name].choices = list(coaches)  # type: ignore[attr-defined]  # a choice field
