"""One block of a draft as a form. Which fields there are depends on how the question is answered."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from confrere.surveys.definition import LOOKS, Kind, Option, Question, Scale

type Words = str | Promise

KINDS: Mapping[Kind, tuple[Words, Words]] = {
    Kind.CHOICE: (_("One of several answers"), _("Buttons in a list; one is chosen.")),
    Kind.CHOICES: (_("As many answers as fit"), _("Boxes in a list; any number is ticked.")),
    Kind.LIKERT: (_("A step on a scale"), _("Numbered steps side by side; neighbours can form a table.")),
    Kind.SLIDER: (_("A point on a line"), _("From one end to the other, usually 0 to 100.")),
    Kind.NUMBER: (_("A number"), _("With a smallest and a largest one, if you like.")),
    Kind.DATE: (_("A day"), _("With a first and a last one, if you like.")),
    Kind.LINE: (_("A few words"), _("One line, up to 200 characters.")),
    Kind.TEXT: (_("Free text"), _("As long as one likes, up to 4000 characters.")),
    Kind.NOTE: (_("A note to read"), _("Nothing is answered.")),
}
"""How a question can be answered: what that is called, and what it is."""
KEPT: Words = _("Kept for an export; not asked here")


def kind_in_words(kind: Kind) -> Words:
    """What a kind of question is called."""
    return KINDS[kind][0] if kind in KINDS else KEPT


_ONE_LINE = forms.Textarea(attrs={"rows": 2})


class QuestionForm(forms.Form):
    """A question of one's own; `question(name)` is what was typed."""

    text = forms.CharField(label=_("Question"), widget=_ONE_LINE, max_length=2000)
    options = forms.CharField(
        label=_("Answers, one on each line"),
        help_text=_("“Surgery”, or with the code that is stored: “1 = Surgery”."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    low = forms.FloatField(label=_("Smallest number"), required=False)
    high = forms.FloatField(label=_("Largest number"), required=False)
    whole = forms.BooleanField(label=_("Whole numbers only"), required=False)
    low_label = forms.CharField(label=_("Words at the low end"), required=False, max_length=100)
    high_label = forms.CharField(label=_("Words at the high end"), required=False, max_length=100)
    earliest = forms.DateField(
        label=_("First day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    latest = forms.DateField(
        label=_("Last day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    look = forms.ChoiceField(
        label=_("What it looks like"),
        required=False,
        choices=[("", _("Anything")), *((name, look.title) for name, look in LOOKS.items())],
    )
    required = forms.BooleanField(label=_("An answer is needed"), required=False)
    note = forms.CharField(label=_("Help below the question"), required=False, widget=_ONE_LINE, max_length=1000)
    section = forms.CharField(
        label=_("Heading above it"),
        required=False,
        max_length=200,
        help_text=_("Neighbours with the same heading stand under it together."),
    )
    matrix = forms.CharField(
        label=_("Table"),
        required=False,
        max_length=64,
        help_text=_("Neighbours with the same word here, and the same answers, form a table on a wide screen."),
    )
    condition = forms.CharField(
        label=_("Asked only if"), required=False, max_length=2000, widget=_ONE_LINE, help_text=_("Empty: always.")
    )
    name = forms.CharField(
        label=_("Name in the data"),
        required=False,
        max_length=64,
        help_text=_("Letters, digits and _ only. Empty: made from the question."),
    )

    def __init__(self, kind: Kind, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.kind = kind
        for field in _without(kind):
            del self.fields[field]
        if kind is Kind.NOTE:
            self.fields["text"].label = _("Text")

    def question(self, before: Question | None = None) -> Question:
        """What was typed; the parts of `before` that this form does not show stay. The name may be empty."""
        typed = self.cleaned_data
        kind = self.kind
        start = before or Question(name="", kind=kind)
        return replace(
            start,
            name=typed["name"],
            kind=kind,
            text=typed["text"],
            note=typed.get("note", ""),
            section=typed["section"],
            required=typed.get("required", False),
            low=typed.get("low"),
            high=typed.get("high"),
            whole=typed.get("whole", kind is Kind.SLIDER),
            low_label=typed.get("low_label", ""),
            high_label=typed.get("high_label", ""),
            options=options_of(typed.get("options", ""), kind),
            condition=typed["condition"].strip(),
            matrix=typed.get("matrix", ""),
            earliest=_iso(typed.get("earliest")),
            latest=_iso(typed.get("latest")),
            look=typed.get("look", ""),
        )


def shown(question: Question) -> dict[str, Any]:
    """What stands in the form of a question."""
    return {
        **{name: getattr(question, name) for name in QuestionForm.base_fields if name != "options"},
        "options": "\n".join(
            option.label if _code(option.label) == option.value else f"{option.value} = {option.label}"
            for option in question.options
        ),
    }


def options_of(text: str, kind: Kind) -> tuple[Option, ...]:
    """The answers of lines like ``1 = Surgery`` or ``Surgery``; codes that are not said are made: on a scale the
    next number from 0, else from the words."""
    found: list[Option] = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        code, equals, label = (part.strip() for part in line.partition("="))
        if not equals:
            code, label = (str(len(found)) if kind is Kind.LIKERT else _code(line)), line
        found.append(Option(value=code, label=label or code))
    return tuple(found)


def _code(label: str) -> str:
    return slugify(label).replace("-", "_")[:40] or label[:40]


def _iso(day: Any) -> str:
    return day.isoformat() if day else ""


def _without(kind: Kind) -> set[str]:
    """The fields that say nothing about this kind."""
    fields = {"options", "matrix", "low", "high", "whole", "low_label", "high_label", "earliest", "latest", "look"}
    here = {
        Kind.CHOICE: {"options", "matrix"},
        Kind.LIKERT: {"options", "matrix"},
        Kind.CHOICES: {"options"},
        Kind.SLIDER: {"low", "high", "low_label", "high_label"},
        Kind.NUMBER: {"low", "high", "whole"},
        Kind.DATE: {"earliest", "latest"},
        Kind.LINE: {"look"},
    }
    nothing = {"required", "note"} if kind is Kind.NOTE else set()
    return (fields - here.get(kind, set())) | nothing


class ScaleForm(forms.Form):
    """An instrument in a draft: its items are its own, but where it stands and whether it is asked is not."""

    required = forms.BooleanField(label=_("Answers are needed"), required=False)
    section = forms.CharField(
        label=_("Heading above it"), required=False, max_length=200, help_text=_("Empty: its own title.")
    )
    condition = QuestionForm.base_fields["condition"]

    def scale(self, before: Scale) -> Scale:
        """What was typed, of this instrument."""
        typed = self.cleaned_data
        return replace(
            before, required=typed["required"], section=typed["section"], condition=typed["condition"].strip()
        )


class TitleForm(forms.Form):
    """A new questionnaire, or a new title."""

    title = forms.CharField(label=_("Title"), max_length=200)


class FileForm(forms.Form):
    """A questionnaire of another system."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("A REDCap data dictionary (CSV), CDISC ODM 1.3.2 or 2.0 (XML), or FHIR R4 or R5 (JSON)."),
    )


class PackForm(forms.Form):
    """The wording of an instrument, and the site's word that it may be used."""

    items = forms.CharField(label=_("Texts of the items, one on each line, in order"), widget=forms.Textarea)
    labels = forms.CharField(
        label=_("Labels of the answers, one on each line, from the lowest code"), required=False, widget=forms.Textarea
    )
    attestation = forms.CharField(
        label=_("On what ground your site may use this wording"),
        help_text=_("A licence and its number, a permission and its date, or why none is needed."),
        widget=_ONE_LINE,
    )
    agreed = forms.BooleanField(label=_("The wording is complete and unchanged, and our site may use it here."))
