"""What people type in this room: a coach's page, hours, a choice of time, three answers."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from confrere.coaching.actions import spans_offered
from confrere.coaching.clock import YEARS, Fold
from confrere.coaching.models import COST_CENTRE, Area, Coach, Said, Theme
from confrere.coaching.rules import MOST_TIMES, MOST_WEEKS
from confrere.coaching.states import STATES
from confrere.vault.refusals import Refusal

WEEKS = (
    (1, _("This day only")),
    (4, _("Every week, 4 times")),
    (8, _("Every week, 8 times")),
    (13, _("Every week, 13 times")),
    (26, _("Every week, 26 times")),
    (52, _("Every week for a year")),
)


class PageForm(forms.Form):
    biography = forms.CharField(
        label=_("About you"),
        help_text=_("A few lines: your work, and what you coach."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    focus = forms.CharField(label=_("What you are asked about most"), max_length=200, required=False)
    areas = forms.MultipleChoiceField(
        label=_("What you like to work on"),
        help_text=_("Participants look for coaches by these."),
        choices=Area.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    languages = forms.CharField(
        label=_("Languages"), help_text=_("With commas between them, such as English, Spanish."), max_length=200
    )
    video_link = forms.URLField(
        label=_("Video link"),
        help_text=_("Your own room. It is shown with your booked sessions."),
        max_length=Coach._meta.get_field("video_link").max_length,
        required=False,
    )
    phone = forms.CharField(label=_("Telephone"), max_length=32, required=False)
    capacity = forms.IntegerField(label=_("How many participants do you take?"), min_value=1, max_value=100, initial=7)
    division = forms.CharField(
        label=_("Your division"),
        help_text=_("Whoever says that they work in it too is not offered your page."),
        max_length=80,
        required=False,
    )
    reports_to = forms.CharField(
        label=_("Whom you report to"),
        help_text=_("A name. That person, and whoever says that they report to them or to you, is not offered it."),
        max_length=80,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if not self.errors and not cleaned["video_link"] and not cleaned["phone"]:
            self.add_error("video_link", _("Give a video link or a telephone number, so that you can be reached."))
        return cleaned


def check_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(_now("There is no such clock. Write it like America/New_York or Europe/Zurich."))


class HoursForm(forms.Form):
    on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    starts = forms.TimeField(label=_("From"), widget=forms.TimeInput(attrs={"type": "time"}))
    ends = forms.TimeField(label=_("Until"), widget=forms.TimeInput(attrs={"type": "time"}))
    zone = forms.CharField(
        label=_("By the clock of"), max_length=64, validators=[check_zone], help_text=_("Yours, unless you travel.")
    )
    weeks = forms.TypedChoiceField(label=_("How often"), choices=WEEKS, coerce=int, initial=1)
    fold = forms.TypedChoiceField(
        label=_("Which of the two"),
        help_text=_("On that night the clocks go back, and this hour comes twice."),
        choices=((0, _("The first, before the clocks go back")), (1, _("The second, after they went back"))),
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def asks_fold(self) -> bool:
        """Whether the page must ask which of two equal hours is meant."""
        return self.is_bound and ("fold" in self.errors or bool(self.data.get("fold")))

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if on.year not in YEARS:
            raise ValidationError(_("Choose a nearer day."))
        return on

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if not self.errors:
            try:
                spans_offered(now=self.now, **cleaned)
            except Refusal as refusal:
                self.add_error("fold" if isinstance(refusal.__cause__, Fold) else "starts", refusal.sentence)
        return cleaned


class GrantForm(forms.Form):
    """Sessions for somebody, outside any study."""

    person = forms.TypedChoiceField(label=_("For whom"), coerce=int)
    sessions = forms.IntegerField(label=_("How many sessions"), min_value=1, max_value=12, initial=6)
    minutes = forms.IntegerField(label=_("Minutes of each"), min_value=15, max_value=240, initial=60)
    first = forms.IntegerField(
        label=_("Minutes of the first, if it is longer"),
        help_text=_(
            "In the trial that this software follows: six sessions, the first of 90 minutes, the others of 60."
        ),
        min_value=15,
        max_value=240,
        required=False,
    )
    until = forms.DateField(label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, people: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = people  # type: ignore[attr-defined]  # a choice field

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if until.year not in YEARS:
            raise ValidationError(_now("Choose a nearer day."))
        return until


class RateForm(forms.Form):
    """What an hour and the training are worth from a day on."""

    since = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    hourly = forms.DecimalField(label=_("For a coached hour"), min_value=0, max_value=9999, decimal_places=2)
    stipend = forms.DecimalField(
        label=_("For training and certification, once"), min_value=0, max_value=99_999, decimal_places=2
    )
    group_hourly = forms.DecimalField(
        label=_("For an hour with a group"),
        help_text=_("Leave it empty where it is worth what any coached hour is."),
        min_value=0,
        max_value=9999,
        decimal_places=2,
        required=False,
    )
    supervision_hourly = forms.DecimalField(
        label=_("For an hour of supervision, to each coach in it"),
        help_text=_("0: the hour stands in the coach's log and is not paid."),
        min_value=0,
        max_value=9999,
        decimal_places=2,
        required=False,
    )
    currency = forms.RegexField(
        "^[A-Z]{3}$",
        label=_("Currency"),
        initial="USD",
        error_messages={"invalid": _("Write the three letters of the currency, such as USD.")},
    )
    cost_centre = forms.RegexField(
        COST_CENTRE,
        label=_("Cost centre"),
        required=False,
        error_messages={"invalid": _("Use letters, figures, spaces and . / _ - only, 40 at most.")},
    )

    def clean_since(self) -> date:
        since: date = self.cleaned_data["since"]
        if since.year not in YEARS:
            raise ValidationError(_now("Choose a nearer day."))
        return since

    def clean_supervision_hourly(self) -> Decimal:
        return self.cleaned_data["supervision_hourly"] or Decimal(0)


class ThemesForm(forms.Form):
    themes = forms.MultipleChoiceField(
        label=_("Themes"),
        choices=Theme.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None is an answer, too: nothing stood out."),
    )


class TimeForm(forms.Form):
    """A chosen start (an instant in ISO form) and the form's own number."""

    start = forms.DateTimeField(error_messages={"required": _("Choose a time."), "invalid": _("Choose a time.")})
    key = forms.UUIDField(
        error_messages={"required": _("Open this page again."), "invalid": _("Open this page again.")}
    )

    times = forms.IntegerField(min_value=1, max_value=MOST_TIMES, required=False)
    weeks = forms.IntegerField(min_value=1, max_value=MOST_WEEKS, required=False)

    def clean_times(self) -> int:
        return self.cleaned_data["times"] or 1

    def clean_weeks(self) -> int:
        return self.cleaned_data["weeks"] or 1

    def clean_start(self) -> datetime:
        start: datetime = self.cleaned_data["start"]
        if start.year not in YEARS:
            raise ValidationError(self.fields["start"].error_messages["invalid"])
        return start.astimezone(UTC)  # the database takes no distance from UTC over 16 hours

    def first_error(self) -> str:
        """One sentence for a form that has one question."""
        return next(str(error) for errors in self.errors.values() for error in errors)


class SaidForm(forms.Form):
    said = forms.TypedChoiceField(
        choices=[(said.value, said.label) for said in Said if said is not Said.NOTHING], coerce=Said
    )


class ExtendForm(forms.Form):
    """Until when a grant shall last."""

    until = forms.DateField(label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}))

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if until.year not in YEARS:
            raise ValidationError(_now("Choose a nearer day."))
        return until


class LimitsForm(forms.Form):
    """Counsel's wording, for a state."""

    state = forms.ChoiceField(label=_("Where it holds"), choices=STATES, required=False)
    text = forms.CharField(
        label=_("The text, as your counsel has approved it"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 14}),
    )
    after = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class WordingForm(forms.Form):
    """Which wording somebody has read: its number, or nothing for the general one."""

    limits = forms.IntegerField(required=False)
