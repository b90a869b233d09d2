"""The results pages: the study team reads reports, leaders read releases, nobody else reads anything."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from tests.study import Study

from confrere.evidence.models import FrozenDataSet
from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.vault.models import Payload

type Browse = Callable[[Standing], Client]
PLACE = "/p/peer/evidence/"


@pytest.fixture
def frozen(statistician: Standing, answered: None, browse: Browse) -> FrozenDataSet:
    """Frozen and analysed through the page."""
    answer = browse(statistician).post(f"{PLACE}freeze/")
    assert answer.headers["Location"] == f"{PLACE}1/"
    return FrozenDataSet.objects.get()


def test_before_the_first_freeze_the_page_says_what_comes(
    statistician: Standing, opened: Study, browse: Browse
) -> None:
    page = browse(statistician).get(PLACE).content.decode()
    assert "No results yet" in page
    assert "Freeze the answers as they are now" in page


def test_the_page_shows_the_sentence_the_table_the_flow_and_the_way_it_was_computed(
    director: Standing, frozen: FrozenDataSet, browse: Browse
) -> None:
    page = browse(director).get(PLACE).content.decode()
    assert "the change in quality of life was" in page
    assert "Table 3." in page
    assert "CONSORT 2025 checklist" in page
    assert "modified itt" not in page
    assert frozen.sha256 in page
    assert frozen.flow in page
    assert "Release the sentences and this table to leaders" in page
    assert "Freeze the answers" not in page  # the statistician's act


def test_files_are_the_frozen_bytes_and_taking_rows_away_is_noted(
    statistician: Standing, director: Standing, frozen: FrozenDataSet, browse: Browse
) -> None:
    mine = browse(statistician)
    before = Payload.objects.count()
    assert mine.get(f"{PLACE}1/data.csv").content == bytes(frozen.content)
    assert Payload.objects.count() == before + 1
    assert mine.get(f"{PLACE}1/plan.toml").content.decode() == frozen.plan
    assert mine.get(f"{PLACE}1/results.json").json()["sets"][0]["name"] == "itt"
    table = mine.get(f"{PLACE}1/table3.csv")
    assert table.content.decode().startswith("Outcome,")
    assert table.headers["Content-Disposition"] == 'attachment; filename="table3.csv"'
    assert browse(director).get(f"{PLACE}1/data.csv").status_code == 403


def test_leaders_see_nothing_before_the_release_and_one_page_after_it(
    member: Callable[[Role], Standing], director: Standing, frozen: FrozenDataSet, browse: Browse
) -> None:
    leader = browse(member(Role.LEADER))
    assert "Nothing has been released yet" in leader.get(PLACE).content.decode()
    assert browse(director).post(f"{PLACE}1/release/").status_code == 302
    page = leader.get(PLACE).content.decode()
    assert "the change in quality of life was" in page
    assert "Released to leaders on" in browse(director).get(PLACE).content.decode()
    for path in ("1/", "1/data.csv", "1/plan.toml", "1/results.json", "1/table3.csv"):
        assert leader.get(PLACE + path).status_code == 403


@pytest.mark.parametrize("path", ["7/", "7/data.csv", "7/plan.toml", "7/results.json", "7/table3.csv", "1/table9.csv"])
def test_what_is_not_there_is_not_found(
    statistician: Standing, frozen: FrozenDataSet, browse: Browse, path: str
) -> None:
    assert browse(statistician).get(PLACE + path).status_code == 404


def test_releasing_what_is_not_there_is_not_found(director: Standing, frozen: FrozenDataSet, browse: Browse) -> None:
    assert browse(director).post(f"{PLACE}7/release/").status_code == 404


def test_earlier_data_sets_stay_in_reach(
    statistician: Standing, frozen: FrozenDataSet, enrol: Callable[..., None], browse: Browse
) -> None:
    enrol(99, baseline=50, month3=None)
    mine = browse(statistician)
    mine.post(f"{PLACE}freeze/")
    assert "Earlier data sets" in mine.get(PLACE).content.decode()
    assert frozen.sha256 in mine.get(f"{PLACE}1/").content.decode()


def test_the_page_asks_the_database_as_often_for_one_set_as_for_three(
    statistician: Standing,
    frozen: FrozenDataSet,
    enrol: Callable[..., None],
    browse: Browse,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    mine = browse(statistician)
    mine.get(PLACE)
    with django_assert_num_queries(7):
        mine.get(PLACE)
    for number in (97, 98):
        enrol(number, baseline=50, month3=None)
        mine.post(f"{PLACE}freeze/")
    with django_assert_num_queries(7):
        mine.get(PLACE)
