"""What was checked about a person before they may speak as a physician."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from confrere.people import checks
from confrere.people.models import Credential
from confrere.people.signals import credential_verified
from confrere.vault import audit
from confrere.vault import classification as kept
from confrere.vault.audit import Actor
from confrere.vault.refusals import Refusal


@transaction.atomic
def verify(
    *,
    person: int,
    specialty: str,
    evidence: str,
    until: datetime,
    now: datetime,
    actor: Actor,
    claim: int | None = None,
) -> None:
    """Note that a person's specialty has been checked, by what evidence, and until when that counts.

    evidence: how the person was bound to the claim, such as "roster mailbox" or "two vouchers: person:4, person:9".
    claim: what it rests on; None where somebody answers for it by hand, as a simulated programme does.
    """
    specialty, evidence = checks.clean_specialty(specialty), checks.clean_line(evidence)
    if until <= now:
        raise Refusal(_("A verification must end in the future."), status=400)
    row = Credential.objects.create(
        user_id=person,
        specialty=specialty,
        evidence=evidence,
        verified_by=actor.name,
        verified_at=now,
        until=until,
        claim_id=claim,
    )
    audit.record(
        action="people.verify",
        actor=actor,
        about=f"person:{person}",
        programme=None,
        kept_as=kept.CREDENTIAL,
        now=now,
        details={"credential": row.pk, "specialty": specialty},
    )
    credential_verified.send(sender=Credential, person=person, specialty=specialty, until=until, now=now)
