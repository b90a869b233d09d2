"""Telling a member's own server that a post is there: signed, with a link and no word of it.

    Confrere-Signature: t=1767225600,v1=<HMAC-SHA256 of "1767225600.<body>" under the secret, hexadecimal>

Whoever takes it compares the signature, refuses what is older than five minutes, and takes each `id` once: a call
that was not answered is repeated by the worker with the same `id` and a new time. docs/how-to/lounge-webhooks.md.
"""

import base64
import hmac
import json
import secrets
from datetime import datetime
from hashlib import sha256
from typing import Final

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from confrere.lounge import rules
from confrere.lounge.actions.noting import note
from confrere.lounge.models import Hook, Post
from confrere.lounge.models.asked import State
from confrere.lounge.queries import MEMBERS
from confrere.people import queries as people
from confrere.people.queries import Standing
from confrere.post import outside
from confrere.post.jobs import task
from confrere.vault import classification as kept
from confrere.vault import keys
from confrere.vault.refusals import Refusal

KEY: Final = "hook"
#: The most addresses of one member.
MOST_HOOKS: Final = 3


class NotTaken(Exception):
    """Somebody's server did not take a call; the worker repeats it. Says the status, and no address."""


@transaction.atomic
def make_hook(*, standing: Standing, url: str, now: datetime) -> str:
    """Call this address from now on; its secret, which is shown now and never again.

    Refuses (422) what is not a public https address, a fourth one, and the same one twice.
    """
    rules.check_verified(standing=standing, now=now)
    try:
        outside.target(url)
    except outside.Unreachable:
        sentence = _("This address cannot be called: only https addresses that everybody can reach are.")
        raise Refusal(sentence, status=422) from None
    own = Hook.objects.filter(programme_id=standing.programme, member_id=standing.person)
    if own.count() >= MOST_HOOKS or own.filter(url=url).exists():
        raise Refusal(_("You have this address already, or three of them. End one that you do not need."), status=422)
    made = Hook.objects.create(
        programme_id=standing.programme,
        site_id=standing.site,
        member_id=standing.person,
        url=url,
        salt=secrets.token_hex(16),
        made_at=now,
    )
    note("lounge.made_hook", standing=standing, about=f"hook {made.pk}", now=now, kept_as=kept.LOUNGE_OWN)
    return secret_of(made)


@transaction.atomic
def end_hook(*, standing: Standing, hook: int, now: datetime) -> None:
    """Call it no longer. Somebody else's, or none: nothing happens."""
    gone, _of = Hook.objects.filter(pk=hook, member_id=standing.person, programme_id=standing.programme).delete()
    if gone:
        note("lounge.ended_hook", standing=standing, about=f"hook {hook}", now=now, kept_as=kept.LOUNGE_OWN)


def tell_hooks(post: Post) -> None:
    """Ask for one call to each address in the post's programme, in the transaction that writes the post."""
    for hook in Hook.objects.filter(programme_id=post.programme_id).order_by("pk").values_list("pk", flat=True):
        call_hook.defer(hook=hook, post=post.pk)


@task
def call_hook(*, hook: int, post: int) -> None:
    """Call one address about one post; raises `NotTaken` to be repeated."""
    call_hook_at(hook=hook, post=post, now=timezone.now())


def call_hook_at(*, hook: int, post: int, now: datetime) -> bool:
    """Whether it was called and took it.

    Not called: an address that was ended, a post that no longer stands, a member who may not read it now. One that
    answers 410 is ended.
    """
    row = Hook.objects.filter(pk=hook).select_related("programme").first()
    found = Post.objects.filter(pk=post, state=State.SHOWN, question__state=State.SHOWN).first()
    if row is None or found is None or not _may_read(row, now):
        return False
    body = json.dumps(_told(row, found)).encode()
    headers = {"Content-Type": "application/json", "Confrere-Signature": signature(secret_of(row), body, now=now)}
    try:
        status = outside.post(row.url, body=body, headers=headers)
    except outside.Unreachable:
        status = 0
    if status == 410:
        row.delete()
        return False
    row.told_at, row.status = now, status
    row.save(update_fields=["told_at", "status"])
    if not 200 <= status < 300:
        raise NotTaken(f"status {status}")
    return True


def signature(secret: str, body: bytes, *, now: datetime) -> str:
    """What stands in the head of a call: its time, and what only the holder of the secret can make of time and body."""
    moment = int(now.timestamp())
    return f"t={moment},v1={hmac.digest(secret.encode(), b'%d.' % moment + body, sha256).hex()}"


def secret_of(hook: Hook) -> str:
    """The secret of an address: 256 bits, made anew each time from the key and the address's own salt."""
    store = keys.store()
    key = store.read(KEY) if store.exists(KEY) else store.create(KEY)
    return base64.urlsafe_b64encode(hmac.digest(key, f"hook|{hook.pk}|{hook.salt}".encode(), sha256)).decode()


def _told(hook: Hook, post: Post) -> dict[str, str | int]:
    """An id that stays the same when repeated, what it is about, where it stands; nothing of what was written."""
    once = hmac.digest(secret_of(hook).encode(), f"post {post.pk}".encode(), sha256).hex()[:32]
    link = settings.ORIGIN + reverse("lounge:question", args=[hook.programme.slug, post.question_id])
    return {"id": once, "event": "post", "question": post.question_id, "number": post.number, "link": link}


def _may_read(hook: Hook, now: datetime) -> bool:
    standing = people.standing(person=hook.member_id, programme=hook.programme.slug, now=now)
    return standing is not None and bool(standing.roles & MEMBERS) and rules.can_enter(standing=standing, now=now)
