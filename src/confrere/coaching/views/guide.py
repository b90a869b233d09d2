"""The coach's guide through a session: steps and a clock on the phone. It takes no input and stores nothing."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.people.rules import open_to

type Words = str | Promise


@dataclass(frozen=True, slots=True)
class Step:
    """A part of a session, and about how many of its minutes it takes."""

    name: Words
    minutes: int
    hint: Words


#: Kiser 2024: what the first session of 90 minutes holds, and what each later one of 60 does.
FIRST = (
    Step(
        _("Introductions"), 10, _("Who you both are, and what coaching is not: no therapy, no supervision, no record.")
    ),
    Step(_("Rapport"), 15, _("What matters to them in their work, in their own words. Listen more than you speak.")),
    Step(
        _("Expectations"), 10, _("What they hope for, how you will work, and the limits of confidentiality they read.")
    ),
    Step(_("Vision"), 20, _("How would they like to be and to work? In the present tense, and theirs alone.")),
    Step(_("Goals for three months"), 20, _("Two or three that lead there, and how they would notice each.")),
    Step(_("Goals for this week"), 15, _("Small ones. They write them into their own workbook, in the last minute.")),
)
LATER = (
    Step(_("Check-in"), 8, _("How are they here today? What went well since you last met?")),
    Step(_("Review of goals"), 12, _("What was done, what was learnt from what was not. No marks.")),
    Step(
        _("Generative moment"), 22, _("One theme that has life in it today: stay there until something new comes up.")
    ),
    Step(_("New goals"), 12, _("What follows for the week, in their words; how sure are they, from 0 to 10?")),
    Step(_("Close"), 6, _("What do they take along? They write down where you left off, in their own workbook.")),
)


@require_safe
@open_to(Role.COACH)
def guide(request: HttpRequest, standing: Standing) -> HttpResponse:
    """The steps of the first session, or of a later one (`?later`)."""
    later = "later" in request.GET
    steps = LATER if later else FIRST
    context = {"later": later, "steps": steps, "minutes": sum(step.minutes for step in steps)}
    return render(request, "coaching/guide.html", context)
