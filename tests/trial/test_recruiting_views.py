"""Recruitment through its pages: what strangers read, what the team does, 300 who ask at once."""

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone
from tests.study import DIRECTOR, PROTOCOL, Study, make_study

from confrere.people import actions as people
from confrere.people.models import User
from confrere.post.models import Letter
from confrere.trial import actions, announcing, queries
from confrere.trial.models import Demographic, Lottery, OptOut, Recipient, Visits
from confrere.trial.rules import number_in

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
CAP = 138


def signed_in(person: int) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=person), backend=BACKEND)
    return client


@pytest.fixture
def live(bare: Study) -> Study:
    bare.open(now=timezone.now())
    return bare


@pytest.fixture
def director(bare: Study) -> Client:
    now = timezone.now()
    person = people.create_account(email="dir@example.org", name="Dir", zone="UTC", now=now)
    people.grant_role(person=person, programme=bare.programme, role="director", now=now, actor=DIRECTOR)
    return signed_in(person)


def study_url(study: Study) -> str:
    return f"/study/{queries.required(study.programme).join_token}/"


def at(study: Study, page: str = "") -> str:
    return f"/p/{study.slug}/trial/recruiting/{page}"


def test_a_stranger_reads_everything_and_leaves_only_a_count(client: Client, live: Study) -> None:
    page = client.get(study_url(live))
    text = re.sub(r"\s+", " ", page.text)
    for said in (
        "A small trial",
        "There are 6 places",
        "Coaching now",
        "In a crisis, call or text 988.",
        "two named people can link it",
        "no cookie, no link of your own",
        queries.required(live.programme).commitment,
    ):
        assert said in text
    assert not page.cookies
    assert "Referrer-Policy" in page.headers
    client.head(study_url(live))
    assert list(Visits.objects.values_list("count", flat=True)) == [1]


def test_a_draft_and_a_wrong_link_tell_nothing(client: Client, bare: Study) -> None:
    actions.draft(programme=bare.programme, site=bare.site, protocol=PROTOCOL, actor=DIRECTOR, now=timezone.now())
    assert client.get(study_url(bare)).status_code == 409
    assert client.get("/study/nobody/").status_code == 404
    assert not Visits.objects.exists()


def test_after_the_end_the_page_stays_and_invites_nobody(client: Client, live: Study) -> None:
    actions.close_and_publish(programme=live.programme, actor=DIRECTOR, now=timezone.now())
    page = client.get(study_url(live))
    assert "Recruitment has ended" in page.text
    assert "I would like to take part" not in page.text


def test_one_click_from_the_letter_and_no_further_announcement(client: Client, live: Study) -> None:
    code = announcing.code(site=live.site, email="ama@example.org")
    strict = Client(enforce_csrf_checks=True)
    page = strict.get(f"{study_url(live)}stop/{code}/")
    assert "You need not sign in" in page.text
    assert not OptOut.objects.exists()
    for _click in range(2):
        page = strict.post(f"{study_url(live)}stop/{code}/", {"List-Unsubscribe": "One-Click"})
        assert "You get no further announcement" in page.text
    assert OptOut.objects.count() == 1
    assert not page.cookies
    assert client.post(f"{study_url(live)}stop/guessed/").status_code == 404
    assert client.post("/study/nobody/stop/guessed/").status_code == 404


def test_from_a_list_to_a_sent_announcement(director: Client, live: Study) -> None:
    page = director.post(at(live, "list/"), {"pasted": "Ama, ama@example.org\nnobody\n"})
    assert "1 address was added" in page.text
    assert "Line 2:" in page.text
    file = SimpleUploadedFile("list.csv", b"name,mail\nBo,bo@example.org\n")
    assert "1 address was added" in director.post(at(live, "list/"), {"file": file}).text
    assert director.post(at(live, "leave-out/"), {"email": "Bo@example.org"}).status_code == 302
    assert director.post(at(live, "leave-out/"), {"email": "bo"}).status_code == 422
    assert list(Recipient.objects.values_list("email", flat=True)) == ["ama@example.org"]
    words = {"subject": "A study", "text": "Dear colleagues."}
    assert director.post(at(live, "announcement/1/"), words).status_code == 302
    page = director.get(at(live, "announcement/1/"))
    assert "Dear colleagues." in page.text
    assert "the same for everyone" in page.text
    assert director.post(at(live, "announcement/1/try/")).status_code == 302
    assert Letter.objects.filter(to="dir@example.org", urgent=True).count() == 1
    assert "Send announcement 1 to 1 address?" in director.get(at(live, "announcement/1/send/")).text
    assert director.post(at(live, "announcement/1/send/"), {"count": "7"}).status_code == 409
    assert director.post(at(live, "announcement/1/send/"), {"count": "1"}).status_code == 302
    page = director.get(at(live))
    assert "0 letters have left, 1 wait for their turn" in re.sub(r"\s+", " ", page.text)
    assert "Announcement 2:" in page.text
    assert "ama@example.org" not in page.text
    assert director.get(at(live, "announcement/1/")).status_code == 409
    assert director.get(at(live, "announcement/3/")).status_code == 404


