"""Running the study by its pages: notes, queries about values, unblinding, the lock; study ids, never names."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from tests.study import DIRECTOR, Study

from confrere.people import actions as people
from confrere.people.models import User
from confrere.people.queries import standing
from confrere.trial import actions, queries, rules
from confrere.trial.models import AdverseEvent, DataQuery, Deviation, Resources, Unblinding
from confrere.vault.models import Payload
from confrere.vault.refusals import Refusal

HERE = "/p/peer/trial/conduct/"


def client_of(person: int) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=person), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def live(bare: Study) -> Study:
    """A trial that opened now, by the wall's clock, with two who have answered."""
    bare.open(now=timezone.now())
    for number in (1, 2):
        bare.enrol(number, now=timezone.now())
    return bare


@pytest.fixture
def staff(live: Study) -> Callable[[str], Client]:
    """A signed-in person with a role."""

    def staff(role: str) -> Client:
        now = timezone.now()
        person = people.create_account(email=f"{role}@example.org", name=role.title(), zone="UTC", now=now)
        people.grant_role(person=person, programme=live.programme, role=role, now=now, actor=DIRECTOR)
        return client_of(person)

    return staff


def today(days: int = 0) -> str:
    return (timezone.now() + timedelta(days=days)).date().isoformat()


def recorded(action: str) -> bool:
    return Payload.objects.filter(body__contains=f'"action":"{action}"').exists()


def test_the_board_counts_for_all_and_names_study_ids_to_some(live: Study, staff: Callable[[str], Client]) -> None:
    live.join(3, now=timezone.now())
    coordinator, director = staff("coordinator"), staff("director")
    page = coordinator.get(HERE)
    assert "conduct/wave/baseline/" in page.text
    assert "P. 1" not in page.text
    assert "conduct/wave/" not in director.get(HERE).text
    assert director.get(HERE + "wave/baseline/").status_code == 403
    wave = coordinator.get(HERE + "wave/baseline/").text
    assert all(study_id in wave for study_id in live.persons)
    assert "P. 1" not in wave
    assert coordinator.get(HERE + "wave/nowhere/").status_code == 404


def test_a_deviation_is_noted_once_and_read_by_the_team(live: Study, staff: Callable[[str], Client]) -> None:
    client, study_id = staff("coordinator"), next(iter(live.persons))
    assert "Nothing was noted" in client.get(HERE + "deviations/").text
    typed = {"kind": "timing", "happened_on": today(), "text": "A session was held late.", "study_id": study_id}
    page = client.post(HERE + "deviations/", typed | {"irb_reference": "D-7"}, follow=True)
    assert "A session was held late." in page.text
    assert "Reported: D-7" in page.text
    row = Deviation.objects.get()
    assert (row.study_id, row.get_kind_display()) == (study_id, "A survey or session outside its window")
    assert str(row) == f"deviation {row.pk}"
    assert recorded("trial.note_deviation")
    for wrong in ({"study_id": "S-AAAA-AAAA"}, {"happened_on": today(2)}, {"text": " "}, {"kind": "gossip"}):
        assert (wrong, client.post(HERE + "deviations/", typed | wrong).status_code) == (wrong, 422)
    assert Deviation.objects.count() == 1


def test_an_event_has_no_place_for_words(live: Study, staff: Callable[[str], Client]) -> None:
    client = staff("director")
    assert "Nothing was noted" in client.get(HERE + "events/").text
    typed = {"kind": "distress", "happened_on": today(-1), "irb_reference": "AE-1"}
    page = client.post(HERE + "events/", typed | {"text": "She cried."}, follow=True)
    assert "Reported: AE-1" in page.text
    assert "cried" not in page.text
    row = AdverseEvent.objects.get()
    assert (row.study_id, str(row)) == ("", f"event {row.pk}")
    assert not {"text", "note", "description"} & {field.name for field in AdverseEvent._meta.get_fields()}
    assert client.post(HERE + "events/", typed | {"kind": "x"}).status_code == 422


