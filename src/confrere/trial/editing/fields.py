"""Form fields whose values are TOML's: lists by lines, numbers by commas, answers as code and label."""

import re
from collections.abc import Mapping
from typing import Any, override

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_OPTION = re.compile(r"\s*([A-Za-z0-9_-]{1,64})\s*=\s*(\S.*)")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_LONGEST_CODE = 64


def get(table: Mapping[str, Any], place: str) -> Any:
    """The value at ``recruitment__cap``; None where there is none."""
    value: Any = table
    for key in place.split("__"):
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def put(table: dict[str, Any], place: str, value: Any) -> None:
    """Set the value at ``recruitment__cap``; an empty one is taken away, and a table that it leaves empty."""
    *above, key = place.split("__")
    chain = [table]
    for name in above:
        inner = chain[-1].get(name)
        chain[-1][name] = inner if isinstance(inner, dict) else {}
        chain.append(chain[-1][name])
    if value in ("", None, [], {}):
        chain[-1].pop(key, None)
    else:
        chain[-1][key] = value
    for outer, name in reversed(list(zip(chain, above, strict=False))):
        if not outer[name]:
            del outer[name]


class NameField(forms.CharField):
    """A short name, as it stands in files and columns."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=64, **options)

    @override
    def clean(self, value: Any) -> Any:
        name = super().clean(value)
        if name and _NAME.fullmatch(name) is None:
            raise ValidationError(_("A small letter first, then small letters, digits and _: such as month3."))
        return name


class LinesField(forms.CharField):
    """A list of texts, one a line."""

    def __init__(self, *, rows: int = 3, **options: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **options)

    @override
    def prepare_value(self, value: Any) -> Any:
        return "\n".join(str(one) for one in value) if isinstance(value, list) else value

    @override
    def clean(self, value: Any) -> Any:
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


class NumbersField(forms.CharField):
    """A list of whole numbers, with commas or spaces between them."""

    @override
    def prepare_value(self, value: Any) -> Any:
        return ", ".join(str(one) for one in value) if isinstance(value, list) else value

    @override
    def clean(self, value: Any) -> Any:
        words = super().clean(value).replace(",", " ").split()
        if any(not word.isdecimal() or len(word) > 6 for word in words):  # up to 999,999
            raise ValidationError(_("Whole numbers are expected here, with commas between them."))
        return [int(word) for word in words]


class NumberField(forms.FloatField):
    """A number; a whole one stays whole."""

    @override
    def clean(self, value: Any) -> Any:
        number = super().clean(value)
        return int(number) if number is not None and number == int(number) else number


class DayField(forms.DateField):
    """A day, as TOML's text."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    @override
    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        return "" if day is None else day.isoformat()


class OptionsField(forms.CharField):
    """Answers, one a line: ``code = What is read``; a line without a code gets one made of its words."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 6}), **options)

    @override
    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Mapping):
            return value
        return "\n".join(f"{code} = {label}" for code, label in value.items())

    @override
    def clean(self, value: Any) -> Any:
        found: dict[str, str] = {}
        for line in super().clean(value).splitlines():
            match = _OPTION.fullmatch(line.rstrip())
            code, label = (match[1], match[2]) if match else (_code(line), line.strip())
            if code in found:
                raise ValidationError(_("Two answers have the code %(code)s.") % {"code": code})
            if label:
                found[code] = label
        return found


def _code(label: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")[:_LONGEST_CODE] or "_"
