"""The steps in which a protocol is written, as data: which table each one shows, and by which form."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from confrere.trial.editing import forms
from confrere.trial.editing.draw import DrawForm
from confrere.trial.editing.fields import get, put


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step. ``at`` is the place of a list of tables, each edited alone; empty where one form shows it all.

    ``tables`` are the tables of the file that the step writes: their presence is the step's beginning.
    """

    slug: str
    title: str | Promise
    why: str | Promise
    form: type[forms.TableForm]
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


STEPS: tuple[Step, ...] = (
    Step(
        slug="trial",
        title=_("The trial"),
        why=_("What it is called, where it comes from, where it is registered."),
        form=forms.TrialForm,
        tables=("trial",),
    ),
    Step(
        slug="arms",
        title=_("Arms"),
        why=_("Who is coached now, who later. Exactly one arm is the control."),
        form=forms.ArmForm,
        tables=("arms",),
        at="arms",
    ),
    Step(
        slug="questions",
        title=_("Own questions"),
        why=_("What you ask beside the instruments, in your own words."),
        form=forms.QuestionForm,
        tables=("questions",),
        at="questions",
    ),
    Step(
        slug="waves",
        title=_("Waves"),
        why=_("When people are asked, and what. The first wave is the baseline, before the draw."),
        form=forms.WaveForm,
        tables=("waves",),
        at="waves",
    ),
    Step(
        slug="draw",
        title=_("The draw"),
        why=_("How chance decides, and within which strata it keeps the arms in balance."),
        form=DrawForm,
        tables=("allocation", "strata"),
    ),
    Step(
        slug="places",
        title=_("Sessions and places"),
        why=_("What one participant gets, and how many your coaches can carry."),
        form=forms.PlacesForm,
        tables=("sessions", "recruitment"),
    ),
    Step(
        slug="consent",
        title=_("Consent"),
        why=_("Which text is agreed to."),
        form=forms.ConsentForm,
        tables=("consent",),
    ),
    Step(
        slug="outcomes",
        title=_("Outcomes"),
        why=_("What the trial is about. An outcome is asked at the baseline and at a later wave."),
        form=forms.OutcomeForm,
        tables=("outcomes",),
        at="outcomes",
    ),
    Step(
        slug="analysis",
        title=_("Analysis"),
        why=_("How the outcomes are compared, said before anyone is asked."),
        form=forms.AnalysisForm,
        tables=("analysis",),
    ),
    Step(
        slug="sets",
        title=_("Analysis sets"),
        why=_("Whose answers are analysed. The first set is the main one."),
        form=forms.SetForm,
        tables=(),
        at="analysis__sets",
    ),
    Step(
        slug="support",
        title=_("Distress and thanks"),
        why=_("What happens when somebody is in distress, and what completing a survey earns."),
        form=forms.SupportForm,
        tables=("support", "distress"),
    ),
    Step(
        slug="board",
        title=_("Review board and certificate"),
        why=_("Number, approval and its end, relying sites; a Certificate of Confidentiality if there is one."),
        form=forms.BoardForm,
        tables=("irb", "certificate"),
    ),
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
