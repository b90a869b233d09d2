"""Every stored field says who sees it and how long it lives; what says nothing does not pass."""

from collections.abc import Iterable, Iterator

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, models
from django.test.utils import isolate_apps

from confrere.people.roles import Role
from confrere.vault import classification as kept
from confrere.vault import erasers
from confrere.vault.audiences import AUDIENCES
from confrere.vault.disclosure import paths, personal_tables

#: Who can read something without having a role: see `audiences`.
RELATIONS = {"self", "other", "member", "recipient", "keeper"}
#: Tables that Django makes without a model.
WITHOUT_MODEL = {"django_migrations", "web_cache"}
#: Tables behind the identity or study door that say nothing about one person, with the reason.
IMPERSONAL: dict[str, str] = {
    "evidence_frozendataset": "one file of many people; who is in it stands in evidence_frozenmember",
    "evidence_report": "computed from everybody together",
    "surveys_pulseanswer": "nobody can tell whose it is: that is what it is made for",
    "surveys_pulsesealed": "the same, while the pulse is open",
    "surveys_pulsetoken": "who got which is written down nowhere",
    "evidence_release": "computed from everybody together, five or more in each cell",
    "coaching_pooledtheme": "at least five coaches together; no number and no person stands in it",
    "service_yearreport": "computed from everybody together: counts, and changes of five people or more",
}


def unclassified(found: Iterable[type[models.Model]]) -> list[str]:
    """The columns of these models that no class stands for."""
    return [
        f"{model._meta.db_table}.{field.column}"
        for model in found
        for field in model._meta.concrete_fields
        if kept.class_name(field) not in kept.classes()
    ]


def ours() -> Iterator[type[models.Model]]:
    yield from (model for model in kept.tables().values() if model.__module__.startswith("confrere."))


def test_every_field_of_every_installed_app_has_a_class() -> None:
    assert unclassified(kept.tables().values()) == []


@isolate_apps("confrere.vault")
def test_a_planted_field_without_a_class_is_found() -> None:
    class Note(models.Model):  # noqa: DJ008  # nobody prints it
        about = models.TextField(db_comment="notes")
        text = models.TextField()
        kept_well = models.TextField(db_comment=kept.BOOKING)

        class Meta:
            app_label = "vault"

    assert unclassified([Note]) == ["vault_note.about", "vault_note.text"]


def test_every_class_says_how_long_it_lives_who_answers_for_it_and_why() -> None:
    for one in kept.classes().values():
        assert one.period, one.name
        assert one.basis, one.name
        assert one.owner in Role.values, one.name
        assert one.door in {"identity", "study", "operations"}, one.name
        assert one.end in {"delete", "blank", "detach", "none"}, one.name
        assert one.audience in AUDIENCES, one.name


def test_every_reader_is_a_role_or_a_relation_that_is_explained() -> None:
    assert {reader for one in AUDIENCES.values() for reader in one.readers} - set(Role.values) == RELATIONS


@pytest.mark.django_db
def test_the_database_itself_says_the_class_of_each_of_our_columns() -> None:
    expected = {
        (model._meta.db_table, field.column): field.db_comment
        for model in ours()
        for field in model._meta.concrete_fields
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, a.attname, col_description(c.oid, a.attnum) FROM pg_attribute a "
            "JOIN pg_class c ON c.oid = a.attrelid WHERE c.relnamespace = 'public'::regnamespace "
            "AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped"
        )
        found = {(table, column): comment for table, column, comment in cursor.fetchall()}
    assert {place: found[place] for place in expected} == expected
    assert {table for table, _ in found} == set(kept.tables()) | WITHOUT_MODEL


def test_every_table_of_a_library_has_a_line_and_every_line_a_table() -> None:
    libraries = {model._meta.db_table for model in kept.tables().values()} - {model._meta.db_table for model in ours()}
    assert set(kept.library_tables()) == libraries | WITHOUT_MODEL
    assert set(kept.library_tables().values()) <= set(kept.classes())


def test_a_row_behind_the_study_door_never_points_at_a_person() -> None:
    pointing = [
        f"{model._meta.db_table}.{field.column}"
        for model in ours()
        for field in model._meta.concrete_fields
        if kept.classes()[kept.class_name(field)].door == "study"
        and field.related_model
        and any(end == "person" for _way, end in paths(field.related_model))
    ]
    assert pointing == []


def test_nothing_behind_the_identity_or_study_door_escapes_a_disclosure() -> None:
    doors = {"identity", "study"}
    guarded = {
        table
        for table, model in kept.tables().items()
        if any(kept.classes()[kept.class_name(field)].door in doors for field in model._meta.concrete_fields)
    }
    assert guarded - set(personal_tables()) == set(IMPERSONAL)


def test_every_table_that_points_at_an_account_is_in_the_disclosure() -> None:
    pointing = {
        table
        for table, model in kept.tables().items()
        if any(field.related_model is get_user_model() for field in model._meta.concrete_fields)
    }
    assert pointing <= set(personal_tables())


def test_rows_that_the_retention_job_deletes_name_an_existing_time() -> None:
    for one in kept.classes().values():
        for end in one.ends:
            assert kept.class_of(f"{end.model}.{end.since}") == one


def test_every_class_with_an_end_has_an_eraser_or_a_written_reason() -> None:
    by_the_clock = {name for name, one in kept.classes().items() if one.ends} | {"audit_payload"}
    ended = {name for name, one in kept.classes().items() if one.end != "none"}
    reasons = {name for name, one in kept.classes().items() if one.by_hand}
    assert ended - reasons == by_the_clock | set(erasers.registered())
    assert set(kept.holdable()) == ended - reasons
    assert reasons <= ended


def test_an_eraser_runs_before_those_whose_rows_its_own_point_at() -> None:
    order = list(erasers.registered())
    assert order.index("booking") < order.index("entitlement")
    assert order.index("held_session") < order.index("entitlement")
    assert order.index("booking") < order.index("coach_page")
