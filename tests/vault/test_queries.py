"""The chain in the real database: made at commit, in one order, found broken when someone with all rights meddles."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from confrere.vault import actions, audit, queries
from confrere.vault import classification as kept
from confrere.vault.audit import Actor
from confrere.vault.chain import START, Break
from confrere.vault.models import Payload, Seal

type Acting = Callable[[], AbstractContextManager[None]]

NOW = datetime(2026, 3, 3, 17, 30, tzinfo=UTC)


def record(about: str = "booking:1", kept_as: str = kept.CONSENT, now: datetime = NOW) -> None:
    audit.record(
        action="coaching.book", actor=Actor.person(5), about=about, programme=1, kept_as=kept_as, now=now, details=None
    )


@pytest.mark.django_db(transaction=True)
def test_events_are_chained_at_commit_and_not_before() -> None:
    with transaction.atomic():
        record()
        assert Seal.objects.count() == 0
    assert queries.verdict().entries == 1


@pytest.mark.django_db
def test_an_empty_chain_is_whole() -> None:
    assert queries.head() == (0, START)
    assert queries.verdict().broken is None


@pytest.mark.django_db
def test_the_head_is_the_newest_entry(chain_now: Callable[[], None]) -> None:
    record()
    record()
    chain_now()
    sequence, head = queries.head()
    assert (sequence, head) == (2, queries.verdict().head)
    assert queries.verdict(head=head).broken is None
    assert queries.verdict(head=bytes(31) + b"1").broken is not None


@pytest.mark.django_db
def test_long_chains_are_read_in_parts(chain_now: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        record()
    chain_now()
    monkeypatch.setattr(queries, "_BATCH", 2)
    assert (queries.verdict().entries, queries.verdict().broken) == (5, None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("meddle", "expected"),
    [
        ("UPDATE vault_payload SET body = replace(body, '5', '6') WHERE id = (SELECT min(id) FROM vault_payload)", 1),
        ("UPDATE vault_payload SET at = at + interval '1 second' WHERE id = (SELECT max(id) FROM vault_payload)", 4),
        ("UPDATE vault_payload SET kept_as = 'mail' WHERE id = (SELECT max(id) FROM vault_payload)", 4),
        ("DELETE FROM vault_payload WHERE id = (SELECT max(id) FROM vault_payload)", 4),
        ("DELETE FROM vault_seal WHERE sequence = 2", 2),
        ("UPDATE vault_seal SET digest = chain WHERE sequence = 3", 3),
        ("UPDATE vault_seal SET sequence = 5 WHERE sequence = 4", 4),
        ("DELETE FROM vault_seal WHERE sequence = 4; DELETE FROM vault_payload WHERE body LIKE '%booking:4%'", 4),
        ("DELETE FROM vault_seal WHERE sequence = 4", 4),
        ("TRUNCATE vault_seal, vault_payload", 1),
    ],
)
def test_whoever_switches_the_triggers_off_is_found(
    meddle: str, expected: int, owner: Acting, chain_now: Callable[[], None]
) -> None:
    for number in range(1, 5):
        record(f"booking:{number}")
    chain_now()
    _sequence, noted = queries.head()
    with owner(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in meddle.split("; "):
            cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    broken = queries.verdict(head=noted).broken
    assert broken is not None
    assert broken.sequence == expected


@pytest.mark.django_db
def test_a_body_slipped_in_beside_the_chain_is_found(owner: Acting, chain_now: Callable[[], None]) -> None:
    record()
    chain_now()
    with owner(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        record()
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    assert queries.verdict().broken == Break(0, "a body stands beside the chain without an entry")


@pytest.mark.django_db
def test_a_digest_that_does_not_fit_is_refused_at_commit(chain_now: Callable[[], None]) -> None:
    Payload.objects.create(nonce=b"n", body="{}", digest=b"d", kept_as=kept.BOOKING, at=NOW)
    with pytest.raises(DatabaseError, match="does not fit its payload"):
        chain_now()


@pytest.mark.django_db(transaction=True)
def test_another_isolation_level_is_refused() -> None:
    def commit() -> None:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            record()

    with pytest.raises(DatabaseError, match="READ COMMITTED"):
        commit()
    assert Payload.objects.count() == 0


@pytest.mark.django_db
def test_an_erased_body_leaves_a_whole_chain(chain_now: Callable[[], None]) -> None:
    record("booking:1", kept.BOOKING)
    record("consent:1", kept.CONSENT)
    record("booking:2", kept.BOOKING, NOW + timedelta(days=1))
    chain_now()
    _sequence, noted = queries.head()
    assert actions.erase_payloads(now=NOW + timedelta(days=7, seconds=1)) == 1
    chain_now()
    found = queries.verdict(head=noted)
    assert (found.entries, found.erased, found.broken) == (4, 1, None)
    assert [payload.kept_as for payload in Payload.objects.order_by("pk")] == ["consent", "booking", "audit_seal"]


@pytest.mark.django_db
def test_when_nothing_has_ended_no_event_is_written(chain_now: Callable[[], None]) -> None:
    record("booking:1", kept.BOOKING)
    chain_now()
    assert actions.erase_payloads(now=NOW + timedelta(days=7)) == 0
    assert (Payload.objects.count(), queries.verdict().entries) == (1, 1)


@pytest.mark.django_db
def test_nobody_erases_early_by_telling_the_wrong_time(chain_now: Callable[[], None]) -> None:
    record("booking:1", kept.BOOKING, datetime.now(tz=UTC))
    chain_now()
    assert actions.erase_payloads(now=datetime(2999, 1, 1, tzinfo=UTC)) == 0
    assert Payload.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_sixteen_writers_at_once_make_one_unbroken_chain() -> None:
    each, writers = 25, 16
    start = threading.Barrier(writers)
    trouble: list[BaseException] = []

    def write(writer: int) -> None:
        try:
            start.wait(timeout=30)
            for number in range(each):
                with transaction.atomic():
                    record(f"booking:{writer}-{number}")
                    record(f"booking:{writer}-{number}-again")
        except BaseException as wrong:  # shown by the test, not lost in its thread
            trouble.append(wrong)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert trouble == []
    found = queries.verdict()
    assert (found.entries, found.broken) == (2 * each * writers, None)
    assert list(Seal.objects.order_by("sequence").values_list("sequence", flat=True)) == list(
        range(1, 2 * each * writers + 1)
    )
