"""Reading a trial: its protocol and texts, places, draws, one list of events, sets and the flow."""

from confrere.trial.queries.draws import (
    draws_are_over,
    granted_since,
    grants_due,
    left,
    left_and_back,
    published_record,
    record,
    signed_without_place,
    untold,
    withdrawn,
)
from confrere.trial.queries.events import Allocated, Event, allocated, analysis_set, events, places, sessions_of
from confrere.trial.queries.flow import flow
from confrere.trial.queries.names import NAMED, persons_in
from confrere.trial.queries.today import today
from confrere.trial.queries.trials import (
    ahead_of,
    allocation_of,
    arms,
    by_link,
    consent_of,
    consent_text,
    of_programme,
    place_of,
    protocol,
    required,
)

__all__ = [
    "NAMED",
    "Allocated",
    "Event",
    "ahead_of",
    "allocated",
    "allocation_of",
    "analysis_set",
    "arms",
    "by_link",
    "consent_of",
    "consent_text",
    "draws_are_over",
    "events",
    "flow",
    "granted_since",
    "grants_due",
    "left",
    "left_and_back",
    "of_programme",
    "persons_in",
    "place_of",
    "places",
    "protocol",
    "published_record",
    "record",
    "required",
    "sessions_of",
    "signed_without_place",
    "today",
    "untold",
    "withdrawn",
]