def test_a_question_about_a_value_is_answered_without_a_name(live: Study, staff: Callable[[str], Client]) -> None:
    study_id = next(iter(live.persons))
    statistician, coordinator = staff("statistician"), staff("coordinator")
    asked = {"study_id": study_id, "wave": "baseline", "question": "qol_vas", "text": "Is 60 right?"}
    assert coordinator.post(HERE + "queries/", asked).status_code == 403
    page = statistician.post(HERE + "queries/", asked, follow=True)
    assert "Is 60 right?" in page.text
    for wrong in ({"study_id": "S-AAAA-AAAA"}, {"wave": "month3"}, {"question": "x"}):
        assert (wrong, statistician.post(HERE + "queries/", asked | wrong).status_code) == (wrong, 422)
    assert statistician.post(HERE + "queries/", asked | {"text": ""}).status_code == 422
    row = DataQuery.objects.get()
    here = f"{HERE}queries/{row.pk}/"
    assert statistician.post(here, {"act": "close"}).status_code == 409
    assert statistician.post(here, {"act": "reply", "text": "x"}).status_code == 403
    seen = coordinator.get(here).text
    assert "<strong>60</strong>" in seen
    assert "P. 1" not in seen
    assert coordinator.post(here, {"act": "reply", "text": ""}).status_code == 422
    assert coordinator.post(here, {"act": "reply", "text": "It was 70."}).status_code == 302
    assert coordinator.post(here, {"act": "reply", "text": "Again."}).status_code == 409
    assert coordinator.post(here, {"act": "close"}).status_code == 403
    mended = {"act": "correct", "value": "70", "reason": "Heard wrongly."}
    page = coordinator.post(here, mended, follow=True)
    assert "60 became 70" in page.text
    assert coordinator.post(here, mended | {"reason": ""}).status_code == 422
    assert "It is settled" in statistician.get(here).text
    assert "Answered, not settled yet." in statistician.get(HERE + "queries/").text
    for _twice in range(2):
        assert "Settled on" in statistician.post(here, {"act": "close"}, follow=True).text
    assert statistician.get(HERE + "queries/999999/").status_code == 404
    assert str(row) == f"query {row.pk}"
    actions.withdraw(programme=live.programme, study_id=study_id, kind="data", now=timezone.now())
    gone = coordinator.get(here)
    assert (gone.status_code, "taken back" in gone.text) == (404, True)


def test_an_arm_is_read_by_who_asked_after_another_agreed(live: Study, staff: Callable[[str], Client]) -> None:
    study_id = next(iter(live.persons))
    coordinator, director, statistician = staff("coordinator"), staff("director"), staff("statistician")
    arms = HERE + "arms/"
    assert "Nobody. The report will say so." in director.get(arms).text
    asked = {"study_id": study_id, "reason": "A safety letter names it."}
    assert director.post(arms, asked).status_code == 403
    assert coordinator.post(arms, asked | {"reason": ""}).status_code == 422
    assert coordinator.post(arms, asked | {"study_id": "S-AAAA-AAAA"}).status_code == 422
    assert coordinator.post(arms, asked).status_code == 302
    row = Unblinding.objects.get()
    assert (row.role, str(row)) == ("coordinator", f"unblinding {row.pk}")
    agree, read = f"{arms}{row.pk}/agree/", f"{arms}{row.pk}/read/"
    assert coordinator.post(read).status_code == 403
    assert coordinator.post(agree).status_code == 403
    for _twice in range(2):
        assert director.post(agree).status_code == 302
    assert statistician.post(read).status_code == 403
    assert director.post(read).status_code == 403
    title = queries.protocol(queries.required(live.programme)).arm(live.arm(study_id) or "").title
    assert title in coordinator.post(read).text
    assert coordinator.get(read).status_code == 405
    assert all(recorded(f"trial.{act}") for act in ("ask_unblinding", "agree_unblinding", "read_arm"))
    assert "Agreed on" in coordinator.get(arms).text
    with pytest.raises(IntegrityError), transaction.atomic():
        Unblinding.objects.filter(pk=row.pk).update(agreed_by=row.asked_by)


