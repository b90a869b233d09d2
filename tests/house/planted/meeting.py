"""The coaching and the service: pages of coaches, hours, and who waits for a place."""

from datetime import datetime, time, timedelta
from uuid import uuid4

from tests.house.planted.town import DIRECTOR, Planted

from confrere.coaching import actions as coaching
from confrere.coaching.models import Coach, Hours
from confrere.service.models import Agreement, Intake, Lottery, Service, Terms, YearReport
from confrere.service.models import Place as ServicePlace


def plant_service(town: Planted, now: datetime) -> None:
    """A service with one person in it, its words and its report."""
    here = {"programme_id": town.study.programme, "site_id": town.study.site}
    service = Service.objects.create(
        **here,
        state="open",
        title=town.word("service.Service.title"),
        minutes=[60],
        window_days=30,
        intake="cohorts",
        order="lottery",
        offer_days=5,
        join_token="token-of-the-service",
        opened_on=now.date(),
    )
    terms = Terms.objects.create(**here, service=service, version=1, text=town.word("service.Terms.text"), sha256="-")
    person = town.people["participant"]
    name = town.word("service.Agreement.name", about="participant")
    Agreement.objects.create(**here, terms=terms, person_id=person, name=name, given_at=now)
    days = [(now + timedelta(days=each)).date() for each in (-1, 1, 9)]
    intake = Intake.objects.create(
        **here,
        service=service,
        number=1,
        opens_on=days[0],
        closes_on=days[1],
        starts_on=days[2],
        coach_hours=9,
        commitment=town.word("service.Intake.commitment"),
        said=town.word("service.Intake.said"),
    )
    row = ServicePlace(**here, service=service, intake=intake, person_id=person, state="waiting", number=1)
    row.asked_on, row.lot = now.date(), town.word("service.Place.lot", about="participant")
    row.save()
    Lottery.objects.create(**here, intake=intake, record={"word": town.word("service.Lottery.record")})
    found = {
        "title": town.word("service.YearReport.found"),
        "opened_on": "-",
        "made_on": "-",
        "standings": dict.fromkeys(("asked", "waiting", "offered", "taken", "done", "lapsed", "left", "seats"), 0),
        "delivery": dict.fromkeys(("people", "started", "granted", "held", "hours"), 0),
        "changes": [],
        "asks": False,
    }
    YearReport.objects.create(**here, service=service, number=1, made_on=now.date(), found=found)


def plant_coaching(town: Planted, now: datetime) -> None:
    study, coach, participant = town.study, town.people["coach"], town.people["participant"]
    page = coaching.write_page(
        programme=study.programme,
        site=study.site,
        person=coach,
        biography=town.word("coaching.Coach.biography"),
        focus=town.word("coaching.Coach.focus"),
        languages=town.word("coaching.Coach.languages"),
        video_link=f"https://video.example.org/{town.word('coaching.Coach.video_link')}",
        phone=town.word("coaching.Coach.phone"),
        capacity=9,
        now=now,
    )
    [hours] = coaching.offer_hours(
        programme=study.programme,
        person=coach,
        on=(now + timedelta(days=3)).date(),
        starts=time(8),
        ends=time(12),
        zone="UTC",
        now=now,
    )
    coaching.grant(
        programme=study.programme,
        site=study.site,
        person=participant,
        minutes=[60, 60],
        since=now - timedelta(days=1),
        until=now + timedelta(days=90),
        actor=DIRECTOR,
        now=now,
    )
    start = Hours.objects.get(pk=hours).during.lower
    booking = coaching.book(
        programme=study.programme, person=participant, coach=page, start=start, key=uuid4(), now=now
    )
    assert Coach.objects.get().pk == page
    coaching.write_limits(
        programme=study.programme,
        site=study.site,
        state="",
        text=town.word("coaching.Limits.text"),
        after=0,
        actor=DIRECTOR,
        now=now,
    )
    town.samples |= {"booking": [str(booking)], "coach": [str(page)], "hours": [str(hours)]}
