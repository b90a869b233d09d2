"""Pulses: one answer for each token, all stored at the end, and nothing in the database that leads to a person."""

import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from django.db import IntegrityError, connection, models, transaction
from django.test import Client
from django.utils import timezone
from tests.surveys.conftest import DIRECTOR, GENDER, THEMES, WORDS, YEARS, Place

from confrere.people import actions as people
from confrere.people.models import Programme, User
from confrere.post import actions as post
from confrere.post.models import Letter
from confrere.surveys import actions, definition, pulse_keys, pulses
from confrere.surveys.actions import pulsing
from confrere.surveys.definition import Kind, Question
from confrere.surveys.models import LetterStop, Pulse, PulseAnswer, PulseSealed, PulseToken
from confrere.vault import days, keys, link
from confrere.vault.models import Payload
from confrere.vault.refusals import Refusal

#: As many as took part in the trial, each with an answer that nobody else gives.
EVERYBODY = 138
MARK = Question(name="mark", kind=Kind.SLIDER, text="How full is your cup?", low=0, high=EVERYBODY - 1, whole=True)
NEEDS = Question(name="needs", kind=Kind.CHOICES, text="What would help?", options=THEMES.options)
TOKEN = re.compile(r"/pulse/([\w-]+)/")


@dataclass
class Asked:
    """A pulse to some people, and the token that each found in their letter."""

    place: Place
    pulse: int = 0
    tokens: dict[int, str] = field(default_factory=dict)
    began: datetime = field(default_factory=timezone.now)

    def answer(self, person: int, **answers: object) -> None:
        actions.answer_pulse(token=self.tokens[person], answers=answers, now=timezone.now())  # type: ignore[arg-type]  # what forms bring

    def end(self) -> int:
        return actions.end_pulses(now=self.began + timedelta(days=8), chance=random.Random(2026))

    @property
    def row(self) -> Pulse:
        return Pulse.objects.select_related("questionnaire").get(pk=self.pulse)


def members(place: Place, count: int) -> list[int]:
    made = []
    for number in range(count):
        person = people.create_account(
            email=f"p{number}@example.org", name=f"P. {number}", zone="UTC", now=timezone.now()
        )
        people.grant_role(
            person=person, programme=place.programme, role="participant", now=timezone.now(), actor=DIRECTOR
        )
        made.append(person)
    return made


def start(place: Place, *, slug: str = "pulse", lasts: timedelta = timedelta(days=7)) -> int:
    now = timezone.now()
    return actions.start_pulse(
        programme=place.programme, site=place.site, questionnaire=slug, closes=now + lasts, actor=DIRECTOR, now=now
    )


def asked_by(place: Place, publish: Callable[..., int], count: int, *questions: Question) -> Asked:
    publish(*questions, slug="pulse")
    made = members(place, count)
    asked = Asked(place, start(place))
    addresses = dict(User.objects.filter(pk__in=made).values_list("email", "pk"))
    for letter in Letter.objects.all():
        found = TOKEN.search(letter.body)
        assert found is not None
        asked.tokens[addresses[letter.to]] = found[1]
    assert len(set(asked.tokens.values())) == count
    return asked


@pytest.fixture
def asked(place: Place, publish: Callable[..., int]) -> Asked:
    return asked_by(place, publish, 12, GENDER, NEEDS)


