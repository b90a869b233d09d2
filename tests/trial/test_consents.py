"""The consent: who will see what, its versions, asking again, and the copy that its owner keeps."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.study import DAY, DIRECTOR, MEANING, NOW, PROTOCOL, Study

from confrere.people import actions as people
from confrere.people import sessions
from confrere.people.models import User
from confrere.post.models import Letter
from confrere.surveys import queries as answered
from confrere.trial import actions, copies, queries
from confrere.trial.models import Consent, ConsentText, Place
from confrere.vault import actions as vault
from confrere.vault.refusals import Refusal

CERTIFICATE = """
[certificate]
number = "CC-OD-26-1"
funder = "the National Institutes of Health"
issued = 2026-01-01
expires = 2031-01-01
"""


def client_of(person: int, *, by_code: bool = False) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=person), backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session[sessions.BY_CODE] = by_code
    session.save()
    return client


def of_role(study: Study, role: str) -> Client:
    now = timezone.now()
    person = people.create_account(email=f"{role}@example.org", name=role.title(), zone="UTC", now=now)
    people.grant_role(person=person, programme=study.programme, role=role, now=now, actor=DIRECTOR)
    return client_of(person)


def newer(study: Study, *, now: object = NOW, ask_again: bool = True, text: str = "Other words.") -> None:
    actions.publish_consent_text(
        programme=study.programme,
        text=text,
        meaning=MEANING,
        actor=DIRECTOR,
        now=now,  # type: ignore[arg-type]  # a datetime
        irb_reference=" A-2 ",
        ask_again=ask_again,
    )


@pytest.fixture
def live(bare: Study) -> Study:
    """A trial that opened now, by the wall's clock."""
    bare.open(now=timezone.now())
    return bare


def test_who_will_see_what_stands_there_before_anybody_agrees(live: Study) -> None:
    of_role(live, "coordinator")
    url = f"/join/{queries.required(live.programme).join_token}/consent/"
    page = client_of(live.person(1)).get(url).text
    assert "What you answer in surveys" in page
    assert "Study team, under a code; two named people can link it" in page
    assert "Coordinator: 1 person" in page
    assert "Statistician: 0 people" in page
    [link] = [
        one for one in queries.sights(programme=live.programme, now=NOW) if one.what == "Which study code is yours"
    ]
    assert link.roles == ()  # the keepers of the key are no role
    answers = next(one for one in queries.sights(programme=live.programme, now=NOW) if "answer" in one.what)
    assert [role for role, _number in answers.roles] == ["Coordinator", "Statistician", "Operator"]


@pytest.mark.parametrize(
    ("by_code", "says"),
    [(True, "with a code sent to the person's address"), (False, "after signing in with a passkey")],
)
def test_the_copy_says_how_somebody_had_signed_in(live: Study, by_code: bool, says: str) -> None:
    text = ConsentText.objects.get()
    client = client_of(live.person(1), by_code=by_code)
    url = f"/join/{queries.required(live.programme).join_token}/consent/"
    signed = {"version": 1, "sha256": text.sha256, "name": "Ama Osei", "agreed": "on"}
    assert client.post(url, signed).status_code == 302
    copy = client.get("/p/peer/trial/mine/consent.txt").text
    assert says in copy
    assert "SHA-256 of the text: " + text.sha256 in copy
    assert "(UTC)" in copy
    pdf = client.get("/p/peer/trial/mine/consent.pdf")
    assert pdf.headers["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF-1.7")
    assert b"pdfuaid:part" in pdf.content


def test_a_consent_without_a_sign_in_is_no_signature(study: Study) -> None:
    study.join(1)
    signed = Consent.objects.get()
    assert "It is not a signature" in copies.standing(signed)
    assert ("Approved by the review board:", "") not in copies.lines(signed)
    assert study.persons
    nobody = study.person(5)
    people.grant_role(person=nobody, programme=study.programme, role="participant", now=NOW, actor=DIRECTOR)
    assert client_of(nobody).get("/p/peer/trial/mine/consent.pdf").status_code == 404


def test_the_director_sees_what_would_change_and_publishes(live: Study) -> None:
    live.join(1, now=timezone.now())
    director, coordinator = of_role(live, "director"), of_role(live, "coordinator")
    here = "/p/peer/trial/consent/"
    typed = {
        "text": "What this is: a test.\nIt takes longer.",
        "meaning": MEANING,
        "irb_reference": "A-2",
        "ask_again": "on",
    }
    assert coordinator.post(here, typed | {"act": "publish"}).status_code == 403
    page = director.post(here, typed | {"act": "show"})
    assert "What would change" in page.text
    assert "It takes longer.</ins>" in page.text
    assert ConsentText.objects.count() == 1
    assert director.post(here, typed | {"act": "publish", "text": ""}).status_code == 422
    page = director.post(here, typed | {"act": "publish"}, follow=True)
    assert "Version 2," in page.text
    assert "Review board: A-2." in page.text
    assert "One person signed earlier words" in page.text
    assert "Earlier signers are asked again." in page.text


def test_a_draft_has_no_consent_text_yet(bare: Study) -> None:
    actions.draft(programme=bare.programme, site=bare.site, protocol=PROTOCOL, actor=DIRECTOR, now=NOW)
    director = of_role(bare, "director")
    assert "There is none yet." in director.get("/p/peer/trial/consent/").text
    page = director.post("/p/peer/trial/consent/", {"act": "show", "text": "First.", "meaning": "I agree"})
    assert "First.</ins>" in page.text


