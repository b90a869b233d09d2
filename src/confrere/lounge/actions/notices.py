"""Telling members: a letter or a knock that carries a link and no content, digests, and stopping them."""

import secrets
from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from confrere.lounge import rules
from confrere.lounge.actions.hooks import tell_hooks
from confrere.lounge.actions.noting import note
from confrere.lounge.models import Browser, NoticeChoice, Post
from confrere.lounge.models.asked import State
from confrere.lounge.queries import notices as queries
from confrere.people import queries as people
from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.post import actions as post_office
from confrere.post import push
from confrere.post.jobs import every, task
from confrere.post.signals import Verdict
from confrere.vault import classification as kept

#: What the guards of our letters begin with.
GUARD = "lounge."


@transaction.atomic
def choose(
    *, standing: Standing, letters: bool, digest: NoticeChoice.Digest, quiet_days: Collection[int], now: datetime
) -> None:
    """Keep what a member wants to hear."""
    row = _choice(standing.programme, standing.site, standing.person, now)
    row.letters, row.digest, row.quiet_days = letters, digest, sorted(set(quiet_days))
    row.save(update_fields=["letters", "digest", "quiet_days"])
    note("lounge.chose_notices", standing=standing, about="notices", now=now, kept_as=kept.LOUNGE_OWN)


@transaction.atomic
def stop(*, token: str, now: datetime, again: bool = False) -> NoticeChoice | None:
    """Stop every letter of the lounge to whoever has this secret, or let them come again; None for a wrong one.

    The digest stops with them and is chosen anew by its owner.
    """
    row = queries.by_stop(token)
    if row is not None:
        row.letters, row.digest = again, ""
        row.save(update_fields=["letters", "digest"])
    return row


@transaction.atomic
def add_browser(*, standing: Standing, endpoint: str, now: datetime) -> None:
    """Let a browser be knocked at. Refuses (422) whatever is no push service. The same one twice is one."""
    rules.check_verified(standing=standing, now=now)
    push.check_service(endpoint)
    Browser.objects.update_or_create(
        endpoint=endpoint,
        defaults={
            "programme_id": standing.programme,
            "site_id": standing.site,
            "member_id": standing.person,
            "since": now,
        },
    )


def drop_browsers(*, standing: Standing) -> None:
    """Knock at none of this member's browsers any more."""
    Browser.objects.filter(programme_id=standing.programme, member_id=standing.person).delete()


@task
def tell(*, id: int) -> None:  # noqa: A002  # jobs take `id`
    """Tell whoever waits for it that a post is there."""
    tell_at(post=id, now=timezone.now())


@transaction.atomic
def tell_at(*, post: int, now: datetime) -> int:
    """Write the letters and ask for the knocks about a post that still stands; how many letters were written.

    One letter a day about one question to one member, whatever happens in it.
    """
    row = (
        Post.objects.filter(pk=post, state=State.SHOWN, question__state=State.SHOWN).select_related("question").first()
    )
    if row is None:
        return 0
    tell_hooks(row)
    told = 0
    members = _members(row.programme_id, now)
    for person in queries.to_tell(row):
        if person in members:
            choice = _choice(row.programme_id, row.site_id, person, now)
            knock_at.defer(id=choice.pk)
            if choice.letters:
                page = reverse("lounge:question", args=[row.programme.slug, row.question_id])
                event = f"lounge notice {person} {row.question_id} {_day(person, now)}"
                _write(choice, _("Something new in the lounge:\n\n%(link)s\n"), page, event, now)
                told += 1
    return told


@task
def knock_at(*, id: int) -> None:  # noqa: A002  # jobs take `id`
    """Knock at the browsers of one member, unless their hours are quiet; forget those that are gone."""
    knock_now(choice=id, now=timezone.now())


