"""The pages around coaches: the board, the agreement, rules, days away, another calendar, the picture, choosing."""

import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from tests.coaching.conftest import NOW, TUESDAY, House
from tests.coaching.views.browser import NOTHING_HERE, Browser, at, key_of, text

from confrere.coaching.models import Away, BusyCalendar, Coach, CoachFile, Complaint, Conversation, Shunned, Stage
from confrere.post.models import Picture


@pytest.fixture
def office(house: House) -> Browser:
    return Browser(house, house.person("Cora Nunez", "coordinator"))


def test_the_board_takes_a_coach_from_the_invitation_to_the_end(
    house: House, office: Browser, coach: tuple[int, int]
) -> None:
    assert "No coach is followed here yet" in text(office.get("roster/"))
    assert "A draft of ours" in text(office.get("roster/agreement/"))
    assert office.post("roster/agreement/", text="We agree.\r\nBoth.").status_code == 302
    assert office.post("roster/", coach=coach[0]).status_code == 302
    assert "The coach reads and signs the agreement." in text(office.get("roster/"))
    own = Browser(house, coach[0])
    assert "You are invited as a coach" in text(own.get("calendar/"))
    page = own.get("page/agreement/")
    assert "We agree." in text(page)
    digest = page.content.decode().partition('name="sha256" value="')[2][:64]
    assert own.post("page/agreement/", sha256=digest).status_code == 422  # not ticked
    assert own.post("page/agreement/", sha256=digest, agreed="on").status_code == 302
    assert "On 2 March 2026." in text(own.get("page/agreement/signed/"))
    assert own.get("page/agreement/").status_code == 404  # nothing left to sign
    path = f"roster/{coach[0]}/"
    assert office.post(path, step="training", on="soon").status_code == 422
    assert office.post(path, step="training", on="2030-01-01").status_code == 422
    assert office.post(path, step="training", on="2026-03-01, 2026-03-02").status_code == 302
    given = {"step": "certificate", "certificate": "own", "certified_on": "2026-03-02"}
    assert "The certificate ends after the day" in text(office.post(path, **given, expires_on="2026-03-01"))
    assert office.post(path, **given, expires_on="2027-03-01").status_code == 302
    assert office.post(path, step="training", on="2026-03-01").status_code == 409  # the training is over
    assert office.post(path, step="supervision", on="2026-03-01").status_code == 302
    assert office.post(path, step="complaint", kind="reliable").status_code == 302
    assert "Sessions missed or late · Open" in text(office.get(path))
    number = Complaint.objects.get().pk
    assert office.post(f"roster/complaints/{number}/", end="dismissed").status_code == 302
    assert office.post(f"{path}pause/", which="begin").status_code == 302
    assert "End the pause" in text(office.get(path))
    assert "Pauses at the moment." in text(Browser(house, house.participant()).get("coaches/"))
    assert office.post(f"{path}pause/", which="end").status_code == 302
    house.book(house.participant("Ben Adler"), coach[1], TUESDAY)
    assert "Sessions to come with 1 person are cancelled." in text(office.get(f"{path}remove/"))
    assert office.post(f"{path}remove/").status_code == 302
    assert CoachFile.objects.get().stage == Stage.REMOVED
    assert "No longer a coach here" in text(office.get(path))
    assert office.post(path, step="nothing").status_code == 404
    assert office.get("roster/0/").status_code == 404
    assert Coach.objects.count() == 1


def test_without_an_agreement_the_coach_is_told_so(house: House, office: Browser, coach: tuple[int, int]) -> None:
    office.post("roster/", coach=coach[0])
    own = Browser(house, coach[0])
    assert "The coordinator has not put up the agreement." in text(own.get("page/agreement/"))
    assert own.get("page/agreement/signed/").status_code == 404


def test_what_the_office_types_wrongly_stays(office: Browser) -> None:
    assert office.post("roster/", coach=0).status_code == 422
    assert office.post("roster/agreement/", text="").status_code == 422


