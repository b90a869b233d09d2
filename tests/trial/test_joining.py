from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from tests.study import DAY, DIRECTOR, MEANING, NOW, PROTOCOL, TODAY, Study

from confrere.people import queries as people
from confrere.people.models import User
from confrere.surveys import queries as answered
from confrere.trial import actions, queries
from confrere.trial.models import PLACE_TRANSITIONS, Allocation, Consent, Place, PlaceState, Seat
from confrere.vault.models import Payload
from confrere.vault.refusals import Refusal


def test_a_consent_is_name_time_meaning_and_the_hash_of_the_text(study: Study) -> None:
    study.join(1)
    row, text = Consent.objects.get(), queries.consent_text(queries.required(study.programme))
    assert text is not None
    assert (row.name, row.given_at, row.meaning, row.sha256) == ("P. 1", NOW, MEANING, text.sha256)
    assert people.members_of(study.programme, "participant", NOW) == [row.person_id]


def test_signing_twice_keeps_one_signature_and_one_place(study: Study) -> None:
    assert study.join(1) == study.join(1)
    assert (Consent.objects.count(), Place.objects.count()) == (1, 1)


@pytest.mark.parametrize("wrong", [{"sha256": "0" * 64}, {"name": "  "}])
def test_a_consent_to_other_words_or_without_a_name_is_refused(study: Study, wrong: dict[str, str]) -> None:
    text = queries.consent_text(queries.required(study.programme))
    assert text is not None
    signed = {"version": 1, "sha256": text.sha256, "name": "P. 1"} | wrong
    with pytest.raises(Refusal):
        actions.consent(programme=study.programme, person=study.person(1), now=NOW, **signed)
    assert not Consent.objects.exists()


def test_new_words_ask_for_a_new_consent(study: Study) -> None:
    old = queries.consent_text(queries.required(study.programme))
    assert old is not None
    study.join(1)
    assert study.text("Other words.") == 2
    assert study.text("Other words.") == 2
    with pytest.raises(Refusal, match="The text changed"):
        actions.consent(
            programme=study.programme, person=study.person(2), version=1, sha256=old.sha256, name="P", now=NOW
        )
    with pytest.raises(Refusal, match="no consent text of that version"):
        actions.consent(
            programme=study.programme, person=study.person(2), version=9, sha256=old.sha256, name="P", now=NOW
        )
    study.join(1)
    assert Consent.objects.count() == 2


def test_nobody_joins_before_the_lock(bare: Study) -> None:
    actions.draft(programme=bare.programme, site=bare.site, protocol=PROTOCOL, actor=DIRECTOR, now=NOW)
    bare.text("words")
    with pytest.raises(Refusal, match="not locked yet"):
        bare.join(1)


def test_a_place_is_held_then_final_and_the_draw_follows_at_once(study: Study) -> None:
    study_id = study.join(1)
    assert (study.state(study_id), study.arm(study_id)) == ("held", None)
    study.answer(study_id, now=NOW + DAY)
    assert study.state(study_id) == "final"
    assert study.arm(study_id) in {"coaching", "control"}
    assert Place.objects.get().seat is not None


def test_who_comes_after_the_last_place_waits_in_order(study: Study, full: Callable[[], list[str]]) -> None:
    full()
    waiting = [study.join(number) for number in (11, 12)]
    assert [study.state(study_id) for study_id in waiting] == ["waiting", "waiting"]
    places = [queries.place_of(trial=queries.required(study.programme), study_id=one) for one in waiting]
    assert [queries.ahead_of(place) for place in places if place] == [0, 1]
    assert answered.windows(programme=study.programme, study_id=waiting[0]) == []


def test_a_lapsed_hold_moves_on_to_the_first_who_waits(study: Study) -> None:
    ids = [study.join(number) for number in range(8)]
    assert [study.state(one) for one in ids] == ["held"] * 6 + ["waiting"] * 2
    study.answer(ids[0], now=NOW + 6 * DAY)
    actions.move_on(programme=study.programme, now=NOW + 7 * DAY)  # held until the end of that day
    assert study.state(ids[6]) == "waiting"
    actions.move_on(programme=study.programme, now=TODAY + 8 * DAY)
    assert [study.state(one) for one in ids] == ["final"] + ["lapsed"] * 5 + ["held"] * 2
    assert [window.wave for window in answered.windows(programme=study.programme, study_id=ids[6])] == ["baseline"]


def test_who_is_late_takes_a_free_seat_or_waits_behind_the_others(study: Study) -> None:
    ids = [study.join(number) for number in range(6)]
    late = NOW + 8 * DAY
    study.answer(ids[5], now=late)  # every hold has lapsed: a seat is free
    assert [study.state(one) for one in ids] == ["lapsed"] * 5 + ["final"]
    others = [study.join(number, now=late) for number in range(10, 16)]
    assert [study.state(one) for one in others] == ["held"] * 5 + ["waiting"]
    study.answer(ids[0], now=late)
    assert study.state(ids[0]) == "waiting"
    actions.withdraw(programme=study.programme, study_id=others[0], kind="questions", now=late)
    assert [study.state(others[5]), study.state(ids[0])] == ["held", "waiting"]
    actions.withdraw(programme=study.programme, study_id=others[1], kind="questions", now=late)
    assert study.state(ids[0]) == "final"  # the baseline was complete, so the draw followed
    assert study.arm(ids[0]) is not None


def test_who_lost_a_place_can_ask_again_with_time_for_the_baseline(study: Study) -> None:
    study_id = study.join(1)
    later = NOW + 40 * DAY
    actions.move_on(programme=study.programme, now=later)
    assert study.state(study_id) == "lapsed"
    with pytest.raises(Refusal, match="closed on"):
        study.answer(study_id, now=later)
    assert study.join(1, now=later) == study_id
    study.answer(study_id, now=later + DAY)
    assert study.state(study_id) == "final"


def test_the_database_has_no_seat_for_one_more(study: Study, full: Callable[[], list[str]]) -> None:
    full()
    assert Seat.objects.count() == 6
    seventh = study.join(7)
    place = Place.objects.get(study_id=seventh)
    taken = Place.objects.filter(state="final").first()
    assert taken is not None
    for state, seat in [("final", None), ("final", taken.seat), ("waiting", taken.seat)]:
        with pytest.raises(IntegrityError), transaction.atomic():
            Place.objects.filter(pk=place.pk).update(state=state, seat=seat)


def test_places_move_along_their_table_only(study: Study) -> None:
    from confrere.trial.rules import check_move

    study.enrol(1)
    place = Place.objects.get()
    assert PLACE_TRANSITIONS[PlaceState.FINAL] == frozenset()
    with pytest.raises(Refusal, match="final cannot become lapsed"):
        check_move(place, PlaceState.LAPSED)


def test_no_transaction_writes_a_person_beside_a_study_id(study: Study) -> None:
    study.enrol(1)
    rows = [*Consent.objects.extra(select={"xmin": "xmin::text"}), *User.objects.extra(select={"xmin": "xmin::text"})]
    coded = [
        *Place.objects.extra(select={"xmin": "xmin::text"}),
        *Allocation.objects.extra(select={"xmin": "xmin::text"}),
    ]
    # Inside a test everything is one transaction with savepoints; each of these verbs has its own.
    assert {row.xmin for row in rows}.isdisjoint({row.xmin for row in coded})
    for body in Payload.objects.values_list("body", flat=True):
        assert not ('"actor":"person' in body and '"about":"place' in body)
