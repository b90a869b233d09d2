"""How far our numbers are from a reference's: each within its tolerance, and the largest error printed at the end."""

from collections.abc import Mapping


class Agreement:
    """The largest relative error of each quantity; references below ``floor`` are compared on its scale."""

    def __init__(self, title: str, tolerance: Mapping[str, float], *, floor: float) -> None:
        self.title, self.tolerance, self.floor = title, tolerance, floor
        self.largest: dict[str, float] = {}

    def hold(self, quantity: str, ours: float, theirs: float) -> None:
        """Fail where the two are further apart than the quantity's tolerance."""
        error = abs(ours - theirs) / max(abs(theirs), self.floor)
        self.largest[quantity] = max(self.largest.get(quantity, 0.0), error)
        assert error <= self.tolerance[quantity], (quantity, ours, theirs)

    def table(self) -> str:
        """One line for each quantity."""
        width = max(map(len, self.largest), default=0)
        lines = [
            f"{name:<{width}} {error:.1e}  (tolerance {self.tolerance[name]:.0e})"
            for name, error in self.largest.items()
        ]
        return "\n".join([f"\nlargest relative error, {self.title}", *lines])
