"""What a participant types while choosing: a search, and whom not to meet."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from confrere.coaching.choosing_rules import suits
from confrere.coaching.models import Area, Part, Shunned


class SearchForm(forms.Form):
    """Sent in the body of a request, so that no address line, history or proxy keeps what was looked for."""

    when = forms.ChoiceField(
        label=_("When would suit you?"),
        choices=[("", _("Any time")), *Part.choices],
        required=False,
    )
    language = forms.ChoiceField(label=_("Language"), required=False)
    area = forms.ChoiceField(label=_("To work on"), choices=[("", _("Anything")), *Area.choices], required=False)

    def __init__(self, *args: Any, languages: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(each, each) for each in sorted(set(languages), key=str.casefold)]
        self.fields["language"].choices = [("", _("Any")), *named]  # type: ignore[attr-defined]  # a choice field

    def wanted(self, *, zone: str) -> Callable[[datetime], bool] | None:
        """Which free starts count; None for all."""
        when = self.cleaned_data["when"]
        if not when:
            return None
        return lambda start: suits(start, parts=[when], zone=zone)


class WaitForm(forms.Form):
    suits = forms.MultipleChoiceField(
        label=_("Which hours suit you?"),
        help_text=_("By your clock. Tick none for any hour; an hour that does not suit goes to the next in line."),
        choices=Part.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class ShunForm(forms.Form):
    names = forms.CharField(
        label=_("Names"),
        help_text=_("One a line. Whoever bears the name is not offered to you, now or later."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
    line = forms.CharField(
        label=_("Whom you report to"),
        help_text=_("One name a line. Neither they nor coaches who report to them are offered to you."),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )
    division = forms.CharField(
        label=_("Your division"),
        help_text=_("Coaches of the same division are not offered to you."),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        if not self.errors and not self.given():
            raise ValidationError(_("Write at least one name or division."))
        return self.cleaned_data

    def given(self) -> list[tuple[Shunned.Kind, str]]:
        """What was typed, as pairs of kind and text."""
        kinds = {"names": Shunned.Kind.NAME, "line": Shunned.Kind.LINE, "division": Shunned.Kind.DIVISION}
        return [
            (kind, line.strip())
            for field, kind in kinds.items()
            for line in re.split(r"[\r\n;]+", self.cleaned_data.get(field, ""))
            if line.strip()
        ]


class ChangeForm(forms.Form):
    person = forms.TypedChoiceField(label=_("For whom"), coerce=int)

    def __init__(self, *args: Any, people: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = list(people)  # type: ignore[attr-defined]  # a choice field
