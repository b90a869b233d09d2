"""Examples for the page of parts: each part of web/ui.html in the states that people meet."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from confrere.vault.classification import classes

AGREEMENT = (
    ("0", gettext_lazy("Not at all true")),
    ("1", gettext_lazy("Somewhat true")),
    ("2", gettext_lazy("Moderately true")),
    ("3", gettext_lazy("Very true")),
    ("4", gettext_lazy("Completely true")),
)


class ExampleForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Your name"), help_text=gettext_lazy("As your colleagues know you."), max_length=80
    )
    email = forms.EmailField(label=gettext_lazy("Your e-mail address"))
    letter = forms.CharField(
        label=gettext_lazy("A few lines"), widget=forms.Textarea(attrs={"rows": 4}), required=False
    )
    place = forms.ChoiceField(
        label=gettext_lazy("Where do you meet?"),
        choices=(("video", gettext_lazy("By video")), ("phone", gettext_lazy("By phone"))),
        widget=forms.RadioSelect,
    )
    themes = forms.MultipleChoiceField(
        label=gettext_lazy("Which themes came up?"),
        choices=(
            ("time", gettext_lazy("Time")),
            ("meaning", gettext_lazy("Meaning")),
            ("team", gettext_lazy("The team")),
        ),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    agreed = forms.BooleanField(label=gettext_lazy("I have read this and agree."))


class QuestionForm(forms.Form):
    agreement = forms.ChoiceField(
        label=gettext_lazy("My work has a meaning for me."), choices=AGREEMENT, widget=forms.RadioSelect
    )
    quality = forms.IntegerField(
        label=gettext_lazy("How good is your life as a whole, from 0 to 100?"),
        help_text=gettext_lazy("0 is as bad as it can be, 100 as good as it can be."),
        min_value=0,
        max_value=100,
    )


def examples() -> dict[str, Any]:
    """What the page of parts shows; every person on it is made up."""
    wrong = ExampleForm({"wrong-name": "", "wrong-email": "osei"}, prefix="wrong")
    wrong.is_valid()
    return {
        "form": ExampleForm(prefix="plain"),
        "wrong": wrong,
        "question": QuestionForm(prefix="question"),
        "steps": [
            {"name": _("Consent"), "state": "done", "url": "#steps"},
            {"name": _("First questions"), "state": "now", "url": ""},
            {"name": _("Your coach"), "state": "next", "url": ""},
        ],
        "head": [_("Arm"), (_("People"), "number"), (_("Burnout"), "number"), (_("95 % interval"), "number")],
        "rows": [
            [(_("Coaching now"), "#table"), 67, "2.7", _("2.4 to 3.0")],
            [_("Coaching later"), 71, "3.4", _("3.1 to 3.7")],
        ],
        "week": [
            {"label": _("Mo 2"), "count": 0, "url": "", "current": False},
            {"label": _("Tu 3"), "count": 1, "url": "#week", "current": True},
            {"label": _("We 4"), "count": 0, "url": "", "current": False},
            {"label": _("Th 5"), "count": 3, "url": "#week", "current": False},
            {"label": _("Fr 6"), "count": 0, "url": "", "current": False},
        ],
        "slots": [
            {
                "label": _("Tuesday 3 March"),
                "slots": [{"label": "17:30", "value": "1", "checked": True}, {"label": "18:45", "value": "2"}],
            },
            {
                "label": _("Thursday 5 March"),
                "slots": [
                    {"label": "07:00", "value": "3"},
                    {"label": "12:15", "value": "4"},
                    {"label": "19:00", "value": "5"},
                ],
            },
        ],
        "linked_slots": [{"label": _("Friday 6 March"), "slots": [{"label": "08:00", "url": "#slots"}]}],
        "card": {
            "title": _("Session 3 with your coach"),
            "sentence": _("It is on Tuesday, 17:30 to 18:30, by video."),
            "act": _("Prepare"),
            "url": "#card",
            "kept_as": "booking",
        },
        "second_card": {
            "title": _("Survey"),
            "sentence": _("Four minutes, by 9 March. You stopped at question 12."),
            "act": _("Continue where you stopped"),
            "url": "#card",
        },
        "audiences": [*dict.fromkeys(kept.audience for kept in classes().values()), "nothing"],
    }
