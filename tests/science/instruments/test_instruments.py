"""The rules that every scale keeps, and how answers become scores."""

import numpy as np
import pytest

from confrere.science.instruments import Instrument, InstrumentError, find, registry

KNOWN = [instrument for instrument in registry().values() if instrument.known]
by_id = pytest.mark.parametrize("instrument", KNOWN, ids=lambda instrument: instrument.id)


def constant(instrument: Instrument, best: bool) -> dict[str, float]:
    """Every item at the end that gives the best or the worst of the first score."""
    return {item.id: item.high if best != item.reverse else item.low for item in instrument.items}


@by_id
def test_scores_reach_both_ends_of_their_range_and_never_leave_it(instrument: Instrument) -> None:
    for rule in instrument.rules:
        lowest = instrument.score(constant(instrument, False), rule=rule.name)
        highest = instrument.score(constant(instrument, True), rule=rule.name)
        for score in instrument.all_scores(rule.name):
            assert lowest[score.name] == score.low
            assert highest[score.name] == score.high


@by_id
def test_every_part_exists_and_names_are_used_once(instrument: Instrument) -> None:
    for rule in instrument.rules:
        names = [score.name for score in instrument.all_scores(rule.name)]
        known = set(instrument.item_ids) | set(names)
        assert rule.headline in names
        assert all(set(score.parts) <= known for score in instrument.all_scores(rule.name))
        everything = [*instrument.item_ids, *names, *(cutoff.name for cutoff in instrument.cutoffs)]
        assert len(everything) == len(set(everything))
    assert {name for cutoff in instrument.cutoffs for name, _, _ in cutoff.any_of} <= set(names)


@by_id
def test_an_unanswered_item_leaves_its_scores_missing_by_the_stated_rule(instrument: Instrument) -> None:
    answers = {item.id: np.array([item.low, np.nan]) for item in instrument.items}
    for values in instrument.score(answers).values():
        assert values.shape == (2,)
        assert np.isnan(values).tolist() == [False, True]
    assert instrument.missing_rule.endswith(".")


@by_id
def test_every_scale_names_source_and_licence(instrument: Instrument) -> None:
    assert instrument.source
    assert instrument.licence in {"ship", "attest", "own"}
    assert instrument.licence_note.endswith(".")
    if instrument.licence != "ship":
        assert all(item.text is None for item in instrument.items)


def test_unknown_scales_refuse_to_score() -> None:
    unknown = [instrument.id for instrument in registry().values() if not instrument.known]
    assert unknown == ["physician_job_satisfaction", "empowerment_at_work", "meaning_at_work"]
    for name in unknown:
        assert not find(name).shippable
        with pytest.raises(InstrumentError, match="not known to us"):
            find(name).score({})


def test_only_our_own_wording_ships() -> None:
    assert [i.id for i in registry().values() if i.shippable] == ["qol_vas", "lasa_qol"]


def test_names_are_helped() -> None:
    with pytest.raises(InstrumentError, match="There is no instrument pfy; did you mean pfi\\?"):
        find("pfy")
    with pytest.raises(InstrumentError, match="There is no instrument zzzzz; we have pfi, mmbi"):
        find("zzzzz")
    with pytest.raises(InstrumentError, match="has no rule x; it has burnout_items, burnout_subscales"):
        find("pfi").score({}, rule="x")


def test_both_burnout_rules() -> None:
    pfi = find("pfi")
    answers = {f"pfi_{number}": 3.0 if 7 <= number <= 10 else 1.0 for number in range(1, 17)}
    assert pfi.score(answers)["overall_burnout"] == 2.5 * (4 * 3 + 6 * 1) / 10
    assert pfi.score(answers, rule="burnout_subscales")["overall_burnout"] == 2.5 * (3 + 1) / 2
    assert pfi.one("burnout_items", answers) == 4.5
    assert pfi.one("burnout_subscales", answers) == 5.0
    assert pfi.one("work_exhaustion", answers) == 7.5
    assert pfi.one("high_burnout", answers) == 1.0
    with pytest.raises(InstrumentError, match="has no score joy"):
        pfi.one("joy", answers)


