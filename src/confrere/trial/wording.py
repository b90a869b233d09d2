"""How a scheme of drawing is said in words."""

from django.utils.translation import gettext as _

from confrere.science.allocation import BigStick, PermutedBlocks, Scheme


def scheme_in_words(scheme: Scheme) -> str:
    """A sentence on how the next arm is drawn."""
    if isinstance(scheme, BigStick):
        return _("A fair coin, until one arm is ahead by %(mti)s in its stratum (big stick).") % {"mti": scheme.mti}
    if isinstance(scheme, PermutedBlocks):
        sizes = ", ".join(str(size) for size in scheme.sizes)
        return _("Shuffled blocks, each of a size drawn from %(sizes)s.") % {"sizes": sizes}
    return _("A fair coin each time.")
