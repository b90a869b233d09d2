"""What every form of a protocol's step can do: read its table from the file, and write it back."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise

from confrere.trial.editing.fields import (
    get,
    put,
)

type Data = dict[str, Any]
type Choices = list[tuple[str, str | Promise]]


class TableForm(forms.Form):
    """Shows a table and writes it back. ``data`` is the whole protocol, for what a table refers to."""

    #: What stands for an absent key; it is not written where it was absent.
    absent: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, posted: Any, *, table: Data, data: Data) -> None:
        super().__init__(posted, initial=self.shown(table))
        self.prepare(data)

    def shown(self, table: Data) -> Data:
        """What the fields show of a table."""
        found = {place: get(table, place) for place in self.base_fields}
        return {place: self.absent.get(place) if value is None else value for place, value in found.items()}

    def prepare(self, data: Data) -> None:
        """Fill what can be chosen from."""

    def write(self, table: Data) -> None:
        """Put what was typed into the table."""
        for place, value in self.cleaned_data.items():
            present = get(table, place)
            if value != (self.absent.get(place) if present is None else present):
                put(table, place, value)


def named(data: Data, key: str) -> list[str]:
    """The names of a list of tables."""
    return [str(one["name"]) for one in data.get(key, ()) if isinstance(one, dict) and "name" in one]


def choices(form: forms.Form, place: str, pairs: Choices) -> None:
    """Give a field its choices."""
    field = form.fields[place]
    assert isinstance(field, forms.ChoiceField)
    field.choices = pairs
