"""One question as a form of one field. What fits is decided in `definition`, not here."""

from collections.abc import Mapping
from typing import Any

from django import forms

from confrere.surveys import definition
from confrere.surveys.definition import Kind, Question, Value
from confrere.vault.refusals import Refusal


class AnswerForm(forms.Form):
    """The screen of one question; `cleaned_data["value"]` is the answer as it is stored."""

    def __init__(self, question: Question, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, auto_id="id_%s", **kwargs)
        self.question = question
        field = _field(question)
        field.label = question.text
        field.required = False  # `fitting` says it in a sentence of its own
        self.fields["value"] = field

    def clean_value(self) -> Value:
        """The answer, or the sentence of `definition.fitting` beside the field."""
        typed = self.cleaned_data["value"]
        try:
            return definition.fitting(self.question, list(typed) if isinstance(typed, list) else typed)
        except Refusal as refusal:
            raise forms.ValidationError(refusal.sentence) from refusal


class _Several(forms.Field):
    """Several texts, unchecked."""

    widget = forms.CheckboxSelectMultiple


def _field(question: Question) -> forms.Field:
    choices = [(option.value, option.label) for option in question.options]
    match question.kind:
        case Kind.LIKERT | Kind.CHOICE:
            return forms.CharField(widget=forms.RadioSelect(choices=choices))
        case Kind.CHOICES:
            return _Several(widget=forms.CheckboxSelectMultiple(choices=choices))
        case Kind.SLIDER | Kind.NUMBER:
            ends = " – ".join(end for end in (question.low_label, question.high_label) if end)
            bounds = {"min": question.low, "max": question.high, "step": "1" if question.whole else "any"}
            return forms.CharField(help_text=ends, widget=forms.NumberInput(attrs={**bounds, "inputmode": "decimal"}))
        case _:  # Kind.TEXT
            return forms.CharField(widget=forms.Textarea(attrs={"rows": 4}))
