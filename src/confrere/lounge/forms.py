from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from confrere.lounge.models import Answer, Question
from confrere.people import queries as people


class QuestionForm(forms.Form):
    """Only the question and its specialty are required."""

    specialty = forms.ChoiceField(label=_("Specialty"))
    title = forms.CharField(
        label=_("Your question in one line"), max_length=Question._meta.get_field("title").max_length
    )
    text = forms.CharField(
        label=_("What a colleague needs to know"),
        help_text=_("Do not write anything that could point at a patient: no name, date, place or record number."),
        max_length=Question._meta.get_field("text").max_length,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = self.fields["specialty"]
        assert isinstance(choices, forms.ChoiceField)
        choices.choices = [("", _("Choose")), *people.specialties().items()]


class AnswerForm(forms.Form):
    """An answer and what it rests on."""

    text = forms.CharField(
        label=_("Your answer"),
        max_length=Answer._meta.get_field("text").max_length,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    source = forms.CharField(
        label=_("Source, if it rests on one"),
        help_text=_("A guideline, a paper, a link. Left empty, the answer is marked as from experience."),
        max_length=Answer._meta.get_field("source").max_length,
        required=False,
    )
