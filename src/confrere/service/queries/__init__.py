"""Reading a service: its intakes and terms, who stands where, what was delivered, what changed."""

from confrere.service.queries.cards import today
from confrere.service.queries.changes import Before, changes, pairs
from confrere.service.queries.counts import Delivery, Standings, delivery, standings
from confrere.service.queries.services import (
    agreement_of,
    ahead_of,
    by_link,
    current_intake,
    intakes,
    lottery_due,
    nothing_here,
    of_programme,
    place_of,
    receipt,
    record,
    reports,
    required,
    second_contribution,
    terms,
    year_report,
)

__all__ = [
    "Before",
    "Delivery",
    "Standings",
    "agreement_of",
    "ahead_of",
    "by_link",
    "changes",
    "current_intake",
    "delivery",
    "intakes",
    "lottery_due",
    "nothing_here",
    "of_programme",
    "pairs",
    "place_of",
    "receipt",
    "record",
    "reports",
    "required",
    "second_contribution",
    "standings",
    "terms",
    "today",
    "year_report",
]
