"""From a protocol's waves to the questionnaires that are published: one for each wave, and arm where they differ."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from confrere.surveys import definition
from confrere.surveys.definition import Kind, Option, Question
from confrere.trial.protocol import Protocol
from confrere.trial.protocol import Question as ProtocolQuestion
from confrere.vault.refusals import Refusal


def slugs(protocol: Protocol) -> list[tuple[str, str | None]]:
    """The waves and arms that are asked: the baseline before any arm, each later wave for every arm."""
    later = [(wave.name, arm.name) for wave in protocol.waves[1:] for arm in protocol.arms]
    return [(protocol.baseline.name, None), *later]


def questionnaire(protocol: Protocol, *, wave: str, arm: str | None) -> str:
    """The short name of a wave's questionnaire for an arm: the one that the protocol names, else one of its own."""
    named = protocol.wave(wave).questionnaire
    if named:
        return named
    return wave if wave == protocol.baseline.name else f"{wave}-{arm}"


def check_asks(slug: str, asked: Sequence[Question], wanted: Sequence[Question]) -> None:
    """Refuse a named questionnaire that does not ask, of everyone, what the protocol counts on."""
    known = {question.name: question for question in asked}
    for question in wanted:
        if question.name not in known or not _serves(known[question.name], question):
            raise Refusal(
                _("The questionnaire %(slug)s does not ask %(name)s of everyone as the protocol needs it.")
                % {"slug": slug, "name": question.name}
            )


def _serves(asked: Question, wanted: Question) -> bool:
    answers, needed = ({option.value for option in one.options} for one in (asked, wanted))
    same = (asked.kind, asked.instrument, answers) == (wanted.kind, wanted.instrument, needed)
    return same and not asked.condition and asked.required >= wanted.required


def questions(protocol: Protocol, *, wave: str, arm: str | None) -> tuple[Question, ...]:
    """Own questions first, then the instruments. Items of instruments may be left out: taking part is voluntary."""
    own = [_own(question) for question in protocol.questions_of(wave, arm=arm)]
    items = [
        item
        for instrument in protocol.wave(wave).instruments
        for item in definition.of_instrument(instrument, required=False)
    ]
    return (*own, *items)


def _own(question: ProtocolQuestion) -> Question:
    return Question(
        name=question.name,
        kind=Kind(question.kind),
        text=question.text,
        section=question.section,
        required=question.required,
        low=question.low,
        high=question.high,
        options=tuple(Option(value=option.value, label=option.label) for option in question.options),
    )
