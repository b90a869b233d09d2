"""Once a quarter a coach ticks what hinders physicians at work; leaders read it pooled."""

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from confrere.coaching import actions, queries
from confrere.coaching.forms import ThemesForm
from confrere.coaching.quarters import following, open_quarter
from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.people.rules import open_to


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Role.COACH)
def themes(request: HttpRequest, standing: Standing) -> HttpResponse:
    """The list, with what this coach ticked before."""
    now = timezone.now()
    mine = queries.my_themes(programme=standing.programme, person=standing.person, now=now)
    form = ThemesForm(request.POST or None, initial={"themes": sorted(mine or ())})
    if request.method == "POST" and form.is_valid():
        actions.name_themes(
            programme=standing.programme,
            site=standing.site,
            person=standing.person,
            themes=form.cleaned_data["themes"],
            now=now,
        )
        return redirect("coaching:themes", programme=standing.programme_slug)
    context = {"standing": standing, "form": form, "quarter": title(open_quarter(now)), "answered": mine is not None}
    return render(request, "coaching/themes.html", context, status=422 if form.errors else 200)


@require_safe
@open_to(Role.LEADER, Role.DIRECTOR)
def workplace(request: HttpRequest, standing: Standing) -> HttpResponse:
    """What coaches named, quarter by quarter."""
    quarters = [
        (title(each.first), [[theme.label, band.label] for theme, band in each.themes])
        for each in queries.workplace(programme=standing.programme)
    ]
    context = {"standing": standing, "head": [_("Theme"), _("Named by")], "quarters": quarters}
    return render(request, "coaching/workplace.html", context)


def title(quarter: date) -> str:
    """For example "July to September 2026"."""
    last = following(quarter) - timedelta(days=1)
    months = {"first": date_format(quarter, "F"), "last": date_format(last, "F"), "year": quarter.year}
    return _("%(first)s to %(last)s %(year)s") % months
