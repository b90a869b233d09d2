"""How chance decided, told to a lay reader, and a check of the record in the reader's own browser."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.people.rules import open_to, open_to_strangers
from confrere.trial import queries
from confrere.trial.models import TrialState


@require_safe
@open_to_strangers
def anyone(request: HttpRequest) -> HttpResponse:
    """The check for whoever has a record as a file: a review board, a reader of the paper."""
    return render(request, "trial/proof.html")


@require_safe
@open_to(*Role)
def proof(request: HttpRequest, standing: Standing) -> HttpResponse:
    """The same for a programme's own record, once it is published."""
    trial = queries.of_programme(standing.programme)
    published = trial is not None and trial.state == TrialState.PUBLISHED
    context = {"standing": standing, "trial": trial, "published": published}
    return render(request, "trial/proof.html", context)
