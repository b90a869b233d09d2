"""The steps in which a protocol is written, as data: which table each one shows, and by which form."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from confrere.trial.editing.draw import DrawForm
from confrere.trial.editing.fields import get, put
from confrere.trial.editing.forms import ArmForm, ConsentForm, PlacesForm, QuestionForm, TrialForm, WaveForm
from confrere.trial.editing.plans import AnalysisForm, BoardForm, OutcomeForm, SetForm, SupportForm
from confrere.trial.editing.tables import TableForm


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step. ``at`` is the place of a list of tables, each edited alone; empty where one form shows it all.

    ``tables`` are the tables of the file that the step writes: their presence is the step's beginning.
    """

    slug: str
    title: str | Promise
    why: str | Promise
    form: type[TableForm]
    tables: tuple[str, ...]
    at: str = ""

    def items(self, data: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The tables of the list; empty where there is none."""
        found = get(data, self.at) if self.at else None
        return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []

    def begun(self, data: Mapping[str, Any]) -> bool:
        """Whether the step has written anything."""
        return bool(self.items(data)) if self.at else any(name in data for name in self.tables)

    def put_items(self, data: dict[str, Any], items: list[dict[str, Any]]) -> None:
        """Set the list."""
        put(data, self.at, items)


#: Short name → form, the tables of the file that it writes, the list of tables that it edits one by one.
_SHAPES: dict[str, tuple[type[TableForm], tuple[str, ...], str]] = {
    "trial": (TrialForm, ("trial",), ""),
    "arms": (ArmForm, ("arms",), "arms"),
    "questions": (QuestionForm, ("questions",), "questions"),
    "waves": (WaveForm, ("waves",), "waves"),
    "draw": (DrawForm, ("allocation", "strata"), ""),
    "places": (PlacesForm, ("sessions", "recruitment"), ""),
    "consent": (ConsentForm, ("consent",), ""),
    "outcomes": (OutcomeForm, ("outcomes",), "outcomes"),
    "analysis": (AnalysisForm, ("analysis",), ""),
    "sets": (SetForm, (), "analysis__sets"),
    "support": (SupportForm, ("support", "distress"), ""),
    "board": (BoardForm, ("irb", "certificate"), ""),
}
#: Short name → title, and what the step is for.
_WORDS: dict[str, tuple[str | Promise, str | Promise]] = {
    "trial": (_("The trial"), _("What it is called, where it comes from, where it is registered.")),
    "arms": (_("Arms"), _("Who is coached now, who later. Exactly one arm is the control.")),
    "questions": (_("Own questions"), _("What you ask beside the instruments, in your own words.")),
    "waves": (_("Waves"), _("When people are asked, and what. The first wave is the baseline, before the draw.")),
    "draw": (_("The draw"), _("How chance decides, and within which strata it keeps the arms in balance.")),
    "places": (_("Sessions and places"), _("What one participant gets, and how many your coaches can carry.")),
    "consent": (_("Consent"), _("Which text is agreed to.")),
    "outcomes": (_("Outcomes"), _("What the trial is about. An outcome is asked at the baseline and at a later wave.")),
    "analysis": (_("Analysis"), _("How the outcomes are compared, said before anyone is asked.")),
    "sets": (_("Analysis sets"), _("Whose answers are analysed. The first set is the main one.")),
    "support": (
        _("Distress and thanks"),
        _("What happens when somebody is in distress, and what completing a survey earns."),
    ),
    "board": (
        _("Review board and certificate"),
        _("Number, approval and its end, relying sites; a Certificate of Confidentiality if there is one."),
    ),
}
STEPS: tuple[Step, ...] = tuple(
    Step(slug=slug, title=_WORDS[slug][0], why=_WORDS[slug][1], form=form, tables=tables, at=at)
    for slug, (form, tables, at) in _SHAPES.items()
)


def step_of(slug: str) -> Step | None:
    """The step of that name."""
    return next((step for step in STEPS if step.slug == slug), None)


def read_data(text: str) -> dict[str, Any] | None:
    """The tables of a text; None where it is no TOML, and can only be mended as text."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        return None
