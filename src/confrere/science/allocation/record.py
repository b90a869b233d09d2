"""The published record of an allocation, and the check that anyone can run on it.

Each entry is chained to the one before it and the first to the head of the record, so that any change breaks
a link at a known place; with the key revealed, every draw is made again.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from confrere.science.allocation.batch import Enrolled, draw_batch, roster_root
from confrere.science.allocation.keys import AllocationError, commit, read_hex
from confrere.science.allocation.minimisation import MEASURES, Margins, Minimisation
from confrere.science.allocation.schemes import (
    Arm,
    BigStick,
    PermutedBlocks,
    Scheme,
    Simple,
    check_arms,
    next_arm,
)

FORMAT = "confrere-allocation-record"
VERSION = 1
_HEADER = ("format", "version", "mode", "protocol_sha256", "scheme", "arms", "commitment", "simulated")
_BATCH = ("second_contribution", "roster_root")
_ENTRY = ("counter", "stratum", "leaf", "arm", "link")


@dataclass(frozen=True, slots=True)
class Entry:
    """One allocation: ``counter`` counts from 0 within the stratum."""

    counter: int
    stratum: str
    leaf: str
    arm: str


@dataclass(frozen=True, slots=True)
class Batch:
    """What a draw after closing publishes besides: both in hexadecimal."""

    second_contribution: str
    roster_root: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationRecord:
    """All allocations of a trial in the order in which they were made; ``batch`` is None when rolling.

    ``simulated`` marks draws from labelled test entropy.
    """

    protocol_sha256: str
    scheme: Scheme
    arms: tuple[Arm, ...]
    commitment: str
    entries: tuple[Entry, ...]
    batch: Batch | None = None
    simulated: bool = False

    def published(self, *, key: bytes | None = None) -> dict[str, Any]:
        """The record as JSON data; with ``key`` it is revealed. The key must fit the commitment."""
        if key is not None and commit(key) != self.commitment:
            raise AllocationError("This key is not the one that was committed to.")
        head = self._head()
        links = _chain(head, [_plain(entry) for entry in self.entries])
        entries = [_plain(entry) | {"link": link} for entry, link in zip(self.entries, links[1:], strict=True)]
        revealed = None if key is None else key.hex()
        return head | {"key": revealed, "entries": entries, "last_link": links[-1]}

    def _head(self) -> dict[str, Any]:
        head: dict[str, Any] = {
            "format": FORMAT,
            "version": VERSION,
            "mode": "rolling" if self.batch is None else "batch",
            "protocol_sha256": self.protocol_sha256,
            "scheme": scheme_data(self.scheme),
            "arms": [{"name": arm.name, "ratio": arm.ratio} for arm in self.arms],
            "commitment": self.commitment,
            "simulated": self.simulated,
        }
        if self.batch is not None:
            head |= {
                "second_contribution": self.batch.second_contribution,
                "roster_root": self.batch.roster_root,
            }
        return head


@dataclass(frozen=True, slots=True)
class Verification:
    """The outcome of a check: ``first_failure`` counts entries from 1, or is None outside the entries."""

    verified: bool
    entries: int
    first_failure: int | None = None
    reason: str | None = None


def scheme_data(scheme: Scheme) -> dict[str, Any]:
    """A scheme as JSON data."""
    if isinstance(scheme, BigStick):
        return {"name": "big-stick", "mti": scheme.mti}
    if isinstance(scheme, PermutedBlocks):
        return {"name": "permuted-blocks", "sizes": list(scheme.sizes)}
    if isinstance(scheme, Minimisation):
        return {"name": "minimisation", "percent": scheme.percent, "measure": scheme.measure}
    return {"name": "simple"}


def read_scheme(data: Any) -> Scheme:
    """A scheme from JSON data; raises :class:`AllocationError`."""
    match data:
        case {"name": "big-stick", "mti": int(mti), **rest} if not rest:
            return BigStick(mti)
        case {"name": "permuted-blocks", "sizes": list(sizes), **rest} if not rest and _whole(sizes):
            return PermutedBlocks(tuple(sizes))
        case {"name": "minimisation", "percent": percent, "measure": measure, **rest} if (
            not rest and _whole([percent]) and measure in MEASURES
        ):
            return Minimisation(percent, measure)
        case {"name": "simple", **rest} if not rest:
            return Simple()
    raise AllocationError(
        "The scheme is none of big-stick (mti), permuted-blocks (sizes), minimisation (percent, measure) and simple."
    )


def read_record(data: Any) -> AllocationRecord:
    """The record behind JSON data, its form checked and nothing else; raises :class:`AllocationError`."""
    version = data.get("version") if isinstance(data, dict) and data.get("format") == FORMAT else None
    if type(version) is not int or version != VERSION:
        raise AllocationError(f"This is not an allocation record of version {VERSION}.")
    extra = _BATCH if data.get("mode") == "batch" else ()
    _exactly(data, (*_HEADER, *extra, "key", "entries", "last_link"), "record")
    if data["mode"] not in ("rolling", "batch") or not isinstance(data["simulated"], bool):
        raise AllocationError("The mode is rolling or batch, and simulated is true or false.")
    for name in ("protocol_sha256", "commitment", "last_link", *extra[1:]):
        read_hex(data[name], name)
    scheme, arms = read_scheme(data["scheme"]), _read_arms(data["arms"])
    check_arms(scheme, arms)
    if extra and isinstance(scheme, Minimisation):
        raise AllocationError("Minimisation draws one participant after the other; a batch record cannot name it.")
    if not isinstance(data["entries"], list):
        raise AllocationError("The entries are a list.")
    return AllocationRecord(
        protocol_sha256=data["protocol_sha256"],
        scheme=scheme,
        arms=arms,
        commitment=data["commitment"],
        entries=tuple(_read_entry(entry, number) for number, entry in enumerate(data["entries"], 1)),
        batch=Batch(str(data["second_contribution"]), data["roster_root"]) if extra else None,
        simulated=data["simulated"],
    )


def verify_record(data: Any) -> Verification:
    """Check form, chain, commitment and every draw; the first entry that fails is named.

    A record whose key is not revealed yet is never "verified": its draws cannot be made again.
    """
    try:
        record = read_record(data)
        key = None if data["key"] is None else read_hex(data["key"], "key")
        broken = _broken_link(data, record)
        if broken is None and key is not None and commit(key) != record.commitment:
            raise AllocationError("The key does not fit the commitment.")
        if broken is None and key is not None:
            broken = _wrong_draw(record, key)
    except AllocationError as error:
        return Verification(False, 0, None, str(error))
    if broken is not None:
        return Verification(False, len(record.entries), *broken)
    if key is None:
        reason = "The key is not revealed yet: the chain holds, but the draws cannot be checked."
        return Verification(False, len(record.entries), None, reason)
    return Verification(True, len(record.entries))


def _plain(entry: Entry) -> dict[str, Any]:
    return {"counter": entry.counter, "stratum": entry.stratum, "leaf": entry.leaf, "arm": entry.arm}


def _chain(head: Mapping[str, Any], entries: Sequence[Mapping[str, Any]]) -> list[str]:
    """The hash of the head, then of each entry with the link before it."""
    links = [_digest(head)]
    for entry in entries:
        links.append(_digest({"before": links[-1], "entry": entry}))
    return links


def _digest(data: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _exactly(data: Mapping[str, Any], keys: Sequence[str], what: str) -> None:
    for key in keys:
        if key not in data:
            raise AllocationError(f"The {what} lacks {key}.")
    for key in data:
        if key not in keys:
            raise AllocationError(f"The {what} has an unknown key {key}.")


def _whole(values: Sequence[Any]) -> bool:
    return all(type(value) is int for value in values)


def _read_arms(data: Any) -> tuple[Arm, ...]:
    arms = data if isinstance(data, list) else []
    for arm in arms:
        if not isinstance(arm, dict) or type(arm.get("ratio")) is not int or not isinstance(arm.get("name"), str):
            raise AllocationError("An arm has a name and a whole ratio.")
        _exactly(arm, ("name", "ratio"), "arm")
    return tuple(Arm(arm["name"], arm["ratio"]) for arm in arms)


def _read_entry(data: Any, number: int) -> Entry:
    if not isinstance(data, dict):
        raise AllocationError(f"Entry {number} is not an object.")
    _exactly(data, _ENTRY, f"entry {number}")
    if type(data["counter"]) is not int or not all(isinstance(data[key], str) for key in _ENTRY[1:]):
        raise AllocationError(f"Entry {number} needs a whole counter and texts.")
    read_hex(data["leaf"], f"leaf of entry {number}")
    return Entry(data["counter"], data["stratum"], data["leaf"], data["arm"])


type _Broken = tuple[int | None, str]


def _broken_link(data: Mapping[str, Any], record: AllocationRecord) -> _Broken | None:
    fresh = record.published()
    for number, (given, made) in enumerate(zip(data["entries"], fresh["entries"], strict=True), 1):
        if given["link"] != made["link"]:
            return number, "The link does not fit: this entry, or the head of the record, was changed."
    if data["last_link"] != fresh["last_link"]:
        return None, "The last link does not fit: the head was changed, or entries are missing."
    return None


def _wrong_draw(record: AllocationRecord, key: bytes) -> _Broken | None:
    seen: set[str] = set()
    histories: defaultdict[str, list[str]] = defaultdict(list)
    margins = Margins()
    drawn = None if record.batch is None else _drawn_batch(record, record.batch, key)
    for number, entry in enumerate(record.entries, 1):
        history = histories[entry.stratum]
        if entry.counter != len(history):
            return number, f"The counter is {entry.counter}; the next in this stratum is {len(history)}."
        if entry.leaf in seen:
            return number, "This participant was allocated before."
        arm = _next(record, key, entry.stratum, history, margins) if drawn is None else drawn[entry.leaf]
        if arm != entry.arm:
            return number, f"The draw gives {arm}; the record says {entry.arm}."
        seen.add(entry.leaf)
        history.append(entry.arm)
        margins.add(entry.stratum, entry.arm)
    return None


def _next(record: AllocationRecord, key: bytes, stratum: str, history: Sequence[str], margins: Margins) -> str:
    return next_arm(
        record.scheme,
        key=key,
        protocol_sha256=record.protocol_sha256,
        stratum=stratum,
        history=history,
        arms=record.arms,
        margins=margins,
    )


def _drawn_batch(record: AllocationRecord, batch: Batch, key: bytes) -> Mapping[str, str]:
    roster = [Enrolled(entry.leaf, entry.stratum) for entry in record.entries]
    if roster_root(roster) != batch.roster_root:
        raise AllocationError("The roster's root does not fit the participants of the record.")
    try:
        second = bytes.fromhex(batch.second_contribution)
    except ValueError:
        raise AllocationError("The second contribution is not hexadecimal.") from None
    return draw_batch(key=key, second=second, protocol_sha256=record.protocol_sha256, roster=roster, arms=record.arms)
