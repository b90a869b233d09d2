"""The coach's picture: drawn anew from what was uploaded, or taken away."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from confrere.coaching.models import Coach
from confrere.coaching.rules import nothing_here
from confrere.post.actions import erase_pictures, keep_picture
from confrere.post.pictures import clean
from confrere.vault import audit
from confrere.vault import classification as kept
from confrere.vault.refusals import Refusal

#: Pixels of the longer side: a face is shown small.
LONGEST = 512


@transaction.atomic
def put_up_picture(*, programme: int, person: int, upload: bytes, now: datetime) -> None:
    """Show a picture on a coach's page, in place of the last one. Refuses (422) what is no picture."""
    coach = _own(programme=programme, person=person)
    if coach is None:
        raise Refusal(_("Write your page first: participants read it before they choose an hour."))
    jpeg = clean(upload, longest=LONGEST)
    before = coach.picture_id
    coach.picture_id = keep_picture(programme=programme, site=coach.site_id, jpeg=jpeg)
    coach.save(update_fields=["picture"])
    erase_pictures([] if before is None else [before])
    _note("put_up_picture", coach=coach, now=now)


@transaction.atomic
def take_down_picture(*, programme: int, person: int, now: datetime) -> None:
    """Show no picture; it is deleted."""
    coach = _own(programme=programme, person=person)
    if coach is None or coach.picture_id is None:
        raise nothing_here()
    before, coach.picture_id = coach.picture_id, None
    coach.save(update_fields=["picture"])
    erase_pictures([before])
    _note("take_down_picture", coach=coach, now=now)


def _own(*, programme: int, person: int) -> Coach | None:
    return Coach.objects.select_for_update(no_key=True).filter(programme_id=programme, person_id=person).first()


def _note(verb: str, *, coach: Coach, now: datetime) -> None:
    audit.record(
        action=f"coaching.{verb}",
        actor=audit.Actor.person(coach.person_id),
        about=f"coach:{coach.pk}",
        programme=coach.programme_id,
        kept_as=kept.COACH_PAGE,
        now=now,
    )
