"""A form for each kind of table in a protocol. Field names are places: ``recruitment__cap`` is [recruitment] cap."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from confrere.analysis.errors import nearest
from confrere.science.instruments import registry
from confrere.trial.editing.fields import (
    DayField,
    LinesField,
    NameField,
    NumberField,
    NumbersField,
    OptionsField,
)
from confrere.trial.editing.tables import Choices, Data, TableForm, choices, named


class TrialForm(TableForm):
    trial__id = NameField(label=gettext_lazy("Short name of the trial"), help_text=gettext_lazy("Such as kiser2024."))
    trial__title = forms.CharField(label=gettext_lazy("Title"), max_length=300)
    trial__source = forms.CharField(
        label=gettext_lazy("Where it comes from"),
        max_length=500,
        help_text=gettext_lazy("A paper, a grant, your own programme."),
    )
    trial__registration = forms.CharField(
        label=gettext_lazy("Registration number"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Such as NCT05036993."),
    )
    trial__registered = DayField(label=gettext_lazy("Registered on"), required=False)
    trial__funder = forms.CharField(label=gettext_lazy("Funder"), max_length=300, required=False)
    trial__sites = LinesField(label=gettext_lazy("Sites, one a line"), required=False)
    trial__assumptions = LinesField(label=gettext_lazy("What you assume, one sentence a line"), rows=6, required=False)
    trial__unknown = LinesField(label=gettext_lazy("What is not known, one sentence a line"), rows=4, required=False)


class ArmForm(TableForm):
    absent: ClassVar[Mapping[str, Any]] = {"ratio": 1, "control": False}

    name = NameField(label=gettext_lazy("Short name of the arm"))
    title = forms.CharField(label=gettext_lazy("What people read"), max_length=200)
    ratio = forms.IntegerField(
        label=gettext_lazy("Share in the draw"),
        min_value=1,
        max_value=100,
        help_text=gettext_lazy("1 beside 1 is half and half; 2 beside 1 gets two of three."),
    )
    control = forms.BooleanField(label=gettext_lazy("The others are compared with this arm (control)"), required=False)
    coaching_after = NameField(
        label=gettext_lazy("Coaching starts after the wave"),
        required=False,
        help_text=gettext_lazy(
            "The short name of a later wave, such as month3. Empty: at once, or never if it is the control."
        ),
    )


class QuestionForm(TableForm):
    absent: ClassVar[Mapping[str, Any]] = {"kind": "choice", "required": True}
    KINDS: ClassVar[Choices] = [
        ("choice", gettext_lazy("One answer")),
        ("choices", gettext_lazy("Several answers")),
        ("number", gettext_lazy("A number")),
    ]

    name = NameField(label=gettext_lazy("Short name of the question"))
    text = forms.CharField(label=gettext_lazy("The question"), max_length=500)
    kind = forms.ChoiceField(label=gettext_lazy("How it is answered"), choices=KINDS, widget=forms.RadioSelect)
    options = OptionsField(
        label=gettext_lazy("Answers, one a line"),
        required=False,
        help_text=gettext_lazy("Such as: very_good = Very good. Without a code, one is made of the words."),
    )
    low = NumberField(label=gettext_lazy("Lowest number"), required=False)
    high = NumberField(label=gettext_lazy("Highest number"), required=False)
    section = forms.CharField(label=gettext_lazy("Heading above it"), max_length=100, required=False)
    required = forms.BooleanField(label=gettext_lazy("An answer is needed"), required=False)
    arms = forms.MultipleChoiceField(
        label=gettext_lazy("Asked only in these arms"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def prepare(self, data: Data) -> None:
        choices(self, "arms", [(arm, arm) for arm in named(data, "arms")])

    def clean(self) -> Data:
        kind = self.cleaned_data.get("kind")
        for other in ("options",) if kind == "number" else ("low", "high"):
            self.cleaned_data[other] = None
        options = self.cleaned_data.get("options")
        if kind != "number" and options is not None and len(options) < 2:  # a choice
            self.add_error("options", _("Two or more answers are needed."))
        return self.cleaned_data


class WaveForm(TableForm):
    name = NameField(label=gettext_lazy("Short name of the wave"))
    title = forms.CharField(label=gettext_lazy("What people read"), max_length=200)
    offset_days = forms.IntegerField(
        label=gettext_lazy("Opens on day"),
        min_value=0,
        max_value=3660,
        help_text=gettext_lazy("Counted from the draw. The first wave, before it, is day 0."),
    )
    window_days = forms.IntegerField(label=gettext_lazy("Stays open for days"), min_value=1, max_value=3660)
    instruments = LinesField(
        label=gettext_lazy("Instruments, in the order in which they are asked"), rows=6, required=False
    )
    questions = LinesField(label=gettext_lazy("Own questions, in their order"), rows=6, required=False)
    reminders = NumbersField(
        label=gettext_lazy("Reminders, days after it opens"),
        required=False,
        help_text=gettext_lazy("Up to five, such as 7, 14, 21. Empty: as the programme reminds."),
    )
    after = forms.ChoiceField(
        label=gettext_lazy("Days count from"),
        required=False,
        choices=[
            ("allocation", gettext_lazy("the draw")),
            ("first_session", gettext_lazy("the first session, where coaching starts at once")),
        ],
    )
    latest_days = forms.IntegerField(
        label=gettext_lazy("Opens at the latest on day"),
        required=False,
        min_value=1,
        max_value=3660,
        help_text=gettext_lazy("Counted from the draw, for who held no session. Only after the first session."),
    )
    absent: ClassVar[Mapping[str, Any]] = {"after": "allocation"}

    def prepare(self, data: Data) -> None:
        known = [one.id for one in registry().values() if one.known]
        self.known = {"instruments": known, "questions": named(data, "questions")}
        self.fields["instruments"].help_text = _("Known: %(names)s.") % {"names": ", ".join(known)}
        asked = ", ".join(self.known["questions"]) or _("none yet; write them in the step before")
        self.fields["questions"].help_text = _("Known: %(names)s.") % {"names": asked}

    def clean(self) -> Data:
        for place, known in self.known.items():
            strange = [name for name in self.cleaned_data.get(place, ()) if name not in known]
            if strange:
                hint = nearest(strange[0], known) if known else _("There is none yet.")
                self.add_error(place, _("%(name)s is not known. %(hint)s") % {"name": strange[0], "hint": hint})
        return self.cleaned_data


class PlacesForm(TableForm):
    absent: ClassVar[Mapping[str, Any]] = {"recruitment__order": "first-come", "recruitment__held_days": 14}
    ORDERS: ClassVar[Choices] = [
        ("first-come", gettext_lazy("First come, first served")),
        ("lottery", gettext_lazy("A lottery among all who asked")),
    ]

    sessions__minutes = NumbersField(
        label=gettext_lazy("Minutes of each session"), help_text=gettext_lazy("Such as 90, 60, 60, 60, 60, 60.")
    )
    sessions__window_days = forms.IntegerField(
        label=gettext_lazy("All within days"), min_value=1, max_value=3660, help_text=gettext_lazy("Such as 91.")
    )
    sessions__modes = LinesField(
        label=gettext_lazy("By which ways, one a line"), required=False, help_text=gettext_lazy("Such as video, phone.")
    )
    recruitment__cap = forms.IntegerField(label=gettext_lazy("Places (cap)"), min_value=2, max_value=1_000_000)
    recruitment__goal = forms.IntegerField(
        label=gettext_lazy("How many you hope for"), min_value=2, max_value=1_000_000, required=False
    )
    recruitment__held_days = forms.IntegerField(
        label=gettext_lazy("A place is held for days"), min_value=1, max_value=365
    )
    recruitment__order = forms.ChoiceField(
        label=gettext_lazy("Who gets a place when more ask?"), choices=ORDERS, widget=forms.RadioSelect
    )
    recruitment__closes = DayField(label=gettext_lazy("Recruitment closes on"), required=False)


class ConsentForm(TableForm):
    consent__document = forms.CharField(
        label=gettext_lazy("Name of the consent document"),
        max_length=100,
        help_text=gettext_lazy("Such as kiser2024-consent."),
    )
    consent__version = forms.CharField(label=gettext_lazy("Its version"), max_length=20)
