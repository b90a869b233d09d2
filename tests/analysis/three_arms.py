"""The trial of three arms and four waves whose references `validation/estimands` makes; everybody is simulated."""

from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[1] / "data" / "estimands"
TRIAL: dict[str, Any] = {
    "columns": {"id": "id", "arm": "arm", "wave": "wave"},
    "arms": {"control": "delayed", "interventions": ["coaching", "group"]},
    "waves": {
        "baseline": "baseline",
        "order": ["baseline", "month3", "month6", "month12"],
        "untreated_until": "month3",
    },
    "model": {
        "covariates": ["gender", "years"],
        "levels": {"gender": ["woman", "man"]},
        "df": "kenward-roger-expected",
    },
    "outcomes": [{"name": "burnout", "better": "lower"}],
}
