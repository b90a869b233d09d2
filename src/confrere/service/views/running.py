"""A running service as its team sees it: counts, the lots, names where a coordinator needs them, reports."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from confrere.analysis.page import report_html
from confrere.analysis.pdf import report_pdf
from confrere.analysis.render import table_html
from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.people.rules import freshly_proved, open_to
from confrere.service import actions, queries
from confrere.service.forms import SaidForm
from confrere.service.report_pages import NO_CONTROL, report
from confrere.service.rules import check_lottery, check_site, join_path
from confrere.service.states import PlaceState
from confrere.vault import days
from confrere.vault.audit import Actor

TEAM = (Role.DIRECTOR, Role.COORDINATOR)
READERS = (Role.DIRECTOR, Role.STATISTICIAN, Role.LEADER)


@require_safe
@open_to(*TEAM)
def home(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Where the service stands, and the one next act."""
    service = queries.of_programme(standing.programme)
    directs = Role.DIRECTOR in standing.roles
    if service is None:
        return render(request, "service/none.html", {"standing": standing, "directs": directs})
    check_site(service=service, standing=standing)
    context = {
        "standing": standing,
        "service": service,
        "terms": queries.terms(service),
        "intakes": queries.intakes(service),
        "stand": queries.standings(service),
        "delivery": queries.delivery(service),
        "changes": queries.changes(service) if directs else [],
        "no_control": NO_CONTROL,
        "due": queries.lottery_due(service, today=days.of(timezone.now())),
        "reports": queries.reports(service),
        "link": request.build_absolute_uri(join_path(service)),
        "directs": directs,
        "coordinates": Role.COORDINATOR in standing.roles,
    }
    return render(request, "service/home.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Role.DIRECTOR)
@freshly_proved
def lottery(request: HttpRequest, standing: Standing, number: int) -> HttpResponse:
    """Draw the lots of an intake."""
    service = queries.required(standing.programme)
    found = next((one for one in queries.intakes(service) if one.number == number), None)
    now = timezone.now()
    intake = check_lottery(intake=found, service=service, today=days.of(now))
    form = SaidForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actor, said = Actor.person(standing.person), form.cleaned_data["said"]
        actions.draw_lottery(programme=standing.programme, number=number, said=said, actor=actor, now=now)
        actions.follow_up.defer(id=standing.programme)
        return redirect("service:home", programme=standing.programme_slug)
    context = {"standing": standing, "intake": intake, "form": form}
    return render(request, "service/lottery.html", context, status=422 if form.errors else 200)


@require_safe
@open_to(Role.COORDINATOR)
@freshly_proved
def people(request: HttpRequest, standing: Standing, state: str = "waiting") -> HttpResponse:
    """Who stands there, by name. Opening the list is written down."""
    check_site(service=queries.required(standing.programme), standing=standing)
    actor = Actor.person(standing.person)
    names = actions.read_names(programme=standing.programme, state=state, actor=actor, now=timezone.now())
    context = {"standing": standing, "state": state, "states": PlaceState.choices, "names": names}
    return render(request, "service/people.html", context)


@require_POST
@open_to(Role.DIRECTOR)
def make_report(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Compute and keep today's report."""
    actor = Actor.person(standing.person)
    number = actions.make_report(programme=standing.programme, actor=actor, now=timezone.now())
    return redirect("service:report", programme=standing.programme_slug, number=number)


@require_safe
@open_to(*READERS)
def reports(request: HttpRequest, standing: Standing) -> HttpResponse:
    """The reports that were made."""
    service = queries.of_programme(standing.programme)
    found = queries.reports(service) if service else []
    return render(request, "service/reports.html", {"standing": standing, "reports": found})


@require_safe
@open_to(*READERS)
def one_report(request: HttpRequest, standing: Standing, number: int) -> HttpResponse:
    """A report as a page."""
    made = report(queries.year_report(programme=standing.programme, number=number).found)
    sections = [(part, [table_html(table) for table in part.tables]) for part in made.parts]
    context = {"standing": standing, "number": number, "report": made, "sections": sections}
    return render(request, "service/report.html", context)


@require_safe
@open_to(*READERS)
def report_file(request: HttpRequest, standing: Standing, number: int, kind: str) -> HttpResponse:
    """A report as one self-contained file."""
    made = report(queries.year_report(programme=standing.programme, number=number).found)
    if kind == "pdf":
        answer = HttpResponse(report_pdf(made), content_type="application/pdf")
    elif kind == "html":
        answer = HttpResponse(report_html(made), content_type="text/html; charset=utf-8")
    else:
        raise queries.nothing_here()
    answer.headers["Content-Disposition"] = f'attachment; filename="service-report-{number}.{kind}"'
    return answer