def test_a_reversed_item_is_turned_round_once() -> None:
    cbi = find("cbi")
    answers = dict.fromkeys(cbi.item_ids, 4.0)
    assert cbi.score(answers)["work_burnout"] == 600 / 7
    assert cbi.score(answers, reverse=["cbi_work_7"])["work_burnout"] == 100
    sv = find("self_valuation")
    raw = {"sv_1": 4.0, "sv_2": 3.0, "sv_3": 0.0, "sv_4": 1.0}
    assert sv.score(raw)["self_valuation"] == 8
    assert sv.score(raw, reverse=["sv_3", "sv_4"])["self_valuation"] == 4 + 3 + 4 + 3


def test_the_published_missing_rule_of_copenhagen() -> None:
    cbi = find("cbi")
    answers = {item: np.full(2, 2.0) for item in cbi.item_ids}
    for number in (1, 2, 3):
        answers[f"cbi_personal_{number}"] = np.array([np.nan, np.nan])
    answers["cbi_personal_4"] = np.array([4.0, np.nan])
    assert cbi.score(answers)["personal_burnout"].tolist()[0] == 200 / 3
    assert np.isnan(cbi.score(answers)["personal_burnout"][1])


def test_a_cutoff_stays_open_only_while_it_can_still_turn() -> None:
    mbi = find("mbi_hss_mp")
    answers = {item: np.full(4, 0.0) for item in mbi.item_ids}
    for number in (1, 2, 3, 6, 8):
        answers[f"mbi_{number}"] = np.array([6.0, 6.0, 0.0, 0.0])
    answers["mbi_5"] = np.array([0.0, np.nan, np.nan, 0.0])
    read = mbi.score(answers)
    assert read["high_emotional_exhaustion"].tolist() == [1, 1, 0, 0]
    assert read["high_burnout"].tolist()[:2] == [1, 1]
    assert np.isnan(read["high_burnout"][2])
    assert read["high_burnout"][3] == 0


def test_a_file_coded_from_one_is_shifted() -> None:
    uwes = find("uwes9")
    assert uwes.score(dict.fromkeys(uwes.item_ids, 7.0), shift=1)["work_engagement"] == 6


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"mmbi_exhaustion": 7.0},
            "The answer 7 to mmbi_exhaustion in row 1 is outside the whole numbers 0 to 6.",
        ),
        (
            {"mmbi_exhaustion": np.array([0, 2.5]), "mmbi_depersonalization": np.zeros(2)},
            "The answer 2.5 to mmbi_exhaustion in row 2 is outside the whole numbers 0 to 6.",
        ),
        ({"mmbi_exhaustion": np.inf}, "The answer inf to mmbi_exhaustion in row 1 is outside the whole"),
        ({"mmbi_exhaustion": np.zeros(2)}, "do not have the same number of rows."),
    ],
)
def test_answers_that_cannot_be_are_refused(changes: dict[str, float], sentence: str) -> None:
    with pytest.raises(InstrumentError, match=sentence):
        find("mmbi").score({"mmbi_exhaustion": 0.0, "mmbi_depersonalization": 0.0} | changes)


def test_absent_items_are_named() -> None:
    with pytest.raises(InstrumentError, match="needs the items mmbi_depersonalization\\."):
        find("mmbi").score({"mmbi_exhaustion": 0.0})
    with pytest.raises(InstrumentError, match="has no item zz to turn round\\."):
        find("mmbi").score({"mmbi_exhaustion": 0.0, "mmbi_depersonalization": 0.0}, reverse=["zz"])


def test_a_line_takes_any_position() -> None:
    assert find("qol_vas").score({"qol_vas": 61.5})["quality_of_life"] == 61.5
    with pytest.raises(InstrumentError, match="is outside 0 to 100\\."):
        find("qol_vas").score({"qol_vas": 100.5})


def test_mini_z_sums_its_halves_and_reads_its_burnout_item() -> None:
    answers = {f"miniz_{number}": np.array([4.0, 5.0, 3.0]) for number in range(1, 11)}
    answers["miniz_2"] = np.array([3.0, 4.0, np.nan])
    scores = find("mini_z").score(answers)
    assert scores["supportive_work"].tolist()[:2] == [19, 24]
    assert scores["pace_and_records"].tolist() == [20, 25, 15]
    assert scores["joyful_workplace"].tolist()[:2] == [39, 49]
    assert scores["joyful"].tolist()[:2] == [0, 1]
    assert scores["reasonable_pace"].tolist() == [1, 1, 0]
    assert scores["high_burnout"].tolist()[:2] == [1, 0]
    assert np.isnan([scores[name][2] for name in ("supportive_work", "joyful_workplace", "high_burnout")]).all()
