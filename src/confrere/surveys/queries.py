"""Reading what is asked and what was answered."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from django.db.models import Max, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from confrere.analysis.questionnaire import Questionnaire as Exchanged
from confrere.people.queries import Card, Standing, at, parcels
from confrere.people.roles import Role
from confrere.science import instruments
from confrere.surveys import definition, links, signals
from confrere.surveys.definition import Question, Value
from confrere.surveys.models import Answer, Correction, Questionnaire, Response
from confrere.vault import link
from confrere.vault.refusals import Refusal

SECONDS_PER_QUESTION = 7
"""What a person needs for one closed question, rounded up; only used to say how long a survey takes."""


#: Published versions that this process has read, by the hash of their content: they never change.
_READ: dict[str, tuple[Question, ...]] = {}


@dataclass(frozen=True, slots=True)
class Window:
    """One survey of a study id: when it can be answered, and when it was. All times are UTC."""

    response: int
    wave: str
    title: str
    opens: datetime
    closes: datetime
    completed_at: datetime | None
    stopped_at: datetime | None
    minutes: int

    def open_at(self, now: datetime) -> bool:
        """Whether it can be answered now."""
        unsent = self.completed_at is None and self.stopped_at is None
        return unsent and self.opens <= now < self.closes


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """The newest published version of a questionnaire: what it is called, and what it asks."""

    slug: str
    title: str
    version: int
    questions: tuple[Question, ...]

    @property
    def instruments(self) -> tuple[str, ...]:
        """The instruments that it asks, in order, each once."""
        return tuple(dict.fromkeys(one.instrument for one in self.questions if one.instrument is not None))


def published(*, programme: int) -> dict[str, Published]:
    """Short name → newest published version, of every questionnaire of a programme. A protocol may name these."""
    rows = Questionnaire.objects.filter(programme_id=programme).order_by("slug", "-version").distinct("slug")
    return {
        row.slug: Published(slug=row.slug, title=row.title, version=row.version, questions=questions(row))
        for row in rows
    }


def version(*, programme: int, slug: str, number: int | None = None) -> Questionnaire:
    """A published version, the newest where none is named; 404 where it does not exist."""
    rows = Questionnaire.objects.filter(programme_id=programme, slug=slug).order_by("-version")
    row = (rows if number is None else rows.filter(version=number)).first()
    if row is None:
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)
    return row


def exchanged(questionnaire: Questionnaire) -> Exchanged:
    """A published version as other systems know it, for an export."""
    origins = questionnaire.definition.get("origins", {})
    form = questionnaire.slug.replace("-", "_")
    return definition.going(questions(questionnaire), origins, form=form, title=questionnaire.title)


def questions(questionnaire: Questionnaire) -> tuple[Question, ...]:
    """The questions of a published version, in order."""
    known = _READ.get(questionnaire.sha256)
    if known is None:
        known = _READ[questionnaire.sha256] = definition.from_json(questionnaire.definition)
    return known


def questions_of(*, response: int) -> tuple[Question, ...]:
    """What a response asks, in order."""
    return questions(Questionnaire.objects.get(response=response))


def by_token(token: str) -> Response | None:
    """The response that this link opens; None for a token that nobody was given."""
    rows = Response.objects.select_related("questionnaire", "programme")
    return rows.filter(token_sha256=links.sha256(token)).first()


def answers_of(response: Response, *, since: int | None = None) -> dict[str, Value]:
    """The newest answer to each question; with `since`, of those that came after this one and by telephone."""
    return {row.question: row.value for row in newest_of(response, since=since)}


def newest_of(response: Response, *, since: int | None = None) -> QuerySet[Answer]:
    """The newest answer to each question as a row; with `since`, after this one and by telephone only."""
    rows = Answer.objects.filter(response=response)
    return _newest(rows if since is None else rows.filter(pk__gt=since, by_telephone=True))


def distress_plan(programme: int) -> list[str]:
    """What the programme says to somebody in distress; the room that knows a protocol answers."""
    heard = signals.distress_asked.send(sender=Response, programme=programme)
    return [line for _receiver, lines in heard for line in lines or ()]


def newest_number(response: int) -> int:
    """The number of the newest answer to a survey, 0 where there is none."""
    return Answer.objects.filter(response=response).aggregate(newest=Max("pk"))["newest"] or 0


def by_telephone(*, programme: int, wave: str) -> dict[str, frozenset[str]]:
    """Study id → the questions whose newest answer somebody of the team typed for them, of the surveys sent."""
    rows = Answer.objects.filter(
        programme_id=programme, response__wave=wave, response__completed_at__isnull=False
    ).select_related("response")
    found: defaultdict[str, set[str]] = defaultdict(set)
    for row in _newest(rows):
        if row.by_telephone:
            found[row.response.study_id].add(row.question)
    return {study_id: frozenset(names) for study_id, names in found.items()}


def pace(response: Response, *, now: datetime) -> int:
    """How many answers came within the last minute."""
    return Answer.objects.filter(response=response, saved_at__gt=now - timedelta(minutes=1)).count()


def newest_answers(*, response: Response, question: str) -> list[Answer]:
    """The newest saved answer to one question and the one before it, as far as there are any."""
    return list(Answer.objects.filter(response=response, question=question).order_by("-pk")[:2])


def _newest(rows: QuerySet[Answer]) -> QuerySet[Answer]:
    return rows.order_by("response", "question", "-pk").distinct("response", "question")


def minutes(count: int) -> int:
    """How long so many questions take, at least one minute."""
    return max(1, round(count * SECONDS_PER_QUESTION / 60))


def windows(*, programme: int, study_id: str) -> list[Window]:
    """The surveys of a study id in the order of their opening."""
    rows = Response.objects.filter(programme_id=programme, study_id=study_id).select_related("questionnaire")
    return [
        Window(
            response=row.pk,
            wave=row.wave,
            title=row.questionnaire.title,
            opens=row.opens,
            closes=row.closes,
            completed_at=row.completed_at,
            stopped_at=row.stopped_at,
            minutes=minutes(len(row.questionnaire.definition["questions"])),
        )
        for row in rows.order_by("opens", "pk")
    ]


def today(*, standing: Standing, now: datetime) -> list[Card]:
    """The survey that is open for this participant, until when; for a coordinator the parcels that wait."""
    return [*_to_answer(standing, now), *_to_send(standing)]


def _to_send(standing: Standing) -> list[Card]:
    if Role.COORDINATOR not in standing.roles:
        return []
    count = len(parcels(programme=standing.programme, sent=False, sites=standing.sites))
    if not count:
        return []
    sentence = ngettext("%(count)d parcel waits to be sent.", "%(count)d parcels wait to be sent.", count)
    return [
        Card(
            order=70,
            title=_("Parcels"),
            sentence=sentence % {"count": count},
            act=_("Send them"),
            url=reverse("surveys:parcels", args=[standing.programme_slug]),
            kept_as="people.Parcel.address",
        )
    ]


def _to_answer(standing: Standing, now: datetime) -> list[Card]:
    if Role.PARTICIPANT not in standing.roles:
        return []
    study_id = link.study_id(person=standing.person, programme=standing.programme)
    mine = windows(programme=standing.programme, study_id=study_id) if study_id else []
    return [
        Card(
            order=20,
            title=window.title,
            sentence=ngettext(
                "%(minutes)s minute, until %(day)s. You can stop and go on where you were.",
                "%(minutes)s minutes, until %(day)s. You can stop and go on where you were.",
                window.minutes,
            )
            % {
                "minutes": window.minutes,
                "day": date_format(window.closes.astimezone(ZoneInfo(standing.zone)), "j F"),
            },
            act=_("Answer now"),
            url=reverse("surveys:mine", args=[standing.programme_slug]),
            kept_as="surveys.Answer.value",
        )
        for window in mine
        if window.open_at(now)
    ]


def asked_of(*, programme: int, wave: str) -> set[str]:
    """The study ids for which a wave was opened."""
    return set(Response.objects.filter(programme_id=programme, wave=wave).values_list("study_id", flat=True))


def given(*, programme: int, study_id: str, wave: str) -> dict[str, Value] | None:
    """The answers of a study id to a wave that it sent; None as long as it has not, or when it took them back."""
    rows = Response.objects.filter(programme_id=programme, study_id=study_id, wave=wave)
    row = rows.filter(completed_at__isnull=False, withdrawn_on__isnull=True).first()
    return None if row is None else answers_of(row)


def asked(*, programme: int, study_id: str, wave: str) -> tuple[Question, ...]:
    """What a wave asks of a study id, in order; nothing where it was not put before it."""
    rows = Response.objects.filter(programme_id=programme, study_id=study_id, wave=wave)
    row = rows.select_related("questionnaire").first()
    return () if row is None else questions(row.questionnaire)


def completed(*, programme: int, wave: str) -> dict[str, datetime]:
    """Study id → when the wave was sent, of those who sent it and did not take it back."""
    rows = Response.objects.filter(
        programme_id=programme, wave=wave, completed_at__isnull=False, withdrawn_on__isnull=True
    )
    return {row.study_id: row.completed_at for row in rows if row.completed_at is not None}


def over(*, programme: int, wave: str, now: datetime) -> dict[str, datetime]:
    """Study id → when a wave was over for it: sent, or its window passed without that. Open ones are absent."""
    rows = Response.objects.filter(programme_id=programme, wave=wave)
    ended = {row.study_id: row.completed_at or row.closes for row in rows}
    return {study_id: moment for study_id, moment in ended.items() if moment <= now}


def answers(*, programme: int, wave: str) -> dict[str, dict[str, Value]]:
    """Study id → question → newest answer, of the surveys that were sent."""
    rows = Answer.objects.filter(
        programme_id=programme,
        response__wave=wave,
        response__completed_at__isnull=False,
        response__withdrawn_on__isnull=True,
    ).select_related("response")
    collected: defaultdict[str, dict[str, Value]] = defaultdict(dict)
    for row in _newest(rows):
        collected[row.response.study_id][row.question] = row.value
    return dict(collected)


def taken_back(*, programme: int) -> frozenset[str]:
    """The study ids whose answers are taken back and not erased yet."""
    rows = Response.objects.filter(programme_id=programme, withdrawn_on__isnull=False)
    return frozenset(rows.values_list("study_id", flat=True))


def corrections(*, programme: int) -> list[Correction]:
    """Every correction of a programme, the newest first. One query."""
    rows = Correction.objects.filter(programme_id=programme).select_related("response")
    return list(rows.order_by("-pk"))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one study id came in one wave. state: later, open, sent, stopped, missing."""

    study_id: str
    wave: str
    state: str


