"""The trial and the surveys: what is decided, answered, frozen, and how it is run."""

from datetime import datetime, timedelta
from hashlib import sha256

from tests.house.planted.town import DIRECTOR, Planted
from tests.study import BASELINE, PROTOCOL

from confrere.evidence.models import DataAgreement, Export, FrozenDataSet, Release, Report
from confrere.people.models import Incentive, Parcel
from confrere.post.models import Letter
from confrere.surveys import actions as surveys
from confrere.surveys import queries as asked
from confrere.surveys.models import Answer, Correction, Questionnaire, Response, TextPack
from confrere.trial import actions as trial
from confrere.trial import queries as trials
from confrere.trial.models import (
    AdverseEvent,
    Allocation,
    Announcement,
    DataQuery,
    Deviation,
    Invitation,
    Mailing,
    OptOut,
    Place,
    Recipient,
    Resources,
    Unblinding,
)
from confrere.vault import actions as vault
from confrere.vault import audit, link
from confrere.vault import classification as kept
from confrere.vault.audit import Actor
from confrere.vault.models import DataLock, Hold


def plant_trial(town: Planted, now: datetime) -> None:
    """Two places; one draw is made by the rooms' verbs, the other one written by rows."""
    study = town.study
    title = town.word("trial.Trial.protocol")
    protocol = PROTOCOL.replace("cap = 6", "cap = 2").replace('title = "A small trial"', f'title = "{title}"')
    trial.draft(programme=study.programme, site=study.site, protocol=protocol, actor=DIRECTOR, now=now)
    text, meaning = town.word("trial.ConsentText.text"), town.word("trial.ConsentText.meaning")
    trial.publish_consent_text(programme=study.programme, text=text, meaning=meaning, actor=DIRECTOR, now=now)
    trial.lock(programme=study.programme, actor=DIRECTOR, now=now, test_entropy=town.word("trial.Trial.test_entropy"))
    row = trials.required(study.programme)
    Announcement.objects.create(
        programme_id=study.programme,
        site_id=study.site,
        trial=row,
        number=1,
        addresses=town.number("trial.Announcement.addresses"),
        sent_at=now,
    )
    here = {"programme_id": study.programme, "site_id": study.site}
    Invitation.objects.create(
        **here, trial=row, who_may=town.word("trial.Invitation.who_may"), contact=town.word("trial.Invitation.contact")
    )
    Mailing.objects.create(
        **here, trial=row, number=1, subject=town.word("trial.Mailing.subject"), text=town.word("trial.Mailing.text")
    )
    email = f"{town.word('trial.Recipient.email')}@example.org"
    Recipient.objects.create(
        **here, trial=row, name=town.word("trial.Recipient.name"), email=email, imported_on=now.date()
    )
    OptOut.objects.create(**here, digest=town.word("trial.OptOut.digest"))
    signed = sha256(text.encode()).hexdigest()
    for who in ("participant", "other participant"):
        name = town.word("trial.Consent.name", about=who)
        trial.consent(programme=study.programme, person=town.people[who], version=1, sha256=signed, name=name, now=now)
    mine = link.study_id(person=town.people["participant"], programme=study.programme)
    theirs = link.study_id(person=town.people["other participant"], programme=study.programme)
    assert mine is not None
    assert theirs is not None
    [window] = asked.windows(programme=study.programme, study_id=mine)
    surveys.record_answers(programme=study.programme, response=window.response, answers=dict(BASELINE), now=now)
    surveys.complete(programme=study.programme, response=window.response, now=now)
    Answer.objects.create(
        programme_id=study.programme,
        site_id=study.site,
        response_id=window.response,
        question=town.word("surveys.Answer.question", about="participant"),
        value=town.word("surveys.Answer.value", about="participant"),
        saved_at=now,
    )
    Place.objects.filter(study_id=theirs).update(
        number=town.number("trial.Place.number", about="other participant"),
        state="final",
        held_until=None,
    )
    about = "other participant"
    Allocation.objects.create(
        programme_id=study.programme,
        site_id=study.site,
        trial=row,
        study_id=theirs,
        stratum=f"gender={town.word('trial.Allocation.stratum', about=about)};medicine=yes",
        counter=town.number("trial.Allocation.counter", about=about),
        nonce=town.word("trial.Allocation.nonce", about=about),
        leaf=town.word("trial.Allocation.leaf", about=about),
        arm="control",
        drawn_on=now.date(),
    )
    town.samples |= {"box": [*trials.NAMED, "started"], "kind": ["coaching", "questions"]}


def plant_evidence(town: Planted, now: datetime) -> None:
    here = {"programme_id": town.study.programme, "site_id": town.study.site}
    data_set = FrozenDataSet.objects.create(
        **here,
        number=1,
        frozen_at=now,
        content=town.word("evidence.FrozenDataSet.content").encode(),
        sha256=town.word("evidence.FrozenDataSet.sha256"),
        plan=town.word("evidence.FrozenDataSet.plan"),
        flow=town.word("evidence.FrozenDataSet.flow"),
        participants=town.number("evidence.FrozenDataSet.participants"),
        rows=town.number("evidence.FrozenDataSet.rows"),
    )
    table = {"name": "table3", "title": "Table 3", "html": "-", "csv": town.word("evidence.Report.pages")}
    section = {"title": "All", "sentences": [town.word("evidence.Report.pages")], "notes": [], "figures": []}
    report = Report.objects.create(
        **here,
        data_set=data_set,
        version=town.word("evidence.Report.version"),
        computed_at=now,
        results={"words": town.word("evidence.Report.results")},
        pages={"sections": [section | {"tables": [table]}], "methods": []},
    )
    released = {"sentences": [town.word("evidence.Release.page")], "tables": [], "methods": []}
    Release.objects.create(**here, report=report, page=released, released_at=now)
    words = DataAgreement.objects.create(
        **here,
        version=1,
        text=town.word("evidence.DataAgreement.text"),
        sha256=town.word("evidence.DataAgreement.sha256"),
        written_at=now,
    )
    Export.objects.create(
        **here,
        data_set=data_set,
        kind=Export.Kind.NAMED,
        taker_id=town.people["statistician"],
        agreement=words,
        purpose=town.word("evidence.Export.purpose"),
        choices={"words": town.word("evidence.Export.choices")},
        sha256=town.word("evidence.Export.sha256"),
        made_at=now,
    )
    town.samples |= {"number": ["1"]}