def rows(table: type[models.Model], column: str, *, order: str) -> list[tuple[int, Any]]:
    """What whoever runs the database sees, in any order they like: each row's transaction, and a column of it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT xmin::text::bigint, {column} FROM {table._meta.db_table} ORDER BY {order}")
        return [(xid, value) for xid, value in cursor.fetchall()]


@pytest.mark.django_db(transaction=True)
class TestAttacks:
    """Whoever reads the running database knows, at worst, who got which token and who answered when."""

    @pytest.fixture
    def everybody(self, place: Place, publish: Callable[..., int], transactional_db: None) -> Asked:
        # Takes some seconds: 138 people are made, and answer in transactions of their own.
        return asked_by(place, publish, EVERYBODY, MARK)

    def test_no_join_links_more_than_chance(
        self, everybody: Asked, record_property: Callable[[str, object], None]
    ) -> None:
        events = Payload.objects.count()
        truth = list(everybody.tokens)
        random.Random(7).shuffle(truth)  # in this order they answer
        given = dict(zip(truth, random.Random(8).sample(range(EVERYBODY), EVERYBODY), strict=True))
        for person in truth:
            everybody.answer(person, mark=given[person])
        assert Payload.objects.count() == events  # answering leaves no event with its time

        # While it is open: the same attack joins each token to its sealed row, so it does work ...
        by_transaction = "xmin::text::bigint"
        spent = {xid for xid, _digest in rows(PulseToken, "digest", order=by_transaction)}
        sealed = rows(PulseSealed, "sealed", order=by_transaction)
        assert sum(xid in spent for xid, _sealed in sealed) == EVERYBODY
        # ... and finds nothing inside: equally long, all different, and closed without the key.
        stored = [bytes(each) for _xid, each in sealed]
        assert {len(each) for each in stored} == {32 + pulse_keys.LENGTH + 16}
        assert len(set(stored)) == EVERYBODY
        assert not any(b"mark" in each for each in stored)
        in_time = [given[person] for person in truth]
        digests = {actions.token_digest(token): person for person, token in everybody.tokens.items()}

        assert everybody.end() == 1
        assert not keys.store().exists(everybody.row.key)
        # No row of tokens or sealed answers is left, and what is left has no time and no counting number.
        assert (PulseToken.objects.count(), PulseSealed.objects.count()) == (0, 0)
        for table in (PulseToken, PulseSealed, PulseAnswer):
            counting = (models.DateField, models.TimeField, models.AutoField)
            assert not any(isinstance(column, counting) for column in table._meta.concrete_fields)
        assert Counter(row.value for row in PulseAnswer.objects.all()) == Counter(range(EVERYBODY))

        answers = rows(PulseAnswer, "value", order="ctid")
        assert len({xid for xid, _value in answers}) == 1  # one transaction wrote them all
        assert {xid for xid, _value in answers}.isdisjoint(spent)
        guesses = {
            "as they answered": in_time,
            "as they answered, backwards": in_time[::-1],
            "as they joined": [given[person] for person in sorted(given)],
            "as their tokens lie": [given[digests[digest]] for digest in sorted(digests)],
        }
        hits = {
            (order, known): sum(
                int(value) == guess
                for (_xid, value), guess in zip(rows(PulseAnswer, "value", order=order), guessed, strict=True)
            )
            for order in ("ctid", by_transaction, "id", "value")
            for known, guessed in guesses.items()
        }
        record_property("most links of 138", max(hits.values()))
        # A blind guess is right for one on average (a Poisson count): chance passes a bar under once in 30,000 runs.
        assert max(hits.values()) <= 9, hits
        assert sum(hits.values()) <= 3 * len(hits), hits

    def test_the_opening_key_is_needed_and_another_one_does_not_do(self, everybody: Asked) -> None:
        person = next(iter(everybody.tokens))
        everybody.answer(person, mark=5)
        sealed = bytes(PulseSealed.objects.get().sealed)
        assert pulse_keys.unseal(sealed, name=everybody.row.key) == {"mark": 5}
        keys.store().create("pulse-other")
        with pytest.raises(InvalidTag):
            pulse_keys.unseal(sealed, name="pulse-other")


class TestOneAnswer:
    def test_a_token_opens_once(self, asked: Asked) -> None:
        person = next(iter(asked.tokens))
        asked.answer(person, gender="woman", needs=["care"])
        with pytest.raises(Refusal, match="used already"):
            asked.answer(person, gender="man", needs=["care"])
        assert PulseSealed.objects.count() == 1
        assert {str(row) for row in PulseSealed.objects.all()} == {"sealed answers to a pulse"}
        assert {str(row) for row in PulseToken.objects.all()} == {"a token of a pulse"}

    def test_what_does_not_fit_spends_nothing(self, asked: Asked) -> None:
        person = next(iter(asked.tokens))
        for wrong in ({"gender": "woman"}, {"gender": "x", "needs": ["care"]}):
            with pytest.raises(Refusal):
                asked.answer(person, **wrong)
        asked.answer(person, gender="woman", needs=["care"])

    def test_after_the_end_nothing_is_taken(self, asked: Asked) -> None:
        token = next(iter(asked.tokens.values()))
        with pytest.raises(Refusal, match="closed"):
            actions.answer_pulse(token=token, answers={}, now=asked.began + timedelta(days=8))
        asked.end()
        with pytest.raises(Refusal) as refused:
            actions.answer_pulse(token=token, answers={}, now=asked.began)
        assert refused.value.status == 404

    def test_answers_that_are_too_long_to_be_sealed_are_refused(self, asked: Asked) -> None:
        with pytest.raises(ValueError, match="longer"):
            pulse_keys.seal({"words": "x" * 5000}, public_key=asked.row.public_key)

    def test_the_end_comes_once_and_what_a_kill_left_is_destroyed_later(self, asked: Asked) -> None:
        assert actions.end_pulses(now=timezone.now()) == 0
        assert [asked.end(), asked.end()] == [1, 0]
        keys.store().create(asked.row.key)  # killed between the last row and the key
        asked.end()
        assert not keys.store().exists(asked.row.key)

    def test_the_worker_ends_what_is_due(self, asked: Asked) -> None:
        Pulse.objects.update(closes=timezone.now())
        pulsing.close_pulses()
        assert asked.row.closed_on == days.of(timezone.now())


class TestStarting:
    @pytest.mark.parametrize(
        ("questions", "sentence"),
        [
            ((GENDER, WORDS), "closed questions only"),
            ((YEARS,), "closed questions only"),
            ((GENDER, THEMES), "closed questions only"),  # may be left out
        ],
    )
    def test_open_questions_are_refused(
        self, place: Place, publish: Callable[..., int], questions: tuple[Question, ...], sentence: str
    ) -> None:
        publish(*questions, slug="pulse")
        members(place, 5)
        with pytest.raises(Refusal, match=sentence):
            start(place)

    def test_four_people_are_too_few(self, place: Place, publish: Callable[..., int]) -> None:
        publish(GENDER, slug="pulse")
        members(place, 4)
        with pytest.raises(Refusal, match="at least five people"):
            start(place)

    def test_one_at_a_time_and_neither_too_short_nor_too_long(self, asked: Asked) -> None:
        with pytest.raises(Refusal, match="still open"):
            start(asked.place)
        asked.end()
        for days_open in (0.5, 61):
            with pytest.raises(Refusal, match="one to 60 days"):
                start(asked.place, lasts=timedelta(days=days_open))

    def test_who_stopped_letters_is_not_asked(self, place: Place, publish: Callable[..., int]) -> None:
        publish(GENDER, slug="pulse")
        made = members(place, 7)
        for person in made[:2]:
            link.create(person=person, programme=place.programme, site=place.site, now=timezone.now())
        study_id = link.study_id(person=made[0], programme=place.programme)
        assert study_id is not None
        LetterStop.objects.create(
            programme_id=place.programme, site_id=place.site, study_id=study_id, stopped_on=days.of(timezone.now())
        )
        start(place)
        assert Pulse.objects.get().asked == 6
        assert sorted(Letter.objects.values_list("to", flat=True)) == [
            f"p{number}@example.org" for number in range(1, 7)
        ]
        assert Letter.objects.exclude(one_click="").count() == 1
        assert str(Pulse.objects.get()).startswith("pulse ")

    def test_a_letter_leaves_only_while_the_pulse_is_open(self, asked: Asked) -> None:
        one, *others = Letter.objects.order_by("pk").values_list("pk", flat=True)
        post.deliver(id=one)
        Pulse.objects.update(closes=timezone.now())
        for each in others:
            post.deliver(id=each)
        assert Counter(Letter.objects.values_list("state", flat=True)) == {"sent": 1, "dropped": 11}
        assert actions.pulse_verdict(guard="pulse.x", now=timezone.now()) is None


class TestFindings:
    def fill(self, asked: Asked, women: int, men: int) -> None:
        persons = iter(asked.tokens)
        for gender, count in (("woman", women), ("man", men)):
            for _each in range(count):
                asked.answer(next(persons), gender=gender, needs=["care"] if gender == "woman" else ["care", "skills"])
        assert pulses.found(asked.row) == []
        asked.end()

    def test_groups_of_five_are_shown(self, asked: Asked) -> None:
        self.fill(asked, 6, 5)
        gender, needs = pulses.found(asked.row)
        assert (gender.text, gender.counts, gender.mean) == ("Your gender", (("Woman", 6), ("Man", 5)), None)
        # All eleven chose "care": that would say something about each of them.
        assert needs.counts == (("Self-care", None), ("Skills", 5))
        assert asked.row.answered == 11
        assert str(PulseAnswer.objects.first()).startswith("an answer to ")

    def test_a_small_group_cannot_be_reckoned_from_the_other(self, asked: Asked) -> None:
        self.fill(asked, 8, 4)
        gender, needs = pulses.found(asked.row)
        assert gender.counts == (("Woman", None), ("Man", None))
        assert needs.counts == (("Self-care", None), ("Skills", None))

    def test_two_small_groups_of_three_do_without_a_third(self) -> None:
        assert pulses._together({"a": 3, "b": 3, "c": 9}) == {"a", "b"}
        assert pulses._together({"a": 1, "b": 2, "c": 9, "d": 7}) == {"a", "b", "d"}
        assert pulses._together({"a": 9, "b": 7}) == set()

    def test_of_four_answers_nothing_remains(self, asked: Asked) -> None:
        self.fill(asked, 2, 2)
        assert pulses.found(asked.row) == []
        assert (asked.row.answered, PulseAnswer.objects.count(), PulseSealed.objects.count()) == (None, 0, 0)

    def test_of_a_slider_the_mean(self, place: Place, publish: Callable[..., int]) -> None:
        asked = asked_by(place, publish, 6, MARK)
        for number, person in enumerate(asked.tokens):
            asked.answer(person, mark=number)
        asked.end()
        assert pulses.found(asked.row) == [pulses.Found("How full is your cup?", (), 2.5)]

    def test_the_database_counts_no_four(self, asked: Asked) -> None:
        for wrong in ({"answered": 5}, {"answered": 4, "closed_on": days.of(asked.began)}, {"asked": 4}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Pulse.objects.update(**wrong)

    def test_thirty_days_after_the_programme_they_go(self, asked: Asked) -> None:
        self.fill(asked, 6, 5)
        now = timezone.now()
        assert actions.erase_pulses(now=now, held=frozenset()) == 0
        Programme.objects.update(ends_on=days.of(now - timedelta(days=31)))
        assert actions.erase_pulses(now=now, held=frozenset({asked.place.programme})) == 0
        assert actions.erase_pulses(now=now, held=frozenset()) == 22
        assert not PulseAnswer.objects.exists()


class TestPages:
    @pytest.fixture
    def director(self, asked: Asked) -> Client:
        number = people.create_account(email="d@example.org", name="D. Rector", zone="UTC", now=timezone.now())
        people.grant_role(
            person=number, programme=asked.place.programme, role="director", now=timezone.now(), actor=DIRECTOR
        )
        client = Client()
        client.force_login(User.objects.get(pk=number))
        return client

    def test_from_the_letter_to_thanks(self, asked: Asked) -> None:
        place = f"/pulse/{next(iter(asked.tokens.values()))}/"
        client = Client()
        page = client.get(place).content.decode()
        assert "Your gender" in page
        assert "What does not hold" in page
        assert client.post(place, {"gender": "woman"}).status_code == 422
        assert client.post(place).status_code == 422
        sent = client.post(place, {"gender": "woman", "needs": ["care", "skills"]})
        assert "without your name" in sent.content.decode()
        assert client.get(place).status_code == 409
        assert client.get("/pulse/nothing/").status_code == 404

    def test_a_slider_and_a_row_of_answers_have_their_parts(
        self, place: Place, publish: Callable[..., int], stand_in: Callable[[str], int]
    ) -> None:
        stand_in("uwes9")
        items = definition.of_instrument("uwes9")
        asked = asked_by(place, publish, 5, MARK, *items)
        page = Client().get(f"/pulse/{next(iter(asked.tokens.values()))}/").content.decode()
        assert 'class="slider"' in page
        assert 'class="likert"' in page

    def test_the_team_starts_one_and_everybody_reads_what_was_found(self, asked: Asked, director: Client) -> None:
        pages = director.get("/p/peer/surveys/pulses/").content.decode()
        assert "open until" in pages
        number = asked.pulse
        assert "known after the end only" in director.get(f"/p/peer/surveys/pulses/{number}/").content.decode()
        for person in asked.tokens:
            asked.answer(person, gender="woman", needs=["care"])
        asked.end()
        found = director.get(f"/p/peer/surveys/pulses/{number}/").content.decode()
        assert "12 of 12 answered" in found
        participant = Client()
        participant.force_login(User.objects.get(email="p0@example.org"))
        assert participant.get(f"/p/peer/surveys/pulses/{number}/").status_code == 200
        assert director.get("/p/peer/surveys/pulses/0/").status_code == 404
        assert director.post("/p/peer/surveys/pulses/", {"questionnaire": "pulse", "days": "90"}).status_code == 422
        begun = director.post("/p/peer/surveys/pulses/", {"questionnaire": "pulse", "days": "7"})
        assert begun.status_code == 302
        assert Pulse.objects.count() == 2

    def test_an_end_with_four_answers_is_said(self, asked: Asked, director: Client) -> None:
        asked.end()
        page = director.get(f"/p/peer/surveys/pulses/{asked.pulse}/").content.decode()
        assert "Fewer than five answered" in page


@pytest.mark.django_db
def test_a_pulse_that_rolls_back_leaves_no_row(place: Place, publish: Callable[..., int], standing_keys: Path) -> None:
    publish(GENDER, slug="pulse")
    with pytest.raises(Refusal):
        start(place)
    assert not Pulse.objects.exists()
    assert not PulseToken.objects.exists()
