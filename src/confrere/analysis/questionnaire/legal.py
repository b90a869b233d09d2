"""A questionnaire whose names and codes REDCap accepts, also where branching and formulas mention them."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from confrere.analysis.questionnaire.cells import CHOOSING
from confrere.analysis.questionnaire.logic import (
    Asked,
    Comparison,
    Condition,
    Fixed,
    Joined,
    LogicError,
    parse,
    to_text,
)
from confrere.analysis.questionnaire.model import Choice, Field, Questionnaire

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_CODE = re.compile(r"[^,|\s]([^,|]*[^,|\s])?")


@dataclass(frozen=True, slots=True)
class _Legal:
    """The legal name of each field, and the legal code of each choice by field."""

    names: Mapping[str, str]
    codes: Mapping[str, Mapping[str, str]]


def legal(questionnaire: Questionnaire) -> Questionnaire:
    """The same questionnaire with names of small letters, digits and underscores, codes without comma and ``|``, and
    labels without ``|``; what is legal already stays as it is, spelling too."""
    fields = questionnaire.fields
    said = _Legal(
        names=_names(field.name for field in fields),
        codes={field.name: _codes(field.choices) for field in fields},
    )
    forms = _names(form.name for form in questionnaire.forms)
    return replace(
        questionnaire,
        forms=tuple(
            replace(
                form,
                name=forms[form.name],
                sections=tuple(
                    replace(section, fields=tuple(_field(field, said) for field in section.fields))
                    for section in form.sections
                ),
            )
            for form in questionnaire.forms
        ),
    )


def _names(names: Iterable[str]) -> dict[str, str]:
    """Each name → small letters, digits and underscores, starting with a letter."""
    return _unlike({name: name if _NAME.fullmatch(name) else _plain(name) for name in names})


def _plain(name: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    return plain if _NAME.fullmatch(plain) else f"q_{plain}".rstrip("_")


def _codes(choices: Iterable[Choice]) -> dict[str, str]:
    codes = (choice.code for choice in choices)
    return _unlike({code: code if _CODE.fullmatch(code) else _plain_code(code) for code in codes})


def _plain_code(code: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.\-]+", "_", code) or "_"


def _unlike(wanted: Mapping[str, str]) -> dict[str, str]:
    """The same words, numbered where two would be alike; a word that was not changed keeps its own."""
    taken = {word for key, word in wanted.items() if key == word}
    counted: Counter[str] = Counter()
    found: dict[str, str] = {}
    for key, word in wanted.items():
        tried = word
        while key != word and tried in taken:
            counted[word] += 1
            tried = f"{word}_{counted[word] + 1}"
        taken.add(tried)
        found[key] = tried
    return found


def _field(field: Field, said: _Legal) -> Field:
    codes = said.codes[field.name]
    return replace(
        field,
        name=said.names[field.name],
        branching=_branching(field.branching, said),
        choices=tuple(Choice(code=codes[choice.code], label=_label(choice.label)) for choice in field.choices),
        detail=field.detail if field.kind in CHOOSING else _mentioned(field.detail, said),
    )


def _label(label: str) -> str:
    breaks = "|" in label or label != label.strip()
    return " ".join(label.replace("|", "/").split()) if breaks else label


def _branching(text: str, said: _Legal) -> str:
    """The same condition; a text that is not understood has only its names changed."""
    try:
        before = parse(text)
    except LogicError:
        return _mentioned(text, said)
    after = _renamed(before, said)
    return text if after == before else to_text(after)


def _renamed(condition: Condition, said: _Legal) -> Condition:
    if isinstance(condition, Joined):
        return Joined(condition.word, tuple(_renamed(part, said) for part in condition.parts))
    codes = said.codes.get(condition.left.name, {})
    right = condition.right
    if isinstance(right, Asked):
        return Comparison(_asked(condition.left, said), condition.sign, _asked(right, said))
    value = right.value if condition.left.code is not None else codes.get(right.value, right.value)
    return Comparison(_asked(condition.left, said), condition.sign, Fixed(value, right.number))


def _asked(asked: Asked, said: _Legal) -> Asked:
    code = asked.code
    if code is not None:
        code = said.codes.get(asked.name, {}).get(code, code)
    return Asked(said.names.get(asked.name, asked.name), code)


def _mentioned(text: str, said: _Legal) -> str:
    """The same text with the names in brackets made legal."""
    return re.sub(r"\[([^\[\]()]+)(?=[\](])", lambda found: f"[{said.names.get(found[1], found[1])}", text)