def progress(*, programme: int, now: datetime, sites: frozenset[int] | None = None) -> list[Progress]:
    """Every survey of a programme, or of these sites of it, by study id: to come, open, sent, stopped or missing.

    One query. Answers that were taken back count as stopped.
    """
    rows = Response.objects.filter(programme_id=programme, **at(sites)).order_by("study_id", "opens")
    return [Progress(row.study_id, row.wave, _state(row, now)) for row in rows]


def _state(row: Response, now: datetime) -> str:
    if row.withdrawn_on is not None:
        return "stopped"
    if row.completed_at is not None:
        return "sent"
    if row.stopped_at is not None:
        return "stopped"
    if now < row.opens:
        return "later"
    return "open" if now < row.closes else "missing"


def scores(*, programme: int, wave: str, rule: Mapping[str, str] | None = None) -> dict[str, dict[str, float]]:
    """Study id → score → value, of every instrument that the sent surveys of a wave asked; NaN is missing.

    rule: for an instrument (by id) the scoring rule that counts; else its default.
    """
    given = answers(programme=programme, wave=wave)
    asked = sorted(_instruments(programme, wave))
    ids = sorted(given)
    result: dict[str, dict[str, float]] = {study_id: {} for study_id in ids}
    for name in asked:
        scale = instruments.find(name)
        columns = {item: np.array([_code(given[one].get(item)) for one in ids]) for item in scale.item_ids}
        for score, values in scale.score(columns, rule=(rule or {}).get(name)).items():
            for study_id, value in zip(ids, values, strict=True):
                result[study_id][score] = float(value)
    return result


def _instruments(programme: int, wave: str) -> set[str]:
    used = Questionnaire.objects.filter(response__programme_id=programme, response__wave=wave).distinct()
    return {question.instrument for row in used for question in questions(row) if question.instrument is not None}


def _code(value: Value) -> float:
    return float(value) if isinstance(value, int | float) else float("nan")
