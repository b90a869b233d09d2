"""What is typed before rows leave."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from confrere.analysis.export import Choice, Table, Variable


class AgreementForm(forms.Form):
    """The words that whoever takes rows accepts."""

    text = forms.CharField(
        label=_("Data use agreement"),
        help_text=_(
            "What the rows may be used for, where they are kept, who else may see them, when they are destroyed."
        ),
        widget=forms.Textarea(attrs={"rows": 14}),
        max_length=20_000,
    )


class TakeForm(forms.Form):
    """Which agreement was read, and what the rows are for."""

    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)
    purpose = forms.CharField(
        label=_("What are the rows for?"),
        help_text=_("One sentence. It is kept with your name and the day."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=500,
    )
    agreed = forms.BooleanField(label=_("I accept this agreement"))


class PublicForm(forms.Form):
    """What becomes of each column, and what the package is for."""

    purpose = forms.CharField(
        label=_("Where will the package be published, and why?"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=500,
        required=False,
    )

    def __init__(self, table: Table, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.table = table
        self.columns = [one for one in table.variables if one.role not in {"id", "arm", "wave"}]
        for place, one in enumerate(self.columns):
            self.fields |= {f"{key}_{place}": field for key, field in _fields(one).items()}

    def groups(self) -> list[tuple[Variable, list[forms.BoundField]]]:
        """Each column with its own fields, for the page."""
        return [
            (
                one,
                [self[name] for name in (f"keep_{i}", f"known_{i}", f"merge_{i}", f"cuts_{i}") if name in self.fields],
            )
            for i, one in enumerate(self.columns)
        ]

    def choices(self) -> Mapping[str, Choice]:
        """The choices, after `is_valid`. Named values are always what others may know."""
        said = self.cleaned_data
        return {
            one.name: Choice(
                keep=said[f"keep_{i}"],
                known=said.get(f"known_{i}", one.kind == "code"),
                merge=said.get(f"merge_{i}", {}),
                cuts=said.get(f"cuts_{i}", ()),
            )
            for i, one in enumerate(self.columns)
        }

    def clean(self) -> dict[str, Any]:
        """Groups and bands read from what was typed."""
        cleaned: dict[str, Any] = super().clean() or {}
        for name in list(cleaned):
            reader = {"merge": _groups, "cuts": _cuts}.get(name.partition("_")[0])
            if reader is not None:
                try:
                    cleaned[name] = reader(cleaned[name])
                except ValueError as error:
                    self.add_error(name, f"{error}")
        return cleaned


def _fields(one: Variable) -> dict[str, forms.Field]:
    keep: dict[str, forms.Field] = {
        "keep": forms.BooleanField(label=_("Keep this column"), required=False, initial=True)
    }
    if one.role == "outcome":
        return keep
    if one.kind == "code":
        example = " | ".join(code for code, _label in one.codes)
        label = _("Put values together, such as “a, b = other; c, d = more”")
        return keep | {"merge": forms.CharField(label=label, help_text=example, required=False, max_length=2000)}
    answered = one.name.startswith("answered_")
    known = forms.BooleanField(label=_("Others may know this of somebody"), required=False, initial=not answered)
    label = _("Bands: the numbers at which they begin, such as “1, 4”")
    return keep | {"known": known, "cuts": forms.CharField(label=label, required=False, max_length=200)}


def _groups(text: str) -> dict[str, str]:
    """``a, b = other; c = more`` as value → group."""
    found: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        values, sign, group = part.partition("=")
        if not sign or not group.strip() or not values.strip():
            raise ValueError(now_("Write the values, an equals sign, and the group's name: “a, b = other”."))
        found |= dict.fromkeys((value.strip() for value in values.split(",")), group.strip())
    return found


def _cuts(text: str) -> tuple[float, ...]:
    """``1, 4`` as numbers."""
    try:
        return tuple(float(part) for part in text.split(",") if part.strip())
    except ValueError:
        raise ValueError(now_("Write numbers with commas between them: “1, 4”.")) from None