def test_a_coach_sets_rules_days_and_another_calendar(house: House, coach: tuple[int, int]) -> None:
    own = Browser(house, coach[0])
    assert own.get("hours/rules/").status_code == 200
    assert own.post("hours/rules/", buffer=15, notice=24, daily="0").status_code == 422
    assert own.post("hours/rules/", buffer=15, notice=24, daily="").status_code == 302
    assert (Coach.objects.get().buffer, Coach.objects.get().notice) == (15, 24)
    assert "None to come." in text(own.get("hours/away/"))
    assert "These days have passed." in text(own.post("hours/away/", first="2026-02-01"))
    assert own.post("hours/away/", first="1999-02-01", last="2026-02-01").status_code == 422
    assert own.post("hours/away/", first="2026-03-03", last="2026-03-04").status_code == 302
    assert "3 March 2026 – 4 March 2026" in text(own.get("hours/away/"))
    row = Away.objects.get()
    assert own.post(f"hours/away/{row.pk}/end/", which="all").status_code == 404
    assert own.post(f"hours/away/{row.pk}/end/", which="own").status_code == 302
    assert "It is read once an hour" in text(own.get("hours/calendar/"))
    assert own.post("hours/calendar/", which="address", address="http://example.org/a.ics").status_code == 422
    assert own.post("hours/calendar/", which="address", address="webcal://example.org/a.ics").status_code == 302
    assert "It will be read within a few minutes." in text(own.get("hours/calendar/"))
    assert "example.org" not in own.get("hours/calendar/").content.decode()
    BusyCalendar.objects.update(trouble="silent", read_at=NOW)
    assert "The busy times of then still hold." in text(own.get("hours/calendar/"))
    assert own.post("hours/calendar/", which="end").status_code == 302
    assert own.post("hours/calendar/", which="end").status_code == 404


def test_rules_of_a_coach_without_a_page_begin_empty(house: House) -> None:
    assert Browser(house, house.person("Noor Haddad", "coach")).get("hours/rules/").status_code == 200


def test_holidays_are_for_everybody(house: House, office: Browser, coach: tuple[int, int]) -> None:
    assert "These days have passed." in text(office.post("roster/holidays/", first="2026-02-01"))
    assert office.post("roster/holidays/", first="2026-03-03").status_code == 302
    assert "3 March 2026" in text(office.get("roster/holidays/"))
    assert "Holidays of the programme 3 March 2026" in text(Browser(house, coach[0]).get("hours/away/"))
    assert office.post(f"hours/away/{Away.objects.get().pk}/end/", which="all").status_code == 302
    assert Away.objects.count() == 0


def photograph() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (300, 200), "teal").save(out, "PNG")
    return SimpleUploadedFile("../../face.svg", out.getvalue(), content_type="text/html")


def test_a_picture_is_put_up_seen_and_taken_down(house: House, visitor: Browser, coach: tuple[int, int]) -> None:
    own = Browser(house, coach[0])
    path = f"coaches/{coach[1]}/picture.jpg"
    assert visitor.get(path).status_code == 404
    assert own.post("page/picture/").status_code == 422
    assert own.post("page/picture/", picture=SimpleUploadedFile("a.png", b"<svg/>")).status_code == 422
    assert own.post("page/picture/", picture=photograph()).status_code == 302
    assert own.post("page/picture/", picture=photograph()).status_code == 302
    assert Picture.objects.count() == 1
    assert "Take it down" in text(own.get("page/picture/"))
    answer = visitor.get(path)
    assert (answer.headers["Content-Type"], answer.headers["Cache-Control"]) == ("image/jpeg", "no-store")
    assert answer.content.startswith(b"\xff\xd8")
    assert path in visitor.get("coaches/").content.decode()
    assert path in visitor.get(f"coaches/{coach[1]}/").content.decode()
    CoachFile.objects.create(
        programme_id=house.programme, site_id=house.site, person_id=coach[0], stage=Stage.INVITED, since=NOW.date()
    )
    assert (visitor.get(path).status_code, own.get(path).status_code) == (404, 200)
    assert own.post("page/picture/", which="down").status_code == 302
    assert own.post("page/picture/", which="down").status_code == 404
    assert Picture.objects.count() == 0


