from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from tests.study import DIRECTOR, NOW, PROTOCOL, Study

from confrere.science.allocation import commit
from confrere.surveys import actions as surveys
from confrere.surveys import definition
from confrere.surveys.models import Questionnaire
from confrere.trial import actions, keys, queries, rules
from confrere.trial.consent_texts import shipped_consent
from confrere.trial.models import Announcement, Seat, Trial
from confrere.trial.protocol import load_protocol, shipped_protocol, shipped_protocols
from confrere.vault import keys as vault_keys
from confrere.vault.models import Payload
from confrere.vault.refusals import Refusal


def draft(study: Study, protocol: str = PROTOCOL) -> int:
    return actions.draft(programme=study.programme, site=study.site, protocol=protocol, actor=DIRECTOR, now=NOW)


def lock(study: Study, **more: str) -> str:
    return actions.lock(programme=study.programme, actor=DIRECTOR, now=NOW, **more)


def test_a_text_that_is_no_protocol_is_refused_with_its_place(bare: Study) -> None:
    with pytest.raises(Refusal, match="line") as refused:
        draft(bare, PROTOCOL.replace("cap = 6", "cap = -6"))
    assert refused.value.status == 422
    assert not Trial.objects.exists()


def test_a_draft_may_change_and_the_lock_commits(bare: Study) -> None:
    assert draft(bare) == draft(bare, PROTOCOL.replace("cap = 6", "cap = 7"))
    bare.text("words")
    commitment = lock(bare)
    trial = queries.required(bare.programme)
    assert trial.commitment == commitment == commit(vault_keys.store().read("allocation-peer"))
    assert (trial.state, trial.locked_at, Seat.objects.count()) == ("open", NOW, 7)
    slugs = Questionnaire.objects.order_by("slug").values_list("slug", flat=True)
    assert list(slugs) == ["baseline", "month3-coaching", "month3-control"]
    assert Payload.objects.filter(body__contains=commitment).count() == 1


def test_the_question_for_one_arm_is_asked_there_only(study: Study) -> None:
    asked = {
        row.slug: [question.name for question in definition.from_json(row.definition)]
        for row in Questionnaire.objects.all()
    }
    assert asked == {
        "baseline": ["gender", "medicine", "qol_vas"],
        "month3-coaching": ["again", "qol_vas"],
        "month3-control": ["qol_vas"],
    }


def test_nothing_of_a_locked_protocol_changes_and_the_hash_is_shown(study: Study) -> None:
    promised = queries.required(study.programme).protocol_sha256
    for change in (lambda: draft(study, PROTOCOL.replace("cap = 6", "cap = 60")), lambda: lock(study)):
        with pytest.raises(Refusal, match=promised):
            change()


def test_a_lock_needs_a_consent_text_and_a_distress_plan(bare: Study) -> None:
    draft(bare)
    with pytest.raises(Refusal, match="no consent text"):
        lock(bare)
    bare.text("words")
    draft(bare, PROTOCOL.replace('distress = ["In a crisis, call or text 988."]', ""))
    with pytest.raises(Refusal, match="distress plan"):
        lock(bare)
    assert not vault_keys.store().exists("allocation-peer")


def test_a_consent_needs_words_and_a_meaning(bare: Study) -> None:
    draft(bare)
    with pytest.raises(Refusal, match="needs its text"):
        bare.text(" ")


def test_a_key_is_never_used_again(bare: Study) -> None:
    vault_keys.store().create("allocation-peer")
    draft(bare)
    bare.text("words")
    with pytest.raises(Refusal, match="never overwritten"):
        lock(bare)
    assert queries.required(bare.programme).state == "draft"


def test_test_entropy_is_labelled_and_for_simulated_people_only(bare: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    draft(bare)
    bare.text("words")
    monkeypatch.setattr(rules, "simulated", lambda: False)
    with pytest.raises(Refusal, match="simulated programmes only"):
        lock(bare, test_entropy="2023")
    monkeypatch.undo()
    assert lock(bare, test_entropy="2023") == commit(keys.from_label("2023"))
    assert queries.record(queries.required(bare.programme))["simulated"] is True


def test_missing_wording_stops_the_lock(bare: Study) -> None:
    text = shipped_protocol("kiser2024")
    draft(bare, text)
    bare.text(shipped_consent("kiser2024-consent", "1"))
    with pytest.raises(Refusal, match="Professional Fulfillment Index"):
        lock(bare)
    for instrument in load_protocol(text).baseline.instruments:
        surveys.import_pack(
            programme=bare.programme,
            site=bare.site,
            instrument=instrument,
            pack=definition.stand_in(instrument),
            attestation="simulated",
            actor=DIRECTOR,
            now=NOW,
        )
    lock(bare)
    assert Seat.objects.count() == 138


@pytest.mark.parametrize("name", shipped_protocols())
def test_every_protocol_comes_with_its_consent_text(name: str) -> None:
    protocol = load_protocol(shipped_protocol(name))
    text = shipped_consent(protocol.consent.document, protocol.consent.version)
    assert "voluntary" in text
    with pytest.raises(KeyError):
        shipped_consent(protocol.consent.document, "99")


def test_announcements_are_counted_without_an_address(study: Study) -> None:
    numbers = [
        actions.announce(programme=study.programme, addresses=3247, actor=DIRECTOR, now=NOW) for _again in range(2)
    ]
    assert numbers == [1, 2]
    with pytest.raises(Refusal, match="how many addresses"):
        actions.announce(programme=study.programme, addresses=0, actor=DIRECTOR, now=NOW)
    assert [str(row) for row in Announcement.objects.order_by("pk")] == ["announcement 1", "announcement 2"]


def test_a_programme_without_a_trial_has_none(bare: Study) -> None:
    with pytest.raises(Refusal) as refused:
        queries.required(bare.programme)
    assert refused.value.status == 404


@pytest.mark.parametrize(("slug", "name"), [("peer", "allocation-peer"), ("Peer_2", "allocation-peer-2")])
def test_a_key_is_named_after_its_programme(slug: str, name: str) -> None:
    assert keys.name_of(slug) == name


def test_the_database_keeps_lock_and_publication_whole(study: Study) -> None:
    for wrong in ({"commitment": ""}, {"state": "draft"}, {"state": "published"}, {"state": "other"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Trial.objects.update(**wrong)


def test_keys_of_real_trials_lie_outside_the_database(bare: Study, tmp_path: Path) -> None:
    bare.open(test_entropy="")
    trial = queries.required(bare.programme)
    key = keys.of_trial(trial)
    assert commit(key) == trial.commitment
    assert key.hex() not in str(Trial.objects.values_list().get())
