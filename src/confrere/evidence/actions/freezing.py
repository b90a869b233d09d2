"""Freeze the answers, compute from what is frozen, release to leaders."""

from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import Max

from confrere import __version__, analysis
from confrere.analysis.report import Section, make_report
from confrere.evidence import queries, rules
from confrere.evidence.actions.noting import note
from confrere.evidence.dataset import Member, to_csv
from confrere.evidence.models import FrozenDataSet, FrozenMember, Release, Report
from confrere.people.queries import Standing
from confrere.surveys import actions as noted
from confrere.surveys import queries as surveys
from confrere.trial import queries as trial
from confrere.trial.actions.locking import locked
from confrere.trial.protocol import Protocol, analysis_plan
from confrere.vault import queries as vault


@transaction.atomic
def freeze(*, standing: Standing, now: datetime) -> FrozenDataSet:
    """Freeze the programme's answers with the plan of its locked protocol, and name the result by its hash.

    Freezing unchanged answers returns the set that is there. Raises `Refusal` before a locked protocol, and before
    anybody was randomized.
    """
    programme = standing.programme
    study = trial.of_programme(programme)
    members = [_member(row) for row in trial.allocated(programme=programme)] if study is not None else []
    rules.check_freeze(locked=study is not None and study.state != "draft", members=len(members))
    assert study is not None
    vault.wait_for_writers(programme)  # what is read below is one moment: no answer or withdrawal is half done
    locked(programme)  # two freezes at once are one after the other, and the second finds the first
    protocol = trial.protocol(study)
    content = to_csv(
        members=members,
        waves={wave.name: _scores(programme, protocol, wave.name) for wave in protocol.waves},
        outcomes=[outcome.name for outcome in protocol.outcomes],
    )
    digest = sha256(content).hexdigest()
    noted.note_frozen(programme=programme, study_ids=[member.study_id for member in members], now=now)
    existing = queries.by_hash(programme=programme, sha256=digest)
    if existing is not None:
        return existing
    number = FrozenDataSet.objects.filter(programme_id=programme).aggregate(last=Max("number"))["last"] or 0
    frozen = FrozenDataSet.objects.create(
        programme_id=programme,
        site_id=standing.site,
        number=number + 1,
        frozen_at=now,
        content=content,
        sha256=digest,
        plan=analysis_plan(protocol),
        participants=len(members),
        rows=content.count(b"\n") - 1,
        flow=analysis.flow_svg(trial.flow(programme=programme), name="trial-flow"),
    )
    FrozenMember.objects.bulk_create(
        FrozenMember(programme_id=programme, site_id=standing.site, data_set=frozen, study_id=member.study_id)
        for member in members
    )
    note("evidence.froze", standing, f"data set {frozen.number}", now)
    return frozen


def _member(row: trial.Allocated) -> Member:
    answered = {f"answered_{wave}": int(sent) for wave, sent in row.answered.items()}
    return Member(row.study_id, row.arm, {**row.strata, "sessions": row.sessions, **answered})


def _scores(programme: int, protocol: Protocol, wave: str) -> dict[str, dict[str, float]]:
    """Study id → outcome of the protocol → value, by the scoring rules that the protocol names."""
    rule = {outcome.instrument: outcome.rule for outcome in protocol.outcomes if outcome.rule is not None}
    given = surveys.scores(programme=programme, wave=wave, rule=rule)
    return {
        study_id: {outcome.name: scores[outcome.score] for outcome in protocol.outcomes if outcome.score in scores}
        for study_id, scores in given.items()
    }


@transaction.atomic
def analyse(*, standing: Standing, data_set: FrozenDataSet, now: datetime) -> Report:
    """Compute the report of a frozen data set by its own plan; once for each version of the software.

    The cells are those that `confrere analyze` prints from the same two files.
    """
    existing = queries.report(data_set=data_set, version=__version__)
    if existing is not None:
        return existing
    plan = analysis.read_plan(data_set.plan, file=f"plan-{data_set.number}.toml")
    results = analysis.run(plan, analysis.read_csv(bytes(data_set.content), file=f"data-{data_set.number}.csv"))
    made = make_report(results)
    report, new = Report.objects.get_or_create(  # somebody else may have been faster meanwhile
        data_set=data_set,
        version=__version__,
        defaults={
            "programme_id": standing.programme,
            "site_id": standing.site,
            "computed_at": now,
            "results": analysis.as_json(results),
            "pages": {
                "sections": [_page(section) for section in made.sections],
                "shared": [_page(section) for section in made.shared[1:]],  # the flow is the trial's own
                "methods": list(made.methods),
            },
        },
    )
    if new:
        note("evidence.analysed", standing, f"data set {data_set.number}", now)
    return report


@transaction.atomic
def release(*, standing: Standing, report: Report, now: datetime) -> Release:
    """Let leaders read the first analysis set's sentences and changes, as they stand now.

    Raises `Refusal` when a cell would rest on fewer than five people.
    """
    rules.check_release(results=report.results)
    first = report.pages["sections"][0]
    page = {"sentences": first["sentences"], "tables": first["tables"][:1], "methods": report.pages["methods"]}
    made, new = Release.objects.get_or_create(
        report=report,
        defaults={
            "programme_id": standing.programme,
            "site_id": standing.site,
            "page": page,
            "released_at": now,
        },
    )
    if new:
        note("evidence.released", standing, f"report {report.pk}", now)
    return made


def _page(section: Section) -> dict[str, Any]:
    """A section of the report as a page shows it and as a spreadsheet reads it."""
    return {
        "title": section.title,
        "sentences": list(section.sentences),
        "notes": list(section.notes),
        "figures": [{"name": one.name, "caption": one.caption, "svg": one.svg} for one in section.figures],
        "tables": [
            {
                "name": table.name,
                "title": table.title,
                "html": analysis.table_html(table),
                "csv": analysis.table_csv(table),
            }
            for table in section.tables
        ],
    }
