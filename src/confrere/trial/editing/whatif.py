"""What a director assumes, to see what a scheme and a number of people would do."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from confrere.science.allocation import BigStick, Minimisation, PermutedBlocks, Scheme, Simple
from confrere.science.mixed import ModelError
from confrere.science.power import Analysis, Design, Tested, Truth, simulate
from confrere.trial.editing.fields import NumbersField
from confrere.trial.protocol import Protocol

MOST_PEOPLE = 2000
"""Simulated people in one list: more take too long for a page."""
SIMULATIONS = 1000


class WhatIfForm(forms.Form):
    """How many people each stratum will hold, and what is true of the primary outcome."""

    sizes = NumbersField(label=gettext_lazy("People in each stratum"))
    effect = forms.FloatField(
        label=gettext_lazy("True difference between the arms, in standard deviations"), min_value=-5, max_value=5
    )
    correlation = forms.FloatField(
        label=gettext_lazy("Correlation of a person's two answers"), min_value=0, max_value=0.99
    )
    dropout = forms.FloatField(
        label=gettext_lazy("Share that is lost before the later wave"), min_value=0, max_value=0.9
    )

    def clean_sizes(self) -> list[int]:
        """Refuse nobody, and more than a page can simulate."""
        sizes: list[int] = self.cleaned_data["sizes"]
        if not 1 <= sum(sizes) <= MOST_PEOPLE:
            raise ValidationError(_("Between 1 and %(most)s people in all.") % {"most": MOST_PEOPLE})
        return sizes


def assumed(protocol: Protocol) -> dict[str, Any]:
    """What is assumed until the director says otherwise: strata of one size, and Kiser's sort of trial."""
    strata = len(protocol.stratum_labels())
    people = min(protocol.cap, MOST_PEOPLE)
    sizes = [people // strata + (number < people % strata) for number in range(strata)]
    return {"sizes": ", ".join(map(str, sizes)), "effect": 0.4, "correlation": 0.6, "dropout": 0.2}


def labels(protocol: Protocol, sizes: list[int]) -> tuple[str, ...] | None:
    """The strata that the sizes belong to, so that minimisation knows the factors; None for another number of them."""
    known = protocol.stratum_labels()
    return known if len(known) == len(sizes) else None


def alternatives(chosen: Scheme) -> list[Scheme]:
    """The chosen scheme, then the others that it is compared with."""
    others: list[Scheme] = [BigStick(3), BigStick(4), PermutedBlocks((4,)), PermutedBlocks(), Minimisation(), Simple()]
    return [chosen, *(one for one in others if one != chosen)]


def power(protocol: Protocol, *, people: int, effect: float, correlation: float, dropout: float) -> Tested | None:
    """How often such a trial tells the first other arm from the control; None where it cannot be analysed."""
    unit = sum(arm.ratio for arm in protocol.arms)
    order = sorted(protocol.arms, key=lambda arm: not arm.control)
    try:
        design = Design(
            arms=tuple(people * arm.ratio // unit for arm in order), waves=2, dropout=((dropout,),) * len(order)
        )
        truth = Truth(
            means=((0.0, 0.0), *((0.0, effect),) * (len(order) - 1)),
            covariance=((1.0, correlation), (correlation, 1.0)),
        )
        analysis = Analysis(baseline_as=protocol.analysis.baseline_as, alpha=1 - protocol.analysis.level)
        return simulate(design, truth, analysis, simulations=SIMULATIONS, seed=1).at(arm=1, wave=1)
    except ModelError:
        return None