def test_the_search_finds_by_hour_language_and_area(house: House, visitor: Browser, coach: tuple[int, int]) -> None:
    Coach.objects.update(areas=["leading"])
    asked = {"when": "evening", "language": "Swedish", "area": "leading"}
    assert "Next free: Tue 3 March, 17:00" in text(visitor.post("coaches/", **asked))
    for other in ({"when": "early"}, {"area": "home"}, {"when": "weekend"}, {"when": "midday"}, {"when": "day"}):
        assert "Nobody fits all of this" in text(visitor.post("coaches/", **{**asked, **other}))
    assert visitor.post("coaches/", language="Latin").status_code == 422
    assert "Eva Lindqvist" in text(visitor.post("coaches/", when=""))
    assert "Leading people" in text(visitor.get(f"coaches/{coach[1]}/"))


def test_names_go_in_and_never_come_out(visitor: Browser, coach: tuple[int, int]) -> None:
    assert "not even you" in text(visitor.get("not-with/"))
    assert visitor.post("not-with/", names="").status_code == 422
    assert "Write a name that tells" in text(visitor.post("not-with/", names="Dr."))
    assert visitor.post("not-with/", names="Eva Lindqvist\nCarl Boss", division="Surgery").status_code == 302
    page = visitor.get("not-with/")
    assert "You have left 3 check sums." in text(page)
    assert "Lindqvist" not in page.content.decode()
    assert visitor.get(f"coaches/{coach[1]}/").status_code == 404
    assert visitor.post("not-with/", which="forget").status_code == 302
    assert Shunned.objects.count() == 0


def test_a_first_conversation_is_agreed_shown_and_called_off(
    house: House, visitor: Browser, coach: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"coaches/{coach[1]}/first/"
    assert "Talk for 20 minutes first" in text(visitor.get(f"coaches/{coach[1]}/"))
    page = visitor.get(path)
    assert "It counts as no session" in text(page)
    assert visitor.post(path, start="soon", key=uuid4()).status_code == 422
    assert visitor.post(path, start=(NOW + timedelta(minutes=5)).isoformat(), key=uuid4()).status_code == 409
    assert visitor.post(path, start=TUESDAY.isoformat(), key=key_of(page)).status_code == 302
    number = Conversation.objects.get().pk
    own = Browser(house, coach[0])
    assert "First conversations" in text(own.get("calendar/"))
    assert "First conversations" in text(visitor.get())
    assert "A first conversation with Eva Lindqvist" in text(visitor.get(f"conversations/{number}/"))
    assert "video.example.org" not in visitor.get(f"conversations/{number}/").content.decode()
    at(TUESDAY - timedelta(minutes=20), monkeypatch)
    for one in (visitor, own):
        one.sign_in()
        assert "video.example.org" in one.get(f"conversations/{number}/").content.decode()
    stranger = Browser(house, house.participant("Ben Adler"))
    assert stranger.get(f"conversations/{number}/").status_code == 404
    assert own.post(f"conversations/{number}/").status_code == 302
    assert Conversation.objects.count() == 0
    assert visitor.get("coaches/0/first/").status_code == 404


def test_without_a_grant_no_conversation_is_offered(house: House, coach: tuple[int, int]) -> None:
    nobody = Browser(house, house.participant("Ben Adler", granted=False))
    page = text(nobody.get(f"coaches/{coach[1]}/first/"))
    assert "A first conversation comes before sessions" in page


def test_shortly_before_the_sessions_end_no_time_for_a_conversation_is_left(
    house: House, visitor: Browser, coach: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    at(NOW + timedelta(days=90, hours=-1), monkeypatch)
    visitor.sign_in()
    page = visitor.get(f"coaches/{coach[1]}/first/")
    assert (page.status_code, 'name="start"' in page.content.decode()) == (200, False)


def test_another_coach_is_one_question_away(
    house: House, visitor: Browser, coach: tuple[int, int], office: Browser
) -> None:
    path = f"coaches/{coach[1]}/leave/"
    assert NOTHING_HERE in visitor.get(path).content.decode().replace("&#x27;", "'")
    house.book(visitor.person, coach[1], TUESDAY)
    assert "Change your coach" in text(visitor.get())
    assert "Nobody asks why." in text(visitor.get(path))
    assert visitor.post(path).status_code == 302
    assert "6 of 6 sessions left" in text(visitor.get())
    assert office.post("roster/changes/", person=0).status_code == 422
    assert "can change the coach once more." in text(office.post("roster/changes/", person=visitor.person))
