"""The disclosure is complete by construction: every classified column of every table that can name a person."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, models
from django.test.utils import CaptureQueriesContext, isolate_apps

from confrere.people.models import Membership, Programme, Site, User
from confrere.people.roles import Role
from confrere.post.models import Letter
from confrere.surveys.models import Answer, Questionnaire, Response
from confrere.vault import audit, disclosure, link, queries
from confrere.vault import classification as kept
from confrere.vault.audit import Actor
from confrere.vault.disclosure import Column, Section, columns, paths, personal_tables, shown

NOW = datetime(2026, 3, 3, 17, 30, tzinfo=UTC)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_keys")]


@pytest.fixture
def programme() -> Programme:
    site = Site.objects.create(slug="mercy", name="Mercy", zone="UTC")
    return Programme.objects.create(site=site, slug="kiser", name="Peer coaching", zone="UTC")


@pytest.fixture
def person() -> User:
    return User.objects.create(email="a.osei@example.org", name="A. Osei")


@pytest.fixture
def stranger() -> User:
    return User.objects.create(email="b.lund@example.org", name="B. Lund")


def tell(user: User, programme: Programme) -> str:
    """Rows in every way in which a row can belong to someone; the study id."""
    site = programme.site
    Membership.objects.create(user=user, programme=programme, site=site, role=Role.PARTICIPANT, since=NOW)
    code = link.create(person=user.pk, programme=programme.pk, site=site.pk, now=NOW)
    questionnaire, _made = Questionnaire.objects.get_or_create(
        programme=programme,
        site=site,
        slug="pfi",
        version="1",
        title="PFI",
        definition={},
        sha256="0" * 64,
        published_at=NOW,
    )
    response = Response.objects.create(
        programme=programme,
        site=site,
        study_id=code,
        wave="baseline",
        questionnaire=questionnaire,
        token_sha256=code.ljust(64, "0"),
        opens=NOW,
        closes=NOW + timedelta(days=14),
    )
    Answer.objects.create(programme=programme, site=site, response=response, question="q1", value=3, saved_at=NOW)
    Letter.objects.create(
        event_digest=code,
        message_id=f"<{code}@x>",
        to=user.email.upper(),
        subject="S",
        body="B",
        written_at=NOW,
        next_try_at=NOW,
    )
    session = SessionStore()
    session["_auth_user_id"] = str(user.pk)
    session.create()
    for actor, kept_as in ((Actor.person(user.pk), kept.CONSENT), (Actor.study(code), kept.ANSWER)):
        audit.record(action="x.y", actor=actor, about="z:1", programme=programme.pk, kept_as=kept_as, now=NOW)
    return code


def counted(user: User) -> dict[str, int]:
    return {one.table: len(one.rows) for one in queries.about(person=user.pk).sections if one.rows}


def test_rows_are_found_in_every_way_in_which_they_can_belong_to_someone(
    person: User, stranger: User, programme: Programme
) -> None:
    tell(person, programme)
    tell(stranger, programme)
    assert counted(person) == {
        "django_session": 1,
        "people_membership": 1,
        "people_user": 1,
        "post_letter": 1,
        "surveys_answer": 1,
        "surveys_response": 1,
        "vault_link": 1,
        "vault_payload": 2,
    }


def test_nobody_s_rows_are_shown_to_another(person: User, stranger: User, programme: Programme) -> None:
    theirs = tell(stranger, programme)
    mine = tell(person, programme)
    found = repr(queries.about(person=person.pk))
    assert mine in found
    assert [word for word in (theirs, stranger.email, stranger.name, f'person:{stranger.pk}"') if word in found] == []


def test_who_was_never_linked_has_an_account_and_needs_no_key(person: User, settings: Any, tmp_path: Any) -> None:
    settings.KEYS = tmp_path / "no keys"
    assert counted(person) == {"people_user": 1}
    assert queries.about(person=person.pk).subject.study_ids == {}


def test_the_printout_is_the_list_of_classified_columns(person: User) -> None:
    printed = {one.table: one.columns for one in queries.about(person=person.pk).sections}
    expected = {
        table: tuple(Column(str(field.column), kept.class_name(field)) for field in model._meta.concrete_fields)
        for table, model in personal_tables().items()
    }
    assert printed == expected
    assert {column.kept for shown in printed.values() for column in shown} <= set(kept.classes())


def test_every_row_has_a_value_for_every_column(person: User, programme: Programme) -> None:
    tell(person, programme)
    for section in queries.about(person=person.pk).sections:
        assert {len(row) for row in section.rows} <= {len(section.columns)}


def test_ciphertext_is_shown_as_the_octets_that_it_is(person: User, programme: Programme) -> None:
    tell(person, programme)
    (section,) = [one for one in queries.about(person=person.pk).sections if one.table == "vault_link"]
    sealed = section.rows[0][-1]
    assert isinstance(sealed, dict)
    assert sealed["octets"] == 59


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (True, True),
        (3, 3),
        ("text", "text"),
        (b"\x01\xff", {"octets": 2, "hex": "01ff"}),
        (memoryview(b"\x01"), {"octets": 1, "hex": "01"}),
        (NOW, "2026-03-03 17:30:00+00:00"),
        ([1, {"a": 2}], "[1, {'a': 2}]"),
    ],
)
def test_how_a_value_is_shown(value: object, expected: object) -> None:
    assert shown(value) == expected


def test_a_programme_says_nothing_about_a_person() -> None:
    assert paths(Programme) == ()
    assert "people_programme" not in personal_tables()


@isolate_apps("confrere.vault")
def test_a_row_belongs_to_whom_it_names_and_else_to_whom_its_parent_belongs() -> None:
    class Question(models.Model):  # noqa: DJ008  # nobody prints it
        author = models.ForeignKey(get_user_model(), models.PROTECT)

        class Meta:
            app_label = "vault"

    class Reply(models.Model):  # noqa: DJ008  # nobody prints it
        question = models.ForeignKey(Question, models.PROTECT)
        author = models.ForeignKey(get_user_model(), models.PROTECT)

        class Meta:
            app_label = "vault"

    class Picture(models.Model):  # noqa: DJ008  # nobody prints it
        question = models.ForeignKey(Question, models.PROTECT)
        before = models.ForeignKey("self", models.PROTECT)

        class Meta:
            app_label = "vault"

    assert paths(Reply) == (("author__pk", "person"),)
    assert paths(Picture) == (("question__author__pk", "person"),)


def test_a_study_id_counts_in_its_own_programme_only(person: User, programme: Programme) -> None:
    code = tell(person, programme)
    other = Programme.objects.create(site=programme.site, slug="other", name="Other", zone="UTC")
    questionnaire = Questionnaire.objects.get()
    Response.objects.create(
        programme=other,
        site=other.site,
        study_id=code,
        wave="baseline",
        questionnaire=questionnaire,
        token_sha256="1" * 64,
        opens=NOW,
        closes=NOW + timedelta(days=14),
    )
    assert counted(person)["surveys_response"] == 1


def test_more_rows_cost_no_more_queries(person: User, programme: Programme) -> None:
    tell(person, programme)
    with CaptureQueriesContext(
        connection,
    ) as one:
        queries.about(person=person.pk)
    for number in range(3):
        audit.record(
            action="x.y",
            actor=Actor.person(person.pk),
            about=f"z:{number}",
            programme=None,
            kept_as=kept.CONSENT,
            now=NOW,
        )
    with CaptureQueriesContext(connection) as many:
        queries.about(person=person.pk)
    assert len(many) == len(one)


def test_an_unknown_person_has_no_sheet() -> None:
    with pytest.raises(get_user_model().DoesNotExist):
        queries.about(person=0)


def test_a_section_is_frozen(chain_now: Callable[[], None]) -> None:
    with pytest.raises(AttributeError):
        Section(table="t", title="t", columns=columns(Programme), rows=()).table = "u"  # type: ignore[misc]


def test_sessions_of_others_are_left_alone(person: User) -> None:
    session = SessionStore()
    session["basket"] = "1"
    session.create()
    assert counted(person) == {"people_user": 1}
    assert disclosure.personal_tables()["django_session"].objects.count() == 1  # type: ignore[attr-defined]
