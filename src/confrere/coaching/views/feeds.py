"""One's own calendar program: its private address, and what it reads there."""

import hashlib
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from confrere.coaching import actions, queries
from confrere.coaching.rules import nothing_here
from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.people.rules import freshly_proved, open_to, open_to_strangers
from confrere.post import ics, push


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Role.PARTICIPANT, Role.COACH)
@freshly_proved
def feed_address(request: HttpRequest, standing: Standing) -> HttpResponse:
    """What such an address is, and a new one, which is shown this once."""
    context = {"standing": standing, "address": ""}
    if request.method == "POST":
        token = actions.open_feed(
            programme=standing.programme, site=standing.site, person=standing.person, now=timezone.now()
        )
        context["address"] = request.build_absolute_uri(reverse("calendar_feed", kwargs={"token": token}))
    context |= {"has": queries.has_feed(programme=standing.programme, person=standing.person)}
    devices = queries.devices(programme=standing.programme, person=standing.person)
    context |= {"devices": devices, "key": push.public_key()}
    return render(request, "coaching/feed.html", context)


@require_POST
@open_to(Role.PARTICIPANT, Role.COACH)
def end_feed(request: HttpRequest, standing: Standing) -> HttpResponse:
    """End the address."""
    actions.close_feed(programme=standing.programme, person=standing.person, now=timezone.now())
    return redirect("coaching:feed_address", programme=standing.programme_slug)


@require_POST
@open_to(Role.PARTICIPANT, Role.COACH)
def device(request: HttpRequest, standing: Standing) -> HttpResponse:
    """The browser's script brings its push address; without one, all of this person's are forgotten."""
    if endpoint := request.POST.get("endpoint", ""):
        actions.add_device(
            programme=standing.programme,
            site=standing.site,
            person=standing.person,
            endpoint=endpoint,
            now=timezone.now(),
        )
    else:
        actions.drop_devices(programme=standing.programme, person=standing.person)
    return redirect("coaching:feed_address", programme=standing.programme_slug)


@require_safe
@open_to_strangers
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The appointments behind an address, for a program that is signed in nowhere."""
    entries = queries.feed(token=token, now=timezone.now())
    if entries is None:
        raise nothing_here()
    text = ics.calendar(entries, method="PUBLISH")
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    # The tag is made of the very text, so that "not changed" is never said of what has changed; no time is compared.
    answer["ETag"] = f'"{hashlib.sha256(text.encode()).hexdigest()}"'
    answer["Cache-Control"] = "private, no-cache"
    answer["Content-Disposition"] = 'inline; filename="appointments.ics"'
    return cast("HttpResponse", get_conditional_response(request, etag=answer["ETag"], response=answer))
