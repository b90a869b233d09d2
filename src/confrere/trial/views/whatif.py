"""What a scheme of drawing and a number of people would do, before anything is locked."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.people.rules import open_to
from confrere.science.allocation import predictability
from confrere.trial import queries
from confrere.trial.editing import WhatIfForm, alternatives, assumed, labels, power
from confrere.trial.protocol import Protocol, load_protocol
from confrere.trial.wording import power_in_words, scheme_in_words, sparse_in_words
from confrere.vault.refusals import Refusal

READERS = (Role.DIRECTOR, Role.STATISTICIAN)
#: Lists of one answer, and answers until the browser stops asking.
LISTS, SLICES = 20, 25


@require_safe
@open_to(*READERS)
def what_if(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Sparse strata and power in sentences at once; the schemes are simulated slice by slice."""
    read = _finished(standing)
    form = WhatIfForm(request.GET if request.GET else assumed(read))
    known = {"standing": standing, "form": form, "slices": SLICES, "lists": LISTS}
    if not form.is_valid():
        return render(request, "trial/protocol/whatif.html", known, status=422)
    sizes = form.cleaned_data.pop("sizes")
    held = [size for size in sizes if size]
    context = {
        "schemes": [scheme_in_words(one) for one in alternatives(read.scheme)],
        "sparse": sparse_in_words(held, read.scheme),
        "power": power_in_words(power(read, people=sum(sizes), **form.cleaned_data), people=sum(sizes)),
        "sizes": ",".join(map(str, sizes)),
    }
    return render(request, "trial/protocol/whatif.html", known | context)


@require_safe
@open_to(*READERS)
def simulated(request: HttpRequest, standing: Standing, number: int) -> HttpResponse:  # the gate passes it
    """A slice of simulated lists: scheme `number` of the alternatives, under the keys of one seed."""
    read = _finished(standing)
    schemes = alternatives(read.scheme)
    form = WhatIfForm({"effect": 0, "correlation": 0, "dropout": 0, "sizes": request.GET.get("sizes", "")})
    slice_ = request.GET.get("slice", "")
    if number >= len(schemes) or not form.is_valid() or not (slice_.isdecimal() and len(slice_) <= len(str(SLICES))):
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)
    sizes = form.cleaned_data["sizes"]
    strata = labels(read, sizes)
    found = predictability(schemes[number], stratum_sizes=sizes, strata=strata, lists=LISTS, seed=int(slice_) + 1)
    return JsonResponse(
        {"certain": found.certain, "guessed": found.guessed, "imbalance": found.imbalance_mean, "lists": found.lists}
    )


def _finished(standing: Standing) -> Protocol:
    newest = queries.newest_version(standing.programme)
    if newest is None or queries.problem(newest.text) is not None:
        raise Refusal(_("The protocol is not finished yet. Finish it, then see what it would do."))
    return load_protocol(newest.text)
