"""Under which words rows may be taken away."""

from datetime import datetime
from hashlib import sha256

from django.db import transaction

from confrere.evidence import queries, rules
from confrere.evidence.actions.noting import note
from confrere.evidence.models import DataAgreement
from confrere.people.queries import Standing
from confrere.trial.actions.locking import locked
from confrere.vault import classification as kept


@transaction.atomic
def set_agreement(*, standing: Standing, text: str, now: datetime) -> DataAgreement:
    """The programme's data use agreement from now on; the same text again is the same version.

    Raises `Refusal` where the text is too short to say anything.
    """
    text = "\n".join(line.rstrip() for line in text.strip().splitlines()) + "\n"
    rules.check_agreement_text(text=text)
    locked(standing.programme)
    last = queries.agreement(programme=standing.programme)
    if last is not None and last.text == text:
        return last
    made = DataAgreement.objects.create(
        programme_id=standing.programme,
        site_id=standing.site,
        version=1 if last is None else last.version + 1,
        text=text,
        sha256=sha256(text.encode()).hexdigest(),
        written_at=now,
    )
    note("evidence.agreement_written", standing, f"version {made.version}", now, kept_as=kept.HANDED_OUT)
    return made
