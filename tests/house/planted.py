"""A town in which every word that somebody could read is a canary: a word that stands nowhere else.

Each is known with the field that holds it, whom it is about, and whom that person meets. Made by the rooms' own verbs
where they take words, and by rows where they do not.
"""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from hashlib import sha256
from uuid import uuid4

from django.utils import timezone
from tests.study import BASELINE, PROTOCOL, Study, make_study

from confrere.coaching import actions as coaching
from confrere.coaching.models import Coach, Hours
from confrere.evidence.models import DataAgreement, Export, FrozenDataSet, Release, Report
from confrere.lounge import actions as lounge
from confrere.lounge.models import Browser, Flag, Post, Question, Removal, Token
from confrere.people import actions as people
from confrere.people.models import Claim, Decision, Incentive, Parcel, Programme, Rostered, Site
from confrere.people.queries import Standing, standing
from confrere.people.roles import Role
from confrere.post.models import Letter
from confrere.service.models import Agreement, Intake, Lottery, Service, Terms, YearReport
from confrere.service.models import Place as ServicePlace
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

DIRECTOR = Actor.system("test director")
#: Roles of the town, and what else each of its people is; the keys are the names by which viewers are called.
STAFF = tuple(role for role in Role if role not in {Role.PARTICIPANT, Role.COACH})


@dataclass(frozen=True)
class Canary:
    """A word: which field holds it, whom it is about (None: nobody), whom that person meets."""

    word: str
    field: str
    about: str | None
    meets: str | None


@dataclass
class Planted:
    """The town: its people by the names of viewers, its canaries, and what its addresses lead to."""

    study: Study
    people: dict[str, int] = field(default_factory=dict)
    canaries: list[Canary] = field(default_factory=list)
    samples: dict[str, list[str]] = field(default_factory=dict)

    def word(self, field: str, *, about: str | None = None, meets: str | None = None) -> str:
        """A new canary of letters and digits."""
        made = f"canary{len(self.canaries):03d}x"
        self.canaries.append(Canary(made, field, about, meets))
        return made

    def number(self, field: str, *, about: str | None = None) -> int:
        """A new canary of digits, longer than any number here."""
        made = 710_004_321 + 10_000 * len(self.canaries)  # far from what a page could reckon from another
        self.canaries.append(Canary(str(made), field, about, None))
        return made

    def standing(self, who: str, now: datetime) -> Standing:
        found = standing(person=self.people[who], programme=self.study.slug, now=now)
        assert found is not None
        return found


def plant() -> Planted:
    """Two participants of whom one is coached, a coach, everyone of the staff, and somebody of another programme."""
    now = timezone.now()
    town = Planted(make_study())
    study = town.study
    Site.objects.filter(pk=study.site).update(name=town.word("people.Site.name"))
    Programme.objects.filter(pk=study.programme).update(name=town.word("people.Programme.name"))
    for role in Role:
        _person(town, str(role), role, now)
    _person(town, "other participant", Role.PARTICIPANT, now)
    _outsider(town, now)
    _lounge(town, now)
    _trial(town, now)
    _service(town, now)
    _coaching(town, now)
    _evidence(town, now)
    _rest(town, now)
    return town


def _person(town: Planted, who: str, role: Role, now: datetime) -> None:
    meets = {"participant": "coach", "coach": "participant"}.get(who)
    email = town.word("people.User.email", about=who, meets=meets) + "@example.org"
    name = town.word("people.User.name", about=who, meets=meets)
    person = people.create_account(email=email, name=name, zone="UTC", now=now)
    people.grant_role(person=person, programme=town.study.programme, role=role, now=now, actor=DIRECTOR)
    town.people[who] = person


def _outsider(town: Planted, now: datetime) -> None:
    study = town.study
    other = people.create_programme(
        site=study.site, slug="elsewhere", name="Elsewhere", zone="UTC", now=now, actor=DIRECTOR
    )
    person = people.create_account(email="outsider@example.org", name="Outsider", zone="UTC", now=now)
    for role in Role:
        people.grant_role(person=person, programme=other, role=role, now=now, actor=DIRECTOR)
    town.people["outsider"] = person


