"""The shipped list, and what a site makes of it."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from confrere.lounge import actions, queries
from confrere.lounge.models import Question, Specialty
from confrere.people import actions as people
from confrere.people.queries import Standing, standing
from confrere.people.roles import Role
from confrere.vault.audit import Actor
from confrere.vault.refusals import Refusal

type Enter = Callable[..., Standing]


@pytest.fixture
def moderator(enter: Enter, now: datetime) -> Standing:
    found = enter("moderator")
    people.grant_role(
        person=found.person, programme=found.programme, role=Role.MODERATOR, now=now, actor=Actor.system("test")
    )
    again = standing(person=found.person, programme="peers", now=now)
    assert again is not None
    return again


def test_the_shipped_list_has_two_levels_and_unique_names() -> None:
    shipped = queries.specialties.shipped()
    assert shipped["heart-failure"].parent == "cardiology"
    assert all(not shipped[one.parent].parent for one in shipped.values() if one.parent)
    assert len({one.label for one in shipped.values()}) == len(shipped)
    assert list(shipped.values()) == sorted(shipped.values(), key=lambda one: one.label.casefold())


def test_peers_are_a_specialty_its_whole_and_its_parts() -> None:
    shipped = queries.specialties.shipped()
    assert queries.family(shipped, "heart-failure") == {"heart-failure", "cardiology"}
    assert {"cardiology", "heart-failure"} < queries.family(shipped, "cardiology")
    assert queries.family(shipped, "nowhere") == {"nowhere"}


def test_a_site_adds_renames_and_closes(
    moderator: Standing, enter: Enter, now: datetime, browse: Callable[[Standing], Client]
) -> None:
    def edit(slug: str, label: str, parent: str = "", nucc: tuple[str, ...] = (), *, closed: bool = False) -> None:
        actions.edit_specialty(
            standing=moderator, slug=slug, label=label, parent=parent, nucc=list(nucc), closed=closed, now=now
        )

    edit("amyloidosis", "Amyloidosis", "cardiology", ("207RA0401X",))
    edit("cardiology", "Heart medicine")
    question = actions.ask(standing=moderator, specialty="amyloidosis", title="x", text="", now=now)
    edit("amyloidosis", "Amyloidosis", "cardiology", closed=True)
    listed = queries.labels(programme=moderator.programme)
    assert listed["cardiology"] == "Heart medicine"
    assert "amyloidosis" not in listed
    with pytest.raises(Refusal, match="from the list"):
        actions.ask(standing=moderator, specialty="amyloidosis", title="x", text="", now=now)
    client = browse(enter("reader"))
    assert "Amyloidosis" in client.get(f"/p/peers/lounge/q/{question.pk}/").content.decode()
    assert "Heart medicine" in client.get("/p/peers/lounge/in/amyloidosis/").content.decode()
    assert "Heart failure" in client.get("/p/peers/lounge/in/cardiology/").content.decode()
    assert "Amyloidosis" not in client.get("/p/peers/lounge/specialties/").content.decode()
    for slug, parent, codes in (
        ("x", "heart-failure", ()),
        ("x", "nowhere", ()),
        ("x", "x", ()),
        ("cardiology", "neurology", ()),
        ("x", "", ("207RA0401",)),
    ):
        with pytest.raises(Refusal):
            edit(slug, "X", parent, codes)


def test_taxonomy_codes_map_by_the_site_first_then_by_name(moderator: Standing, now: datetime) -> None:
    def mapped(code: str, classification: str, specialization: str) -> str | None:
        return queries.by_nucc(
            programme=moderator.programme, code=code, classification=classification, specialization=specialization
        )

    actions.edit_specialty(
        standing=moderator,
        slug="amyloidosis",
        label="Amyloidosis",
        parent="",
        nucc=["207RA0401X"],
        closed=False,
        now=now,
    )
    assert mapped("207RA0401X", "Internal Medicine", "Addiction Medicine") == "amyloidosis"
    assert mapped("2084P0800X", "Psychiatry & Neurology", "Psychiatry") == "psychiatry"
    assert mapped("208000000X", "Pediatrics", "") == "pediatrics"
    assert mapped("225100000X", "Physical Therapist", "") is None


def test_only_moderators_edit_the_list(enter: Enter, now: datetime) -> None:
    with pytest.raises(Refusal, match="Only moderators"):
        actions.edit_specialty(standing=enter("member"), slug="x", label="X", parent="", nucc=[], closed=False, now=now)


def test_a_specialty_shows_first_what_waits_and_what_is_new_to_me(
    enter: Enter, browse: Callable[[Standing], Client], now: datetime
) -> None:
    me, other = enter("me"), enter("other")
    actions.ask(standing=other, specialty="cardiology", title="Waits", text="", now=now)
    mine = actions.ask(standing=me, specialty="cardiology", title="Mine", text="", now=now)
    actions.answer(standing=other, question=mine, text="There.", source="", now=now)
    page = browse(me).get("/p/peers/lounge/in/cardiology/").content.decode()
    waits, news, everything = (
        page.index(head) for head in ("Waits for an answer", "New in what you asked", "All questions")
    )
    assert waits < page.index(">Waits<") < news < page.index(">Mine<") < everything
    assert Question.objects.count() == 2


def test_a_moderator_keeps_the_list_on_a_page(
    enter: Enter, moderate: Enter, browse: Callable[[Standing], Client]
) -> None:
    keeper, reader, here = browse(moderate("keeper")), browse(enter("reader")), "/p/peers/lounge/specialties/"
    assert "Keep the list" not in reader.get(here).text
    assert reader.get(f"{here}add/").status_code == 403
    assert "Add a specialty" in keeper.get(here).text
    new = {"slug": "sports-cardiology", "label": "Sports cardiology", "parent": "cardiology", "nucc": "207rc0001x"}
    assert keeper.get(f"{here}add/").status_code == 200
    assert keeper.post(f"{here}add/", new).status_code == 302
    row = Specialty.objects.get()
    assert (row.label, row.parent, row.nucc, row.closed) == ("Sports cardiology", "cardiology", ["207RC0001X"], False)
    assert "Sports cardiology" in reader.get(here).text
    page = f"{here}sports-cardiology/edit/"
    assert 'value="207RC0001X"' in keeper.get(page).text
    assert keeper.post(page, {"slug": "other", "label": "Sport", "parent": "", "closed": "on"}).status_code == 302
    row.refresh_from_db()
    assert (row.slug, row.label, row.parent, row.closed) == ("sports-cardiology", "Sport", "", True)
    wrong = keeper.post(page, {"label": "Sport", "nucc": "nonsense"})
    assert (wrong.status_code, "errors" in wrong.text) == (422, True)
    assert keeper.post(page, {"label": ""}).status_code == 422
    assert keeper.get(f"{here}nowhere/edit/").status_code == 404
