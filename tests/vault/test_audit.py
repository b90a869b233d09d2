import json
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from confrere.vault import audit
from confrere.vault import classification as kept
from confrere.vault.audit import Actor
from confrere.vault.models import Link, Payload, Seal


def record(now: datetime, about: str = "booking:12", kept_as: str = kept.BOOKING) -> None:
    audit.record(
        action="coaching.book",
        actor=Actor.person(5),
        about=about,
        programme=1,
        kept_as=kept_as,
        now=now,
        details={"k": 1},
    )


@pytest.mark.django_db
def test_an_event_says_who_did_what_to_what_and_when(now: datetime) -> None:
    record(now)
    (payload,) = Payload.objects.all()
    assert json.loads(payload.body) == {
        "about": "booking:12",
        "action": "coaching.book",
        "actor": "person:5",
        "at": "2026-03-03T17:30:00.000000+00:00",
        "details": {"k": 1},
        "kept_as": "booking",
        "programme": 1,
    }
    assert (payload.kept_as, payload.at) == ("booking", now)


@pytest.mark.django_db
def test_a_seal_holds_a_number_and_digests_and_nothing_else(now: datetime, chain_now: Callable[[], None]) -> None:
    record(now)
    record(now, about="booking:13")
    chain_now()
    chain = bytes(32)
    for sequence, (payload, seal) in enumerate(
        zip(Payload.objects.order_by("pk"), Seal.objects.order_by("sequence"), strict=True), 1
    ):
        digest = sha256(bytes(payload.nonce) + payload.body.encode()).digest()
        chain = sha256(chain + sequence.to_bytes(8) + digest).digest()
        assert (seal.sequence, bytes(seal.digest), bytes(seal.chain)) == (sequence, digest, chain)


@pytest.mark.django_db
def test_a_batch_is_one_statement_and_keeps_its_order(
    now: datetime, chain_now: Callable[[], None], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    events = [
        audit.Event(
            action="coaching.settle",
            actor=Actor.system("settle"),
            about=f"booking:{number}",
            programme=1,
            kept_as=kept.BOOKING,
            now=now,
        )
        for number in (3, 1, 2)
    ]
    with django_assert_num_queries(1):
        audit.record_all(events)
    chain_now()
    seals = [bytes(digest) for digest in Seal.objects.order_by("sequence").values_list("digest", flat=True)]
    told = {bytes(row.digest): json.loads(row.body)["about"] for row in Payload.objects.all()}
    assert [told[digest] for digest in seals] == ["booking:3", "booking:1", "booking:2"]


@pytest.mark.django_db
def test_the_same_event_twice_has_two_digests(now: datetime) -> None:
    record(now)
    record(now)
    assert len({bytes(payload.digest) for payload in Payload.objects.all()}) == 2


@pytest.mark.django_db(transaction=True)
def test_an_event_belongs_into_a_transaction(now: datetime) -> None:
    with pytest.raises(RuntimeError, match="into the transaction of the act"):
        record(now)
    assert Payload.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_an_act_that_fails_leaves_no_event(now: datetime) -> None:
    with transaction.atomic():
        record(now)
        transaction.set_rollback(True)
    assert (Payload.objects.count(), Seal.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_an_event_without_a_known_class_is_refused(now: datetime) -> None:
    with pytest.raises(KeyError):
        record(now, kept_as="notes")


@pytest.mark.django_db
def test_of_an_event_under_a_code_only_the_day_is_kept(now: datetime) -> None:
    with transaction.atomic():
        audit.record(
            action="trial.allocate",
            actor=Actor.study("S-7F3K-92QD"),
            about="allocation:1",
            programme=1,
            kept_as=kept.ALLOCATION,
            now=now,
        )
    row = Payload.objects.get()
    assert (json.loads(row.body)["at"], row.at) == ("2026-03-03T00:00:00.000000+00:00", now.replace(hour=0, minute=0))


def test_an_actor_is_a_person_a_code_or_the_system() -> None:
    assert Actor.person(5).name == "person:5"
    assert Actor.study("S-7F3K-92QD").name == "study:S-7F3K-92QD"
    assert Actor.system("retention").name == "system:retention"


def test_a_row_prints_as_its_number_and_nothing_more() -> None:
    assert [str(row) for row in (Link(pk=1), Payload(pk=2, body="secret"), Seal(sequence=3))] == [
        "link 1",
        "payload 2",
        "seal 3",
    ]
