"""The audit chain as anyone can check it: every way of tampering with it is found."""

import json
import random
import secrets
from collections.abc import Callable
from dataclasses import replace

import pytest

from confrere.vault.chain import START, Body, Break, Entry, Verdict, digest, link, verify

type Chain = list[Entry]
#: 25 events; the 20th tells that the 3rd and the 7th were erased.
LENGTH, ERASER, GONE = 25, 20, (3, 7)


def body(number: int) -> Body:
    at = f"2026-03-03T17:{number:02d}:00.000000+00:00"
    said: dict[str, object] = {"action": "coaching.book", "at": at, "details": {"k": number}, "kept_as": "booking"}
    if number == ERASER:
        said |= {"action": "vault.erase_payloads", "details": {"sequences": list(GONE)}}
    return Body(nonce=secrets.token_bytes(32), text=json.dumps(said), kept_as="booking", at=at)


def chained(bodies: list[Body]) -> Chain:
    entries, before = [], START
    for sequence, one in enumerate(bodies, 1):
        of = digest(one.nonce, one.text)
        before = link(before, sequence, of)
        entries.append(Entry(sequence, of, before, one))
    return entries


def rechained(entries: Chain) -> Chain:
    """What someone with all rights would do: number and chain everything anew."""
    done, before = [], START
    for sequence, entry in enumerate(entries, 1):
        before = link(before, sequence, entry.digest)
        done.append(Entry(sequence, entry.digest, before, entry.body))
    return done


@pytest.fixture(scope="module")
def whole() -> Chain:
    entries = chained([body(number) for number in range(1, LENGTH + 1)])
    return [replace(entry, body=None) if entry.sequence in GONE else entry for entry in entries]


def flipped(octets: bytes, dice: random.Random) -> bytes:
    place, bit = dice.randrange(len(octets)), 1 << dice.randrange(8)
    return octets[:place] + bytes([octets[place] ^ bit]) + octets[place + 1 :]


def edited(entries: Chain, at: int, entry: Entry) -> Chain:
    return [*entries[:at], entry, *entries[at + 1 :]]


def with_body(entries: Chain, dice: random.Random) -> tuple[int, Entry, Body]:
    while True:
        at = dice.randrange(LENGTH)
        found = entries[at].body
        if found:
            return at, entries[at], found


def edit_text(entries: Chain, dice: random.Random) -> Chain:
    at, entry, one = with_body(entries, dice)
    place = dice.randrange(len(one.text))
    other = chr(33 + (ord(one.text[place]) - 32) % 90)
    return edited(entries, at, replace(entry, body=replace(one, text=one.text[:place] + other + one.text[place + 1 :])))


def edit_text_and_digest(entries: Chain, dice: random.Random) -> Chain:
    at, entry, one = with_body(entries, dice)
    text = one.text.replace("coaching", "lounge  ") if "coaching" in one.text else one.text + " "
    return edited(entries, at, replace(entry, digest=digest(one.nonce, text), body=replace(one, text=text)))


def edit_nonce(entries: Chain, dice: random.Random) -> Chain:
    at, entry, one = with_body(entries, dice)
    return edited(entries, at, replace(entry, body=replace(one, nonce=flipped(one.nonce, dice))))


def edit_class(entries: Chain, dice: random.Random) -> Chain:
    at, entry, one = with_body(entries, dice)
    return edited(entries, at, replace(entry, body=replace(one, kept_as="mail")))


def edit_time(entries: Chain, dice: random.Random) -> Chain:
    at, entry, one = with_body(entries, dice)
    return edited(entries, at, replace(entry, body=replace(one, at="2025" + one.at[4:])))


def edit_digest(entries: Chain, dice: random.Random) -> Chain:
    at = dice.randrange(LENGTH)
    return edited(entries, at, replace(entries[at], digest=flipped(entries[at].digest, dice)))


def edit_chain(entries: Chain, dice: random.Random) -> Chain:
    at = dice.randrange(LENGTH)
    return edited(entries, at, replace(entries[at], chain=flipped(entries[at].chain, dice)))


def edit_number(entries: Chain, dice: random.Random) -> Chain:
    at = dice.randrange(LENGTH)
    return edited(entries, at, replace(entries[at], sequence=entries[at].sequence + dice.choice([-1, 1, 2, 100])))


def delete(entries: Chain, dice: random.Random) -> Chain:
    at = dice.randrange(LENGTH)
    return entries[:at] + entries[at + 1 :]


def delete_and_rechain(entries: Chain, dice: random.Random) -> Chain:
    return rechained(delete(entries, dice))


def delete_body(entries: Chain, dice: random.Random) -> Chain:
    at, entry, _one = with_body(entries, dice)
    return edited(entries, at, replace(entry, body=None))


def swap(entries: Chain, dice: random.Random) -> Chain:
    one, other = dice.sample(range(LENGTH), 2)
    done = list(entries)
    done[one], done[other] = entries[other], entries[one]
    return done


def swap_numbers(entries: Chain, dice: random.Random) -> Chain:
    return [replace(entry, sequence=number) for number, entry in enumerate(swap(entries, dice), 1)]


