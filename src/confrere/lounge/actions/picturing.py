"""Pictures beneath a post: put up by its author, looked at by a second person, taken away, ended by the clock."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from confrere.lounge import limits, rules
from confrere.lounge.actions.keeping import note_marks
from confrere.lounge.actions.noting import note
from confrere.lounge.models import Mask, Picture, Post
from confrere.lounge.rules import pictures as picturing
from confrere.lounge.rules.keeping import check_load, check_moderates, pace_of
from confrere.people.queries import Standing
from confrere.post.jobs import every
from confrere.post.pictures import clean
from confrere.vault import classification as kept


@transaction.atomic
def put_up_picture(
    *,
    standing: Standing,
    post: Post,
    upload: bytes,
    words: str,
    face: bool,
    attested: bool,
    now: datetime,
    marked: Collection[str] = (),
    mask: Mask | None = None,
) -> Picture:
    """Put a picture beneath one's own post; members see it once a moderator has looked. The text stands meanwhile.

    words: what is to be seen, for those who do not see it. face: whether the author says that one can be seen.
    Refuses (422) a face, a picture without words or without attestation, what is no picture, and more of them than
    the author's limits allow; (403) another's post.
    """
    checked = rules.check_verified(standing=standing, now=now).verified_at
    post = Post.objects.select_for_update(of=("self",)).select_related("question").get(pk=post.pk)
    rules.check_own(standing=standing, post=post, mask=mask)
    picturing.check_picture(words=words, face=face, attested=attested)
    rules.check_text(parts={"words": words}, marked=marked)
    already = Picture.objects.filter(post=post).count()
    check_load(text=post.text, pace=pace_of(standing=standing, checked=checked, now=now), images=already + 1)
    made = Picture.objects.create(
        programme_id=post.programme_id,
        site_id=post.site_id,
        post=post,
        jpeg=clean(upload),
        words=words.strip(),
        attested_at=now,
    )
    if mask is None:
        note_marks(post=post, parts={"words": words}, marked=marked, now=now)
    _note("lounge.put_up_picture", standing, made, now, masked=mask is not None)
    return made


@transaction.atomic
def let_picture_stand(*, standing: Standing, picture: Picture, now: datetime) -> None:
    """A moderator has looked, and members may see it. Nobody decides about their own."""
    found = _looked_at(standing, picture, now)
    Picture.objects.filter(pk=found.pk).update(looked_by=standing.person, looked_at=now)
    _note("lounge.let_picture_stand", standing, found, now)


@transaction.atomic
def refuse_picture(*, standing: Standing, picture: Picture, now: datetime) -> None:
    """A moderator has looked, and the picture is deleted now; the text stays."""
    found = _looked_at(standing, picture, now)
    _note("lounge.refused_picture", standing, found, now)
    found.delete()


@transaction.atomic
def take_picture_away(*, standing: Standing, picture: Picture, now: datetime, mask: Mask | None = None) -> None:
    """Its author takes a picture away; it is deleted now."""
    rules.check_own(standing=standing, post=picture.post, mask=mask)
    _note("lounge.took_picture_away", standing, picture, now, masked=mask is not None)
    Picture.objects.filter(pk=picture.pk).delete()


@every("25 * * * *")
def end_pictures() -> None:
    """Delete the pictures at which nobody has looked in time."""
    end_pictures_at(now=timezone.now())


def end_pictures_at(*, now: datetime) -> int:
    """How many ended. Their authors read on the page that it would be so."""
    over = Picture.objects.filter(looked_at=None, attested_at__lte=now - limits.LOOK_WITHIN)
    return over.delete()[0]


def _looked_at(standing: Standing, picture: Picture, now: datetime) -> Picture:
    rules.check_verified(standing=standing, now=now)
    found = Picture.objects.select_for_update(of=("self",)).select_related("post").filter(pk=picture.pk).first()
    rules.check_found(found)
    assert found is not None
    check_moderates(standing=standing, post=found.post)
    picturing.check_waits(picture=found)
    return found


def _note(verb: str, standing: Standing, picture: Picture, now: datetime, *, masked: bool = False) -> None:
    about = f"picture {picture.pk} of post {picture.post_id}"
    note(verb, standing=standing, about=about, now=now, kept_as=kept.MODERATION, masked=masked)
