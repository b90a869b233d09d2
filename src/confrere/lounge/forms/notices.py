from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from confrere.lounge.models import NoticeChoice


class NoticesForm(forms.Form):
    """What a member wants to hear, and when not."""

    wanted = forms.MultipleChoiceField(
        label=_("Letters"),
        choices=[("letters", _("When somebody answers me, calls me, or answers in a question that I follow"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    digest = forms.ChoiceField(
        label=_("Digest of what is new in my specialties"),
        help_text=_("From seven in the morning by your own clock. None comes when nothing is new."),
        choices=NoticeChoice.Digest.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    quiet_days = forms.MultipleChoiceField(
        label=_("Days on which nothing is sent"),
        help_text=_("Quiet hours stand in your account; what comes up meanwhile waits until they are over."),
        choices=[(str(number), name) for number, name in WEEKDAYS.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    @staticmethod
    def told(row: NoticeChoice | None) -> dict[str, Any]:
        """How the form begins: what was chosen before, or what holds without a choice."""
        if row is None:
            return {"wanted": ["letters"], "digest": "", "quiet_days": []}
        return {
            "wanted": ["letters"] if row.letters else [],
            "digest": row.digest,
            "quiet_days": [str(day) for day in row.quiet_days],
        }
