"""The lounge has no path to coaching, surveys, trial or evidence: each statement of each address and job."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse
from tests.lounge.wall import BEYOND, Over, named, tables_beyond

from confrere.lounge import actions
from confrere.lounge.actions import notices
from confrere.lounge.actions.showing import ask_outcomes_at
from confrere.lounge.models import Flag, Note, NoticeChoice, Picture, Removal
from confrere.lounge.models.own import Stance
from confrere.lounge.urls import urlpatterns
from confrere.people.queries import Standing

type Enter = Callable[[str], Standing]
type Browse = Callable[[Standing], Client]

#: What the forms of the lounge take; each picks its own. What a form does not know it does not read.
SENT = {
    "text": "A second look helped.", "title": "What helps?", "source": "ESC 2023", "specialty": "cardiology",
    "words": "Look at this.", "reason": "unkind", "cause": "unkind", "appeal": "Please look again.", "minutes": "5",
    "choices": "yes\nno", "choice": "0", "bookmark": "on", "stance": "follow", "called": "on", "letters": "on",
    "digest": "daily", "name": "script", "scopes": "read", "days": "7", "setting": "ward", "attested": "on",
    "on": "on", "endpoint": "https://updates.push.services.mozilla.com/wpush/v2/x", "outcome": "kept",
    "stands": "1",
}  # fmt: skip


@dataclass(frozen=True)
class Hall:
    """A question with what can hang on it, the people around it, and the numbers that stand in addresses."""

    people: tuple[Standing, ...]  # a moderator, who asked, who answered
    numbers: dict[str, object]


@pytest.fixture
def hall(enter: Enter, moderate: Enter, now: datetime) -> Hall:
    asker, peer, chair, second = enter("asker"), enter("peer"), moderate("chair"), moderate("second")
    made = actions.ask(standing=asker, specialty="cardiology", title="Zebrafish?", text="@peer", now=now)
    given = actions.answer(standing=peer, question=made, text="Quokka", source="ESC 2023", now=now)
    actions.put_poll(standing=asker, question=made, choices=["yes", "no"], now=now)
    actions.follow(standing=chair, question=made, stance=Stance.FOLLOW, now=now)
    actions.contradict(standing=asker, post=given, text="Not so.", source="NICE", now=now)
    actions.flag(standing=asker, post=given, reason=Flag.Reason("unkind"), words="Look", now=now)
    other = actions.answer(standing=peer, question=made, text="Dodo", source="", now=now)
    removal = actions.ask_removal(standing=chair, post=other, cause=Removal.Cause("unkind"), now=now)
    actions.confirm_removal(standing=second, removal=removal, now=now)
    kept = {"programme_id": made.programme_id, "site_id": made.site_id, "post": given, "attested_at": now}
    picture = Picture.objects.create(jpeg=b"x", words="A trace", **kept)
    numbers = {
        "picture": picture.pk, "question": made.pk, "post": given.pk, "answer": given.pk, "note": Note.objects.get().pk,
        "removal": removal.pk, "number": 1, "place": 1, "key": 1, "specialty": "cardiology",
    }  # fmt: skip
    return Hall((chair, asker, peer), numbers)


@pytest.mark.slow
def test_no_address_of_the_lounge_reaches_over_the_wall(hall: Hall, browse: Browse) -> None:
    """Read and sent, by a moderator, by who asked, and by who answered; the conftest watches. Some 290 requests."""
    answered = set()
    for client in map(browse, hall.people):
        for one in urlpatterns:
            wanted = {name: hall.numbers[name] for name in one.pattern.converters}
            path = reverse(f"lounge:{one.name}", kwargs={"programme": "peers", **wanted})
            read, sent = client.get(path), client.post(path, SENT)
            if {200, 302} & {read.status_code, sent.status_code}:
                answered.add(one.name)
    closed = {one.name for one in urlpatterns} - answered
    assert closed <= {"unmask", "unmask_agree"}, closed  # no name is withheld here; their own tests open one


def test_no_job_of_the_lounge_reaches_over_the_wall(hall: Hall, now: datetime) -> None:
    NoticeChoice.objects.update(digest="daily")
    for days in (0, 1, 15, 30):
        later = now + timedelta(days=days)
        notices.tell_at(post=int(str(hall.numbers["post"])), now=later)
        notices.write_digests_at(now=later)
        ask_outcomes_at(now=later)
    actions.age_posts.work()
    actions.end_appeals.work()
    actions.end_pictures.work()
    actions.end_tallies.work()


def test_nothing_in_the_database_leads_over_the_wall(db: None) -> None:
    """No foreign key of either side, no trigger of a lounge table, and no view joins both."""
    with connection.cursor() as cursor:
        cursor.execute(
            r"""
            SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint
            WHERE contype = 'f' AND conrelid::regclass::text LIKE 'lounge\_%'
              UNION ALL
            SELECT trigger.tgrelid::regclass::text, source.prosrc FROM pg_trigger AS trigger
            JOIN pg_proc AS source ON source.oid = trigger.tgfoid WHERE tgrelid::regclass::text LIKE 'lounge\_%'
            """
        )
        led = cursor.fetchall()
        cursor.execute(r"SELECT definition FROM pg_views WHERE definition LIKE '%lounge\_%'")
        views = cursor.fetchall()
    assert {where for where, _to in led} >= {"lounge_question", "lounge_post", "lounge_readmark"}
    assert [(where, to) for where, to in led if named(to)] == []
    assert [view for (view,) in views if named(view)] == []


def test_the_watch_sees_what_reaches_over(db: None, wall: list[Over]) -> None:
    """The control: a join that is planted, a name in quotes, and what only looks like one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM lounge_question q JOIN trial_seat e ON e.id = q.id")
        cursor.execute('SELECT count(*) FROM "coaching_booking"')
        cursor.execute("SELECT 'it''s coaching_booking' AS trial_seats FROM lounge_post")
    assert [sorted(tables) for tables, _statement in wall] == [["trial_seat"], ["coaching_booking"]]
    wall.clear()


def test_every_room_beyond_the_wall_is_watched() -> None:
    found = tables_beyond()
    assert {room for room in BEYOND if any(table.startswith(f"{room}_") for table in found)} == set(BEYOND)
    assert not {config.label for config in apps.get_app_configs() if config.name.startswith("confrere.")} - {
        *BEYOND, "vault", "post", "people", "lounge", "web"
    }  # fmt: skip