def _lounge(town: Planted, now: datetime) -> None:
    for who in ("participant", "moderator"):
        people.verify(
            person=town.people[who],
            specialty="cardiology",
            evidence=town.word("people.Credential.evidence", about=who),
            until=now + timedelta(days=100),
            now=now,
            actor=Actor.system(town.word("people.Credential.verified_by", about=who)),
        )
    question = lounge.ask(
        standing=town.standing("participant", now),
        specialty="cardiology",
        title=town.word("lounge.Question.title"),
        text=town.word("lounge.Post.text"),
        now=now,
    )
    answer = lounge.answer(
        standing=town.standing("moderator", now),
        question=question,
        text=town.word("lounge.Post.text"),
        source=town.word("lounge.Post.source"),
        now=now,
    )
    lounge.describe(
        standing=town.standing("participant", now),
        question=question,
        helps={name: town.word(f"lounge.Question.{name}") for name in ("setting", "course", "tried")},
        attested=True,
        now=now,
    )
    lounge.put_poll(standing=town.standing("participant", now), question=question, choices=["stop", "go on"], now=now)
    lounge.save_draft(
        standing=town.standing("participant", now),
        question=question,
        title=town.word("lounge.Draft.title", about="participant"),
        text=town.word("lounge.Draft.text", about="participant"),
        source=town.word("lounge.Draft.source", about="participant"),
        now=now,
    )
    lounge.edit(
        standing=town.standing("moderator", now),
        post=answer,
        title="",
        text=town.word("lounge.Post.text"),
        source=town.word("lounge.Post.source"),
        now=now,
    )
    town.samples |= {"question": [str(question.pk)], "answer": [str(answer.pk)], "post": [str(answer.pk)]}
    _kept_clean(town, question, answer, now)
    _door(town, now)


def _door(town: Planted, now: datetime) -> None:
    """A claim of the participant's, on which moderators have to decide, and a line of the institution's list."""
    here = {"programme_id": town.study.programme, "site_id": town.study.site}
    words = ("register", "number", "family", "given", "jurisdiction", "licence")
    claim = Claim.objects.create(
        **here,
        user_id=town.people["participant"],
        trainee=False,
        specialty="cardiology",
        state="frozen",
        before="bound",
        why="second_claim",
        opened_at=now,
        data_of=now.date(),
        **{name: town.word(f"people.Claim.{name}", about="participant") for name in words},
    )
    Decision.objects.create(
        claim=claim,
        came_from="bound",
        went_to="frozen",
        at=now,
        why=town.word("people.Decision.why", about="participant"),
        actor=town.word("people.Decision.actor", about="participant"),
        evidence={"seen": town.word("people.Decision.evidence", about="participant")},
    )
    lines = ("family", "given", "number")
    Rostered.objects.create(
        **here,
        mailbox=town.word("people.Rostered.mailbox", about="participant") + "@example.org",
        uploaded_on=now.date(),
        **{name: town.word(f"people.Rostered.{name}", about="participant") for name in lines},
    )
    town.samples |= {"claim": [str(claim.pk)]}


def _kept_clean(town: Planted, question: Question, answer: Post, now: datetime) -> None:
    """A flag, a note, a removal under appeal, and a browser that may be knocked at."""
    participant = town.standing("participant", now)
    words = town.word("lounge.Flag.words", about="participant")
    lounge.flag(standing=participant, post=answer, reason=Flag.Reason.UNKIND, words=words, now=now)
    note = lounge.contradict(
        standing=participant,
        post=answer,
        text=town.word("lounge.Note.text"),
        source=town.word("lounge.Note.source"),
        now=now,
    )
    removal = Removal.objects.create(
        programme_id=question.programme_id,
        site_id=question.site_id,
        post=question.posts.get(number=0),
        cause=Removal.Cause.UNSAFE,
        asked_by_id=town.people["moderator"],
        asked_at=now,
        confirmed_by_id=town.people["operator"],
        confirmed_at=now,
        appeal=town.word("lounge.Removal.appeal", about="participant"),
        appealed_at=now,
    )
    Browser.objects.create(
        programme_id=question.programme_id,
        site_id=question.site_id,
        member_id=participant.person,
        endpoint=town.word("lounge.Browser.endpoint", about="participant"),
        since=now,
    )
    Token.objects.create(
        programme_id=question.programme_id,
        site_id=question.site_id,
        member_id=participant.person,
        name=town.word("lounge.Token.name", about="participant"),
        digest=town.word("lounge.Token.digest", about="participant"),
        scopes=["read"],
        made_at=now,
        ends_at=now + timedelta(days=1),
    )
    town.samples |= {"note": [str(note.pk)], "removal": [str(removal.pk)]}


