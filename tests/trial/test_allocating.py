import json
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from tests.study import DAY, DIRECTOR, NOW, PROTOCOL, TODAY, Study

from confrere.people.models import User
from confrere.science.allocation import Margins, Minimisation, leaf, next_arm, verify_record
from confrere.surveys import queries as answered
from confrere.trial import actions, keys, queries
from confrere.trial.models import Allocation, ConsentText, Step
from confrere.vault import link
from confrere.vault.models import Payload
from confrere.vault.refusals import Refusal


def draw(study: Study, study_id: str) -> str:
    return actions.allocate(programme=study.programme, study_id=study_id, now=NOW)


def test_a_draw_before_its_steps_names_the_one_that_lacks(study: Study, full: Callable[[], list[str]]) -> None:
    with pytest.raises(Refusal, match="no consent yet") as refused:
        draw(study, "S-AAAA-AAAA")
    assert refused.value.status == 409
    held = study.join(1)
    with pytest.raises(Refusal, match="baseline is not complete"):
        draw(study, held)
    full()
    waiting = study.join(9)
    with pytest.raises(Refusal, match="baseline is not complete"):
        draw(study, waiting)


def test_a_complete_baseline_without_a_place_is_not_drawn(study: Study) -> None:
    early = study.join(1)
    for number in range(10, 16):
        study.enrol(number, now=NOW + 8 * DAY)
    study.answer(early, now=NOW + 8 * DAY)
    assert study.state(early) == "waiting"
    with pytest.raises(Refusal, match="place is not final"):
        draw(study, early)
    actions.withdraw(programme=study.programme, study_id=early, kind="coaching", now=NOW + 8 * DAY)
    with pytest.raises(Refusal, match="no consent yet"):
        draw(study, early)


def test_the_same_participant_is_drawn_once(study: Study) -> None:
    study_id = study.enrol(1)
    first = Allocation.objects.get()
    assert [draw(study, study_id) for _again in range(3)] == [first.arm] * 3
    assert Allocation.objects.count() == 1
    assert str(first) == f"{study_id} in gender=woman;medicine=yes"


def test_who_leaves_and_comes_back_is_recognised(study: Study) -> None:
    study_id = study.enrol(1)
    arm = study.arm(study_id)
    for kind in ("coaching", "questions"):
        actions.withdraw(programme=study.programme, study_id=study_id, kind=kind, now=NOW + DAY)
    study.text("Other words.")
    assert study.join(1, now=NOW + 2 * DAY) == study_id
    assert (study.state(study_id), study.arm(study_id)) == ("final", arm)
    with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
        User.objects.filter(pk=study.persons[study_id]).delete()


def test_the_stratum_is_frozen_and_the_leaf_hides_who_it_is(study: Study) -> None:
    study_id = study.enrol(1, gender="man", medicine="no")
    row = Allocation.objects.get()
    assert (row.stratum, row.counter) == ("gender=man;medicine=no", 0)
    assert row.leaf == leaf(nonce=bytes.fromhex(row.nonce), study_id=study_id, stratum=row.stratum)


def test_arms_of_a_stratum_never_differ_by_more_than_the_stick(bare: Study) -> None:
    bare.open(PROTOCOL.replace("cap = 6", "cap = 24"))
    tally: Counter[str] = Counter()
    for number in range(24):
        tally[bare.arm(bare.enrol(number)) or ""] += 1
        assert abs(tally["coaching"] - tally["control"]) <= 2
    assert sorted(Allocation.objects.values_list("counter", flat=True)) == list(range(24))


def test_later_waves_open_at_their_day_for_both_arms(study: Study, full: Callable[[], list[str]]) -> None:
    for study_id in full():
        later = [one for one in answered.windows(programme=study.programme, study_id=study_id) if one.wave == "month3"]
        assert [(one.opens, one.closes) for one in later] == [(TODAY + 91 * DAY, TODAY + 119 * DAY)]
    with pytest.raises(Refusal, match="opens on"):
        study.answer(study_id, wave="month3", now=NOW + 90 * DAY)
    with pytest.raises(Refusal, match="closed on"):
        study.answer(study_id, wave="month3", now=NOW + 119 * DAY)


def test_the_audit_of_a_draw_names_neither_person_nor_arm(study: Study) -> None:
    study_id = study.enrol(1)
    [body] = Payload.objects.filter(body__contains='"trial.allocate"').values_list("body", flat=True)
    assert json.loads(body)["actor"] == f"study:{study_id}"
    assert "coaching" not in body
    assert "control" not in body


