"""What time does to data, and what two people may do together."""

from confrere.vault.actions.ending import disclose, erase_payloads, expire
from confrere.vault.actions.holding import ask_hold, ask_lift, confirm_hold, lift_hold
from confrere.vault.actions.locking import ask_unlock, lock_data, unlock_data

__all__ = [
    "ask_hold",
    "ask_lift",
    "ask_unlock",
    "confirm_hold",
    "disclose",
    "erase_payloads",
    "expire",
    "lift_hold",
    "lock_data",
    "unlock_data",
]
