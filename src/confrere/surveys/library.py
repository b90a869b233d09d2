"""Which questionnaires a programme has: drafts, published versions, where they are used, wording that is there."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from confrere.science.instruments import Instrument, registry
from confrere.surveys import definition
from confrere.surveys.definition import Block, Problem, Question
from confrere.surveys.models import Draft, DraftState, Questionnaire, Response, TextPack
from confrere.vault.refusals import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """One questionnaire on the shelf: its published versions (newest first), its draft, the waves that asked it."""

    slug: str
    title: str
    versions: tuple[Questionnaire, ...]
    draft: bool
    waves: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """A draft as it stands: what it asks, what is wrong with it, what can be undone (in words, "" for nothing)."""

    slug: str
    title: str
    edits: int
    blocks: tuple[Block, ...]
    changed_at: datetime
    undo: str
    redo: str

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions in order, without the wording of text packs."""
        return definition.expanded(self.blocks)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that is wrong with it."""
        return definition.problems(self.questions)

    def block(self, number: int) -> Block:
        """One block; 404 where it does not exist (any more)."""
        for block in self.blocks:
            if block.id == number:
                return block
        raise Refusal(_("This question is not in the draft any more."), status=404)

    def before(self, number: int | None) -> tuple[Question, ...]:
        """The questions before a block, or all of them where no block is named."""
        ids = [block.id for block in self.blocks]
        return definition.expanded(self.blocks[: ids.index(number)] if number in ids else self.blocks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """An instrument, and the newest wording that the programme has of it, if any."""

    scale: Instrument
    pack: TextPack | None

    @property
    def ready(self) -> bool:
        """Whether a survey that asks it can open."""
        return self.scale.known and (self.scale.shippable or self.pack is not None)


def shelf(*, programme: int) -> list[Title]:
    """Every questionnaire of the programme, by title."""
    rows: dict[str, list[Questionnaire]] = {}
    for row in Questionnaire.objects.filter(programme_id=programme).order_by("-version"):
        rows.setdefault(row.slug, []).append(row)
    states = _states(programme)
    used = _used(programme)
    titles = (
        Title(
            slug=slug,
            title=states[slug].title if slug not in rows else rows[slug][0].title,
            versions=tuple(rows.get(slug, ())),
            draft=slug in states,
            waves=used.get(slug, ()),
        )
        for slug in {*rows, *states}
    )
    return sorted(titles, key=lambda one: (one.title, one.slug))


def title(*, programme: int, slug: str) -> Title:
    """One questionnaire; 404 where there is none of this name."""
    for one in shelf(programme=programme):
        if one.slug == slug:
            return one
    raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)


def writing(*, programme: int, slug: str) -> Writing:
    """The draft of this name; 404 where there is none."""
    draft = Draft.objects.filter(programme_id=programme, slug=slug).first()
    if draft is None:
        raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)
    near = {state.number: state for state in draft.states.filter(number__in=[draft.at - 1, draft.at, draft.at + 1])}
    here = near[draft.at]
    return Writing(
        slug=slug,
        title=here.title,
        edits=draft.edits,
        blocks=definition.blocks_from_json(here.blocks),
        changed_at=here.made_at,
        undo=here.did if draft.at - 1 in near else "",
        redo=near[draft.at + 1].did if draft.at + 1 in near else "",
    )


def wordings(*, programme: int) -> list[Wording]:
    """Every instrument that we know, with the newest wording of it."""
    rows = TextPack.objects.filter(programme_id=programme).order_by("instrument", "-version").distinct("instrument")
    packs = {row.instrument: row for row in rows}
    return [Wording(scale=scale, pack=packs.get(name)) for name, scale in registry().items()]


def wording(*, programme: int, instrument: str) -> Wording:
    """One instrument; 404 for one that we do not know."""
    for one in wordings(programme=programme):
        if one.scale.id == instrument:
            return one
    raise Refusal(_("There is nothing here, or it is not yours to open."), status=404)


def bare(*, programme: int, questions: tuple[Question, ...]) -> list[Instrument]:
    """The instruments among these questions whose wording is not there yet."""
    wanted = {one.instrument for one in questions if one.text is None and one.kind.answered}
    return [one.scale for one in wordings(programme=programme) if one.scale.id in wanted and not one.ready]


def worded(*, programme: int, questions: tuple[Question, ...]) -> tuple[Question, ...]:
    """The questions with the wording that is there; an item without one says so."""
    packs = {
        one.scale.id: definition.Pack(items=one.pack.items, labels=one.pack.labels, stand_in=one.pack.stand_in)
        for one in wordings(programme=programme)
        if one.pack is not None
    }
    return tuple(
        replace(one, text=_("%(name)s: its wording comes in a text pack") % {"name": one.name})
        if one.text is None and one.kind.answered
        else one
        for one in definition.worded(questions, packs)
    )


def _states(programme: int) -> Mapping[str, DraftState]:
    rows = DraftState.objects.filter(draft__programme_id=programme).select_related("draft")
    return {state.draft.slug: state for state in rows.order_by("number") if state.number == state.draft.at}


def _used(programme: int) -> Mapping[str, tuple[str, ...]]:
    rows = Response.objects.filter(programme_id=programme).values_list("questionnaire__slug", "wave").distinct()
    found: dict[str, tuple[str, ...]] = {}
    for slug, wave in sorted(rows):
        found[slug] = (*found.get(slug, ()), wave)
    return found
