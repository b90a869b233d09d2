"""Several secondary outcomes at once: P values adjusted after Holm or Hochberg."""

from dataclasses import replace

import numpy as np

from confrere.analysis.results import OutcomeResult


def adjust(outcomes: tuple[OutcomeResult, ...]) -> tuple[OutcomeResult, ...]:
    """Adjust the contrasts of secondary outcomes; each arm and wave is a family of its own.

    Outcomes whose plan says ``multiplicity = "none"`` stay outside.
    """
    families: dict[tuple[str, str, str], dict[tuple[int, int], float]] = {}
    for i, one in enumerate(outcomes):
        method = one.outcome.model.multiplicity
        if one.outcome.role == "secondary" and method != "none":
            for j, contrast in enumerate(one.contrasts):
                if contrast.value is not None:
                    family = families.setdefault((method, contrast.arm, contrast.wave), {})
                    family[i, j] = contrast.value.p
    found: dict[tuple[int, int], float] = {}
    for (rule, _, _), family in families.items():
        values = list(family.values())
        adjusted = holm(values) if rule == "holm" else hochberg(values)
        found |= dict(zip(family, adjusted, strict=True))
    return tuple(
        replace(
            one,
            contrasts=tuple(
                replace(contrast, p_adjusted=found.get((i, j))) for j, contrast in enumerate(one.contrasts)
            ),
        )
        for i, one in enumerate(outcomes)
    )


def holm(values: list[float]) -> list[float]:
    """Holm's step-down adjusted P values (Scand J Stat 1979;6:65-70)."""
    return _stepwise(values, up=False)


def hochberg(values: list[float]) -> list[float]:
    """Hochberg's step-up adjusted P values (Biometrika 1988;75:800-802)."""
    return _stepwise(values, up=True)


def _stepwise(values: list[float], *, up: bool) -> list[float]:
    order = np.argsort(values, kind="stable")
    scaled = np.array(values)[order] * np.arange(len(values), 0, -1)
    steps = np.minimum.accumulate(scaled[::-1])[::-1] if up else np.maximum.accumulate(scaled)
    adjusted = np.empty(len(values))
    adjusted[order] = np.minimum(steps, 1.0)
    return [float(value) for value in adjusted]
