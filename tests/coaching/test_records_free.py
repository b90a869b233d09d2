"""Nothing in this room can hold a word about a meeting: an absence, proved over the models and by the database."""

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from tests.coaching.conftest import TUESDAY, House

from confrere.coaching.models import Booking, HeldSession, Occupied

PERSON = "people.user"
TEXT = (models.CharField, models.TextField, models.JSONField, models.BinaryField, models.FileField)
SENTENCE = "In tears about the ward round; wants to leave."


def routes_to_people(model: type[models.Model], *, through: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    """Every way along foreign keys from a row to a person's account, as names of the fields on the way."""
    found: set[tuple[str, ...]] = set()
    for field in model._meta.concrete_fields:
        if not isinstance(field, models.ForeignKey):
            continue
        target = field.related_model
        assert isinstance(target, type)
        if target._meta.label_lower == PERSON:
            found.add((*through, field.name))
        # A line of the books that takes back another is about the same coach.
        elif target is not model:
            found |= routes_to_people(target, through=(*through, field.name))
    return found


ROWS = [model for model in apps.get_app_config("coaching").get_models() if model._meta.managed]
ABOUT_TWO = [model for model in ROWS if len(routes_to_people(model)) > 1]


def test_the_rows_about_two_people_are_found() -> None:
    assert {model.__name__: routes_to_people(model) for model in ABOUT_TWO} == {
        "Booking": {("coach", "person"), ("entitlement", "person")},
        "Conversation": {("coach", "person"), ("person",)},
        "CircleMember": {("circle", "supervisor"), ("person",)},
        "Gathering": {("leader",), ("coach", "person"), ("circle", "supervisor")},
        "Occupied": {
            ("person",),
            ("gathering", "leader"),
            ("gathering", "coach", "person"),
            ("gathering", "circle", "supervisor"),
            ("holder",),
            ("booking", "coach", "person"),
            ("booking", "entitlement", "person"),
            ("conversation", "coach", "person"),
            ("conversation", "person"),
        },
        "Waiting": {("coach", "person"), ("person",)},
    }
    assert routes_to_people(HeldSession) == {("entitlement", "person")}


def test_what_is_kept_of_a_held_session_is_its_number() -> None:
    assert [field.name for field in HeldSession._meta.concrete_fields] == [
        "id",
        "programme",
        "site",
        "entitlement",
        "k",
    ]


def test_rows_about_two_people_have_no_text_but_closed_lists() -> None:
    open_text = [
        f"{model.__name__}.{field.name}"
        for model in [*ABOUT_TWO, HeldSession]
        for field in model._meta.concrete_fields
        if isinstance(field, TEXT) and not field.choices
    ]
    assert open_text == ["Booking.zone"]


@pytest.mark.parametrize("column", ["state", "coach_said", "participant_said", "zone"])
def test_the_database_refuses_a_sentence_in_each_text_column(house: House, column: str) -> None:
    coach, page = house.coach()
    house.offer(coach)
    house.book(house.participant(), page, TUESDAY)
    texts = [field.name for field in Booking._meta.concrete_fields if isinstance(field, TEXT)]
    assert column in texts
    assert len(texts) == 4
    short = SENTENCE[: Booking._meta.get_field(column).max_length]  # type: ignore[union-attr]  # a text column
    with pytest.raises(IntegrityError), transaction.atomic():
        Booking.objects.update(**{column: short})


def test_no_row_of_the_room_points_at_a_file_or_free_form_data() -> None:
    files = [
        f"{model.__name__}.{field.name}"
        for model in ROWS
        for field in model._meta.concrete_fields
        if isinstance(field, models.FileField | models.JSONField | models.BinaryField)
    ]
    # A check sum of 32 octets, of whom somebody does not want to meet; and
    # ciphertext of fixed lengths, which the database itself measures; see test_workbook.py.
    assert files == [
        "Shunned.digest",
        "Workbook.sealed",
        "WorkbookLock.wrapped",
        "Showing.ticket",
        "Showing.public_key",
        "Showing.sealed",
    ]


def test_what_coaches_write_is_about_themselves() -> None:
    free = {
        (model.__name__, field.name)
        for model in ROWS
        for field in model._meta.concrete_fields
        if isinstance(field, TEXT) and not field.choices
    }
    assert free == {
        ("Coach", "biography"),
        ("Coach", "focus"),
        ("Coach", "languages"),
        ("Coach", "video_link"),
        ("Coach", "phone"),
        ("Coach", "division"),
        ("Coach", "reports_to"),
        # What every coach signs, and the address of a coach's own calendar, sealed.
        ("Agreement", "text"),
        ("Agreement", "sha256"),
        ("BusyCalendar", "address"),
        ("BusyCalendar", "etag"),
        ("BusyCalendar", "modified"),
        # Where the push service of one's own browser is reached.
        ("Device", "endpoint"),
        ("Shunned", "digest"),
        ("Hours", "zone"),
        ("Booking", "zone"),
        # Ciphertext, the name that a browser gave a passkey, and six digits.
        ("Workbook", "sealed"),
        ("WorkbookLock", "credential"),
        ("WorkbookLock", "wrapped"),
        ("Showing", "ticket"),
        ("Showing", "code"),
        ("Showing", "public_key"),
        ("Showing", "sealed"),
        # Those who pay write these two, once for all sessions from a day on; the lines repeat them.
        ("Rate", "currency"),
        ("Rate", "cost_centre"),
        ("PayLine", "currency"),
        ("PayLine", "cost_centre"),
        # The coordinator puts in what counsel worded, for everybody; two letters of a state.
        ("Limits", "text"),
        ("Limits", "state"),
        # A check sum of an address for a calendar, of one person.
        ("Feed", "digest"),
    }
    assert Occupied not in {model for model in ROWS if model.__name__ in {name for name, _field in free}}
