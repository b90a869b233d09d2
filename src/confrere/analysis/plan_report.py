"""Reading what a plan says about its report: labels, further characteristics, Table 4, places of CONSORT items."""

from confrere.analysis.consort import ITEMS
from confrere.analysis.errors import nearest
from confrere.analysis.plan import Answers, Labels, Plan, ReportSpec
from confrere.analysis.reader import Reader


def read_labels(reader: Reader) -> Labels:
    """``[labels]``: words for arms, waves, columns and the levels of columns."""
    arms, waves, columns = (reader.texts_by_text(key, reader.mapping(key)) for key in ("arms", "waves", "columns"))
    levels = {name: reader.texts_by_text("levels", inner) for name, inner in reader.mapping("levels").items()}
    reader.finish()
    return Labels(arms, waves, columns, levels)


def read_report(reader: Reader, plan: Plan) -> ReportSpec:
    """``[report]``. Raises `InputError` for an unknown wave, arm or item, with the nearest known one."""
    spec = ReportSpec(
        characteristics=reader.texts("characteristics", ()),
        answers=_answers(reader.table("answers"), plan) if reader.has("answers") else None,
        consort=reader.texts_by_text("consort", reader.mapping("consort")),
    )
    known = [item.number for item in ITEMS]
    for number in spec.consort:
        if number not in known:
            raise reader.refuse(f'CONSORT 2025 has no item "{number}". {nearest(number, known)}', "consort")
    reader.finish()
    return spec


def _answers(reader: Reader, plan: Plan) -> Answers:
    found = Answers(reader.text("wave"), reader.texts("columns"), reader.texts("arms", plan.arms))
    if plan.waves and found.wave not in plan.waves:
        raise reader.refuse(f'"{found.wave}" is no wave. {nearest(found.wave, plan.waves)}', "wave")
    for arm in found.arms:
        if arm not in plan.arms:
            raise reader.refuse(f'"{arm}" is no arm. {nearest(arm, plan.arms)}', "arms")
    reader.finish()
    return found
