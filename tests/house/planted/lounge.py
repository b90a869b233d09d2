"""The lounge: threads, who keeps them clean, and who was let in at the door."""

from datetime import datetime, timedelta

from tests.house.planted.town import Planted

from confrere.lounge import actions as lounge
from confrere.lounge.models import Browser, Flag, Post, Question, Removal, Token
from confrere.people import actions as people
from confrere.people.models import Claim, Decision, Rostered
from confrere.vault.audit import Actor


def plant_lounge(town: Planted, now: datetime) -> None:
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
