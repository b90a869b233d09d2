"""A director runs a whole trial from a browser: an empty page, 138 simulated people, the locks, the rows.

What the director and the statistician do happens in a real browser. The people come about by the rooms' own actions,
for speed, and their three months pass by the `now` that actions take; the draws come from a real key.
"""

import io
import json
import zipfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from tests.journeys.conftest import DESK, PHONE, Check, Pages, SignIn
from tests.journeys.editing import build
from tests.study import DIRECTOR, Study, make_study

from confrere.people import actions as people
from confrere.science.allocation import verify_record
from confrere.surveys import actions as surveys
from confrere.surveys import queries as asked
from confrere.surveys.definition import stand_in
from confrere.trial import actions, queries
from confrere.trial.protocol import load_protocol, shipped_protocol
from confrere.vault import link
from confrere.vault.queries import data_lock
from confrere.web.demo.cast import Physician, physicians
from confrere.web.demo.replies import fill_in

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
AGREEMENT = "I keep the rows on the institute's server and destroy them after the paper is out."


@pytest.fixture
def study(site: str, standing_keys: Path) -> Study:
    """A programme with a director and a statistician, and nothing else."""
    made, now = make_study(), timezone.now()
    for role in ("director", "statistician"):
        person = people.create_account(email=f"{role}@example.org", name=f"Dr. {role.title()}", zone="UTC", now=now)
        people.grant_role(person=person, programme=made.programme, role=role, now=now, actor=DIRECTOR)
    return made


def at_both(page: Page, check: Check) -> None:
    """The page has no barrier at either width."""
    size = page.viewport_size
    assert size is not None
    for width in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": 800})
        check(page)
    page.set_viewport_size(size)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()


def bring_wordings(study: Study, name: str) -> None:
    """Stand-in wording for every instrument that the protocol asks."""
    protocol = load_protocol(shipped_protocol(name))
    for instrument in sorted({one for wave in protocol.waves for one in wave.instruments}):
        surveys.import_pack(
            programme=study.programme,
            site=study.site,
            instrument=instrument,
            pack=stand_in(instrument),
            attestation="Stand-in wording for a simulated programme; it asks nothing real.",
            actor=DIRECTOR,
            now=timezone.now(),
        )


def lock(page: Page, check: Check) -> None:
    """The consent's words, then the lock."""
    page.goto("/p/peer/trial/consent/")
    page.get_by_label("The exact text").fill("What this is: a simulated study of coaching.")
    page.get_by_label("What agreeing means, in a sentence").fill("I agree to take part.")
    press(page, "Show what would change")
    press(page, "Publish this version")
    page.goto("/p/peer/trial/lock/")
    at_both(page, check)
    press(page, "Lock the protocol")
    expect(page.get_by_text("Recruitment is open.")).to_be_visible()


def come(study: Study, crowd: Sequence[Physician], now: datetime) -> dict[str, Physician]:
    """Everyone signs and answers the baseline; study id → who it is."""
    found = {}
    text = queries.consent_text(queries.required(study.programme))
    assert text is not None
    for one in crowd:
        person = people.create_account(email=one.email, name=one.name, zone="UTC", now=now)
        signed = {"version": text.version, "sha256": text.sha256, "name": one.name}
        actions.consent(programme=study.programme, person=person, now=now, **signed)
        study_id = link.study_id(person=person, programme=study.programme)
        assert study_id is not None
        found[study_id] = one
        answer(study, study_id, one, wave="baseline", now=now)
    return found


def answer(study: Study, study_id: str, one: Physician, *, wave: str, now: datetime) -> None:
    """A survey is answered and sent."""
    windows = asked.windows(programme=study.programme, study_id=study_id)
    [response] = [window.response for window in windows if window.wave == wave]
    questions = asked.questions_of(response=response)
    given = fill_in(one, questions, later=wave != "baseline", coached=study.arm(study_id) != "control")
    surveys.record_answers(programme=study.programme, response=response, answers=given, now=now)
    surveys.complete(programme=study.programme, response=response, now=now)


def hand_out(page: Page, check: Check) -> dict[str, bytes]:
    """The statistician freezes, and takes the rows under the agreement."""
    page.set_default_timeout(90_000)  # the page comes when the models are fitted
    page.goto("/p/peer/evidence/")
    press(page, "Freeze the answers as they are now")
    at_both(page, check)
    page.goto("/p/peer/evidence/exports/")
    at_both(page, check)
    page.get_by_role("link", name="Take the rows of data set 1").click()
    at_both(page, check)
    page.locator('main [name="purpose"]').fill("The primary analysis.")
    page.get_by_role("checkbox").check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Take the rows as one zip").click()
    with zipfile.ZipFile(io.BytesIO(Path(download.value.path()).read_bytes())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize(("name", "width"), [("kiser2024", DESK), ("dyrbye2019", PHONE)])
def test_a_director_runs_a_trial_from_an_empty_page_to_the_rows(
    name: str, width: int, study: Study, browser_page: Pages, sign_in: SignIn, assert_accessible: Check
) -> None:
    # Takes most of a minute: every step of the editor, and everybody's consent, draw and two surveys.
    director = browser_page(width)
    sign_in(director, "director@example.org")
    build(director, name, lambda _page: None)  # each step is looked at in test_protocol
    bring_wordings(study, name)
    lock(director, assert_accessible)
    protocol = load_protocol(shipped_protocol(name))
    now = timezone.now()
    crowd = physicians(protocol.cap, seed=7, specialties=("cardiology",), after=0)
    everyone = come(study, crowd, now)
    assert queries.arms(programme=study.programme).keys() == everyone.keys()
    later = protocol.waves[1]
    month3 = now + timedelta(days=later.offset_days + 1)
    windows = {one: asked.windows(programme=study.programme, study_id=one) for one in list(everyone)[5:]}
    for study_id, opened in windows.items():  # five never answer again
        if later.name in {window.wave for window in opened}:
            answer(study, study_id, everyone[study_id], wave=later.name, now=month3)
    director.goto("/p/peer/trial/")
    at_both(director, assert_accessible)
    director.goto("/p/peer/trial/publish/")
    press(director, "End recruitment and publish the draws")
    with director.expect_download() as download:
        director.get_by_role("link", name="Get the record of the draws").click()
    assert verify_record(json.loads(Path(download.value.path()).read_text())).verified
    director.goto("/p/peer/trial/conduct/lock/")
    press(director, "Lock the data")
    assert data_lock(study.programme) is not None
    director.goto("/p/peer/evidence/agreement/")
    director.locator("main textarea").fill(AGREEMENT)
    director.locator("main form button").first.click()
    statistician = browser_page(width)
    sign_in(statistician, "statistician@example.org")
    files = hand_out(statistician, assert_accessible)
    rows = files["data.csv"].decode().splitlines()
    assert len({row.partition(",")[0] for row in rows[1:]}) == protocol.cap == len(everyone)
