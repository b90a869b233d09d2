"""What a device keeps and sends, in a real browser: kept pages and their end, a notice, a draft, a covered picture.

One browser and one database for each; Chromium's own tools stand in for the push service and the lost connection.
"""

import io
import struct
import zlib
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect
from tests.journeys.conftest import PHONE, Check, Pages, SignIn
from tests.journeys.test_lounge import LOUNGE, TITLE, address, asked, member, press
from tests.people.door.conftest import Town, town

from confrere.lounge import actions
from confrere.lounge.models import Picture, Post, Question

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

__all__ = ["town"]


def kept(page: Page) -> list[str]:
    """The paths of the pages that lie on this device."""
    found: list[str] = page.evaluate(
        "async () => (await caches.has('confrere-lounge')) ? (await (await caches.open('confrere-lounge')).keys())"
        ".map(one => new URL(one.url).pathname).filter(one => one.startsWith('/p/')).sort() : []"
    )
    return found


def until(page: Page, promised: str) -> None:
    """Wait for a promise of the page's browser that comes true; asked again and again, 15 seconds at most."""
    for _again in range(300):
        if page.evaluate(promised):
            return
        page.wait_for_timeout(50)
    raise AssertionError(promised)


def is_kept(question: Question) -> str:
    """Asks whether a question's page lies on this device."""
    return f"caches.open('confrere-lounge').then(all => all.match('{LOUNGE}q/{question.pk}/')).then(one => !!one)"


def test_what_is_kept_is_read_without_a_connection_and_goes_at_sign_out(
    site: str, town: Town, browser_page: Pages, sign_in: SignIn, assert_accessible: Check
) -> None:
    reader, asker = member(town, "Ama Osei"), member(town, "Kofi Mensah")
    first, second = asked(asker, TITLE), asked(asker, "And at ninety?", "He walks.")
    page = browser_page(PHONE)
    page.context.grant_permissions(["notifications"])
    sign_in(page, address(reader))
    page.goto(f"{LOUNGE}notices/")
    assert_accessible(page)
    until(page, "navigator.serviceWorker.ready.then(() => true)")
    page.goto(f"{LOUNGE}q/{first.pk}/")
    until(page, "navigator.serviceWorker.controller !== null")
    assert kept(page) == []  # nothing before it was wanted
    page.goto(f"{LOUNGE}notices/")
    press(page, "Keep what I read on this device")
    expect(page.get_by_role("button", name="Keep nothing on this device")).to_be_visible()
    for question in (first, second):
        page.goto(f"{LOUNGE}q/{question.pk}/")
        until(page, is_kept(question))

    page.context.set_offline(True)
    page.goto(f"{LOUNGE}q/{first.pk}/")
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    page.context.set_offline(False)

    # What was removed meanwhile goes as soon as the server says so.
    actions.take_back(standing=asker, post=Post.objects.get(question=second, number=0), now=timezone.now())
    page.goto(f"{LOUNGE}q/{second.pk}/")
    until(page, f"{is_kept(second)}.then(there => !there)")
    assert kept(page) == [f"{LOUNGE}q/{first.pk}/"]

    # A knock carries nothing; the notice says only that something waits.
    page.goto(f"{LOUNGE}notices/")
    assert knocked(page) == [["confrère", "Something waits for you."]]

    page.goto("/accounts/logout/")
    press(page, "Sign out")
    page.wait_for_url(lambda url: "logout" not in url)
    until(page, "caches.has('confrere-lounge').then(there => !there)")
    page.context.set_offline(True)
    with pytest.raises(Exception, match=r"ERR_INTERNET_DISCONNECTED|ERR_FAILED"):
        page.goto(f"{LOUNGE}q/{first.pk}/")
    page.context.set_offline(False)


def knocked(page: Page) -> list[list[str]]:
    """Deliver a knock to the worker, as the push service does; the notices that are shown then."""
    shown_now = "navigator.serviceWorker.getRegistration('/p/').then(one => one.getNotifications())"
    devtools = page.context.new_cdp_session(page)
    found: list[dict[str, Any]] = []
    devtools.on("ServiceWorker.workerRegistrationUpdated", lambda said: found.extend(said["registrations"]))
    devtools.send("ServiceWorker.enable")
    page.wait_for_timeout(200)  # the tools tell of registrations by themselves
    [here] = {one["registrationId"]: one for one in found if one["scopeURL"].endswith("/p/")}.values()
    origin = page.url.partition("/p/")[0]
    asked_for = {"origin": origin, "registrationId": here["registrationId"], "data": ""}
    devtools.send("ServiceWorker.deliverPushMessage", asked_for)
    until(page, f"{shown_now}.then(all => all.length)")
    shown: list[list[str]] = page.evaluate(f"{shown_now}.then(all => all.map(one => [one.title, one.body]))")
    return shown


