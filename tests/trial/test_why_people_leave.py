"""Whoever leaves may say why, from a short list; the flow counts it, zeros too, and nobody reads it beside a name."""

import pytest
from django.test import Client
from django.utils import timezone
from tests.study import DIRECTOR, NOW, Study
from tests.trial.test_lotteries import BY_LOT, announce, draw
from tests.trial.test_views import signed_in

from confrere.people import actions as people
from confrere.trial import actions, queries
from confrere.trial.models import LeavingReason, Withdrawal


@pytest.fixture
def somebody(study: Study) -> tuple[str, Client]:
    study_id = study.enrol(1)
    return study_id, signed_in(study.persons[study_id])


@pytest.mark.parametrize(("sent", "kept"), [("time", "time"), ("", ""), ("a long story", "")])
def test_a_reason_is_one_of_the_list_or_none_and_leaving_is_never_refused(
    somebody: tuple[str, Client], sent: str, kept: str
) -> None:
    study_id, client = somebody
    url = "/p/peer/trial/mine/stop/coaching/"
    page = client.get(url)
    assert "I would rather not say" in page.text
    assert "Who sees this" in page.text
    assert client.post(url, {"reason": sent}).status_code == 302
    assert Withdrawal.objects.get(study_id=study_id).reason == kept


def test_the_flow_counts_what_was_said_and_what_is_missing_because_of_it(study: Study) -> None:
    ids = [study.enrol(number) for number in range(6)]
    scope = {"programme": study.programme, "now": NOW}
    for study_id in ids:
        actions.withdraw(**scope, study_id=study_id, kind="coaching", reason=LeavingReason.TIME)
        actions.withdraw(**scope, study_id=study_id, kind="data")
    coached, control = queries.flow(programme=study.programme).arms
    n, m = coached.boxes[0].count, control.boxes[0].count
    assert coached.boxes[0].notes[0].startswith(f"{n} left coaching (no time {n}, it did not suit them 0, ")
    assert coached.boxes[0].notes[2].endswith(f"another reason 0, not said {n})")
    losses = {box.name: [(loss.reason, loss.count) for loss in box.losses] for box in coached.boxes[1:]}
    assert losses["started"] == [("left coaching before a session", n), ("no session so far", 0)]
    assert losses["answered_month3"] == [("wanted no further questions", n), ("not answered so far", 0)]
    assert [loss.count for loss in control.boxes[1].losses] == [m, 0]


def test_a_participant_reads_the_rank_of_their_lot_and_takes_its_receipt(bare: Study) -> None:
    bare.open(BY_LOT)
    announce(bare)
    ids = [bare.join(number) for number in range(3)]
    draw(bare)
    bare.person(9)
    for study_id in ids:
        client = signed_in(bare.persons[study_id])
        receipt = client.get("/p/peer/trial/mine/lot.json").json()
        assert receipt["study_id"] == study_id
        assert f"you drew rank {receipt['rank']} of 3" in client.get("/p/peer/trial/mine/").text
    outside = bare.person(9)
    people.grant_role(person=outside, programme=bare.programme, role="participant", now=NOW, actor=DIRECTOR)
    assert signed_in(outside).get("/p/peer/trial/mine/lot.json").status_code == 404
    assert "rank" not in signed_in(outside).get("/p/peer/trial/mine/").text


@pytest.mark.parametrize(("role", "seen"), [("director", True), ("coordinator", True), ("statistician", False)])
def test_the_funnel_stands_beside_the_flow_for_those_who_recruit(study: Study, role: str, seen: bool) -> None:
    person = study.person(20)
    people.grant_role(person=person, programme=study.programme, role=role, now=timezone.now(), actor=DIRECTOR)
    page = signed_in(person).get("/p/peer/trial/")
    assert "The flow so far" in page.text
    assert ("From the announcement to the draw" in page.text) == seen
