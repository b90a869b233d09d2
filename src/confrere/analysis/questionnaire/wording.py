"""Instruments in a questionnaire: which ones a file holds, whether their wording needs a text pack, and their
skeletons with stand-in wording, which asks nothing real and says so."""

from collections.abc import Iterable
from dataclasses import dataclass

from confrere.analysis.errors import InputError
from confrere.analysis.questionnaire.model import Choice, Field, Form, Kind, Questionnaire, Section
from confrere.science.instruments import Instrument, InstrumentError, Item, find, registry

MOST_CODES = 11
"""Codes that fit side by side; a longer whole range is a slider."""
STAND_IN = "Stand-in wording; the text comes in a text pack."
"""The annotation of a field whose wording is ours and asks nothing real."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """An instrument of which a questionnaire has items, known by the names of its fields.

    `needs_pack` says that its wording is not free: whatever the file says, a survey opens only with the text pack of
    the site. `stand_in` says that all wording in the file is stand-in wording.
    """

    instrument: str
    title: str
    licence: str
    fields: tuple[str, ...]
    absent: tuple[str, ...]
    needs_pack: bool
    stand_in: bool


def held(questionnaire: Questionnaire) -> tuple[Held, ...]:
    """The instruments of which at least one item is asked."""
    fields = {field.name: field for field in questionnaire.fields}
    return tuple(
        _held(scale, fields) for scale in registry().values() if any(item.id in fields for item in scale.items)
    )


def _held(scale: Instrument, fields: dict[str, Field]) -> Held:
    here = tuple(item.id for item in scale.items if item.id in fields)
    return Held(
        instrument=scale.id,
        title=scale.title,
        licence=scale.licence,
        fields=here,
        absent=tuple(item.id for item in scale.items if item.id not in fields),
        needs_pack=any(item.text is None for item in scale.items),
        stand_in=all(fields[name].annotation == STAND_IN for name in here),
    )


def of_instruments(names: Iterable[str]) -> Questionnaire:
    """A questionnaire of a form for each instrument: names, codes and ranges of its items, the wording where it is
    free, else stand-in wording. Raises `InputError` for an instrument that is not known, or whose items are not."""
    forms = []
    for name in dict.fromkeys(names):
        try:
            scale = find(name)
        except InstrumentError as error:
            raise InputError(f"{error}") from None
        if not scale.known:
            raise InputError(f"the items of {scale.title} are not known.")
        fields = tuple(_field(scale, item, number) for number, item in enumerate(scale.items, start=1))
        forms.append(Form(name=scale.id, title=scale.title, sections=(Section(fields=fields),)))
    return Questionnaire(forms=tuple(forms))


def _field(scale: Instrument, item: Item, number: int) -> Field:
    ours = f"Item {number} of {len(scale.items)} of {scale.title} (stand-in wording)"
    label, annotation = (ours, STAND_IN) if item.text is None else (item.text, "")
    if not item.whole or item.high - item.low >= MOST_CODES:
        low, high = f"{item.low:g}", f"{item.high:g}"
        ends = f"{item.low_label or low} |  | {item.high_label or high}"
        return Field(
            name=item.id, kind=Kind.SLIDER, label=label, detail=ends, low=low, high=high, annotation=annotation
        )
    words = {item.low: item.low_label, item.high: item.high_label}
    choices = tuple(
        Choice(code=f"{code}", label=words.get(code) or f"{code}") for code in range(int(item.low), int(item.high) + 1)
    )
    return Field(name=item.id, kind=Kind.CHOICE, label=label, choices=choices, annotation=annotation)
