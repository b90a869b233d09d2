"""What changed from one version of a questionnaire to the next, in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from confrere.surveys import queries
from confrere.surveys.definition import Question
from confrere.surveys.models import Questionnaire


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed: with which question ("" for all), what, and how it read before and after."""

    question: str
    what: str
    before: str = ""
    after: str = ""


def changes(old: Questionnaire | None, new: Questionnaire) -> tuple[Change, ...]:
    """What changed from a published version to the next; nothing is compared with the first."""
    if old is None:
        return ()
    title = (Change("", _("title"), old.title, new.title),) if old.title != new.title else ()
    return (*title, *between(queries.questions(old), queries.questions(new)))


def between(old: Sequence[Question], new: Sequence[Question]) -> tuple[Change, ...]:
    """What changed from one list of questions to another: which are new, gone, moved, or otherwise."""
    return tuple(_between(old, new))


def _between(old: Sequence[Question], new: Sequence[Question]) -> Iterator[Change]:
    before, after = ({question.name: question for question in some} for some in (old, new))
    for name in before:
        if name not in after:
            yield Change(name, _("taken out"), before[name].text or "", "")
    for name, question in after.items():
        if name not in before:
            yield Change(name, _("new"), "", question.text or "")
        else:
            yield from _parts(before[name], question)
    stayed = [name for name in before if name in after]
    if stayed != [name for name in after if name in before]:
        yield Change("", _("order"), ", ".join(stayed), ", ".join(name for name in after if name in before))


def _parts(old: Question, new: Question) -> Iterator[Change]:
    for (what, was), (_what, now) in zip(_read(old), _read(new), strict=True):
        if was != now:
            yield Change(new.name, what, was, now)


def _read(question: Question) -> list[tuple[str, str]]:
    """The parts of a question, each in words."""
    return [
        (_("text"), question.text or ""),
        (_("kind"), question.kind.value),
        (_("answers"), "; ".join(f"{option.value} = {option.label}" for option in question.options)),
        (_("help"), question.note),
        (_("heading"), question.section),
        (_("limits"), _limits(question)),
        (_("words at the ends"), " – ".join(filter(None, (question.low_label, question.high_label)))),
        (_("asked only if"), question.condition),
        (_("an answer is needed"), _("yes") if question.needed else _("no")),
        (_("table"), question.matrix),
        (_("what it looks like"), question.look),
    ]


def _limits(question: Question) -> str:
    numbers = (f"{end:g}" for end in (question.low, question.high) if end is not None)
    whole = (_("whole numbers"),) if question.whole else ()
    return ", ".join(filter(None, (*numbers, *whole, question.earliest, question.latest)))


def drafted(published: queries.Published, *, title: str, questions: Sequence[Question]) -> tuple[Change, ...]:
    """What a draft changes in the newest published version. Instruments are compared without their wording."""
    renamed = (Change("", _("title"), published.title, title),) if published.title != title else ()
    bare = tuple(one if one.instrument is None else _bare(one) for one in questions)
    asked = tuple(one if one.instrument is None else _bare(one) for one in published.questions)
    return (*renamed, *between(asked, bare))


def _bare(item: Question) -> Question:
    """An item of an instrument without what a text pack says."""
    return replace(item, text=None, options=tuple(replace(one, label=one.value) for one in item.options))
