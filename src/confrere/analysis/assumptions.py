"""What must hold for an analysis set to answer the trial's question: one sentence each, printed beside its results."""

from confrere.analysis.plan import AnalysisSet

_RANDOM = "missing answers are taken to be like those of participants with the same arm, covariates and other answers"
_KNOWN = {
    "itt": f"Everybody randomized counts in their arm; {_RANDOM}.",
    "modified_itt": (
        "Participants left out after randomization are taken to have changed like those of their arm who stayed, "
        f"which randomization does not promise; {_RANDOM}."
    ),
    "per_protocol": (
        "Those who followed the protocol are taken to be comparable between the arms, which randomization does not "
        f"promise; {_RANDOM}."
    ),
    "completers": "Those who answered are taken to stand for those who did not, whatever these had answered before.",
}
_SAME = {
    "all": "itt",
    "intention_to_treat": "itt",
    "mitt": "modified_itt",
    "modified": "modified_itt",
    "modified_intention_to_treat": "modified_itt",
    "pp": "per_protocol",
    "complete_cases": "completers",
}


def assumption_of(chosen: AnalysisSet) -> str:
    """The plan's own sentence, else that of a set of this name, else that of any chosen part."""
    name = chosen.name.lower().replace("-", "_")
    known = _KNOWN.get(_SAME.get(name, name))
    if chosen.assumption or known:
        return chosen.assumption or str(known)
    return f"The rows with {chosen.keep} are taken to stand for all who were randomized; {_RANDOM}."
