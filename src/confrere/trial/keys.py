"""The key of a trial's draws: random and outside the database, or labelled test entropy among simulated people."""

import hashlib
import re

from confrere.trial.models import Trial
from confrere.vault import keys


def name_of(slug: str) -> str:
    """The name of a programme's key in the store."""
    return "allocation-" + re.sub(r"[^a-z0-9]+", "-", slug.lower()).strip("-")


def from_label(label: str) -> bytes:
    """The 32 bytes that a label of test entropy stands for: anyone can make them again, which is the point."""
    return hashlib.sha256(f"confrere test entropy|{label}".encode()).digest()


def of_trial(trial: Trial) -> bytes:
    """The key behind the trial's commitment."""
    if trial.test_entropy:
        return from_label(trial.test_entropy)
    return keys.store().read(name_of(trial.programme.slug))


def of_lottery(trial: Trial) -> bytes:
    """The key behind the commitment of the trial's lottery; no secret where the trial's own is none."""
    if trial.test_entropy:
        return from_label(f"lottery of {trial.test_entropy}")
    return keys.store().read(lottery_name(trial.programme.slug))


def lottery_name(slug: str) -> str:
    """The name of a lottery's key in the store, beside that of the draws."""
    return f"{name_of(slug)}-lottery"
