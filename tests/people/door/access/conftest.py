"""A member, and what they read at the lounge's door."""

import pytest
from tests.people.door.conftest import Town, doctor


@pytest.fixture
def osei(town: Town) -> int:
    """A member, with an entry in every register."""
    town.doctors = [doctor(1, "Ama", "Osei"), doctor(2, "José", "García")]
    town.import_all()
    return town.bound(town.doctors[0])


def page(town: Town, person: int) -> str:
    return town.client(person).get("/p/peers/lounge/").text