def swap_and_rechain(entries: Chain, dice: random.Random) -> Chain:
    return rechained(swap(entries, dice))


def double(entries: Chain, dice: random.Random) -> Chain:
    at = dice.randrange(LENGTH)
    return [*entries[: at + 1], entries[at], *entries[at + 1 :]]


def insert(entries: Chain, dice: random.Random) -> Chain:
    """An invented event that follows correctly from the one before it."""
    at, one = dice.randrange(LENGTH), body(1)
    before = entries[at - 1].chain if at else START
    of = digest(one.nonce, one.text)
    return [*entries[:at], Entry(at + 1, of, link(before, at + 1, of), one), *entries[at:]]


def insert_and_rechain(entries: Chain, dice: random.Random) -> Chain:
    return rechained(insert(entries, dice))


def edit_and_rechain(entries: Chain, dice: random.Random) -> Chain:
    return rechained(edit_text_and_digest(entries, dice))


def truncate(entries: Chain, dice: random.Random) -> Chain:
    return entries[: dice.randrange(LENGTH)]


def truncate_and_go_on(entries: Chain, dice: random.Random) -> Chain:
    kept = truncate(entries, dice)
    new = [body(number) for number in range(1, 4)]
    return rechained([*kept, *(Entry(0, digest(one.nonce, one.text), START, one) for one in new)])


ATTACKS: list[Callable[[Chain, random.Random], Chain]] = [
    edit_text,
    edit_text_and_digest,
    edit_nonce,
    edit_class,
    edit_time,
    edit_digest,
    edit_chain,
    edit_number,
    delete,
    delete_and_rechain,
    delete_body,
    swap,
    swap_numbers,
    swap_and_rechain,
    double,
    insert,
    insert_and_rechain,
    edit_and_rechain,
    truncate,
    truncate_and_go_on,
]


def test_a_whole_chain_with_erased_events_verifies(whole: Chain) -> None:
    head = whole[-1].chain
    assert verify(whole, head=head) == Verdict(entries=LENGTH, erased=2, head=head, broken=None)


def test_ten_thousand_tamperings_are_all_found(whole: Chain) -> None:
    dice = random.Random(20260303)
    missed = []
    for turn in range(10_000):
        attack = ATTACKS[turn % len(ATTACKS)]
        if verify(attack(whole, dice), head=whole[-1].chain).broken is None:
            missed.append((turn, attack.__name__))
    assert missed == []


def test_without_a_noted_head_a_cut_end_cannot_be_seen(whole: Chain) -> None:
    assert verify(whole[:22]).broken is None
    assert verify(whole[:22], head=whole[-1].chain).broken == Break(
        23, "the noted head is not in the chain: entries were cut off or rewritten"
    )


def test_the_noted_head_may_be_an_older_one(whole: Chain) -> None:
    assert verify(whole, head=whole[4].chain).broken is None
    assert verify(whole, head=START).broken is None
    assert verify([], head=None) == Verdict(entries=0, erased=0, head=START, broken=None)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            lambda chain: chain[:4] + chain[5:],
            Break(5, "the number 6 stands here: entries are missing, doubled or out of order"),
        ),
        (
            lambda chain: edited(chain, 4, replace(chain[4], digest=START)),
            Break(5, "it does not follow from the entry before it"),
        ),
        (
            lambda chain: edited(chain, 4, replace(chain[4], body=replace(chain[4].body, text="{}"))),
            Break(5, "its body was changed"),
        ),
        (
            lambda chain: edited(chain, 4, replace(chain[4], body=replace(chain[4].body, kept_as="mail"))),
            Break(5, "its class or time differs from what its body says"),
        ),
        (
            lambda chain: edited(chain, 4, replace(chain[4], body=None)),
            Break(5, "its body was removed, and no later event says that it was erased"),
        ),
    ],
)
def test_the_first_broken_entry_is_named(whole: Chain, change: Callable[[Chain], Chain], expected: Break) -> None:
    assert verify(change(whole)).broken == expected


def test_a_body_beside_the_chain_is_found(whole: Chain) -> None:
    assert verify(whole, loose=1).broken == Break(0, "a body stands beside the chain without an entry")


@pytest.mark.parametrize("text", ["not json", "[]", '{"action":"vault.erase_payloads"}'])
def test_a_sealed_body_that_is_no_event_of_ours_is_found(text: str) -> None:
    strange = chained([Body(nonce=b"n", text=text, kept_as="booking", at="2026")])
    assert verify(strange).broken == Break(1, "its class or time differs from what its body says")


@pytest.mark.parametrize("details", [{}, {"sequences": "1"}, {"sequences": 1}])
def test_an_eraser_that_lists_nothing_explains_nothing(details: dict[str, object]) -> None:
    said = {"action": "vault.erase_payloads", "details": details, "kept_as": "audit_seal", "at": "2026"}
    eraser = Body(nonce=b"n", text=json.dumps(said), kept_as="audit_seal", at="2026")
    entries = chained([body(1), eraser])
    broken = verify(edited(entries, 0, replace(entries[0], body=None))).broken
    assert broken == Break(1, "its body was removed, and no later event says that it was erased")
