"""How schemes of drawing, sparse strata and power are said in words."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from confrere.science.allocation import BigStick, Minimisation, PermutedBlocks, Scheme
from confrere.science.power import Tested


def scheme_in_words(scheme: Scheme) -> str:
    """A sentence on how the next arm is drawn."""
    if isinstance(scheme, BigStick):
        return _("A fair coin, until one arm is ahead by %(mti)s in its stratum (big stick).") % {"mti": scheme.mti}
    if isinstance(scheme, PermutedBlocks):
        sizes = ", ".join(str(size) for size in scheme.sizes)
        return _("Shuffled blocks, each of a size drawn from %(sizes)s.") % {"sizes": sizes}
    if isinstance(scheme, Minimisation):
        return _(
            "The arm that leaves the strata's factors most alike, with a probability of %(probability)s "
            "(minimisation, by %(measure)s). All earlier draws count, so whoever knows them guesses often."
        ) % {
            "probability": f"{scheme.percent / 100:g}",
            "measure": _("range") if scheme.measure == "range" else _("variance"),
        }
    return _("A fair coin each time.")


def sparse_in_words(sizes: Sequence[int], scheme: Scheme) -> str:
    """A warning where strata are too small for the scheme to balance them; empty where none is."""
    if isinstance(scheme, BigStick):
        least, apart = 2 * scheme.mti + 2, scheme.mti
    elif isinstance(scheme, PermutedBlocks):
        least, apart = max(scheme.sizes), max(scheme.sizes) // 2
    else:
        return ""
    small = sum(size < least for size in sizes)
    if not small:
        return ""
    return _(
        "%(small)s of %(strata)s strata hold fewer than %(least)s people: there the scheme hardly balances. Each "
        "stratum may end up to %(apart)s apart, all of them together up to %(together)s. Fewer strata are better."
    ) % {
        "small": small,
        "strata": len(sizes),
        "least": least,
        "apart": apart,
        "together": sum(min(size, apart) for size in sizes),
    }


def power_in_words(tested: Tested | None, *, people: int) -> str:
    """How often the difference would be found, with its interval."""
    if tested is None:
        return _("With %(people)s people such a trial cannot be analysed.") % {"people": people}
    return _(
        "With %(people)s people, a difference of %(effect)s standard deviations would be found in %(power)s of 100 "
        "such trials (95 %% interval %(low)s to %(high)s)."
    ) % {
        "people": people,
        "effect": f"{tested.effect:g}",
        "power": f"{100 * tested.power:.0f}",
        "low": f"{100 * tested.ci[0]:.0f}",
        "high": f"{100 * tested.ci[1]:.0f}",
    }
