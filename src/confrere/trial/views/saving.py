"""Saving what a director wrote: a draft before the lock, an amendment with its reason after it."""

from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils import timezone

from confrere.people.queries import Standing
from confrere.trial import actions, queries
from confrere.trial.protocol import Line, lines
from confrere.vault.audit import Actor
from confrere.vault.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of it. ``theirs``: what somebody else changed meanwhile, ``newest`` their version."""

    refused: Refusal | None = None
    theirs: list[Line] = field(default_factory=list)
    newest: int | None = None

    @property
    def status(self) -> int:
        """The answer's status."""
        return 200 if self.refused is None else self.refused.status

    def after(self, number: int) -> int:
        """The version that the next attempt knows: the one that was just shown beside what was typed."""
        return number if self.newest is None else self.newest


def save(standing: Standing, text: str, *, after: int, posted: QueryDict) -> Saved:
    """Save a draft, or an amendment once the protocol is locked. A refusal is handed back: what was typed stays."""
    who: dict[str, Any] = {"by": standing.name, "actor": Actor.person(standing.person), "now": timezone.now()}
    try:
        if queries.can_start(standing.programme):
            actions.save_draft(programme=standing.programme, site=standing.site, text=text, after=after, **who)
        else:
            who |= {"why": posted.get("why", ""), "reference": posted.get("reference", "")}
            actions.amend(programme=standing.programme, text=text, after=after, **who)
    except Refusal as refused:
        return _refused(standing, refused, after)
    return Saved()


def _refused(standing: Standing, refused: Refusal, after: int) -> Saved:
    newest = queries.newest_version(standing.programme)
    if newest is None or newest.number == after:
        return Saved(refused)
    seen = queries.version(standing.programme, after).text if after else ""
    return Saved(refused, lines(seen, newest.text), newest.number)
