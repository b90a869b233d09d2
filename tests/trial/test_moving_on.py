"""A held place moves on after its deadline by itself, and both are written to."""

from tests.study import DAY, NOW, PROTOCOL, Study

from confrere.post.models import Letter
from confrere.trial import actions, queries
from confrere.vault.models import Link


def letters(number: int) -> list[str]:
    return list(Letter.objects.filter(to=f"p{number}@example.org").order_by("pk").values_list("subject", flat=True))


def test_both_get_a_letter_once_when_a_place_moves_on(bare: Study) -> None:
    bare.open(PROTOCOL.replace("cap = 6", "cap = 2"))
    first, second, third = (bare.join(number) for number in range(3))
    actions.catch_up(programme=bare.programme, now=NOW)
    assert (letters(0), letters(1), letters(2)) == ([], [], [])  # the page said it
    bare.answer(second)
    for day in (9, 9, 10):
        actions.catch_up(programme=bare.programme, now=NOW + day * DAY)
    assert (bare.state(first), bare.state(third)) == ("lapsed", "held")
    assert letters(0) == ["Your place has gone on"]
    assert letters(2) == ["Something is free for you"]
    actions.catch_up(programme=bare.programme, now=NOW + 20 * DAY)
    assert letters(2) == ["Something is free for you", "Your place has gone on"]


def test_a_place_whose_owner_cannot_be_found_is_told_to_nobody(study: Study) -> None:
    actions.hold_place(programme=study.programme, study_id="S-AAAA-AAAA", now=NOW)
    actions.move_on(programme=study.programme, now=NOW + 9 * DAY)
    trial = queries.required(study.programme)
    assert [place.study_id for place in queries.to_be_written(trial)] == ["S-AAAA-AAAA"]
    actions.catch_up(programme=study.programme, now=NOW + 9 * DAY)
    assert queries.to_be_written(trial) == []
    assert (Letter.objects.count(), Link.objects.count()) == (0, 0)
