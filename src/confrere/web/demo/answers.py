"""What a simulated physician answers: items that give scores near Kiser's Tables 2 and 3.

The means, standard deviations and changes are the published ones (Kiser et al. 2024, Tables 2 and 3);
everything between them and an item is a simple model of our own: one general factor of strain, one factor
for each score, and noise. It shows how the software works; it is evidence of nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from confrere.science.instruments import Item, registry


@dataclass(frozen=True, slots=True)
class Course:
    """A score over time, in the score's own units."""

    mean: float
    sd: float
    change_coached: float
    change_control: float


#: By instrument and score: baseline of all randomized (Table 2), changes at three months (Table 3).
COURSES: Mapping[tuple[str, str], Course] = MappingProxyType(
    {
        ("pfi", "professional_fulfillment"): Course(5.7, 1.9, 0.59, 0.0),
        ("pfi", "work_exhaustion"): Course(4.3, 1.9, -0.51, 0.01),
        ("pfi", "interpersonal_disengagement"): Course(2.8, 1.8, -0.82, 0.12),
        ("mmbi", "emotional_exhaustion"): Course(3.3, 1.6, -0.12, -0.04),
        ("mmbi", "depersonalization"): Course(2.0, 1.7, -0.2, 0.1),
        ("uwes9", "work_engagement"): Course(4.0, 1.2, 0.25, -0.09),
        ("self_valuation", "self_valuation"): Course(6.9, 3.4, 1.4, 0.4),
        ("iwpr", "effect_of_work_on_relationships"): Course(3.9, 2.6, 0.13, -0.28),
        ("qol_vas", "quality_of_life"): Course(60.0, 19.7, 2.35, -0.21),
    }
)
#: Share of a score's variance that a person keeps from one wave to the next.
STABLE = 0.65
#: Noise of one item around the person's own level, as a share of the item's range.
ITEM_NOISE = 0.12


def answers(*, seed: int, items: Iterable[str], later: bool, coached: bool) -> dict[str, float]:
    """Codes for those `items` that belong to a scale of `COURSES`; the same ones for the same arguments.

    later: the three-month wave instead of the baseline. coached: had sessions in between.
    """
    wanted = set(items)
    rng = np.random.default_rng(seed)
    strain = rng.standard_normal()
    found: dict[str, float] = {}
    for (instrument, name), course in COURSES.items():
        scale = registry()[instrument]
        score = next(score for score in scale.scores if score.name == name)
        divisor = score.factor * (len(score.parts) if score.how == "sum" else 1)
        own, waves, noise = rng.standard_normal(), rng.standard_normal(2), rng.standard_normal((2, len(score.parts)))
        worse = 1.0 if score.better == "lower" else -1.0
        kept = worse * strain * np.sqrt(0.5) + own * np.sqrt(0.5)
        level = course.mean + course.sd * (kept * np.sqrt(STABLE) + waves[int(later)] * np.sqrt(1 - STABLE))
        if later:
            level += course.change_coached if coached else course.change_control
        by_id = {item.id: item for item in scale.items}
        for part, jitter in zip(score.parts, noise[int(later)], strict=True):
            if part in wanted:
                found[part] = _code(by_id[part], level / divisor, jitter)
    return found


def _code(item: Item, level: float, jitter: float) -> float:
    """The nearest code of the item to a level on its own scale, turned round where the item is reversed."""
    spread = item.high - item.low
    noisy = level + (jitter * ITEM_NOISE * spread if spread < 50 else 0.0)
    code = float(np.clip(np.rint(noisy), item.low, item.high))
    return item.low + item.high - code if item.reverse else code