def test_what_was_typed_survives_a_dropped_tab_encrypted(
    site: str, town: Town, browser_page: Pages, sign_in: SignIn
) -> None:
    reader, asker = member(town, "Ama Osei"), member(town, "Kofi Mensah")
    question = asked(asker, TITLE)
    page = browser_page(PHONE)
    sign_in(page, address(reader))
    path = f"{LOUNGE}q/{question.pk}/"
    page.context.route("**/lounge/draft/", lambda route: route.abort())  # no connection for the server's own draft
    page.goto(path)
    page.get_by_label("Your answer").fill("Whoever wants to stay on it, zebrafish.")
    stored = "indexedDB.databases().then(all => all.some(one => one.name === 'confrere-drafts'))"
    until(page, f"({ROWS})().then(rows => rows.length === 1)")
    page.close()

    again = browser_again(page)
    again.goto(path)
    expect(again.get_by_label("Your answer")).to_have_value("Whoever wants to stay on it, zebrafish.")
    expect(again.get_by_text("Here is what you had typed on this device.")).to_be_visible()
    [row] = again.evaluate(ROWS)
    assert "zebrafish" not in row["seen"]
    assert (row["extractable"], row["length"] > 30) == (False, True)

    # Not another member's, and gone after the sign-out of whoever typed it.
    again.goto("/accounts/logout/")
    press(again, "Sign out")
    again.wait_for_url(lambda url: "logout" not in url)
    until(again, f"{stored}.then(there => !there)")


#: What lies in the browser's own store of drafts, as somebody who opens it sees it.
ROWS = """async () => {
  const db = await new Promise((done) => {
    const asked = indexedDB.open("confrere-drafts", 1);
    asked.onsuccess = () => done(asked.result);
  });
  const rows = await new Promise((done) => {
    const asked = db.transaction("drafts").objectStore("drafts").getAll();
    asked.onsuccess = () => done(asked.result);
  });
  db.close();
  return rows.map((row) => ({
    extractable: row.key.extractable,
    length: row.sealed.byteLength,
    seen: new TextDecoder().decode(row.sealed) + JSON.stringify({ path: row.path, at: row.at }),
  }));
}"""


def browser_again(page: Page) -> Page:
    """Another tab of the same browser."""
    return page.context.new_page()


def screenshot_of_a_chart() -> bytes:
    """A white PNG of 200 by 100 with a text chunk that names somebody."""
    out = io.BytesIO()
    Image.new("RGB", (200, 100), "white").save(out, "PNG")
    whole, chunk = out.getvalue(), b"tEXtAuthor\0Maria Gonzalez"
    named = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return whole[:33] + named + whole[33:]


def test_a_picture_is_covered_by_keyboard_before_it_leaves(
    site: str, town: Town, browser_page: Pages, sign_in: SignIn, assert_accessible: Check
) -> None:
    asker = member(town, "Ama Osei")
    question = asked(asker, TITLE)
    post = Post.objects.get(question=question)
    page = browser_page(PHONE)
    sign_in(page, address(asker))
    page.goto(f"{LOUNGE}q/{question.pk}/p/{post.pk}/picture/")
    chart = screenshot_of_a_chart()
    assert b"Gonzalez" in chart
    page.get_by_label("Picture", exact=True).set_input_files(
        {"name": "maria.png", "mimeType": "image/png", "buffer": chart}
    )
    press(page, "Cover an area")  # the middle fifth; now to the left edge and up, and wider
    for key in ("ArrowLeft",) * 20 + ("ArrowUp",) * 20 + ("Shift+ArrowRight",) * 15:
        page.keyboard.press(key)
    expect(page.locator("#covering-state")).to_have_text(
        "Areas covered: 1. The last one: 0 % from the left, 0 % from the top, 50 % wide, 20 % high."
    )
    drawn = page.locator("#canvas").bounding_box()
    assert drawn is not None
    for x, y in ((0.8, 0.8), (0.95, 0.95)):  # and two taps on opposite corners
        page.mouse.click(drawn["x"] + x * drawn["width"], drawn["y"] + y * drawn["height"])
    expect(page.locator("#covering-state")).to_contain_text("Areas covered: 2")
    assert_accessible(page)
    page.get_by_label("What is to be seen, in a line").fill("A chart with its name covered")
    page.get_by_role("radio", name="No").check()
    page.get_by_label("The patient agreed to this picture").check()
    sent: list[bytes] = []
    page.on("request", lambda one: sent.append(one.post_data_buffer or b"") if one.method == "POST" else None)
    press(page, "Put it up")
    page.wait_for_url(f"**/lounge/q/{question.pk}/")
    assert b"Gonzalez" not in b"".join(sent)
    assert b"maria" not in b"".join(sent)
    expect(page.get_by_role("img", name="A chart with its name covered")).to_be_visible()
    expect(page.get_by_text("Only you and the moderators see it")).to_be_visible()
    kept_here = Image.open(io.BytesIO(bytes(Picture.objects.get().jpeg)))
    assert kept_here.size == (200, 100)
    grey = kept_here.convert("L").tobytes()
    dark = [grey[y * 200 + x] < 128 for x, y in ((5, 5), (95, 15), (175, 88), (150, 50), (20, 60))]
    assert dark == [True, True, True, False, False]
