"""One module per scale: frozen data and scoring.

Here live skeletons (items, ranges, membership), scoring rules, cut-offs, sources and licence classes.
Licensed wording does not: it comes in a text pack of the site. Every room above may enter by
:func:`registry` and :func:`find`.
"""

import difflib
from collections.abc import Mapping
from types import MappingProxyType

from confrere.science.instruments.cbi import CBI
from confrere.science.instruments.cd_risc_10 import CD_RISC_10
from confrere.science.instruments.instrument import (
    UNKNOWN,
    Cutoff,
    Instrument,
    InstrumentError,
    Item,
    Rule,
    Score,
)
from confrere.science.instruments.iwpr import IWPR
from confrere.science.instruments.lasa_qol import LASA_QOL
from confrere.science.instruments.mbi_hss_mp import MBI_HSS_MP
from confrere.science.instruments.mini_z import MINI_Z
from confrere.science.instruments.mmbi import MMBI
from confrere.science.instruments.pfi import PFI
from confrere.science.instruments.qol_vas import QOL_VAS
from confrere.science.instruments.self_valuation import SELF_VALUATION
from confrere.science.instruments.single_item_burnout import SINGLE_ITEM_BURNOUT
from confrere.science.instruments.unknown import EMPOWERMENT_AT_WORK, MEANING_AT_WORK, PHYSICIAN_JOB_SATISFACTION
from confrere.science.instruments.uwes9 import UWES9

__all__ = ["UNKNOWN", "Cutoff", "Instrument", "InstrumentError", "Item", "Rule", "Score", "find", "registry"]

_ALL = (
    PFI,
    MMBI,
    UWES9,
    SELF_VALUATION,
    IWPR,
    QOL_VAS,
    MBI_HSS_MP,
    CD_RISC_10,
    LASA_QOL,
    SINGLE_ITEM_BURNOUT,
    CBI,
    MINI_Z,
    PHYSICIAN_JOB_SATISFACTION,
    EMPOWERMENT_AT_WORK,
    MEANING_AT_WORK,
)
_BY_ID: Mapping[str, Instrument] = MappingProxyType({instrument.id: instrument for instrument in _ALL})


def registry() -> Mapping[str, Instrument]:
    """Every instrument by its id, read-only."""
    return _BY_ID


def find(name: str) -> Instrument:
    """The instrument with this id; raises :class:`InstrumentError` that names the nearest one."""
    if name in _BY_ID:
        return _BY_ID[name]
    close = difflib.get_close_matches(name, _BY_ID, n=1)
    hint = f"did you mean {close[0]}?" if close else f"we have {', '.join(_BY_ID)}."
    raise InstrumentError(f"There is no instrument {name}; {hint}")
