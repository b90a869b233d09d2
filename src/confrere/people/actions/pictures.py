"""How pictures of badge and face end: rows and key together."""

from confrere.people.models import Claim, Picture
from confrere.vault import keys


def destroy(claim: Claim) -> int:
    """Erase a claim's pictures and the key that opened them; how many there were."""
    gone, _details = Picture.objects.filter(claim=claim).delete()
    if keys.store().exists(key_of(claim)):
        keys.store().destroy(key_of(claim))
    return gone


def key_of(claim: Claim) -> str:
    """The name of the key of this claim's pictures."""
    return f"badge-{claim.pk}"
