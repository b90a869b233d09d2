"""A questionnaire of another system as blocks of a draft, with everything that is not asked here as it was there.

What we do not use is not thrown away: each block keeps the field it came from (its *origin*), so that an export gives
it back (`confrere.surveys.definition.going`).
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from confrere.analysis.questionnaire import Field, Form, Held, Loss, Reading, held
from confrere.analysis.questionnaire import Kind as FieldKind
from confrere.analysis.questionnaire.legal import legal
from confrere.analysis.questionnaire.logic import LogicError, parse
from confrere.analysis.questionnaire.rule import to_rule
from confrere.science.instruments import Item, find
from confrere.surveys.definition.asking import asked_as, plain
from confrere.surveys.definition.blocks import Block, to_blocks
from confrere.surveys.definition.checking import wrong_condition
from confrere.surveys.definition.model import Kind, Question
from confrere.surveys.definition.storing import stored
from confrere.surveys.definition.wording import of_instrument


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """What a file becomes: its title, its blocks, and what is lost or asked otherwise."""

    title: str
    blocks: tuple[Block, ...]
    lost: tuple[Loss, ...]


def coming(reading: Reading, *, record_first: bool) -> Coming:
    """The blocks of a questionnaire that was read; `record_first`: its first field numbers the records (REDCap)."""
    before, after = reading.questionnaire, legal(reading.questionnaire)
    losses = [*reading.losses]
    scales = {name: one for one in held(after) for name in one.fields if _fits(one, after.fields)}
    questions: list[Question] = []
    origins: dict[str, dict[str, Any]] = {}
    section = ""
    places = list(zip(before.places(), after.places(), strict=True))
    for number, ((form, header, old), (_legal_form, _same, field)) in enumerate(places):
        starts = number == 0 or form.name != places[number - 1][0][0].name
        section = plain(header) or (form.heading if starts and len(before.forms) > 1 else section)
        if field.name in scales:
            questions.append(_item(scales[field.name].instrument, field, section))
            continue
        question, lost = asked_as(field, record=record_first and number == 0 and len(places) > 1)
        question, unasked = _conditioned(replace(question, section=section), field, after.fields, questions)
        losses += [Loss(field=old.name, what=loss.what, why=loss.why) for loss in (*lost, *unasked)]
        questions.append(question)
        origins[question.name] = _origin(form, header, old, question)
    losses += [_of_scale(one) for one in dict.fromkeys(scales.values())]
    return Coming(title=before.title, blocks=to_blocks(questions, origins), lost=tuple(losses))


def _item(instrument: str, field: Field, section: str) -> Question:
    """The item of an instrument, without the wording of the file: that comes in a text pack, or is free."""
    item = next(one for one in of_instrument(instrument, required=field.required) if one.name == field.name)
    return replace(item, section=section or item.section)


def _of_scale(one: Held) -> Loss:
    why = (
        _("These are its items, so they are asked and scored as the instrument, with the wording of your text pack.")
        if one.needs_pack
        else _("These are its items, so they are asked and scored as the instrument, in its own words.")
    )
    return Loss(field="", what=one.title, why=why)


def _fits(one: Held, fields: Sequence[Field]) -> bool:
    """Whether the fields that are called like the items of an instrument are also answered like them."""
    named = {field.name: field for field in fields}
    items = {item.id: item for item in find(one.instrument).items}
    return all(_alike(items[name], named[name]) for name in one.fields)


def _alike(item: Item, field: Field) -> bool:
    if field.choices:
        codes = {choice.code for choice in field.choices}
        return codes == {str(code) for code in range(int(item.low), int(item.high) + 1)}
    return field.kind is FieldKind.SLIDER and (field.low or "0", field.high or "100") == (
        f"{item.low:g}",
        f"{item.high:g}",
    )


def _conditioned(
    question: Question, field: Field, fields: Sequence[Field], before: Sequence[Question]
) -> tuple[Question, tuple[Loss, ...]]:
    """The question with its condition in our language; without one where that cannot be said, with the reason."""
    if not field.branching.strip() or question.kind is Kind.KEPT:
        return question, ()
    try:
        condition = to_rule(parse(field.branching), {one.name: one for one in fields})
        wrong = wrong_condition(replace(question, condition=condition), len(before), (*before, question))
    except LogicError as error:
        condition, wrong = "", str(error)
    if not wrong:
        return replace(question, condition=condition), ()
    return question, (Loss(field="", what="branching_logic", why=f"{_('Everyone is asked here.')} {wrong}"),)


def _origin(form: Form, header: str, field: Field, question: Question) -> dict[str, Any]:
    bare = Field(name=field.name, kind=field.kind)
    said = {
        key: value for key, value in asdict(field).items() if key in {"name", "kind"} or value != getattr(bare, key)
    }
    return {
        "form": form.name,
        "form_title": form.title,
        "heading": form.heading,
        "header": header,
        "field": said,
        "question": stored(question),
    }
