from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from confrere.lounge.models import Flag, Note, Removal


class FlagForm(forms.Form):
    """Why the moderators should look."""

    reason = forms.ChoiceField(label=_("What is wrong"), choices=Flag.Reason.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("In a few words"),
        help_text=_("Do not repeat what may point at the patient."),
        max_length=Flag._meta.get_field("words").max_length,
        required=False,
    )


class RemovalForm(forms.Form):
    """Why a post should go."""

    cause = forms.ChoiceField(label=_("Ask for its removal, because"), choices=Removal.Cause.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"id_{kwargs.get('prefix', '')}_%s")
        super().__init__(*args, **kwargs)


class SlowForm(forms.Form):
    """How slow a question goes."""

    minutes = forms.IntegerField(
        label=_("Minutes between two answers of the same colleague"),
        help_text=_("0 ends slow mode."),
        min_value=0,
        max_value=1440,
    )


class NoteForm(forms.Form):
    """What is wrong in a post, and what says so."""

    text = forms.CharField(
        label=_("What is wrong, and what is right"),
        max_length=Note._meta.get_field("text").max_length,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    source = forms.CharField(
        label=_("Source"),
        help_text=_("A guideline, a paper, a link. A note without a source is an opinion: answer instead."),
        max_length=Note._meta.get_field("source").max_length,
    )


class AppealForm(forms.Form):
    """Why somebody else should look again."""

    appeal = forms.CharField(
        label=_("Why it should stand"),
        max_length=Removal._meta.get_field("appeal").max_length,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
