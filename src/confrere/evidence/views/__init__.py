"""The pages of results, and those on which rows leave."""

from confrere.evidence.views.exporting import agreement, exports, public, take
from confrere.evidence.views.results import content, data_set, freeze, plan, release, results, results_json, table

__all__ = [
    "agreement",
    "content",
    "data_set",
    "exports",
    "freeze",
    "plan",
    "public",
    "release",
    "results",
    "results_json",
    "table",
    "take",
]
