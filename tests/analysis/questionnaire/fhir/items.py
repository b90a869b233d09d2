"""Small FHIR resources, written and read, for the tests of both ways."""

import json
from typing import Any

from tests.analysis.questionnaire.examples import dictionary

from confrere.analysis.questionnaire.fhir_read import read_fhir
from confrere.analysis.questionnaire.fhir_terms import Version
from confrere.analysis.questionnaire.fhir_write import write_fhir
from confrere.analysis.questionnaire.model import Field, Reading
from confrere.analysis.questionnaire.redcap import read_redcap

SHOWN, STEPS, PLACES = "questionnaire-itemControl", "questionnaire-sliderStepValue", "maxDecimalPlaces"
BASE = "http://hl7.org/fhir/StructureDefinition/"


def written(version: Version, *rows: dict[str, str]) -> dict[str, Any]:
    """The items of a small dictionary by their linkIds, those inside others too."""
    return flat(write_fhir(read_redcap(dictionary(*rows)).questionnaire, version=version))


def flat(text: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    waiting = list(json.loads(text)["item"])
    while waiting:
        item = waiting.pop(0)
        assert item["linkId"] not in found
        found[item["linkId"]] = item
        waiting += item.get("item", [])
    return found


def read(*items: dict[str, Any], **more: Any) -> Reading:
    resource = {"resourceType": "Questionnaire", "status": "draft", "item": list(items)} | more
    return read_fhir(json.dumps(resource).encode())


def asked(name: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"linkId": name, "type": kind} | more


def one(kind: str, **more: Any) -> tuple[Field, set[str]]:
    reading = read(asked("a", kind, **more))
    return reading.questionnaire.fields[0], {loss.what for loss in reading.losses}


def lost(reading: Reading) -> set[tuple[str, str]]:
    return {(loss.field, loss.what) for loss in reading.losses}
