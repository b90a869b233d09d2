"""The key of an intake's lottery: random and outside the database, beside the keys of allocations."""

from confrere.service.models import Service
from confrere.vault import keys
from confrere.vault.refusals import Refusal


def name_of(service: Service, number: int) -> str:
    """The name of the key in the store."""
    return f"allocation-service-{service.programme_id}-{number}"


def make(service: Service, number: int) -> bytes:
    """A new key. Refuses where one of this name is there already."""
    try:
        return keys.store().create(name_of(service, number))
    except keys.KeyTrouble as trouble:
        raise Refusal(str(trouble)) from trouble


def read(service: Service, number: int) -> bytes:
    """The key behind the commitment of an intake."""
    return keys.store().read(name_of(service, number))
