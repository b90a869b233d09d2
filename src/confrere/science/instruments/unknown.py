"""Scales that a trial names and whose items and scoring no source that we read states."""

from confrere.science.instruments.instrument import UNKNOWN, Instrument, Rule


def _unknown(id_: str, title: str, source: str) -> Instrument:
    return Instrument(
        id=id_,
        title=title,
        items=(),
        scores=(),
        rules=(Rule(name=UNKNOWN, title="The scoring is not known to us", headline=UNKNOWN),),
        missing_rule=UNKNOWN,
        recall=UNKNOWN,
        source=source,
        licence="own",
        licence_note="Unknown.",
    )


_PILOT = "named in Dyrbye et al., JAMA Intern Med 2019, doi:10.1001/jamainternmed.2019.2425"
PHYSICIAN_JOB_SATISFACTION = _unknown("physician_job_satisfaction", "Physician Job Satisfaction Scale", _PILOT)
EMPOWERMENT_AT_WORK = _unknown("empowerment_at_work", "Empowerment at Work Scale", _PILOT)
MEANING_AT_WORK = _unknown("meaning_at_work", "Meaning at work", _PILOT)
