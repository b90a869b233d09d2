"""What a form takes, so that whoever is let through gets as far as the verb behind it."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from tests.house.permissions.town import Town

from confrere.coaching.models import Hours
from confrere.trial.models import Place

#: Words that every form may find among what was sent, by their names.
WORDS = {
    "text": "The words of somebody who tries this page out.",
    "title": "What would you do?",
    "name": "A. Name",
    "source": "A journal, 2024",
    "basis": "experience",
    "specialty": "cardiology",
    "words": "For a reason",
    "reason": "other",
    "appeal": "I ask you to look again.",
    "minutes": "60",
    "choices": "stop\ngo on",
    "choice": "1",
    "stance": "follow",
    "bookmark": "on",
    "decision": "keep",
    "attested": "on",
    "agreed": "on",
    "known": "on",
    "version": "1",
    "sha256": "0" * 64,
    "email": "somebody@example.org",
    "mailbox": "somebody@example.org",
    "address": "A street, a town",
    "role": "coach",
    "key": str(UUID(int=7)),
    "fold": "0",
    "weeks": "1",
    "starts": "08:00",
    "ends": "09:00",
    "zone": "UTC",
    "sessions": "2",
    "first": "60",
    "capacity": "3",
    "languages": "English",
    "biography": "A coach",
    "phone": "1",
    "days": "7",
    "scopes": "read",
    "kind": "other",
    "wave": "baseline",
    "question": "qol_vas",
    "value": "50",
    "irb_reference": "1",
    "cause": "unsafe",
    "subject": "A subject",
    "body": "A letter",
    "purpose": "A purpose",
    "said": "held",
    "after": "0",
    "state": "",
    "hourly": "100",
    "stipend": "100",
    "currency": "USD",
    "stock": "9",
    "count": "1",
    "step": "pause",
    "seen": "1",
    "act": "undo",
}
#: Where a name means something else.
ELSEWHERE = {
    "/flag/": {"reason": "unkind"},
    "/coaching/hours/away/": {"starts": "", "ends": ""},
    "/lounge/removal/": {"decision": "agree"},
    "/door/queue/": {"decision": "yes", "which": "person", "badge": "yes", "face": "yes"},
}


def body(pattern: str, town: Town) -> dict[str, str]:
    """One form for all; who it concerns are the planted people."""
    now = timezone.now()
    day = (now + timedelta(days=20)).date().isoformat()
    start = Hours.objects.get().during.lower + timedelta(hours=2)
    places = Place.objects.filter(trial__programme=town.planted.study.programme)
    of_town = {
        "person": str(town.planted.people["participant"]),
        "study_id": places.values_list("study_id", flat=True)[0],
        "parcel": town.planted.samples["parcel"][0],
        "start": start.isoformat(),
        "on": day,
        "first": "60",
        "until": day,
        "since": now.date().isoformat(),
        "happened_on": now.date().isoformat(),
        "ends_on": day,
    }
    found = next((given for at, given in ELSEWHERE.items() if at in pattern), {})
    return WORDS | of_town | found
