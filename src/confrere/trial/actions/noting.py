"""What several verbs of a trial do alike: an event about the whole trial, and a key that must not exist yet."""

from datetime import datetime

from confrere.trial.models import Trial
from confrere.vault import audit
from confrere.vault import classification as kept
from confrere.vault import keys as vault_keys
from confrere.vault.audit import Actor
from confrere.vault.refusals import Refusal

#: What tells of a list of addresses goes with the list; everything else stays as long as the programme.
OF_A_LIST = frozenset({"trial.import_list", "trial.opt_out"})


def note(action: str, trial: Trial, actor: Actor, now: datetime, **details: str | int) -> None:
    """Record an event about a trial, in the transaction of what it tells of."""
    audit.record(
        action=action,
        actor=actor,
        about=f"trial:{trial.pk}",
        programme=trial.programme_id,
        kept_as=kept.RECRUITMENT if action in OF_A_LIST else kept.PROGRAMME,
        now=now,
        details=details,
    )


def new_key(name: str) -> bytes:
    """Make a key of this name; refuse, in the key store's words, where one is there already or cannot be written."""
    try:
        return vault_keys.store().create(name)
    except vault_keys.KeyTrouble as trouble:
        raise Refusal(str(trouble)) from trouble