def _trial(town: Planted, now: datetime) -> None:
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


def _service(town: Planted, now: datetime) -> None:
    """A service with one person in it, its words and its report."""
    here = {"programme_id": town.study.programme, "site_id": town.study.site}
    service = Service.objects.create(
        **here,
        state="open",
        title=town.word("service.Service.title"),
        minutes=[60],
        window_days=30,
        intake="cohorts",
        order="lottery",
        offer_days=5,
        join_token="token-of-the-service",
        opened_on=now.date(),
    )
    terms = Terms.objects.create(**here, service=service, version=1, text=town.word("service.Terms.text"), sha256="-")
    person = town.people["participant"]
    name = town.word("service.Agreement.name", about="participant")
    Agreement.objects.create(**here, terms=terms, person_id=person, name=name, given_at=now)
    days = [(now + timedelta(days=each)).date() for each in (-1, 1, 9)]
    intake = Intake.objects.create(
        **here,
        service=service,
        number=1,
        opens_on=days[0],
        closes_on=days[1],
        starts_on=days[2],
        coach_hours=9,
        commitment=town.word("service.Intake.commitment"),
        said=town.word("service.Intake.said"),
    )
    row = ServicePlace(**here, service=service, intake=intake, person_id=person, state="waiting", number=1)
    row.asked_on, row.lot = now.date(), town.word("service.Place.lot", about="participant")
    row.save()
    Lottery.objects.create(**here, intake=intake, record={"word": town.word("service.Lottery.record")})
    found = {
        "title": town.word("service.YearReport.found"),
        "opened_on": "-",
        "made_on": "-",
        "standings": dict.fromkeys(("asked", "waiting", "offered", "taken", "done", "lapsed", "left", "seats"), 0),
        "delivery": dict.fromkeys(("people", "started", "granted", "held", "hours"), 0),
        "changes": [],
        "asks": False,
    }
    YearReport.objects.create(**here, service=service, number=1, made_on=now.date(), found=found)


def _coaching(town: Planted, now: datetime) -> None:
    study, coach, participant = town.study, town.people["coach"], town.people["participant"]
    page = coaching.write_page(
        programme=study.programme,
        site=study.site,
        person=coach,
        biography=town.word("coaching.Coach.biography"),
        focus=town.word("coaching.Coach.focus"),
        languages=town.word("coaching.Coach.languages"),
        video_link=f"https://video.example.org/{town.word('coaching.Coach.video_link')}",
        phone=town.word("coaching.Coach.phone"),
        capacity=9,
        now=now,
    )
    [hours] = coaching.offer_hours(
        programme=study.programme,
        person=coach,
        on=(now + timedelta(days=3)).date(),
        starts=time(8),
        ends=time(12),
        zone="UTC",
        now=now,
    )
    coaching.grant(
        programme=study.programme,
        site=study.site,
        person=participant,
        minutes=[60, 60],
        since=now - timedelta(days=1),
        until=now + timedelta(days=90),
        actor=DIRECTOR,
        now=now,
    )
    start = Hours.objects.get(pk=hours).during.lower
    booking = coaching.book(
        programme=study.programme, person=participant, coach=page, start=start, key=uuid4(), now=now
    )
    assert Coach.objects.get().pk == page
    coaching.write_limits(
        programme=study.programme,
        site=study.site,
        state="",
        text=town.word("coaching.Limits.text"),
        after=0,
        actor=DIRECTOR,
        now=now,
    )
    town.samples |= {"booking": [str(booking)], "coach": [str(page)], "hours": [str(hours)]}


def _evidence(town: Planted, now: datetime) -> None:
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


def _rest(town: Planted, now: datetime) -> None:
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
