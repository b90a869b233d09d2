"""Around a session: where to meet, limits, the guide, one's own calendar, the line, series, holds, extensions."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client
from tests.coaching.conftest import NOW, TUESDAY, House, build_house
from tests.coaching.views.browser import WEEK, Browser, at, key_of, text

import confrere
from confrere.coaching import actions
from confrere.coaching.models import Acknowledged, Booking, Entitlement, Feed, Limits, Occupied, Waiting
from confrere.vault.audit import Actor
from confrere.vault.models import Payload

ROOM = "https://video.example.org/room"
QUARTER = timedelta(minutes=15)


class TestWhereToMeet:
    def test_the_link_stands_there_from_a_quarter_before_to_the_end(
        self, house: House, visitor: Browser, coach: tuple[int, int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        booking = house.book(visitor.person, coach[1], TUESDAY)
        actions.acknowledge(programme=house.programme, site=house.site, person=visitor.person, limits=None, now=NOW)
        end, second = TUESDAY + timedelta(minutes=90), timedelta(seconds=1)
        found = {}
        for moment in (TUESDAY - QUARTER - second, TUESDAY - QUARTER, end - second, end):
            at(moment, monkeypatch)
            visitor.sign_in()
            page = visitor.get(f"sessions/{booking}/")
            found[moment] = (ROOM in page.content.decode(), "stands here from 17:15" in text(page))
        assert [*found.values()] == [(False, True), (True, False), (True, False), (False, False)]

    def test_not_before_the_limits_were_read(
        self, house: House, visitor: Browser, coach: tuple[int, int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        Acknowledged.objects.all().delete()
        booking = house.book(visitor.person, coach[1], TUESDAY)
        at(TUESDAY, monkeypatch)
        visitor.sign_in()
        other = Browser(house, coach[0])
        page = visitor.get(f"sessions/{booking}/")
        assert (ROOM in page.content.decode(), "Before you meet" in text(page)) == (False, True)
        # Both are told; nobody can say that it took place, and the rest can be said.
        assert "It happened" not in page.content.decode()
        assert "We moved it" in page.content.decode()
        refused = visitor.post(f"sessions/{booking}/said/", said="happened")
        assert (refused.status_code, "First read the limits" in text(refused)) == (409, True)
        seen = text(other.get(f"sessions/{booking}/"))
        assert "Your coachee has not said yet that they read the limits" in seen
        assert ROOM in seen  # their own
        assert visitor.post("limits/").status_code == 302
        assert ROOM in visitor.get(f"sessions/{booking}/").content.decode()
        assert visitor.post(f"sessions/{booking}/said/", said="happened").status_code == 302
        assert "has not said yet" not in text(other.get(f"sessions/{booking}/"))

    def test_nor_is_that_of_a_first_conversation(
        self, house: House, visitor: Browser, coach: tuple[int, int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        Acknowledged.objects.all().delete()
        talk = actions.converse(
            programme=house.programme,
            site=house.site,
            person=visitor.person,
            coach=coach[1],
            start=TUESDAY,
            key=uuid4(),
            now=NOW,
        )
        at(TUESDAY, monkeypatch)
        visitor.sign_in()
        page = visitor.get(f"conversations/{talk}/")
        assert (ROOM in page.content.decode(), "Before you meet" in text(page)) == (False, True)
        assert ROOM in Browser(house, coach[0]).get(f"conversations/{talk}/").content.decode()
        visitor.post("limits/")
        assert ROOM in visitor.get(f"conversations/{talk}/").content.decode()


@pytest.fixture
def unread(visitor: Browser) -> Browser:
    """A participant who has not read the limits yet."""
    Acknowledged.objects.all().delete()
    return visitor


class TestLimits:
    def test_the_general_text_says_that_it_is_nobodys_counsels(self, unread: Browser) -> None:
        page = text(unread.get("limits/"))
        assert "is not the text of your site's counsel" in page
        assert "I have read this" in unread.get("limits/").content.decode()
        unread.post("limits/", limits="")
        assert "You said on 2 March 2026 that you have read this." in text(unread.get("limits/"))
        assert unread.post("limits/", limits="x").status_code == 200
        assert unread.post("limits/", limits="12345").status_code == 404

    def test_the_coordinator_puts_in_counsels(self, house: House, unread: Browser) -> None:
        staff = Browser(house, house.person("Ida Berg", "coordinator"))
        assert "Put in the text of your counsel" in text(staff.get("limits/"))
        empty = staff.post("limits/texts/", state="", text="", after=0)
        assert empty.status_code == 422
        assert staff.post("limits/texts/", state="", text="By our counsel.", after=0).status_code == 302
        again = staff.post("limits/texts/", state="", text="By our counsel.", after=1)
        assert (again.status_code, "This text holds already." in text(again)) == (422, True)
        assert "By our counsel." in staff.get("limits/texts/").content.decode()
        assert staff.post("limits/texts/", state="MA", text="For Massachusetts.", after=0).status_code == 302
        assert 'value="0"' in staff.get("limits/texts/?state=NY").content.decode()
        page = unread.get("limits/")
        assert "Massachusetts" in text(page)
        assert "I work in Massachusetts and have read this" in page.content.decode()
        unread.post("limits/", limits=Limits.objects.get(state="MA").pk)
        assert list(Acknowledged.objects.values_list("limits__state", flat=True)) == ["MA"]
        assert staff.post("limits/", limits="").status_code == 200  # nobody reads for somebody else
        assert Acknowledged.objects.count() == 1


class TestGuide:
    @pytest.mark.parametrize(
        ("path", "first", "minutes"), [("guide/", "Introductions", 90), ("guide/?later", "Check-in", 60)]
    )
    def test_the_parts_make_a_session(
        self, house: House, coach: tuple[int, int], path: str, first: str, minutes: int
    ) -> None:
        page = Browser(house, coach[0]).get(path)
        parts = re.findall(r'data-minutes="(\d+)"><strong>([^<]+)', page.content.decode())
        assert (sum(int(each) for each, _name in parts), parts[0][1]) == (minutes, first)
        assert "Nobody: nothing is stored" in text(page)
        assert "a court or an authority can ask you for it" in text(page)

    def test_it_writes_nothing(self, house: House, coach: tuple[int, int]) -> None:
        page = Browser(house, coach[0]).get("guide/").content.decode()
        main = page.partition("<main")[2].partition("</main>")[0]
        assert re.findall(r"<(?:form|input|textarea|select)\b|contenteditable", main) == []
        script = (Path(confrere.__file__).parent / "coaching/static/coaching/guide.js").read_text("utf-8")
        assert re.findall(r"fetch|XMLHttp|sendBeacon|Storage|indexedDB|cookie|caches|WebSocket|import\(", script) == []
        assert Browser(house, coach[0]).post("guide/").status_code == 405


class TestFeed:
    def make(self, browser: Browser) -> str:
        page = browser.post("feed/").content.decode()
        found = re.search(r"<code>http://[^/]+(/calendar/([0-9a-f]{32})\.ics)</code>", page)
        assert found is not None
        return found[1]

    def test_a_calendar_reads_when_and_nothing_else(
        self, house: House, visitor: Browser, coach: tuple[int, int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        house.book(visitor.person, coach[1], TUESDAY)
        assert "Make an address" in visitor.get("feed/").content.decode()
        address = self.make(visitor)
        token = address.removeprefix("/calendar/").removesuffix(".ics")
        assert token not in Feed.objects.get().digest
        assert token not in visitor.get("feed/").content.decode()  # shown once
        answer = Client().get(address)
        body = answer.content.decode()
        assert (answer["Content-Type"], answer["Cache-Control"]) == (
            "text/calendar; charset=utf-8",
            "private, no-cache",
        )
        assert (body.count("BEGIN:VEVENT"), body.count("SUMMARY:Appointment")) == (1, 1)
        assert re.findall(r"Lindqvist|Osei|coach|session|peer", body, re.IGNORECASE) == []
        at(TUESDAY + timedelta(minutes=90), monkeypatch)
        assert "BEGIN:VEVENT" not in Client().get(address).content.decode()  # what is over is nobody's

    def test_unchanged_is_said_only_of_what_has_not_changed(
        self, house: House, visitor: Browser, coach: tuple[int, int]
    ) -> None:
        booking = house.book(visitor.person, coach[1], TUESDAY + WEEK)
        address = self.make(visitor)
        seen = set()
        tag = ""
        for change in (lambda: None, self.moving(house, visitor, booking), self.cancelling(house, visitor, booking)):
            change()
            answer = Client().get(address, headers={"if-none-match": tag})
            assert answer.status_code == 200
            tag = answer["ETag"]
            seen.add(tag)
            again = Client().get(address, headers={"if-none-match": tag})
            assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
            since = Client().get(address, headers={"if-modified-since": "Fri, 31 Dec 2099 00:00:00 GMT"})
            assert since.status_code == 200
        assert len(seen) == 3
        assert "STATUS:CANCELLED" in Client().get(address).content.decode()

    def moving(self, house: House, who: Browser, booking: int) -> Callable[[], None]:
        start = TUESDAY + WEEK - timedelta(minutes=30)
        return lambda: actions.move(programme=house.programme, person=who.person, booking=booking, start=start, now=NOW)

    def cancelling(self, house: House, who: Browser, booking: int) -> Callable[[], None]:
        return lambda: actions.cancel(programme=house.programme, person=who.person, booking=booking, now=NOW)

    def test_an_ended_address_and_a_guessed_one_are_alike(self, visitor: Browser) -> None:
        first = self.make(visitor)
        second = self.make(visitor)
        assert Client().get(second).status_code == 200
        visitor.post("feed/end/")
        nowhere = Client().get(f"/calendar/{'0' * 32}.ics")
        for gone in (first, second):
            answer = Client().get(gone)
            assert (answer.status_code, text(answer)) == (404, text(nowhere))

    def test_a_coachs_calendar_has_both_sides(self, house: House, visitor: Browser, coach: tuple[int, int]) -> None:
        house.book(visitor.person, coach[1], TUESDAY)
        assert "BEGIN:VEVENT" in Client().get(self.make(Browser(house, coach[0]))).content.decode()


class TestChoosing:
    def test_a_series_is_one_form(self, visitor: Browser, coach: tuple[int, int]) -> None:
        path = f"coaches/{coach[1]}/"
        page = visitor.get(path)
        assert '<option value="6"' in page.content.decode()
        answer = visitor.post(path, start=TUESDAY.isoformat(), key=key_of(page), times=2, weeks=1)
        assert (answer.status_code, Booking.objects.count()) == (302, 2)
        wrong = visitor.post(path, start=(TUESDAY + 3 * WEEK).isoformat(), key=uuid4(), times=2, weeks=1)
        assert (wrong.status_code, "Nothing was booked" in text(wrong)) == (409, True)
        assert visitor.post(path, start=TUESDAY.isoformat(), key=uuid4(), times=99).status_code == 422

    def test_a_time_is_held_while_it_is_chosen(self, house: House, visitor: Browser, coach: tuple[int, int]) -> None:
        path = f"coaches/{coach[1]}/hold/"
        assert visitor.post(path, start=TUESDAY.isoformat(), key=uuid4()).status_code == 204
        assert Occupied.objects.count() == 2
        other = Browser(house, house.participant("Ben Adler"))
        assert other.post(path, start=TUESDAY.isoformat(), key=uuid4()).status_code == 409
        assert TUESDAY.isoformat() not in other.get(f"coaches/{coach[1]}/").content.decode()
        assert visitor.post(path, key=uuid4()).status_code == 422

    def test_somebody_waits_and_it_is_their_turn(self, house: House) -> None:
        person, page = house.coach("Noor Haddad")
        visitor = Browser(house, house.participant())
        assert "Wait for this coach" in visitor.get(f"coaches/{page}/").content.decode()
        assert visitor.post(f"coaches/{page}/wait/", suits="sunday").status_code == 422
        assert visitor.post(f"coaches/{page}/wait/", suits=["early", "evening"]).status_code == 302
        assert "You wait for this coach." in text(visitor.get(f"coaches/{page}/"))
        house.offer(person)
        actions.tell_lines(now=NOW)
        waits = text(visitor.get(f"coaches/{page}/"))
        assert "A place is kept for you until Wed 4 March, 09:00" in waits
        visitor.post(f"coaches/{page}/wait/no-longer/")
        assert not Waiting.objects.exists()


class TestExtending:
    @pytest.fixture
    def staff(self, house: House) -> Browser:
        return Browser(house, house.person("Ida Berg", "coordinator"))

    def test_a_coordinator_gives_more_time_and_it_is_noted(
        self, house: House, visitor: Browser, staff: Browser
    ) -> None:
        path = f"grants/{visitor.person}/trial/extend/"
        assert f"{path}" in staff.get("grants/").content.decode()
        assert "until 31 May 2026" in text(staff.get(path))
        for until, sentence in (
            ("2026-05-01", "a grant is never shortened here"),
            ("2028-05-01", "Choose a day within a year."),
            ("3026-05-01", "Choose a nearer day."),
        ):
            wrong = staff.post(path, until=until)
            assert (wrong.status_code, sentence in text(wrong)) == (422, True)
        assert staff.post(path, until="2026-06-30").status_code == 302
        assert Entitlement.objects.get().until.date() == date(2026, 7, 1)  # 23:59 in New York
        assert Payload.objects.filter(body__contains="coaching.extend").count() == 1

    def test_what_has_ended_is_opened_again_only_by_those_who_gave_it(
        self, house: House, visitor: Browser, staff: Browser, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        Entitlement.objects.update(until=NOW)
        path = f"grants/{visitor.person}/trial/extend/"
        answer = staff.post(path, until="2026-06-30")
        assert (answer.status_code, "This grant has ended and stays so." in text(answer)) == (422, True)
        staff.post("grants/", person=visitor.person, sessions=2, minutes=60, first=90, until="2026-03-20")
        by_hand = Entitlement.objects.get(source="coordinator")
        assert by_hand.minutes == [90, 60]
        at(NOW + timedelta(minutes=5), monkeypatch)
        staff.post(f"grants/{visitor.person}/end/")
        assert "ended 2 March 2026" in text(staff.get("grants/"))
        assert staff.post(f"grants/{visitor.person}/coordinator/extend/", until="2026-06-30").status_code == 302
        by_hand.refresh_from_db()
        assert by_hand.until > NOW

    def test_what_is_not_there_is_not_extended(self, house: House, staff: Browser) -> None:
        assert staff.post("grants/0/trial/extend/", until="2026-06-30").status_code == 404
        with pytest.raises(Exception, match="There is nothing here"):
            actions.extend(
                programme=house.programme, person=0, source="trial", until=NOW, actor=Actor.system("test"), now=NOW
            )


def test_other_peoples_lines_feeds_and_holds_are_nobodys(house: House, visitor: Browser) -> None:
    none = visitor.get("sessions/0/")
    elsewhere = build_house().coach()[1]
    for path in ("coaches/0/hold/", "coaches/0/wait/", f"coaches/{elsewhere}/hold/", f"coaches/{elsewhere}/wait/"):
        answer = visitor.post(path, start=TUESDAY.isoformat(), key=uuid4())
        assert (answer.status_code, text(answer)) == (404, text(none))
