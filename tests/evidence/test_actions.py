"""From answers to a frozen set, from the set to the report, from the report to what leaders read."""

from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from django.db import ProgrammingError, connection, transaction
from tests.study import Study

from confrere import analysis
from confrere.evidence import actions, queries
from confrere.evidence.models import FrozenDataSet, FrozenMember, Release, Report
from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.vault.models import Payload
from confrere.vault.refusals import Refusal

NOW = datetime(2026, 6, 20, 12, tzinfo=UTC)


def test_nothing_is_frozen_before_the_protocol_is_locked(statistician: Standing) -> None:
    with pytest.raises(Refusal, match="Lock the protocol first"):
        actions.freeze(standing=statistician, now=NOW)


def test_nothing_is_frozen_before_the_first_draw(statistician: Standing, opened: Study) -> None:
    with pytest.raises(Refusal, match="Nobody has been allocated"):
        actions.freeze(standing=statistician, now=NOW)


def test_a_frozen_set_is_named_by_the_hash_of_its_bytes_and_kept_once(statistician: Standing, answered: None) -> None:
    first = actions.freeze(standing=statistician, now=NOW)
    again = actions.freeze(standing=statistician, now=NOW)
    assert again.pk == first.pk
    assert first.sha256 == sha256(bytes(first.content)).hexdigest()
    assert (first.number, first.participants, first.rows) == (1, 16, 31)
    assert str(first) == "data set 1"
    assert "<svg" in first.flow
    members = list(FrozenMember.objects.filter(data_set=first).order_by("study_id"))
    assert [f"{member.study_id} in {first.pk}" for member in members] == [str(member) for member in members]
    assert len(members) == 16


def test_new_answers_make_a_new_set_and_leave_the_old_one(
    statistician: Standing, answered: None, enrol: Callable[..., None]
) -> None:
    first = actions.freeze(standing=statistician, now=NOW)
    before = bytes(first.content)
    enrol(99, baseline=50, month3=None)
    second = actions.freeze(standing=statistician, now=NOW)
    assert (second.number, second.participants) == (2, 17)
    assert bytes(FrozenDataSet.objects.get(number=1).content) == before


def test_the_report_holds_what_the_command_line_prints_from_the_same_two_files(
    statistician: Standing, answered: None
) -> None:
    data_set = actions.freeze(standing=statistician, now=NOW)
    report = actions.analyse(standing=statistician, data_set=data_set, now=NOW)
    assert actions.analyse(standing=statistician, data_set=data_set, now=NOW).pk == report.pk
    results = analysis.run(analysis.read_plan(data_set.plan), analysis.read_csv(bytes(data_set.content)))
    table = report.pages["sections"][0]["tables"][0]
    assert table["csv"] == analysis.table_csv(analysis.table3(results))
    assert table["html"] == analysis.table_html(analysis.table3(results))
    assert report.results["sets"][0]["outcomes"][0]["contrasts"][0]["estimate"] == pytest.approx(
        results.sets[0].outcomes[0].contrasts[0].value.estimate, abs=1e-12
    )
    assert str(report) == f"report {report.pk}"


def test_a_report_that_somebody_else_finished_meanwhile_is_kept(
    statistician: Standing, answered: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    frozen = actions.freeze(standing=statistician, now=NOW)
    first = actions.analyse(standing=statistician, data_set=frozen, now=NOW)
    events = Payload.objects.count()
    monkeypatch.setattr(queries, "report", lambda **_asked: None)  # not there yet when the second looked
    again = actions.analyse(standing=statistician, data_set=frozen, now=NOW)
    assert (again.pk, Report.objects.count(), Payload.objects.count()) == (first.pk, 1, events)


def test_leaders_read_what_was_released_and_it_is_released_once(
    statistician: Standing, director: Standing, answered: None
) -> None:
    report = actions.analyse(standing=statistician, data_set=actions.freeze(standing=statistician, now=NOW), now=NOW)
    released = actions.release(standing=director, report=report, now=NOW)
    assert actions.release(standing=director, report=report, now=NOW).pk == released.pk
    assert released.page["sentences"] == report.pages["sections"][0]["sentences"]
    assert [table["name"] for table in released.page["tables"]] == ["table3"]
    assert str(released) == f"release {released.pk}"


def test_a_cell_of_fewer_than_five_people_is_not_released(
    statistician: Standing, director: Standing, enrol: Callable[..., None], opened: Study
) -> None:
    for number in range(8):
        enrol(number, baseline=40 + 3 * number, month3=50 + 2 * number if number < 7 else None)
    report = actions.analyse(standing=statistician, data_set=actions.freeze(standing=statistician, now=NOW), now=NOW)
    with pytest.raises(Refusal, match="Five are needed"):
        actions.release(standing=director, report=report, now=NOW)


@pytest.mark.parametrize("model", [FrozenDataSet, FrozenMember, Report, Release])
def test_the_application_cannot_change_what_was_frozen(
    statistician: Standing, director: Standing, answered: None, model: type[FrozenDataSet]
) -> None:
    report = actions.analyse(standing=statistician, data_set=actions.freeze(standing=statistician, now=NOW), now=NOW)
    actions.release(standing=director, report=report, now=NOW)
    table = model._meta.db_table
    for statement in (f"UPDATE {table} SET programme_id = programme_id", f"DELETE FROM {table}", f"TRUNCATE {table}"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement)


def test_today_leads_each_to_their_results(
    member: Callable[[Role], Standing], statistician: Standing, director: Standing, answered: None
) -> None:
    leader, coach = member(Role.LEADER), member(Role.COACH)
    for who in (statistician, leader, coach):
        assert queries.today(standing=who, now=NOW) == []
    report = actions.analyse(standing=statistician, data_set=actions.freeze(standing=statistician, now=NOW), now=NOW)
    (card,) = queries.today(standing=director, now=NOW)
    assert card.sentence == "Data set 1, frozen on 20 June 2026, has been analysed."
    assert queries.today(standing=leader, now=NOW) == []
    actions.release(standing=director, report=report, now=NOW)
    (card,) = queries.today(standing=leader, now=NOW)
    assert card.sentence == report.pages["sections"][0]["sentences"][0]
    assert queries.today(standing=coach, now=NOW) == []