@pytest.mark.parametrize("model", [Allocation, Step, ConsentText])
def test_the_application_can_neither_change_nor_delete_what_is_append_only(
    study: Study, model: type[Allocation | Step | ConsentText]
) -> None:
    study.enrol(1)
    actions.catch_up(programme=study.programme, now=NOW)
    assert model.objects.exists()
    for change in (
        lambda: model.objects.update(programme=study.programme),
        lambda: model.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            change()


def test_the_published_record_verifies_and_names_what_was_changed(study: Study, full: Callable[[], list[str]]) -> None:
    ids = full()
    trial = queries.required(study.programme)
    with pytest.raises(Refusal, match="published when recruitment has ended"):
        queries.published_record(trial)
    record = actions.close_and_publish(programme=study.programme, actor=DIRECTOR, now=NOW + DAY)
    assert record == queries.published_record(queries.required(study.programme))
    assert verify_record(json.loads(json.dumps(record))).verified
    assert not any(study_id in json.dumps(record) for study_id in ids)
    for number, entry in enumerate(record["entries"], start=1):
        changed = json.loads(json.dumps(record))
        changed["entries"][number - 1]["arm"] = "control" if entry["arm"] == "coaching" else "coaching"
        assert verify_record(changed).first_failure == number


def test_publishing_ends_recruitment_and_waits_for_held_places(study: Study) -> None:
    study_id = study.join(1)
    with pytest.raises(Refusal, match="1 places are still held"):
        actions.close_and_publish(programme=study.programme, actor=DIRECTOR, now=NOW)
    study.answer(study_id)
    actions.close_and_publish(programme=study.programme, actor=DIRECTOR, now=NOW)
    with pytest.raises(Refusal, match="Recruitment ended on 2026-03-03"):
        study.join(2)
    with pytest.raises(Refusal, match="Recruitment ended"):
        actions.close_and_publish(programme=study.programme, actor=DIRECTOR, now=NOW)
    assert draw(study, study_id) == study.arm(study_id)  # asked again, still the same answer


def test_before_the_end_no_key_and_no_arm_stands_anywhere(bare: Study) -> None:
    bare.open(test_entropy="")
    bare.join(1)
    rows = [str(row) for model in (ConsentText, Allocation) for row in model.objects.values_list()]
    rows += Payload.objects.values_list("body", flat=True)
    key = keys.of_trial(queries.required(bare.programme))
    assert not any(key.hex() in row for row in rows)
    assert not Allocation.objects.exists()
    assert link.study_id(person=bare.person(1), programme=bare.programme) is not None


def test_minimisation_looks_at_every_stratum(bare: Study) -> None:
    """Each draw follows from all before it, in whatever stratum; the published record verifies."""
    bare.open(
        PROTOCOL.replace('"big-stick"\nmti = 2', '"minimisation"\nprobability = 0.9').replace("cap = 6", "cap = 8")
    )
    trial = queries.required(bare.programme)
    kinds = [(gender, medicine) for gender in ("woman", "man") for medicine in ("yes", "no")]
    for number in range(8):
        rows = list(Allocation.objects.filter(trial=trial).order_by("pk"))
        gender, medicine = kinds[number % 4]
        study_id = bare.enrol(number, gender=gender, medicine=medicine)
        made = Allocation.objects.get(study_id=study_id)
        margins = Margins()
        for row in rows:
            margins.add(row.stratum, row.arm)
        read = queries.protocol(trial)
        assert made.counter == number // 4
        assert made.arm == next_arm(
            Minimisation(90),
            key=keys.of_trial(trial),
            protocol_sha256=trial.protocol_sha256,
            stratum=made.stratum,
            history=[row.arm for row in rows if row.stratum == made.stratum],
            arms=read.allocation_arms,
            margins=margins,
        )
        assert draw(bare, study_id) == made.arm
    record = actions.close_and_publish(programme=bare.programme, actor=DIRECTOR, now=NOW + DAY)
    assert record["scheme"] == {"name": "minimisation", "percent": 90, "measure": "range"}
    assert verify_record(json.loads(json.dumps(record))).verified
    for number, entry in enumerate(record["entries"], start=1):
        changed = json.loads(json.dumps(record))
        changed["entries"][number - 1]["arm"] = "control" if entry["arm"] == "coaching" else "coaching"
        assert verify_record(changed).first_failure == number
