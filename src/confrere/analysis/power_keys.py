"""Numbers of a [design]: one for all, one per arm, one per wave."""

from collections.abc import Callable

from confrere.analysis.plan import Plan
from confrere.analysis.reader import Reader


def by_arm[T](
    reader: Reader, key: str, plan: Plan, read: Callable[[Reader, str], T], *, absent: T | None = None
) -> list[T]:
    """One value for all arms, or a table of arms; ``absent`` stands for arms that the table leaves out."""
    if not reader.holds(key, dict):
        return [read(reader, key)] * len(plan.arms)
    inner = reader.table(key)
    found = []
    for arm in plan.arms:
        if absent is not None and not inner.has(arm):
            found.append(absent)
        else:
            found.append(read(inner, arm))
    inner.finish()
    return found


def per_wave(reader: Reader, key: str, count: int) -> tuple[float, ...]:
    """A number for all waves, or a list of one per wave."""
    if not reader.holds(key, list):
        value = reader.number(key)
        if value is None:
            raise reader.refuse("a number is needed.", key)
        return (value,) * count
    values = reader.numbers(key)
    if len(values) != count:
        raise reader.refuse(f"{count} numbers are expected, one for each wave.", key)
    return values


def number(reader: Reader, key: str, default: float) -> float:
    value = reader.number(key, default)
    return default if value is None else value


def whole(reader: Reader, key: str, default: int, low: int, high: int) -> int:
    value = reader.number(key, default)
    if value is None or value != int(value) or not low <= value <= high:
        raise reader.refuse(f"a whole number from {low} to {high} is expected.", key)
    return int(value)
