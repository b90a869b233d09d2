import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from confrere.lounge.models import Post, Question, Unmasking

_TEXT = Post._meta.get_field("text").max_length
_SOURCE = Post._meta.get_field("source").max_length
_TITLE = Question._meta.get_field("title").max_length


class QuestionForm(forms.Form):
    """Only the question and its specialty are required."""

    specialty = forms.ChoiceField(label=_("Specialty"))
    title = forms.CharField(label=_("Your question in one line"), max_length=_TITLE)
    text = forms.CharField(
        label=_("What a colleague needs to know"),
        help_text=_("Do not write anything that could point at a patient: no name, date, place or record number."),
        max_length=_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    withheld = forms.BooleanField(
        label=_("Withhold my name"),
        help_text=_(
            "Colleagues see a pseudonym for this thread. Two moderators together can open the name, for a listed "
            "cause, and you are told unless the law forbids it. The way you write can give you away. "
            "Whoever runs the server could watch at this moment."
        ),
        required=False,
    )

    def __init__(self, *args: Any, listed: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = self.fields["specialty"]
        assert isinstance(choices, forms.ChoiceField)
        choices.choices = [("", _("Choose")), *listed.items()]


class AnswerForm(forms.Form):
    """An answer and what it rests on."""

    text = forms.CharField(label=_("Your answer"), max_length=_TEXT, widget=forms.Textarea(attrs={"rows": 6}))
    source = forms.CharField(
        label=_("Source, if it rests on one"),
        help_text=_("A guideline, a paper, a link. Left empty, the answer is marked as from experience."),
        max_length=_SOURCE,
        required=False,
    )
    withheld = forms.BooleanField(
        label=_("Withhold my name"),
        help_text=_(
            "Colleagues see a pseudonym for this thread. Two moderators together can open the name, for a listed "
            "cause, and you are told unless the law forbids it. The way you write can give you away. "
            "Whoever runs the server could watch at this moment."
        ),
        required=False,
    )


class EditForm(forms.Form):
    """A change of what one wrote. The title is asked for where the post asks, the source where it answers."""

    title = forms.CharField(label=_("Your question in one line"), max_length=_TITLE)
    text = forms.CharField(label=_("Text"), max_length=_TEXT, required=False, widget=forms.Textarea(attrs={"rows": 10}))
    source = forms.CharField(label=_("Source, if it rests on one"), max_length=_SOURCE, required=False)

    def __init__(self, sent: Mapping[str, str] | None = None, *, post: Post) -> None:
        super().__init__(sent, initial={"title": post.question.title, "text": post.text, "source": post.source})
        if post.kind != Post.Kind.QUESTION:
            del self.fields["title"]
            self.fields["text"].required = True
        if post.kind != Post.Kind.ANSWER:
            del self.fields["source"]


class CaseForm(forms.Form):
    """What helps a specialist. Nothing is required, and nothing asks for a date or a place."""

    setting = forms.CharField(
        label=_("Setting"),
        help_text=_("Ward, office, emergency department, a ship. No names of hospitals or towns."),
        max_length=Question._meta.get_field("setting").max_length,
        required=False,
    )
    age_band = forms.ChoiceField(
        label=_("Age"), choices=[("", _("Not said")), *Question.AgeBand.choices], required=False
    )
    course = forms.CharField(
        label=_("How it went so far"),
        help_text=_("Count from the beginning: “on the third day”, “two weeks later”. No dates."),
        max_length=Question._meta.get_field("course").max_length,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    tried = forms.CharField(
        label=_("What was tried"),
        max_length=Question._meta.get_field("tried").max_length,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    urgency_days = forms.IntegerField(
        label=_("An answer helps within so many days"),
        help_text=_("For anything sooner than a day, telephone somebody: nobody watches the lounge at night."),
        min_value=1,
        max_value=90,
        required=False,
    )
    attested = forms.BooleanField(
        label=_("The patient agreed to this, or nobody can recognise them from it. I have read it with that eye."),
        required=False,
    )


class PollForm(forms.Form):
    """Two to six choices, one on each line."""

    choices = forms.CharField(
        label=_("Choices, one on each line"), max_length=800, widget=forms.Textarea(attrs={"rows": 4})
    )

    def clean_choices(self) -> list[str]:
        """The lines that are not empty; the rule says how many there may be."""
        found = [line for each in self.cleaned_data["choices"].splitlines() if (line := each.strip())]
        if any(len(line) > 120 for line in found):
            raise forms.ValidationError(_("A choice has at most 120 characters."))
        return found


class OutcomeForm(forms.Form):
    """How it went."""

    text = forms.CharField(label=_("How did it go?"), max_length=_TEXT, widget=forms.Textarea(attrs={"rows": 4}))


class UnmaskingForm(forms.Form):
    """Why a withheld name has to be opened, and the first key."""

    cause = forms.ChoiceField(label=_("Cause"), choices=Unmasking.Cause.choices)
    words = forms.CharField(
        label=_("What happened"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The second holder reads this, and so may the author."),
    )
    silent = forms.CharField(
        label=_("Which law forbids to tell the author"),
        help_text=_("Left empty, the author gets a letter at the moment in which the name is opened."),
        max_length=500,
        required=False,
    )
    key = forms.CharField(label=_("Your key"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"}))


class KeyForm(forms.Form):
    """A key, or a way-back code."""

    key = forms.CharField(label=_("Your key"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"}))


class WayBackForm(forms.Form):
    """The code with which an author comes back on another device."""

    code = forms.CharField(
        label=_("Way-back code"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def clean_code(self) -> str:
        """Forty hexadecimal digits, however they were spaced."""
        found = "".join(self.cleaned_data["code"].split()).lower()
        if not re.fullmatch(r"[0-9a-f]{40}", found):
            raise forms.ValidationError(_("A way-back code has forty characters, 0 to 9 and a to f."))
        return found