def test_earlier_signers_are_asked_at_their_next_visit_and_by_one_letter(live: Study) -> None:
    study_id = live.enrol(1, now=timezone.now())
    client = client_of(live.persons[study_id])
    newer(live, now=timezone.now())
    for _round in range(2):
        actions.catch_up(programme=live.programme, now=timezone.now())
    assert Letter.objects.filter(subject="A text has changed; please read it").count() == 1
    assert "The text of your consent has a new version" in client.get("/p/peer/trial/mine/").text
    assert "Please read it and decide again." in client.get("/p/peer/").text
    url = f"/join/{queries.required(live.programme).join_token}/consent/"
    page = client.get(url).text
    assert "What changed since you signed" in page
    assert "Review board: A-2." in page
    text = ConsentText.objects.latest("version")
    signed = {"version": 2, "sha256": text.sha256, "name": "P. 1", "agreed": "on"}
    assert client.post(url, signed).status_code == 302
    assert "has a new version" not in client.get("/p/peer/trial/mine/").text
    assert Place.objects.get(study_id=study_id).state == "final"
    assert "Approved by the review board: A-2" in client.get("/p/peer/trial/mine/consent.txt").text


def test_who_does_not_decide_is_asked_nothing_and_keeps_the_rest(study: Study) -> None:
    one, two = study.enrol(1), study.enrol(2)
    newer(study)
    study.join(2)
    late = NOW + 29 * DAY

    def open_waves(study_id: str) -> int:
        windows = answered.windows(programme=study.programme, study_id=study_id)
        return sum(window.stopped_at is None and window.completed_at is None for window in windows)

    actions.catch_up(programme=study.programme, now=NOW + 20 * DAY)
    assert open_waves(one) == 1
    actions.catch_up(programme=study.programme, now=late)
    assert (open_waves(one), open_waves(two)) == (0, 1)
    assert answered.given(programme=study.programme, study_id=one, wave="baseline") is not None
    assert study.arm(one) is not None
    study.join(1, now=late)
    assert open_waves(one) == 1
    assert queries.undecided(queries.required(study.programme)) == []


def test_who_stopped_the_questions_signs_newer_words_and_stays_unasked(study: Study) -> None:
    study_id = study.enrol(1)
    actions.withdraw(programme=study.programme, study_id=study_id, kind="questions", now=NOW)
    newer(study)
    study.join(1)
    windows = answered.windows(programme=study.programme, study_id=study_id)
    assert any(window.stopped_at is not None for window in windows)


def test_small_changes_ask_nobody_again(study: Study) -> None:
    study.enrol(1)
    newer(study, ask_again=False)
    trial = queries.required(study.programme)
    assert (queries.asked_again(trial), queries.undecided(trial)) == (None, [])
    Letter.objects.all().delete()
    actions.catch_up(programme=study.programme, now=NOW + 40 * DAY)
    assert not Letter.objects.filter(subject__startswith="A text").exists()


def test_newer_words_can_be_signed_after_recruitment_but_nobody_joins_any_more(study: Study) -> None:
    study_id = study.enrol(1)
    actions.close_and_publish(programme=study.programme, actor=DIRECTOR, now=NOW)
    newer(study)
    assert study.join(1) == study_id
    assert Consent.objects.count() == 2
    with pytest.raises(Refusal, match="Recruitment ended"):
        study.join(2)
    place = Place.objects.get()
    assert place.state == "final"


def test_changes_say_what_is_new_and_what_went() -> None:
    found = [(one.kind, one.line) for one in queries.changes("One.\n\nTwo.", "One.\n\nThree.")]
    assert found == [("same", "One."), ("gone", "Two."), ("new", "Three.")]


def test_a_certificate_is_told_while_it_is_in_force_with_its_limits(bare: Study) -> None:
    bare.open(PROTOCOL + CERTIFICATE)
    trial = queries.required(bare.programme)
    found = queries.certificate(trial, on=NOW.date())
    words = copies.certificate_words(found)
    assert "CC-OD-26-1" in words
    assert "Until 1 January 2031" in words
    assert "It does not cover" in words
    assert queries.certificate(trial, on=NOW.date().replace(year=2032)) is None
    assert queries.certificate(trial, on=NOW.date().replace(year=2025)) is None
    assert copies.certificate_words(None) == ""
    assert queries.certified(on=NOW.date().replace(year=2040)) == {bare.programme: "CC-OD-26-1"}
    assert queries.certified(on=NOW.date().replace(year=2025)) == {}
    bare.join(1)
    signed = Consent.objects.get()
    assert words in copies.as_text(signed, certificate=found)


def test_without_a_certificate_nothing_is_said(study: Study) -> None:
    assert queries.certificate(queries.required(study.programme), on=NOW.date()) is None
    assert queries.certified(on=NOW.date()) == {}


def test_under_a_certificate_study_data_are_withheld_unless_the_person_agreed(bare: Study) -> None:
    bare.open(PROTOCOL + CERTIFICATE)
    study_id = bare.enrol(1)
    person = bare.persons[study_id]
    asked = {"person": person, "operators": [], "reason": "A court asks.", "now": NOW + timedelta(days=1)}
    certified = queries.certified(on=NOW.date())
    found = vault.disclose(**asked, certified=certified)
    told = {section.table for section in found.sections if section.rows}
    assert not told & {"trial_consent", "surveys_answer", "surveys_response", "trial_place", "vault_link"}
    assert "people_user" in told
    assert study_id not in str(found)
    whole = vault.disclose(**asked, certified=certified, consent="signed letter of 2 March")
    told = {section.table for section in whole.sections if section.rows}
    assert told >= {"trial_consent", "surveys_answer", "trial_place", "vault_link"}
