"""Reading what was frozen, computed and released."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from confrere.evidence.models import DataAgreement, Export, FrozenDataSet, FrozenMember, Release, Report
from confrere.people.queries import Card, Standing
from confrere.people.roles import Role
from confrere.science import instruments
from confrere.surveys import queries as answered
from confrere.trial import queries as trial
from confrere.vault.origin import simulated

#: Who brings people into the study, and so must not know how the arms do.
RECRUIT = frozenset({Role.DIRECTOR, Role.COORDINATOR})


def data_sets(*, programme: int) -> list[FrozenDataSet]:
    """Every frozen data set without its content, the newest first. One query."""
    return list(
        FrozenDataSet.objects.filter(programme_id=programme).defer("content", "plan", "flow").order_by("-number")
    )


def data_set(*, programme: int, number: int) -> FrozenDataSet | None:
    """One data set of this programme by its number; None alike for absent and foreign."""
    return FrozenDataSet.objects.filter(programme_id=programme, number=number).first()


def telephone_csv(data_set: FrozenDataSet) -> bytes:
    """Which answers of the people in a data set were typed for them: id, time, question; in the order of the ids."""
    here = set(FrozenMember.objects.filter(data_set=data_set).values_list("study_id", flat=True))
    study = trial.required(data_set.programme_id)
    rows = [
        f"{study_id},{wave.name},{question}\n"
        for wave in trial.protocol(study).waves
        for study_id, questions in answered.by_telephone(programme=data_set.programme_id, wave=wave.name).items()
        if study_id in here
        for question in questions
    ]
    return "".join(["id,time,question\n", *sorted(rows)]).encode()


def by_hash(*, programme: int, sha256: str) -> FrozenDataSet | None:
    """The data set with exactly this content, if it was frozen before."""
    return FrozenDataSet.objects.filter(programme_id=programme, sha256=sha256).first()


def report(*, data_set: FrozenDataSet, version: str) -> Report | None:
    """What this version of the software computed from a data set, if it did."""
    return Report.objects.filter(data_set=data_set, version=version).first()


def newest_report(*, programme: int, number: int | None = None) -> Report | None:
    """The newest report of a programme, or of one of its data sets. One query."""
    rows = Report.objects.filter(programme_id=programme).select_related("data_set")
    if number is not None:
        rows = rows.filter(data_set__number=number)
    return rows.order_by("-data_set__number", "-computed_at").first()


def release_of(*, report: Report) -> Release | None:
    """The release of a report, if there is one."""
    return Release.objects.filter(report=report).first()


def newest_release(*, programme: int) -> Release | None:
    """What leaders read now; None before the first release. One query."""
    return Release.objects.filter(programme_id=programme).order_by("-released_at", "-pk").first()


def too_early(standing: Standing) -> bool:
    """Whether this person recruits, and people can still be drawn: then no result by arm is theirs to read."""
    if not standing.roles & RECRUIT:
        return False
    study = trial.of_programme(standing.programme)
    return study is not None and not trial.draws_are_over(study)


def agreement(*, programme: int) -> DataAgreement | None:
    """The data use agreement that holds now; None before the first. One query."""
    return DataAgreement.objects.filter(programme_id=programme).order_by("-version").first()


def agreements(*, programme: int) -> list[DataAgreement]:
    """Every version, the newest first. One query."""
    return list(DataAgreement.objects.filter(programme_id=programme).order_by("-version"))


def exports(*, programme: int) -> list[Export]:
    """What left, the newest first, with who took it. One query."""
    rows = Export.objects.filter(programme_id=programme).select_related("data_set", "taker", "agreement")
    return list(rows.defer("data_set__content", "data_set__plan", "data_set__flow").order_by("-made_at", "-pk"))


def accepted(*, programme: int, person: int, data_set: FrozenDataSet) -> bool:
    """Whether a person took this data set under the agreement that holds now; True where there is none."""
    now = agreement(programme=programme)
    taken = Export.objects.filter(data_set=data_set, taker_id=person, agreement=now, kind=Export.Kind.NAMED)
    return now is None or taken.exists()


def published(*, programme: int) -> Export | None:
    """The newest public package, if there is one. One query."""
    return Export.objects.filter(programme_id=programme, kind=Export.Kind.PUBLIC).order_by("-pk").first()


def newcomers(*, data_set: FrozenDataSet, since: FrozenDataSet) -> int:
    """How many participants stand in one of two data sets alone."""
    one, other = (
        set(FrozenMember.objects.filter(data_set=each).values_list("study_id", flat=True)) for each in (data_set, since)
    )
    return len(one ^ other)


def unverified(*, programme: int) -> list[tuple[str, tuple[str, ...]]]:
    """(title, what was not compared with its source) of the instruments behind the outcomes. One query."""
    study = trial.of_programme(programme)
    outcomes = () if study is None else trial.protocol(study).outcomes
    used = [instruments.find(name) for name in dict.fromkeys(outcome.instrument for outcome in outcomes)]
    return [(each.title, each.unverified) for each in used if each.unverified]


def today(*, standing: Standing, now: datetime) -> Sequence[Card]:
    """Leaders: what was released. Director and statistician: the newest results, if there are any."""
    url = reverse("evidence:results", args=[standing.programme_slug])
    if standing.roles & {Role.DIRECTOR, Role.STATISTICIAN}:
        if too_early(standing) and not simulated():
            return []
        found = newest_report(programme=standing.programme)
        if found is None:
            return []
        sentence = _("Data set %(number)d, frozen on %(day)s, has been analysed.") % {
            "number": found.data_set.number,
            "day": date_format(found.data_set.frozen_at, "j F Y", use_l10n=False),
        }
        return [Card(70, _("Results"), sentence, _("Read the results"), url, "evidence.Report.results")]
    if Role.LEADER in standing.roles:
        released = newest_release(programme=standing.programme)
        if released is None:
            return []
        return [Card(20, _("Results"), released.page["sentences"][0], _("Read the page"), url, "evidence.Release.page")]
    return []
