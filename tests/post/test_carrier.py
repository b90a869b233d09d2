"""A letter with an entry for the calendar, as a real mail server takes it."""

from datetime import UTC, datetime

import pytest
from tests.post.conftest import Postbox
from tests.post.test_ics import ENTRY

from confrere.post import actions
from confrere.post.ics import calendar
from confrere.post.models import Letter

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_an_entry_travels_under_its_method_and_is_blanked_with_the_letter(postbox: Postbox) -> None:
    text = calendar([ENTRY], method="CANCEL")
    draft = actions.Draft(to="a@example.org", subject="Appointment", body="New.", event="e", calendar=text)
    actions.send_all([draft], programme=None, now=NOW)
    letter = Letter.objects.get()
    actions.deliver(id=letter.pk)
    [taken] = postbox.letters()
    body, entry = taken.iter_parts()
    assert (body.get_content(), body.get_content_type()) == ("New.\r\n", "text/plain")
    assert (entry.get_content_type(), entry["Content-Type"].params["method"]) == ("text/calendar", "CANCEL")
    assert entry.get_filename() == "appointment.ics"
    assert entry.get_payload(decode=True) == text.encode()
    letter.refresh_from_db()
    assert letter.calendar == ""


@pytest.mark.django_db
def test_a_second_attempt_sends_the_same_bytes(postbox: Postbox) -> None:
    text = calendar([ENTRY], method="REQUEST")
    draft = actions.Draft(to="a@example.org", subject="Appointment", body="New.", event="e", calendar=text)
    actions.send_all([draft], programme=None, now=NOW)
    letter = Letter.objects.get()
    written = {name: getattr(letter, name) for name in ("to", "subject", "body", "calendar")}
    actions.deliver(id=letter.pk)
    Letter.objects.update(state="waiting", ended_at=None, **written)  # the server's answer was lost
    actions.deliver(id=letter.pk)
    assert len(postbox.taken) == 2
    assert len(set(postbox.taken)) == 1
