"""Writing a questionnaire: begin, change, undo, publish, throw away. Every act says which state it saw."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from confrere.surveys import queries
from confrere.surveys.actions.publishing import publish
from confrere.surveys.definition import Block, blocks_from_json, blocks_to_json, expanded, origins_of, to_blocks
from confrere.surveys.models import Draft, DraftState, Questionnaire
from confrere.surveys.rules import check_seen
from confrere.vault import audit
from confrere.vault import classification as kept
from confrere.vault.audit import Actor
from confrere.vault.refusals import Refusal

MOST_STATES = 100
"""Acts that can be undone, one after the other; older ones are forgotten."""
MOST_BLOCKS = 500

type Blocks = tuple[Block, ...]


@transaction.atomic
def begin(*, programme: int, site: int, title: str, blocks: Sequence[Block] = (), actor: Actor, now: datetime) -> str:
    """Begin a questionnaire of a new name; returns the short name, made of the title."""
    if not title.strip():
        raise Refusal(_("Give the questionnaire a title."), status=422)
    slug = _free(programme, slugify(title)[:40] or "questionnaire")
    _keep(_made(programme, site, slug), title.strip(), tuple(blocks), _("began"), now)
    _note("surveys.begin", programme, slug, actor, now)
    return slug


@transaction.atomic
def revise(*, programme: int, site: int, slug: str, actor: Actor, now: datetime) -> None:
    """Begin the next version from the newest published one; a draft that exists already goes on."""
    if Draft.objects.filter(programme_id=programme, slug=slug).exists():
        return
    row = queries.version(programme=programme, slug=slug)
    blocks = to_blocks(queries.questions(row), row.definition.get("origins", {}))
    did = _("began from version %(number)s") % {"number": row.version}
    _keep(_made(programme, site, slug), row.title, blocks, did, now)
    _note("surveys.revise", programme, slug, actor, now)


@transaction.atomic
def change(
    *,
    programme: int,
    slug: str,
    seen: int,
    by: Callable[[Blocks], Blocks],
    did: str,
    now: datetime,
    title: str | None = None,
) -> None:
    """Do one thing to a draft: `by` makes the new blocks of the present ones. What was undone before is forgotten.

    Refuses (409) where somebody else did something since the state that was `seen`.
    """
    draft, state = _present(programme, slug, seen)
    blocks = by(blocks_from_json(state.blocks))
    if len(blocks) > MOST_BLOCKS:
        raise Refusal(_("A questionnaire has at most %(most)s blocks.") % {"most": MOST_BLOCKS}, status=422)
    draft.states.filter(number__gt=draft.at).delete()
    draft.states.filter(number__lte=draft.at - MOST_STATES).delete()
    draft.at += 1
    _keep(draft, state.title if title is None else title, blocks, did, now)
    _moved(draft)


@transaction.atomic
def undo(*, programme: int, slug: str, seen: int) -> None:
    """Go back to the state before."""
    _go(programme, slug, seen, -1, _("There is nothing to undo."))


@transaction.atomic
def redo(*, programme: int, slug: str, seen: int) -> None:
    """Do again what was just undone."""
    _go(programme, slug, seen, 1, _("There is nothing to do again."))


@transaction.atomic
def publish_draft(*, programme: int, slug: str, seen: int, actor: Actor, now: datetime) -> int:
    """Publish the draft as the next version, which never changes; the draft ends. Returns the version."""
    draft, state = _present(programme, slug, seen)
    blocks = blocks_from_json(state.blocks)
    version = publish(
        programme=programme,
        site=draft.site_id,
        slug=slug,
        title=state.title,
        questions=expanded(blocks),
        origins=origins_of(blocks),
        actor=actor,
        now=now,
    )
    draft.delete()
    return version


@transaction.atomic
def throw_away(*, programme: int, slug: str, seen: int, actor: Actor, now: datetime) -> None:
    """End a draft without publishing it. Published versions stay."""
    draft, _state = _present(programme, slug, seen)
    draft.delete()
    _note("surveys.throw_away", programme, slug, actor, now)


def _free(programme: int, wanted: str) -> str:
    """The short name, or with a number where it is taken."""
    taken = {
        *Draft.objects.filter(programme_id=programme).values_list("slug", flat=True),
        *Questionnaire.objects.filter(programme_id=programme).values_list("slug", flat=True),
    }
    names = (wanted, *(f"{wanted}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


def _made(programme: int, site: int, slug: str) -> Draft:
    return Draft.objects.create(programme_id=programme, site_id=site, slug=slug)


def _keep(draft: Draft, title: str, blocks: Blocks, did: str, now: datetime) -> None:
    DraftState.objects.create(
        programme_id=draft.programme_id,
        site_id=draft.site_id,
        draft=draft,
        number=draft.at,
        title=title,
        blocks=blocks_to_json(blocks),
        did=did[:200],
        made_at=now,
    )


def _present(programme: int, slug: str, seen: int) -> tuple[Draft, DraftState]:
    rows = Draft.objects.select_for_update().filter(programme_id=programme, slug=slug)
    draft = rows.first()
    if draft is None:
        raise Refusal(_("There is no draft of this questionnaire any more."), status=404)
    check_seen(edits=draft.edits, seen=seen)
    return draft, draft.states.get(number=draft.at)


def _go(programme: int, slug: str, seen: int, step: int, otherwise: str) -> None:
    draft, _state = _present(programme, slug, seen)
    if not draft.states.filter(number=draft.at + step).exists():
        raise Refusal(otherwise)
    draft.at += step
    _moved(draft)


def _moved(draft: Draft) -> None:
    draft.edits += 1
    draft.save(update_fields=["edits", "at"])


def _note(action: str, programme: int, slug: str, actor: Actor, now: datetime) -> None:
    audit.record(
        action=action,
        actor=actor,
        about=f"questionnaire {slug}",
        programme=programme,
        kept_as=kept.PROGRAMME,
        now=now,
    )
