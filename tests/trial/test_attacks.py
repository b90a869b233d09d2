"""Attempts on the draw from inside the team and from outside: each meets a status and a sentence."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone
from tests.study import DIRECTOR, NOW, Study
from tests.trial.test_views import join_url, signed_in

from confrere.people import actions as people
from confrere.trial import actions, queries
from confrere.trial.models import Allocation, Place
from confrere.vault.refusals import Refusal


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
