"""Attempts on the draw from inside the team and from outside: each meets a status and a sentence."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from tests.study import DAY, DIRECTOR, NOW, Study
from tests.trial.test_views import join_url, signed_in
from tests.written import Owner, tables_with

from confrere.people import actions as people
from confrere.people.queries import names
from confrere.people.roles import Role
from confrere.surveys import queries as surveys
from confrere.trial import actions, keys, queries
from confrere.trial.models import Allocation, Place
from confrere.vault import days
from confrere.vault.refusals import Refusal

HOUR = timedelta(hours=1)


def member(study: Study, role: str) -> Client:
    person = people.create_account(email=f"{role}@example.org", name=role, zone="UTC", now=NOW)
    people.grant_role(person=person, programme=study.programme, role=role, now=NOW, actor=DIRECTOR)
    return signed_in(person)


@pytest.mark.parametrize(
    ("begun", "sentence"), [(False, "There is no consent yet"), (True, "The baseline is not complete yet")]
)
def test_a_draw_before_its_time_names_the_missing_step(study: Study, begun: bool, sentence: str) -> None:
    study_id = study.join(1) if begun else "S-0000-0000"
    with pytest.raises(Refusal, match=sentence) as refused:
        actions.allocate(programme=study.programme, study_id=study_id, now=NOW)
    assert refused.value.status == 409
    assert not Allocation.objects.exists()


def test_who_leaves_and_enrols_again_keeps_study_id_and_draw(study: Study) -> None:
    study_id = study.enrol(1)
    before = Allocation.objects.values().get()
    for kind in ("coaching", "questions"):
        actions.withdraw(programme=study.programme, study_id=study_id, kind=kind, now=NOW)
    assert study.join(1) == study_id
    actions.allocate(programme=study.programme, study_id=study_id, now=NOW)
    assert Allocation.objects.values().get() == before


@pytest.mark.parametrize("role", ["director", "coordinator", "operator"])
def test_while_people_can_join_no_page_of_a_recruiter_counts_an_arm(
    study: Study, full: Callable[[], list[str]], role: str
) -> None:
    study.enrol(1)
    client = member(study, role)
    for path in ("trial/", "trial/recruiting/", "trial/conduct/", "trial/proof/", "evidence/", "trial/record.json"):
        page = client.get(f"/p/{study.slug}/{path}")
        said = page.text.partition("<details><summary>The protocol")[0]
        assert "Coaching now" not in said, path
        assert "Coaching later" not in said, path
    assert client.get(f"/p/{study.slug}/trial/record.json").status_code in {403, 409}


def test_while_people_can_join_what_was_granted_counts_and_names_no_arm(
    bare: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sessions are granted to one arm at once: a list of grants would be that arm's, and their number its size."""
    monkeypatch.setattr("confrere.trial.receivers.simulated", lambda: False)  # as among real people
    now = timezone.now()
    bare.open(now=now)
    arms = {bare.arm(study_id): bare.persons[study_id] for study_id in [bare.enrol(n, now=now) for n in range(5)]}
    actions.catch_up(programme=bare.programme, now=now)
    client, here, coached = member(bare, "coordinator"), f"/p/{bare.slug}/coaching/", arms["coaching"]
    refused = client.get(f"{here}delivery/")
    assert (refused.status_code, "how many are in an arm" in refused.text) == (403, True)
    page = client.get(f"{here}grants/")
    assert "the list would be that of an arm" in page.text
    assert "Others that can be extended" not in page.text
    for person in arms.values():
        assert client.get(f"{here}grants/{person}/trial/extend/").status_code == 404
    bare.enrol(5, now=now)  # the last place
    assert client.get(f"{here}delivery/").status_code == 200
    [name] = names([coached]).values()
    assert name in client.get(f"{here}grants/").text.partition("Others that can be extended")[2]
    assert client.get(f"{here}grants/{coached}/trial/extend/").status_code == 200


def test_before_the_end_the_key_of_the_draws_is_nowhere_in_the_database_or_the_log(
    bare: Study, owner: Owner, chain_now: Callable[[], None], caplog: pytest.LogCaptureFixture
) -> None:
    """What is not drawn yet stands nowhere, and what it follows from is in no dump: in no table, in no spelling."""
    caplog.set_level(0)
    bare.open(test_entropy="")
    bare.enrol(1)
    bare.join(2)
    chain_now()
    trial = queries.required(bare.programme)
    key = keys.of_trial(trial)
    spellings = (key.hex(), key.hex().upper(), base64.b64encode(key).decode(), base64.urlsafe_b64encode(key).decode())
    for word in spellings:
        assert tables_with(word, owner) == set()
        assert word not in caplog.text
    assert tables_with(trial.commitment, owner) >= {"trial_trial"}  # the look finds what is there
    assert Allocation.objects.count() == 1
    assert str(key) not in caplog.text


@pytest.mark.parametrize("role", [*(role.value for role in Role if role != Role.STATISTICIAN), "stranger"])
def test_no_address_tells_the_next_draw(study: Study, role: str) -> None:
    """There is no administration by table; the record is refused until it is published, the list of draws after it."""
    study.enrol(1)
    client = Client() if role == "stranger" else member(study, role)
    for path in ("/admin/", "/admin/trial/allocation/", f"/p/{study.slug}/trial/allocations/"):
        assert client.get(path).status_code == 404
    assert client.get(f"/p/{study.slug}/trial/record.json").status_code in {302, 403, 404, 409}
    assert "django.contrib.admin" not in settings.INSTALLED_APPS


@pytest.mark.parametrize(
    "now",
    [
        datetime(2028, 2, 29, 23, 59, 59, tzinfo=UTC),  # the last second of a leap day
        datetime(2037, 12, 31, 12, 0, tzinfo=UTC),  # its window ends after 32 bits of seconds have ended
        datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC),  # one second later than they can say
        datetime(2026, 3, 8, 7, 0, tzinfo=UTC),  # the clocks of New York go forward
        datetime(2026, 11, 1, 5, 30, tzinfo=UTC),  # and back
    ],
)
def test_on_strange_days_everyone_has_the_same_number_of_days(bare: Study, now: datetime) -> None:
    bare.open(now=now)
    study_id = bare.enrol(1, now=now)
    [later] = [one for one in surveys.windows(programme=bare.programme, study_id=study_id) if one.wave == "month3"]
    assert (later.opens, later.closes) == (days.floor(now) + 91 * DAY, days.floor(now) + 119 * DAY)
    moments = (later.opens - HOUR, later.opens, later.closes - HOUR, later.closes)
    assert [later.open_at(moment) for moment in moments] == [False, True, True, False]


def test_fields_that_no_form_has_are_ignored(bare: Study) -> None:
    bare.open(now=timezone.now())
    text = queries.consent_text(queries.required(bare.programme))
    assert text is not None
    person = bare.person(1)
    signed = {"version": text.version, "sha256": text.sha256, "name": "P. 1", "agreed": "on"}
    more = {
        "arm": "coaching",
        "state": "final",
        "study_id": "S-AAAA-AAAA",
        "is_staff": "1",
        "verified": "1",
        "cap": "9",
    }
    assert signed_in(person).post(f"{join_url(bare)}consent/", signed | more).status_code == 302
    place = Place.objects.get()
    assert (place.state, place.study_id == "S-AAAA-AAAA") == ("held", False)
    assert not Allocation.objects.exists()
