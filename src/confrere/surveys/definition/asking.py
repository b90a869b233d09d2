"""How a field of another system is asked here, and what of it is not, field by field."""

import re
from collections.abc import Mapping
from datetime import date

from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from confrere.analysis.questionnaire import Choice, Field, Kind, Loss
from confrere.surveys.definition.model import Kind as Asked
from confrere.surveys.definition.model import Option, Question

LOOK_OF: Mapping[str, str] = {
    "email": "email",
    "phone": "phone",
    "time": "time",
    "datetime_ymd": "datetime",
    "datetime_mdy": "datetime",
    "datetime_dmy": "datetime",
    "alpha_only": "letters",
    "zipcode": "zipcode",
}
"""REDCap's name of what may be typed → ours."""
_UNASKED: Mapping[Kind, str | Promise] = {
    Kind.FILE: gettext_lazy("Files are not taken here."),
    Kind.SIGNATURE: gettext_lazy("Signatures are not taken here."),
    Kind.CALCULATION: gettext_lazy("REDCap's formulas are computed by REDCap only."),
    Kind.QUERY: gettext_lazy("It is looked up by REDCap only."),
}
_WORDS: Mapping[str, tuple[str, str]] = {"truefalse": ("True", "False")}
KEPT = gettext_lazy("It is not asked here; an export gives it back.")


def plain(text: str) -> str:
    """A text without markup, in one line of words for each line."""
    lines = (" ".join(line.split()) for line in strip_tags(text).splitlines())
    return "\n".join(line for line in lines if line)


def asked_as(field: Field, *, record: bool) -> tuple[Question, tuple[Loss, ...]]:
    """The question, without its condition and section, and what of the field is not asked as it stands there."""
    unasked = _unasked(field, record=record)
    if unasked:
        question = Question(name=field.name, kind=Asked.KEPT, text=plain(field.label), required=False)
        return question, (_lost("field", f"{unasked} {KEPT}"),)
    lost: list[Loss] = []
    if strip_tags(field.label) != field.label:
        lost.append(_lost("field_label", _("Markup is not shown here; the words are.")))
    return _question(field, lost), tuple(lost)


def _lost(what: str, why: str) -> Loss:
    return Loss(field="", what=what, why=why)


def _unasked(field: Field, *, record: bool) -> str:
    """Why a field is not asked; "" where it is."""
    if record and field.kind is Kind.TEXT and not field.branching:
        return _("It numbers the records, and here the link knows which one this is.")
    if field.identifier:
        return _("It identifies a person, and answers here lie under a code.")
    if "@HIDDEN" in field.annotation:
        return _("It is hidden from those who answer.")
    return str(_UNASKED.get(field.kind, ""))


def _question(field: Field, lost: list[Loss]) -> Question:
    low, high = _numbers(field, lost)
    earliest, latest = _days(field, lost)
    left, middle, right = field.slider_labels if field.kind is Kind.SLIDER else ("", "", "")
    if middle:
        lost.append(_lost("select_choices_or_calculations", _("A slider has no middle label here.")))
    return Question(
        name=field.name,
        kind=_kind(field),
        text=plain(field.label) or field.name.replace("_", " ").capitalize(),
        note=plain(field.note),
        required=field.required and field.kind is not Kind.DISPLAY,
        options=_options(field),
        low=low,
        high=high,
        whole=field.kind in {Kind.INTEGER, Kind.SLIDER},
        low_label=plain(left),
        high_label=plain(right),
        earliest=earliest,
        latest=latest,
        look=_look(field, lost),
        matrix=field.matrix,
    )


def _kind(field: Field) -> Asked:
    match field.kind:
        case Kind.CHOICE if field.matrix and all(re.fullmatch(r"-?\d+", choice.code) for choice in field.choices):
            return Asked.LIKERT
        case Kind.CHOICE | Kind.YES_NO:
            return Asked.CHOICE
        case Kind.CHOICES:
            return Asked.CHOICES
        case Kind.INTEGER | Kind.NUMBER:
            return Asked.NUMBER
        case _:
            return _OTHERS.get(field.kind, Asked.LINE)


_OTHERS: Mapping[Kind, Asked] = {
    Kind.SLIDER: Asked.SLIDER,
    Kind.DATE: Asked.DATE,
    Kind.LONG_TEXT: Asked.TEXT,
    Kind.DISPLAY: Asked.NOTE,
}


def _options(field: Field) -> tuple[Option, ...]:
    choices = field.choices
    if field.kind is Kind.YES_NO:
        yes, no = _WORDS.get(field.control, ("Yes", "No"))
        choices = (Choice(code="1", label=yes), Choice(code="0", label=no))
    return tuple(Option(value=choice.code, label=plain(choice.label) or choice.code) for choice in choices)


def _numbers(field: Field, lost: list[Loss]) -> tuple[float | None, float | None]:
    if field.kind is Kind.SLIDER:
        return _limit(field.low or "0", "min", lost), _limit(field.high or "100", "max", lost)
    if field.kind not in {Kind.INTEGER, Kind.NUMBER}:
        return None, None
    return _limit(field.low, "min", lost), _limit(field.high, "max", lost)


def _limit(text: str, end: str, lost: list[Loss]) -> float | None:
    try:
        return float(text.replace(",", ".")) if text else None
    except ValueError:
        lost.append(
            _lost(
                f"text_validation_{end}",
                _("This limit is no number, so nothing is refused by it: %(limit)s") % {"limit": text},
            )
        )
        return None


def _days(field: Field, lost: list[Loss]) -> tuple[str, str]:
    if field.kind is not Kind.DATE:
        return "", ""
    return _day(field.low, "min", lost), _day(field.high, "max", lost)


def _day(text: str, end: str, lost: list[Loss]) -> str:
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        lost.append(
            _lost(
                f"text_validation_{end}",
                _("This limit is no day, so nothing is refused by it: %(limit)s") % {"limit": text},
            )
        )
        return ""


def _look(field: Field, lost: list[Loss]) -> str:
    if field.kind not in {Kind.TEXT, Kind.TIME, Kind.DATETIME}:
        return ""
    if field.validation and field.validation not in LOOK_OF:
        why = _("Any short text is taken here; this validation is REDCap's: %(name)s") % {"name": field.validation}
        lost.append(_lost("text_validation_type_or_show_slider_number", why))
    if field.kind in {Kind.TIME, Kind.DATETIME} and (field.low or field.high):
        lost.append(_lost("text_validation_min", _("Times have no limits here.")))
    if field.detail:
        lost.append(
            _lost("select_choices_or_calculations", _("It is looked up by REDCap only; any text is taken here."))
        )
    return LOOK_OF.get(field.validation, "")
