import numpy as np

from confrere.science.instruments import registry
from confrere.web.demo.answers import COURSES, answers
from confrere.web.demo.cast import people, physicians


def test_the_same_seed_gives_the_same_people_and_no_two_share_an_address() -> None:
    crowd = people(400, seed=1)
    assert crowd == people(400, seed=1)
    assert len({person.email for person in crowd}) == 400
    assert {person.email.partition("@")[2] for person in crowd} == {"physicians.example"}


def test_physicians_have_the_published_shares() -> None:
    crowd = physicians(3000, seed=1, specialties=["cardiology"])
    women = sum(one.gender == "woman" for one in crowd) / 3000
    medicine = sum(one.department_of_medicine == "yes" for one in crowd) / 3000
    assert abs(women - 109 / 138) < 0.03
    assert abs(medicine - 48 / 138) < 0.03


def test_answers_lie_in_range_and_near_the_published_means() -> None:
    items = [item.id for instrument, _score in COURSES for item in registry()[instrument].items]
    crowd = physicians(600, seed=3, specialties=["cardiology"])
    before = [answers(seed=one.seed, items=items, later=False, coached=False) for one in crowd]
    after = [answers(seed=one.seed, items=items, later=True, coached=True) for one in crowd]
    for (instrument, name), course in COURSES.items():
        scale = registry()[instrument]
        for item in scale.items:
            codes = {given[item.id] for given in before if item.id in given}
            assert all(item.low <= code <= item.high for code in codes)
        first, second = (
            scale.score({item: np.array([given[item] for given in wave]) for item in scale.item_ids})[name]
            for wave in (before, after)
        )
        assert abs(first.mean() - course.mean) < 0.35 * course.sd, name
        assert abs((second - first).mean() - course.change_coached) < 0.3 * course.sd, name


def test_only_wanted_items_are_answered() -> None:
    assert set(answers(seed=1, items=["pfi_1", "gender"], later=False, coached=False)) == {"pfi_1"}
