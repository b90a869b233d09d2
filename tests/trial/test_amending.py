"""After the lock: what an amendment may change, what never changes, the board's approval and papers."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, ProgrammingError, transaction
from django.test import Client
from django.utils import timezone
from tests.study import DIRECTOR, NOW, PROTOCOL, Study

from confrere.people import actions as people
from confrere.people.models import User
from confrere.people.roles import Role
from confrere.post.models import Letter
from confrere.surveys import queries as answered
from confrere.trial import actions, queries
from confrere.trial.models import ProtocolVersion, ReportedEvent, Seat, StampedConsent
from confrere.trial.protocol import load_protocol
from confrere.vault.refusals import Refusal

HOME = "/p/peer/trial/protocol/"
LATER = """
[[waves]]
name = "month6"
title = "Six months"
offset_days = 182
window_days = 28
instruments = ["qol_vas"]
"""
PDF = b"%PDF-1.7\nstamped\n"


@pytest.fixture
def director(bare: Study) -> Client:
    """A director, signed in."""
    person = people.create_account(email="d@example.org", name="Ada", zone="UTC", now=timezone.now())
    people.grant_role(person=person, programme=bare.programme, role=Role.DIRECTOR, now=timezone.now(), actor=DIRECTOR)
    client = Client()
    client.force_login(User.objects.get(pk=person), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def amend(study: Study, text: str, *, after: int = 1, why: str = "The board asked for it.") -> int:
    return actions.amend(
        programme=study.programme,
        text=text,
        after=after,
        why=why,
        reference="AME-7",
        by="Ada",
        actor=DIRECTOR,
        now=NOW,
    )


def test_an_amendment_is_logged_with_who_when_why_and_what(study: Study) -> None:
    before = queries.required(study.programme)
    assert amend(study, PROTOCOL.replace('source = "our tests"', 'source = "our tests"\nfunder = "A fund"')) == 2
    [entry] = queries.amendments(study.programme)
    assert (entry.version.by, entry.version.why, entry.version.reference, entry.version.saved_at) == (
        "Ada",
        "The board asked for it.",
        "AME-7",
        NOW,
    )
    assert [(one.place, one.before, one.after) for one in entry.changes] == [("trial.funder", "", "A fund")]
    after = queries.required(study.programme)
    assert queries.protocol(after).funder == "A fund"
    assert after.protocol_sha256 == before.protocol_sha256  # what the draws are bound to stays
    assert amend(study, after.protocol) == 2  # the same text again


def test_what_is_gone_stands_in_the_log_too(study: Study) -> None:
    amend(study, PROTOCOL.replace('score = "quality_of_life"\nrole = "primary"', 'score = "quality_of_life"'))
    [entry] = queries.amendments(study.programme)
    assert [(one.place, one.before, one.after) for one in entry.changes] == [
        ("outcomes.quality_of_life.role", "primary", "")
    ]


@pytest.mark.parametrize(
    ("what", "old", "new"),
    [
        ("id", 'id = "small"', 'id = "other"'),
        ("arms", 'title = "Coaching now"', 'title = "Coaching soon"'),
        ("arms", 'name = "coaching"\ntitle', 'name = "coaching"\nratio = 2\ntitle'),
        ("allocation", "mti = 2", "mti = 3"),
        ("allocation", "mti = 2", 'mti = 2\nmode = "batch"'),
        ("strata", '[[strata]]\nname = "medicine"\nlevels = ["yes", "no"]\n', ""),
        ("waves", 'questions = ["again"]', "questions = []"),
        ("questions", "Would you consider coaching again?", "Again?"),
        ("cap", "cap = 6", "cap = 5"),
    ],
)
def test_what_the_draws_rest_on_never_changes(study: Study, what: str, old: str, new: str) -> None:
    text = PROTOCOL.replace(old, new)
    if what == "waves":
        text = text.replace('[[questions]]\nname = "again"\ntext = "Would you consider coaching again?"', "[[x]]")
        text = text.partition("[[x]]")[0]
    sha256 = queries.required(study.programme).protocol_sha256
    with pytest.raises(
        Refusal, match=f"cannot change {what}: it was locked on 2026-03-03 with the hash {sha256}"
    ) as no:
        amend(study, text)
    assert no.value.status == 409
    assert queries.required(study.programme).protocol == PROTOCOL


@pytest.mark.parametrize("why", ["", "  ", "x" * 2001])
def test_an_amendment_says_why(study: Study, why: str) -> None:
    with pytest.raises(Refusal, match="Say why") as refused:
        amend(study, PROTOCOL.replace("cap = 6", "cap = 8"), why=why)
    assert refused.value.status == 422


def test_an_amendment_of_something_unseen_or_broken_or_of_a_draft_is_refused(study: Study) -> None:
    with pytest.raises(Refusal, match="saved version 1 while you were writing"):
        amend(study, PROTOCOL.replace("cap = 6", "cap = 8"), after=0)
    with pytest.raises(Refusal, match="this is needed and absent") as refused:
        amend(study, PROTOCOL.replace("cap = 6", "cup = 6"))
    assert refused.value.status == 422


def test_a_draft_is_not_amended(bare: Study) -> None:
    actions.draft(programme=bare.programme, site=bare.site, protocol=PROTOCOL, actor=DIRECTOR, now=NOW)
    with pytest.raises(Refusal, match="still a draft"):
        amend(bare, PROTOCOL)


def test_more_places_become_seats(study: Study, full: Callable[[], list[str]]) -> None:
    full()
    waiting = study.join(9)
    assert study.state(waiting) == "waiting"
    amend(study, PROTOCOL.replace("cap = 6", "cap = 8"))
    assert Seat.objects.count() == 8
    actions.move_on(programme=study.programme, now=NOW)
    assert study.state(waiting) == "held"


def test_a_further_wave_opens_for_who_was_drawn_before(study: Study) -> None:
    first = study.enrol(1)
    amend(study, PROTOCOL.replace("\n[consent]", LATER + "\n[consent]"))
    second = study.enrol(2)
    for study_id in (first, second):
        windows = answered.windows(programme=study.programme, study_id=study_id)
        assert [window.wave for window in windows] == ["baseline", "month3", "month6"]


def test_the_arm_after_an_amendment_is_the_one_that_was_promised(study: Study) -> None:
    """The record of draws before and after an amendment verifies with the one hash."""
    study.enrol(1)
    amend(study, PROTOCOL.replace("cap = 6", "cap = 8"))
    study.enrol(2)
    record = actions.close_and_publish(programme=study.programme, actor=DIRECTOR, now=NOW)
    assert record["protocol_sha256"] == load_protocol(PROTOCOL).sha256
    assert len(record["entries"]) == 2


def test_nobody_is_enrolled_after_the_board_s_approval_has_ended(bare: Study) -> None:
    bare.open(PROTOCOL + '\n[irb]\nnumber = "7"\nexpires = 2026-03-03\n')
    bare.enrol(1)  # the last day itself
    with pytest.raises(Refusal, match=r"approval ended on 2026-03-03\. Nobody is enrolled until it is renewed\.") as no:
        bare.join(2, now=NOW + timedelta(days=1))
    assert no.value.status == 409
    amend(bare, PROTOCOL + '\n[irb]\nnumber = "7"\nexpires = 2027-03-03\n')
    assert bare.state(bare.join(3, now=NOW + timedelta(days=1))) == "held"


def test_the_recruitment_page_says_that_the_approval_ended(client: Client, bare: Study) -> None:
    bare.open(PROTOCOL + '\n[irb]\nnumber = "7"\nexpires = 2026-03-03\n')
    page = client.get(f"/join/{queries.required(bare.programme).join_token}/")
    assert (page.status_code, "Nobody is enrolled until it is renewed." in page.text) == (409, True)


def test_the_page_asks_for_the_reason_and_keeps_what_was_typed(director: Client, study: Study) -> None:
    page = director.get(HOME + "parts/places/")
    assert "An amendment: the protocol is locked" in page.text
    sent = {"sessions__minutes": "90, 60", "sessions__window_days": "91", "recruitment__held_days": "7"}
    sent |= {"recruitment__order": "first-come", "recruitment__cap": "8", "seen": "1"}
    page = director.post(HOME + "parts/places/", sent)
    assert (page.status_code, "Say why the protocol changes" in page.text, 'value="8"' in page.text) == (
        422,
        True,
        True,
    )
    page = director.post(HOME + "parts/places/", sent | {"why": "More coaches came.", "reference": "AME-8"})
    assert page.status_code == 302
    page = director.get(HOME)
    assert "Ada: More coaches came." in page.text
    assert "Board's reference: AME-8." in page.text
    assert "<code>recruitment.cap</code>: <del>6</del> → <ins>8</ins>" in page.text
    assert "Go back to this version" not in director.get(HOME + "versions/1/").text
    assert "More coaches came." in director.get(HOME + "versions/2/").text
    text = {"text": PROTOCOL.replace("mti = 2", "mti = 4"), "after": "2", "why": "x"}
    page = director.post(HOME + "text/", text)
    assert (page.status_code, "cannot change allocation" in page.text, "mti = 4" in page.text) == (409, True, True)
    assert "Locked on" in director.get(HOME + "read/").text


def test_a_stamped_consent_is_kept_as_it_is(director: Client, study: Study) -> None:
    assert director.get(HOME + "stamped/").status_code == 200
    for _twice in range(2):
        page = director.post(HOME + "stamped/", {"file": SimpleUploadedFile("c.pdf", PDF)})
        assert page.status_code == 302
    [kept] = StampedConsent.objects.all()
    assert kept.sha256 in director.get(HOME).text
    file = director.get(HOME + "stamped/1.pdf")
    assert file.content == PDF
    assert file.headers["Content-Disposition"] == 'attachment; filename="stamped-consent-1.pdf"'
    assert director.get(HOME + "stamped/2.pdf").status_code == 404
    page = director.post(HOME + "stamped/", {"file": SimpleUploadedFile("c.pdf", b"<html>")})
    assert (page.status_code, "a PDF file of at most 10 MB" in page.text) == (422, True)
    assert director.post(HOME + "stamped/", {}).status_code == 422


def test_a_report_to_the_board_is_a_number_and_a_day(director: Client, study: Study) -> None:
    sent = {"reference": " RE-2026-1 ", "reported_on": "2026-03-02"}
    assert director.get(HOME + "reported/").status_code == 200
    assert director.post(HOME + "reported/", sent).status_code == 302
    [noted] = ReportedEvent.objects.all()
    assert (noted.reference, noted.reported_on) == ("RE-2026-1", date(2026, 3, 2))
    assert "2 March 2026: RE-2026-1" in director.get(HOME).text
    page = director.post(HOME + "reported/", sent)
    assert (page.status_code, "noted already" in page.text) == (409, True)
    for wrong in ({"reference": "a\nb"}, {"reference": "x" * 101}, {"reference": " "}):
        assert director.post(HOME + "reported/", sent | wrong).status_code == 422
    with pytest.raises(Refusal, match="and nothing about anyone"):
        actions.note_reported_event(
            programme=study.programme, site=study.site, reference=" ", reported_on=NOW.date(), actor=DIRECTOR, now=NOW
        )


def test_the_database_keeps_the_log(study: Study) -> None:
    version = ProtocolVersion(
        programme_id=study.programme, site_id=study.site, number=9, kind="amendment", saved_at=NOW
    )
    with pytest.raises(IntegrityError, match="an_amendment_says_why"), transaction.atomic():
        version.save()
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        ProtocolVersion.objects.update(why="another reason")
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        ProtocolVersion.objects.all().delete()


def test_what_a_control_without_coaching_gets_is_no_coaching(bare: Study) -> None:
    """A control that waits for no wave is never coached: nothing is opened for it, whatever time passes."""
    bare.open(PROTOCOL.replace('coaching_after = "month3"\n', ""))
    drawn = {study_id: bare.arm(study_id) for study_id in map(bare.enrol, range(6))}
    actions.catch_up(programme=bare.programme, now=NOW + timedelta(days=200))
    trial = queries.required(bare.programme)
    granted = {one for one in drawn if queries.granted_since(trial, study_id=one, now=NOW + timedelta(days=200))}
    assert granted == {one for one, arm in drawn.items() if arm == "coaching"}
    told = Letter.objects.filter(body__contains="the group that is asked and not coached")
    assert told.count() == sum(arm == "control" for arm in drawn.values())
    for study_id, arm in drawn.items():
        client = Client()
        person = User.objects.get(pk=bare.persons[study_id])
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        said = "you are asked, and not coached" in client.get("/p/peer/trial/mine/").text
        assert said == (arm == "control")
