"""One question as a form of one field, and what the team says about letters. What fits is decided below, not here."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from confrere.surveys import definition
from confrere.surveys.definition import LONGEST_LINE, LONGEST_TEXT, Kind, Question, Value
from confrere.surveys.definition.fitting import number_wanted
from confrere.surveys.rules import check_letter, check_reminders
from confrere.vault.refusals import Refusal


class AnswerForm(forms.Form):
    """The screen of one question; `cleaned_data["value"]` is the answer as it is stored."""

    use_required_attribute = False

    def __init__(self, question: Question, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, auto_id="id_%s", **kwargs)
        self.question = question
        field = _field(question)
        field.label = question.text
        field.required = question.required
        field.help_text = " · ".join(text for text in (question.note, str(field.help_text)) if text)
        self.fields["value"] = field

    def clean_value(self) -> Value:
        """The answer, or the sentence of `definition.fitting` beside the field."""
        typed = self.cleaned_data["value"]
        try:
            return definition.fitting(self.question, list(typed) if isinstance(typed, list) else typed)
        except Refusal as refusal:
            raise forms.ValidationError(refusal.sentence) from refusal


class _One(forms.CharField):
    """A text, unchecked: whether it is needed, and what fits, is said by `fitting` in a sentence of its own."""

    def validate(self, value: object) -> None:
        """Nothing is wrong here."""


class _Several(forms.Field):
    """Several texts, unchecked."""

    widget = forms.CheckboxSelectMultiple

    def validate(self, value: object) -> None:
        """Nothing is wrong here."""


def _field(question: Question) -> forms.Field:
    choices = [(option.value, option.label) for option in question.options]
    match question.kind:
        case Kind.LIKERT | Kind.CHOICE:
            return _One(widget=forms.RadioSelect(choices=choices))
        case Kind.CHOICES:
            return _Several(widget=forms.CheckboxSelectMultiple(choices=choices))
        case Kind.SLIDER | Kind.NUMBER:
            return _number(question)
        case Kind.DATE:
            day = {"type": "date", "min": question.earliest, "max": question.latest}
            wanted = {"data-wanted": _("Please give a day that fits.")}
            return _One(widget=forms.TextInput(attrs=_said(day) | wanted))
        case Kind.LINE:
            return _One(widget=forms.TextInput(attrs={"maxlength": LONGEST_LINE}))
        case _:  # words at length; of a note nothing is kept
            return _One(widget=forms.Textarea(attrs={"rows": 4, "maxlength": LONGEST_TEXT}))


def _number(question: Question) -> forms.Field:
    ends = " – ".join(end for end in (question.low_label, question.high_label) if end)
    bounds = {"min": _plain(question.low), "max": _plain(question.high), "step": "1" if question.whole else "any"}
    more = {"inputmode": "numeric" if question.whole else "decimal", "data-wanted": number_wanted(question)}
    return _One(help_text=ends, widget=forms.NumberInput(attrs=_said(bounds) | more))


def _plain(number: float | None) -> str:
    """A bound as a browser reads it: in no language's own writing."""
    return "" if number is None else f"{number:.15g}"


def _said(attributes: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in attributes.items() if value}


class RemindersForm(forms.Form):
    """The days of the reminders as people write them: "5, 12"; nothing for none."""

    days = forms.CharField(
        label=_("Days after the opening, with commas between"),
        required=False,
        max_length=60,
        help_text=_("At most five, each at least two days after the letter before it. Leave it empty for none."),
    )

    def clean_days(self) -> list[int]:
        """The numbers, or what is wrong with them."""
        parts = [part.strip() for part in self.cleaned_data["days"].split(",") if part.strip()]
        if not all(part.isascii() and part.isdigit() and len(part) < 4 for part in parts):
            raise forms.ValidationError(_("Write whole numbers of days with commas between them, such as 5, 12."))
        numbers = [int(part) for part in parts]
        _or_said(lambda: check_reminders(numbers))
        return numbers


class TextForm(forms.Form):
    """What a letter says; `cleaned_data["text"]` is the letter's clean text."""

    subject = forms.CharField(label=_("Subject"), max_length=100, help_text=_("Others may read it on a locked screen."))
    body = forms.CharField(
        label=_("Text"),
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_(
            "{link} becomes each person's own link, {closes} the end of their window. What every letter says stands "
            "below it by itself."
        ),
    )

    def clean(self) -> dict[str, Any]:
        """Both together, or the sentence of `check_letter` above the form."""
        cleaned = super().clean() or {}
        if "subject" in cleaned and "body" in cleaned:
            cleaned["text"] = _or_said(lambda: check_letter(subject=cleaned["subject"], body=cleaned["body"]))
        return cleaned


class PulseForm(forms.Form):
    """All questions of a pulse on one page; the cleaned data are the answers as they are stored."""

    def __init__(self, questions: Sequence[Question], data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id="id_%s")
        self.questions = {question.name: question for question in questions}
        for name, question in self.questions.items():
            field = _field(question)
            field.label = question.text
            field.required = False  # `fitting` says it in a sentence of its own
            self.fields[name] = field

    def clean(self) -> dict[str, Value]:
        """Each answer, or the sentence of `definition.fitting` beside its question."""
        cleaned = {}
        for name, question in self.questions.items():
            typed = self.cleaned_data.get(name)
            try:
                cleaned[name] = definition.fitting(question, typed)
            except Refusal as refusal:
                self.add_error(name, refusal.sentence)
        return cleaned


class PulseStartForm(forms.Form):
    """Which questions, and until when."""

    questionnaire = forms.ChoiceField(label=_("Questions"))
    days = forms.IntegerField(label=_("Open for so many days"), min_value=1, max_value=60, initial=7)

    def __init__(self, questionnaires: Sequence[tuple[str, str]], data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.fields["questionnaire"] = forms.ChoiceField(label=_("Questions"), choices=questionnaires)


def _or_said[T](check: Callable[[], T]) -> T:
    """What a rule gives, or its sentence beside the field."""
    try:
        return check()
    except Refusal as refusal:
        raise forms.ValidationError(refusal.sentence) from refusal
