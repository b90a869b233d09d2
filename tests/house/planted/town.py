"""A town in which every word that somebody could read is a canary: a word that stands nowhere else.

Each is known with the field that holds it, whom it is about, and whom that person meets. Made by the rooms' own verbs
where they take words, and by rows where they do not.
"""

from dataclasses import dataclass, field
from datetime import datetime

from tests.study import Study

from confrere.people.queries import Standing, standing
from confrere.people.roles import Role
from confrere.vault.audit import Actor

DIRECTOR = Actor.system("test director")
#: Roles of the town, and what else each of its people is; the keys are the names by which viewers are called.
STAFF = tuple(role for role in Role if role not in {Role.PARTICIPANT, Role.COACH})


@dataclass(frozen=True)
class Canary:
    """A word: which field holds it, whom it is about (None: nobody), whom that person meets."""

    word: str
    field: str
    about: str | None
    meets: str | None


@dataclass
class Planted:
    """The town: its people by the names of viewers, its canaries, and what its addresses lead to."""

    study: Study
    people: dict[str, int] = field(default_factory=dict)
    canaries: list[Canary] = field(default_factory=list)
    samples: dict[str, list[str]] = field(default_factory=dict)

    def word(self, field: str, *, about: str | None = None, meets: str | None = None) -> str:
        """A new canary of letters and digits."""
        made = f"canary{len(self.canaries):03d}x"
        self.canaries.append(Canary(made, field, about, meets))
        return made

    def number(self, field: str, *, about: str | None = None) -> int:
        """A new canary of digits, longer than any number here."""
        made = 710_004_321 + 10_000 * len(self.canaries)  # far from what a page could reckon from another
        self.canaries.append(Canary(str(made), field, about, None))
        return made

    def standing(self, who: str, now: datetime) -> Standing:
        found = standing(person=self.people[who], programme=self.study.slug, now=now)
        assert found is not None
        return found
