"""A wave may name a questionnaire that the programme published; it has to ask what the protocol counts on."""

from dataclasses import replace

import pytest
from tests.study import DIRECTOR, NOW, PROTOCOL, Study

from confrere.surveys import actions as surveys
from confrere.surveys.definition import Kind, Question
from confrere.surveys.models import Questionnaire
from confrere.trial import actions
from confrere.trial.protocol import load_protocol
from confrere.trial.questionnaires import questions
from confrere.vault.refusals import Refusal

NAMED = PROTOCOL.replace('title = "Baseline"\n', 'title = "Baseline"\nquestionnaire = "ours"\n')
WANTED = questions(load_protocol(NAMED), wave="baseline", arm=None)
MORE = Question(name="more", kind=Kind.TEXT, text="Anything else?", required=False, condition="gender == 'man'")


def publish(study: Study, *asked: Question) -> int:
    return surveys.publish(
        programme=study.programme,
        site=study.site,
        slug="ours",
        title="Ours",
        questions=asked,
        actor=DIRECTOR,
        now=NOW,
    )


def lock(study: Study) -> None:
    actions.draft(programme=study.programme, site=study.site, protocol=NAMED, actor=DIRECTOR, now=NOW)
    study.text("words")
    actions.lock(programme=study.programme, actor=DIRECTOR, now=NOW)


def test_a_wave_asks_the_questionnaire_that_it_names(bare: Study) -> None:
    publish(bare, *WANTED, MORE)
    lock(bare)
    slugs = Questionnaire.objects.order_by("slug").values_list("slug", flat=True)
    assert list(slugs) == ["month3-coaching", "month3-control", "ours"]
    assert Questionnaire.objects.filter(slug="ours").count() == 1


def test_a_questionnaire_that_is_not_published_is_refused(bare: Study) -> None:
    with pytest.raises(Refusal, match="No questionnaire ours is published"):
        lock(bare)


@pytest.mark.parametrize(
    "first",
    [
        MORE,
        replace(WANTED[0], required=False),
        replace(WANTED[0], kind=Kind.CHOICES),
        replace(WANTED[0], options=WANTED[0].options[:1]),
    ],
)
def test_a_questionnaire_that_does_not_ask_what_the_protocol_counts_on_is_refused(first: Question, bare: Study) -> None:
    early = replace(first, condition="")
    publish(bare, early, *WANTED[1:])
    with pytest.raises(Refusal, match="The questionnaire ours does not ask gender of everyone"):
        lock(bare)


def test_a_question_that_only_some_are_asked_does_not_count(bare: Study) -> None:
    publish(bare, WANTED[0], replace(WANTED[1], condition="gender == 'man'"), *WANTED[2:])
    with pytest.raises(Refusal, match="does not ask medicine of everyone"):
        lock(bare)
