"""Questions as they are stored, in JSON, and the hash of what is stored."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from typing import Any

from confrere.surveys.definition.model import Kind, Option, Question

#: Keys that the first definitions did not have. They are stored only where they say something, so that the same
#: questions have the same hash as before.
LATER = ("note", "condition", "matrix", "earliest", "latest", "look")
_DEFAULTS: Mapping[str, Any] = {field.name: field.default for field in fields(Question)}


def digest(content: object) -> str:
    """SHA-256 of a JSON value in its one canonical form (sorted keys, no spaces, UTF-8)."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def stored(question: Question) -> dict[str, Any]:
    """One question as JSON."""
    content = asdict(question)
    return {key: value for key, value in content.items() if key not in LATER or value != _DEFAULTS[key]}


def restored(content: Mapping[str, Any]) -> Question:
    """One question from JSON."""
    options = tuple(Option(**option) for option in content["options"])
    return Question(**{**content, "kind": Kind(content["kind"]), "options": options})


def from_json(content: Mapping[str, Any]) -> tuple[Question, ...]:
    """The questions of a stored definition, in order."""
    return tuple(restored(question) for question in content["questions"])


def stored_all(questions: Iterable[Question]) -> list[dict[str, Any]]:
    """Several questions as JSON, in order."""
    return [stored(question) for question in questions]