def plant_rest(town: Planted, now: datetime) -> None:
    """What no page takes in: wording of instruments, letters, the audit trail."""
    here = {"programme_id": town.study.programme, "site_id": town.study.site}
    TextPack.objects.create(
        **here,
        instrument="qol_vas",
        version=1,
        items={"qol_vas": town.word("surveys.TextPack.items")},
        labels=[town.word("surveys.TextPack.labels")],
        stand_in=True,
        sha256="-",
        attestation=town.word("surveys.TextPack.attestation"),
        imported_at=now,
    )
    asked_now = Questionnaire.objects.get(slug="baseline")
    Questionnaire.objects.create(
        **here,
        slug="later",
        version=1,
        title=town.word("surveys.Questionnaire.title"),
        definition=asked_now.definition | {"words": town.word("surveys.Questionnaire.definition")},
        sha256="-",
        published_at=now,
    )
    study_id = link.study_id(person=town.people["participant"], programme=town.study.programme)
    assert study_id is not None
    surveys.open_response(
        programme=town.study.programme,
        site=town.study.site,
        study_id=study_id,
        wave="later",
        questionnaire="later",
        opens=now - timedelta(days=1),
        closes=now + timedelta(days=9),
        now=now,
    )
    _conduct(town, here, study_id, now)
    _parcel(town, here, now)
    vault.ask_hold(
        programme=town.study.programme,
        site=town.study.site,
        classes=["booking"],
        reason=town.word("vault.Hold.reason"),
        person=1,
        now=now,
    )
    vault.confirm_hold(programme=town.study.programme, hold=Hold.objects.get().pk, person=2, now=now)
    Letter.objects.create(
        event_digest=town.word("post.Letter.event_digest"),
        message_id=town.word("post.Letter.message_id"),
        to=town.word("post.Letter.to"),
        subject=town.word("post.Letter.subject"),
        body=town.word("post.Letter.body"),
        trouble=town.word("post.Letter.trouble"),
        written_at=now,
        next_try_at=now,
    )
    audit.record(
        action="test.plant",
        actor=Actor.system("test"),
        about=town.word("vault.Payload.body"),
        programme=town.study.programme,
        kept_as=kept.PROGRAMME,
        now=now,
    )
    town.samples |= {"specialty": ["cardiology"], "passkey": ["1"], "table": ["people_user"]}


def _parcel(town: Planted, here: dict[str, int], now: datetime) -> None:
    """What is offered after the baseline, and where it goes."""
    item = Incentive.objects.create(**here, name=town.word("people.Incentive.name"), stock=9, waves=["baseline"])
    address = town.word("people.Parcel.address", about="participant")
    row = Parcel.objects.create(
        **here, incentive=item, person_id=town.people["participant"], address=address, asked_on=now.date()
    )
    town.samples |= {"item": [str(item.pk)], "parcel": [str(row.pk)]}


def _conduct(town: Planted, here: dict[str, int], study_id: str, now: datetime) -> None:
    """What the team writes on how the study is run."""
    day, row = now.date(), trials.required(town.study.programme)
    under = {**here, "trial": row, "study_id": study_id}
    Deviation.objects.create(
        **under,
        kind="other",
        happened_on=day,
        text=town.word("trial.Deviation.text", about="participant"),
        irb_reference=town.word("trial.Deviation.irb_reference", about="participant"),
        noted_by=1,
        noted_on=day,
    )
    AdverseEvent.objects.create(
        **under,
        kind="other",
        happened_on=day,
        irb_reference=town.word("trial.AdverseEvent.irb_reference", about="participant"),
        noted_by=1,
        noted_on=day,
    )
    query = DataQuery.objects.create(
        **under,
        wave="baseline",
        question="qol_vas",
        text=town.word("trial.DataQuery.text", about="participant"),
        asked_by=1,
        asked_on=day,
        reply=town.word("trial.DataQuery.reply", about="participant"),
        replied_by=1,
        replied_on=day,
    )
    town.samples["query"] = [str(query.pk)]
    town.samples["wave"] = ["baseline"]
    Unblinding.objects.create(
        **under,
        role="coordinator",
        reason=town.word("trial.Unblinding.reason", about="participant"),
        asked_by=1,
        asked_on=day,
    )
    Resources.objects.create(**here, trial=row, version=1, text=town.word("trial.Resources.text"), published_on=day)
    Correction.objects.create(
        **here,
        response=Response.objects.get(study_id=study_id, wave="baseline"),
        question="qol_vas",
        old=town.word("surveys.Correction.old", about="participant"),
        new=town.word("surveys.Correction.new", about="participant"),
        reason=town.word("surveys.Correction.reason", about="participant"),
        corrected_by=1,
        corrected_on=day,
    )
    DataLock.objects.create(
        programme=town.study.programme,
        site=town.study.site,
        name=town.word("vault.DataLock.name"),
        locked_by=1,
        locked_at=now,
        reason=town.word("vault.DataLock.reason"),
        unlock_asked_by=1,
        unlock_asked_at=now,
        unlocked_by=2,
        unlocked_at=now,
    )