def knock_now(*, choice: int, now: datetime) -> int:
    """How many services took the knock."""
    row = NoticeChoice.objects.filter(pk=choice).first()
    if row is None or queries.quiet_end(person=row.member_id, days=row.quiet_days, now=now) is not None:
        return 0
    answers = {one.pk: push.knock(one.endpoint, now=now) for one in _browsers(row)}
    Browser.objects.filter(pk__in=[key for key, answer in answers.items() if answer == "gone"]).delete()
    return sum(answer == "taken" for answer in answers.values())


@every("10 * * * *")
def write_digests() -> None:
    """Write the digests that are due by their members' own clocks."""
    write_digests_at(now=timezone.now())


def write_digests_at(*, now: datetime) -> int:
    """How many were written. Run as often as you like: none is written twice, and none that would be empty."""
    rows = NoticeChoice.objects.exclude(digest="").select_related("programme")
    return sum(_digest(row, now) for row in rows.order_by("pk"))


@transaction.atomic
def _digest(row: NoticeChoice, now: datetime) -> bool:
    period = queries.period(row, zone=people.zone(row.member_id), now=now)
    if not period or queries.quiet_end(person=row.member_id, days=row.quiet_days, now=now) is not None:
        return False
    row = NoticeChoice.objects.select_for_update(of=("self",)).select_related("programme").get(pk=row.pk)
    if period == queries.period(row, zone=people.zone(row.member_id), now=row.told_until):
        return False  # this one was written already
    found = queries.fresh(programme=row.programme_id, person=row.member_id, since=row.told_until, now=now)
    if not found or row.member_id not in _members(row.programme_id, now):
        return False
    since = int(row.told_until.timestamp())
    page = f"{reverse('lounge:digest', args=[row.programme.slug])}?since={since}"
    text = _("What is new in the lounge since the last digest:\n\n%(link)s\n")
    _write(row, text, page, f"lounge digest {row.pk} {period}", now)
    row.told_until = now
    row.save(update_fields=["told_until"])
    return True


def verdict(*, guard: str, now: datetime) -> Verdict | None:
    """What is so when a letter of ours is about to leave: not to who stopped it, not in quiet hours or days."""
    if not guard.startswith(GUARD):
        return None
    row = queries.by_stop(guard.removeprefix(GUARD))
    if row is None or not (row.letters or row.digest):
        return Verdict(wanted=False)
    return Verdict(not_before=queries.quiet_end(person=row.member_id, days=row.quiet_days, now=now))


def _write(choice: NoticeChoice, text: str, page: str, event: str, now: datetime) -> None:
    """One letter: a link, the way to stop, and nothing of what was written."""
    stopping = settings.ORIGIN + reverse("stop_lounge_letters", args=[choice.stop])
    foot = _("To stop such letters, without signing in:\n%(stop)s\n") % {"stop": stopping}
    post_office.send(
        to=people.address(choice.member_id),
        subject=_("Something waits for you"),
        body=f"{text % {'link': settings.ORIGIN + page}}\n{foot}",
        event=event,
        programme=choice.programme_id,
        now=now,
        guard=GUARD + choice.stop,
        one_click=stopping,
    )


def _choice(programme: int, site: int, person: int, now: datetime) -> NoticeChoice:
    row, _new = NoticeChoice.objects.get_or_create(
        programme_id=programme,
        member_id=person,
        defaults={"site_id": site, "stop": secrets.token_urlsafe(24), "told_until": now},
    )
    return row


def _browsers(row: NoticeChoice) -> list[Browser]:
    return queries.browsers(programme=row.programme_id, person=row.member_id)


def _members(programme: int, now: datetime) -> frozenset[int]:
    """Whoever may enter the lounge by their role now; their credential is asked when they open the link."""
    roles = (Role.PARTICIPANT, Role.COACH, Role.MODERATOR)
    return frozenset(person for role in roles for person in people.members_of(programme, role, now))


def _day(person: int, now: datetime) -> str:
    """The member's own day."""
    return now.astimezone(ZoneInfo(people.zone(person))).date().isoformat()
