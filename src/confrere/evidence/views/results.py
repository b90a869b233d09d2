from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from confrere.evidence import actions, queries, rules
from confrere.evidence.models import FrozenDataSet, Report
from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.people.rules import open_to

STUDY = (Role.DIRECTOR, Role.STATISTICIAN)


@open_to(*STUDY, Role.LEADER)
def results(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Director and statistician read the newest report; leaders read what was released, and nothing else."""
    if standing.roles.isdisjoint(STUDY):
        released = queries.newest_release(programme=standing.programme)
        return render(request, "evidence/release.html", {"standing": standing, "release": released})
    rules.check_may_read_arms(standing)
    report = queries.newest_report(programme=standing.programme)
    return _show(request, standing, report)


@open_to(*STUDY)
def data_set(request: HttpRequest, standing: Standing, number: int) -> HttpResponse:
    """The report of one data set."""
    rules.check_may_read_arms(standing)
    report = queries.newest_report(programme=standing.programme, number=number)
    rules.check_found(report)
    return _show(request, standing, report)


def _show(request: HttpRequest, standing: Standing, report: Report | None) -> HttpResponse:
    context = {
        "standing": standing,
        "report": report,
        "data_sets": queries.data_sets(programme=standing.programme),
        "unverified": queries.unverified(programme=standing.programme),
        "release": queries.release_of(report=report) if report else None,
        "early": queries.too_early(standing),
        "may_freeze": Role.STATISTICIAN in standing.roles,
        "may_release": Role.DIRECTOR in standing.roles,
    }
    return render(request, "evidence/results.html", context)


@require_POST
@open_to(Role.STATISTICIAN)
def freeze(request: HttpRequest, standing: Standing) -> HttpResponse:
    now = timezone.now()
    frozen = actions.freeze(standing=standing, now=now)
    actions.analyse(standing=standing, data_set=frozen, now=now)
    return redirect("evidence:data_set", standing.programme_slug, frozen.number)


@require_POST
@open_to(Role.DIRECTOR)
def release(request: HttpRequest, standing: Standing, number: int) -> HttpResponse:
    rules.check_may_read_arms(standing)
    report = queries.newest_report(programme=standing.programme, number=number)
    rules.check_found(report)
    assert report is not None
    actions.release(standing=standing, report=report, now=timezone.now())
    return redirect("evidence:data_set", standing.programme_slug, number)


@open_to(Role.STATISTICIAN)
def content(request: HttpRequest, standing: Standing, number: int) -> HttpResponse:
    """The frozen file itself, byte for byte; every download leaves an audit event."""
    found = found_set(standing, number)
    actions.hand_out(standing=standing, data_set=found, now=timezone.now())
    return attached(
        bytes(found.content), name=f"{standing.programme_slug}-{number}.csv", kind="text/csv; charset=utf-8"
    )


@open_to(*STUDY)
def plan(request: HttpRequest, standing: Standing, number: int) -> HttpResponse:
    found = found_set(standing, number)
    return attached(found.plan.encode(), name=f"{standing.programme_slug}-{number}.toml", kind="application/toml")


@open_to(*STUDY)
def results_json(request: HttpRequest, standing: Standing, number: int) -> HttpResponse:
    rules.check_may_read_arms(standing)
    report = queries.newest_report(programme=standing.programme, number=number)
    rules.check_found(report)
    assert report is not None
    return JsonResponse(report.results, json_dumps_params={"indent": 1})


@open_to(*STUDY)
def table(request: HttpRequest, standing: Standing, number: int, table: str) -> HttpResponse:
    """One table of the first analysis set as CSV: the same cells as on the page."""
    rules.check_may_read_arms(standing)
    report = queries.newest_report(programme=standing.programme, number=number)
    rules.check_found(report)
    assert report is not None
    found = next((one for one in report.pages["sections"][0]["tables"] if one["name"] == table), None)
    rules.check_found(found)
    assert found is not None
    return attached(found["csv"].encode(), name=f"{table}.csv", kind="text/csv; charset=utf-8")


def found_set(standing: Standing, number: int) -> FrozenDataSet:
    found = queries.data_set(programme=standing.programme, number=number)
    rules.check_found(found)
    assert found is not None
    return found


def attached(body: bytes, *, name: str, kind: str) -> HttpResponse:
    return HttpResponse(body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
