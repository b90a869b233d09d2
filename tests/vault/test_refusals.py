import pytest

from confrere.vault.refusals import Refusal, asks


def check_may_open(*, key: bool) -> None:
    if not key:
        raise Refusal("You need a key.", status=403)


def test_a_refusal_is_a_sentence_and_a_status() -> None:
    with pytest.raises(Refusal) as caught:
        check_may_open(key=False)
    assert (caught.value.sentence, str(caught.value), caught.value.status) == (
        "You need a key.",
        "You need a key.",
        403,
    )
    assert Refusal("No.").status == 409


def test_the_button_asks_the_rule_that_the_action_checks() -> None:
    can_open = asks(check_may_open)
    assert (can_open(key=True), can_open(key=False)) == (True, False)
    assert (can_open.__name__, can_open.__doc__) == ("can_may_open", "Whether `check_may_open` would let this pass.")
