"""A trial at two hospitals: people say where they work, and each site's staff follow their own."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.study import DIRECTOR, Study
from tests.trial.test_views import join_url, signed_in

from confrere.people import actions as people
from confrere.people.queries import Standing, site_of, standing
from confrere.people.roles import Role
from confrere.surveys import queries as answered
from confrere.surveys.waves import all_waves
from confrere.trial import actions, queries
from confrere.trial.models import Allocation, Deviation, Place, Withdrawal
from confrere.vault import link
from confrere.vault.refusals import Refusal


@dataclass
class Two:
    """An open trial, its second site, and a coordinator of each."""

    study: Study
    there: int
    staff: dict[str, Standing]

    def join(self, number: int, *, site: int | None) -> str:
        person = self.study.person(number)
        text = queries.consent_text(queries.required(self.study.programme))
        assert text is not None
        actions.consent(
            programme=self.study.programme,
            person=person,
            version=text.version,
            sha256=text.sha256,
            name=f"P. {number}",
            site=site,
            now=timezone.now(),
        )
        study_id = link.study_id(person=person, programme=self.study.programme)
        assert study_id is not None
        return study_id

    def client(self, who: str) -> Client:
        return signed_in(self.staff[who].person)


@pytest.fixture
def two(bare: Study) -> Two:
    now = timezone.now()
    bare.open(now=now)

    def member(name: str, role: Role, site: int | None = None) -> Standing:
        person = people.create_account(email=f"{name}@example.org", name=name, zone="UTC", now=now)
        people.grant_role(person=person, programme=bare.programme, role=role, site=site, now=now, actor=DIRECTOR)
        found = standing(person=person, programme=bare.slug, now=now)
        assert found is not None
        return found

    director = member("director", Role.DIRECTOR)
    there = people.add_site(standing=director, name="Lakeside", zone="UTC", now=now)
    staff = {
        "director": director,
        "statistician": member("statistician", Role.STATISTICIAN),
        "here": member("here", Role.COORDINATOR),
        "there": member("there", Role.COORDINATOR, there),
    }
    return Two(bare, there, staff)


def test_what_belongs_to_a_person_belongs_to_their_site_from_consent_to_draw(two: Two) -> None:
    study_id = two.join(1, site=two.there)
    two.study.answer(study_id, now=timezone.now())
    assert site_of(person=two.study.person(1), programme=two.study.programme) == two.there
    assert Place.objects.get().site_id == two.there
    assert Allocation.objects.get().site_id == two.there
    actions.withdraw(programme=two.study.programme, study_id=study_id, kind="coaching", now=timezone.now())
    assert Withdrawal.objects.get().site_id == two.there
    assert two.join(1, site=two.study.site) == study_id  # said once, it stays
    assert site_of(person=two.study.person(1), programme=two.study.programme) == two.there


def test_where_there_are_two_sites_one_is_chosen(two: Two) -> None:
    with pytest.raises(Refusal, match="choose the site"):
        two.join(1, site=None)
    with pytest.raises(Refusal) as refused:
        two.join(1, site=987_654_321)
    assert refused.value.status == 404


def test_the_consent_asks_where_one_works_before_the_first_signature_only(two: Two) -> None:
    client, url = signed_in(two.study.person(7)), join_url(two.study) + "consent/"
    page = client.get(url)
    assert "Where do you work?" in page.text
    text = queries.consent_text(queries.required(two.study.programme))
    assert text is not None
    typed = {"version": text.version, "sha256": text.sha256, "name": "P. 7", "agreed": "on"}
    assert client.post(url, typed).status_code == 422
    assert client.post(url, typed | {"site": two.there}).status_code == 302
    assert "Where do you work?" not in client.get(url).text


def test_each_coordinator_counts_and_names_their_own_and_the_director_everyone(two: Two) -> None:
    programme, trial = two.study.programme, queries.required(two.study.programme)
    ids = {"here": two.join(1, site=two.study.site), "there": two.join(2, site=two.there)}
    two.study.answer(ids["there"], now=timezone.now())
    counts = {}
    for who, staff in two.staff.items():
        flow = queries.flow(programme=programme, sites=staff.sites)
        funnel = {step.name: step.count for step in queries.funnel(trial, staff.sites)}
        board = queries.board(trial, now=timezone.now(), sites=staff.sites)
        waves = all_waves(programme=programme, now=timezone.now(), sites=staff.sites)
        found = answered.progress(programme=programme, now=timezone.now(), sites=staff.sites)
        counts[who] = (
            [box.count for box in flow.common],
            (funnel["consented"], funnel["baseline"], funnel["enrolled"]),
            sum(board[0].counts),
            waves[0].surveys,
            {one.study_id for one in found},
        )
    assert counts["here"] == ([1, 0], (1, 0, 0), 1, 1, {ids["here"]})
    assert counts["there"] == ([1, 1], (1, 1, 1), 1, 1, {ids["there"]})
    assert counts["director"] == counts["statistician"] == ([2, 1], (2, 1, 1), 2, 2, set(ids.values()))
    page = two.client("there").get(f"/p/{two.study.slug}/trial/people/consented/")
    assert ("P. 2" in page.text, "P. 1" in page.text) == (True, False)
    listed = two.client("here").get(f"/p/{two.study.slug}/surveys/telephone/")
    assert ("P. 1" in listed.text, "P. 2" in listed.text) == (True, False)


def test_a_note_belongs_to_the_site_of_whom_it_is_about(two: Two) -> None:
    study_id = two.join(2, site=two.there)
    today = timezone.now().date()
    note: dict[str, Any] = {"kind": "timing", "happened_on": today, "text": "Late.", "irb_reference": ""}
    actions.note_deviation(standing=two.staff["statistician"], study_id=study_id, now=timezone.now(), **note)
    assert Deviation.objects.get().site_id == two.there
    with pytest.raises(Refusal, match="Nobody in this study has that study id"):
        actions.note_deviation(standing=two.staff["here"], study_id=study_id, now=timezone.now(), **note)
    with pytest.raises(Refusal, match="Nothing was drawn"):
        actions.ask_unblinding(
            standing=two.staff["here"], study_id=study_id, role="coordinator", reason="Why.", now=timezone.now()
        )


def test_a_list_belongs_to_a_site(two: Two) -> None:
    trial = queries.required(two.study.programme)
    url = f"/p/{two.study.slug}/trial/recruiting/list/"
    two.client("there").post(url, {"pasted": "a@example.org"})
    assert "Whose people are these?" in two.client("director").get(url).text
    assert two.client("director").post(url, {"pasted": "b@example.org"}).status_code == 422
    two.client("director").post(url, {"pasted": "b@example.org", "site": two.study.site})
    assert [queries.on_list(trial, two.staff[who].sites) for who in ("here", "there", "director")] == [1, 1, 2]
    assert len(queries.addressees(trial, two.staff["there"].sites)) == 1


@pytest.mark.parametrize(
    ("path", "typed"),
    [("trial/announce/", {"addresses": "5"}), ("surveys/waves/baseline/", {"days": "3, 6"})],
)
def test_what_concerns_every_site_is_not_a_coordinators(two: Two, path: str, typed: dict[str, str]) -> None:
    two.join(1, site=two.study.site)
    answer = two.client("here").post(f"/p/{two.study.slug}/{path}", typed)
    assert (answer.status_code, "concerns every site" in answer.text) == (403, True)
    assert two.client("director").post(f"/p/{two.study.slug}/{path}", typed).status_code == 302
