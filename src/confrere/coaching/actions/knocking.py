"""A knock at somebody's browser before an appointment: no text, no link, no name; only that something waits."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from confrere.coaching.models import Device
from confrere.post import push
from confrere.post.jobs import task
from confrere.vault import days


@transaction.atomic
def add_device(*, programme: int, site: int, person: int, endpoint: str, now: datetime) -> None:
    """Let a browser be knocked at; the same one twice is one. Refuses (422) whatever is no push service."""
    push.check_service(endpoint)
    Device.objects.update_or_create(
        programme_id=programme,
        endpoint=endpoint,
        defaults={"site_id": site, "person_id": person, "since": days.of(now)},
    )


def drop_devices(*, programme: int, person: int) -> None:
    """Knock at none of this person's browsers any more."""
    Device.objects.filter(programme=programme, person=person).delete()


def knock_soon(*, programme: int, persons: Iterable[int]) -> None:
    """Ask for a knock at each of these people's browsers, as soon as the caller's transaction holds."""
    for device in Device.objects.filter(programme=programme, person__in=list(persons)).order_by("pk"):
        knock.defer(id=device.pk)


@task
def knock(*, id: int) -> None:  # noqa: A002  # jobs take `id`
    """Knock at one browser."""
    knock_now(device=id, now=timezone.now())


def knock_now(*, device: int, now: datetime) -> bool:
    """Whether the service took it. A browser that is gone is forgotten; the letter has left in any case."""
    row = Device.objects.filter(pk=device).first()
    if row is None:
        return False
    answer = push.knock(row.endpoint, now=now)
    if answer == "gone":
        row.delete()
    return answer == "taken"
