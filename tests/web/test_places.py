import pytest

from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.web.places import PLACES, Place, address, places


def standing(*roles: Role) -> Standing:
    return Standing(
        person=1,
        name="Dr. Ama Osei",
        zone="UTC",
        programme=1,
        programme_slug="a",
        programme_name="A",
        site=1,
        roles=frozenset(roles),
    )


def test_outside_a_programme_there_is_today_and_me() -> None:
    assert places(standing=None, path="/me/") == [
        Place("Today", "/", here=False, on_phones=True),
        Place("Me", "/me/", here=True, on_phones=True),
    ]


@pytest.mark.parametrize("role", list(Role))
def test_a_single_role_has_at_most_four_places_on_a_phone(role: Role) -> None:
    found = places(standing=standing(role), path="/p/a/")
    assert found[0] == Place("Today", "/p/a/", here=True, on_phones=True)
    assert (found[-1].label, found[-1].url) == ("Me", "/me/")
    assert sum(place.on_phones for place in found) <= 4


def test_every_role_has_a_row_and_several_roles_share_the_phone() -> None:
    assert set(PLACES) == set(Role)
    found = places(standing=standing(*Role), path="/")
    assert len({place.url for place in found}) == len(found)
    assert sum(place.on_phones for place in found) <= 4


def test_a_page_that_does_not_exist_has_no_place() -> None:
    assert address("nowhere:home", "a") is None


def test_a_page_below_a_place_marks_the_place_but_never_today() -> None:
    here = [place.label for place in places(standing=standing(Role.COACH), path="/me/what-exists/") if place.here]
    assert here == ["Me"]
    assert not any(place.here for place in places(standing=standing(Role.COACH), path="/p/a/elsewhere/"))