@pytest.mark.parametrize(
    ("page", "form"),
    [
        ("list/", {"pasted": "  "}),
        ("page/", {"who_may": ""}),
        ("announcement/1/", {"subject": "", "text": ""}),
        ("represented/gender/", {"woman": "many"}),
    ],
)
def test_what_is_wrong_stands_beside_the_field_and_what_was_typed_stays(
    director: Client, live: Study, page: str, form: dict[str, str]
) -> None:
    answer = director.post(at(live, page), form)
    assert answer.status_code == 422
    assert "needs your attention" in answer.text or "need your attention" in answer.text


def test_a_file_that_is_no_text_is_refused(director: Client, live: Study) -> None:
    file = SimpleUploadedFile("list.csv", b"\xff\xfe\x00")
    answer = director.post(at(live, "list/"), {"file": file})
    assert "The file is not UTF-8 text" in answer.text


def test_with_nobody_on_the_list_there_is_nothing_to_confirm(director: Client, live: Study) -> None:
    assert "Nobody is left to write to" in director.get(at(live, "announcement/1/send/")).text


def test_the_directors_words_stand_on_the_public_page(director: Client, client: Client, live: Study) -> None:
    told = {"who_may": "Every physician at General.", "contact": "Dr. Dir, 555 0100"}
    assert director.post(at(live, "page/"), told).status_code == 302
    assert "Every physician at General." in client.get(study_url(live)).text
    assert "Dr. Dir, 555 0100" in director.get(at(live, "page/")).text


def test_counts_of_the_institution_stand_beside_those_who_take_part(director: Client, live: Study) -> None:
    assert "Too few so far" in director.get(at(live, "represented/")).text
    for number in range(6):
        live.enrol(number, now=timezone.now())
    actions.close_and_publish(programme=live.programme, actor=DIRECTOR, now=timezone.now())
    assert director.get(at(live, "represented/gender/")).status_code == 200
    assert director.post(at(live, "represented/gender/"), {"woman": "40", "man": ""}).status_code == 302
    assert Demographic.objects.get().count == 40
    page = director.get(at(live, "represented/"))
    assert "40 (100 %)" in page.text
    assert "6 (100 %)" in page.text
    assert director.get(at(live, "represented/shoes/")).status_code == 404


def test_a_lottery_from_its_announcement_to_its_public_record(director: Client, client: Client, bare: Study) -> None:
    now = timezone.now()
    bare.open(PROTOCOL.replace("cap = 6", 'cap = 2\norder = "lottery"'), now=now)
    assert "Announce the last day of asking" in director.get(at(bare)).text
    tomorrow = (now + timedelta(days=1)).date().isoformat()
    assert director.post(at(bare, "lottery/"), {"closes_on": "soon"}).status_code == 422
    assert director.post(at(bare, "lottery/"), {"closes_on": tomorrow}).status_code == 302
    assert "being quick is no advantage" in client.get(study_url(bare)).text
    study_id = bare.join(1, now=now)
    assert bare.state(study_id) == "waiting"
    assert client.get(f"{study_url(bare)}lottery.json").status_code == 404
    Lottery.objects.update(closes_on=(now - timedelta(days=1)).date())
    assert "The list closes" in director.get(at(bare, "lottery/")).text
    said = "Read aloud at the morning meeting."
    assert director.post(at(bare, "lottery/"), {"said": said}).status_code == 302
    assert bare.state(study_id) == "held"
    record = client.get(f"{study_url(bare)}lottery.json")
    assert record.json()["places"] == 2
    assert "It was drawn on" in director.get(at(bare)).text


def test_a_number_that_was_not_confirmed_is_none() -> None:
    assert [number_in(text) for text in ("12", "-1", "", "١٢", "9" * 12)] == [12, 0, 0, 0, 0]


@pytest.fixture
def big(transactional_db: None, standing_keys: None) -> Study:
    study = make_study()
    study.open(PROTOCOL.replace("cap = 6", f"cap = {CAP}"), now=timezone.now())
    return study


@pytest.mark.slow  # 300 requests, each with its signature and its place
def test_300_consents_race_for_the_last_5_of_138_seats_through_the_pages(big: Study) -> None:
    for number in range(CAP - 5):
        actions.hold_place(programme=big.programme, study_id=f"S-{number:04d}-HELD", now=timezone.now())
    trial = queries.required(big.programme)
    text = queries.consent_text(trial)
    assert text is not None
    form = {"version": text.version, "sha256": text.sha256, "agreed": "on"}
    clients = [signed_in(big.person(number)) for number in range(300)]

    def sign(number: int) -> tuple[int, str]:
        try:
            url = f"/join/{trial.join_token}/consent/"
            answer = clients[number].post(url, form | {"name": f"P. {number}"}, follow=True)
            return answer.status_code, re.sub(r"\s+", " ", answer.text)
        finally:
            connection.close()

    with ThreadPoolExecutor(24) as pool:
        answers = list(pool.map(sign, range(300), timeout=400))
    told = Counter(_told(page) for _status, page in answers)
    assert Counter(status for status, _page in answers) == {200: 300}
    assert told["held"] == 5
    assert told["waiting"] == 295
    assert queries.places(trial) == {"held": CAP, "waiting": 295}
    # Everyone reads their own place in the line; nobody shares one at the end.
    lines = [queries.ahead_of(place) for place in trial.place_set.filter(state="waiting").order_by("number")]
    assert lines == list(range(295))


def _told(page: str) -> str:
    if "Your place is held until" in page:
        return "held"
    return "waiting" if re.search(r"Every place is taken\. You are number \d+ on the waiting list", page) else "?"