def test_the_director_locks_and_two_open(live: Study, staff: Callable[[str], Client]) -> None:
    director, statistician = staff("director"), staff("statistician")
    assert "They can be locked when recruitment has ended." in director.get(HERE).text
    assert director.post(HERE + "lock/").status_code == 409
    actions.close_and_publish(programme=live.programme, actor=DIRECTOR, now=timezone.now())
    assert "Lock the data" in director.get(HERE).text
    assert "conduct/lock/" not in statistician.get(HERE).text
    assert "It takes two people" in director.get(HERE + "lock/").text
    page = director.post(HERE + "lock/", follow=True)
    assert "Locked by Director on" in page.text
    assert statistician.post(HERE + "unlock/", {"act": "ask", "text": ""}).status_code == 422
    page = statistician.post(HERE + "unlock/", {"act": "ask", "text": "One value is wrong."}, follow=True)
    assert "another person of the team has to agree" in page.text
    assert statistician.post(HERE + "unlock/", {"act": "agree"}).status_code == 403
    page = director.get(HERE)
    assert "One value is wrong." in page.text
    assert "Agree, and open the data" in page.text
    page = director.post(HERE + "unlock/", {"act": "agree"}, follow=True)
    assert "The data are open." in page.text
    assert "opened on" in page.text


def test_what_those_who_wait_are_offered_is_the_sites_own_text(live: Study, staff: Callable[[str], Client]) -> None:
    coordinator = staff("coordinator")
    member = client_of(next(iter(live.persons.values())))
    assert "Physician Health Program" in member.get("/p/peer/trial/mine/offered/").text
    here = HERE + "resources/"
    assert "Until you write one" in coordinator.get(here).text
    assert coordinator.post(here, {"text": "  "}).status_code == 422
    for _twice in range(2):
        page = coordinator.post(here, {"text": "Peer support: 555 0199"}, follow=True)
        assert "Version 1, published on" in page.text
    assert "Peer support: 555 0199" in member.get("/p/peer/trial/mine/offered/").text
    coordinator.post(here, {"text": "Peer support: 555 0200"})
    assert [str(row) for row in Resources.objects.order_by("version")] == ["resources 1", "resources 2"]
    trial = queries.required(live.programme)
    assert queries.offered(trial) == "Peer support: 555 0200"


def test_words_are_short(live: Study) -> None:
    assert rules.check_words(" a \n b ") == "a b"
    with pytest.raises(Refusal, match="500"):
        rules.check_words("x" * 501)
    assert rules.can_reply(DataQuery())
    assert not rules.can_close(DataQuery())


def test_every_row_stays_in_its_programme(live: Study, staff: Callable[[str], Client]) -> None:
    """A query and an unblinding of another programme answer like ones that do not exist."""
    coordinator = staff("coordinator")
    person = people.create_account(email="elsewhere@example.org", name="E", zone="UTC", now=timezone.now())
    other = people.create_programme(
        site=live.site, slug="other", name="Other", zone="UTC", now=timezone.now(), actor=DIRECTOR
    )
    people.grant_role(person=person, programme=other, role="coordinator", now=timezone.now(), actor=DIRECTOR)
    there = standing(person=person, programme="other", now=timezone.now())
    assert there is not None
    coordinator.post(HERE + "arms/", {"study_id": next(iter(live.persons)), "reason": "Why."})
    with pytest.raises(Refusal) as refused:
        actions.agree_unblinding(standing=there, unblinding=Unblinding.objects.get().pk, now=timezone.now())
    assert refused.value.status == 404


def test_words_fit_or_are_refused() -> None:
    assert rules.check_words(" two \n words ") == "two words"
    for text, sentence in (("", "Say it in a sentence"), ("a" * (rules.WORDS + 1), "at most 500 characters")):
        with pytest.raises(Refusal, match=sentence):
            rules.check_words(text)
