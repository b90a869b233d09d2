"""An NPI is ten plain digits that fit each other; each way of being none has its own sentence."""

import pytest

from confrere.people.registers.npi import check_digit, check_npi
from confrere.vault.refusals import Refusal

WRONG = {
    "": "ten digits, as on the letter",
    "１２３４５６７８９３": "not the plain ones",
    "AB1234567": "DEA number",
    "12345-6789": "digits only",
    "١٢٣": "not the plain ones",
    "123456789": "this one has 9",
    "12345678931": "this one has 11",
    "3234567891": "begins with 1 or 2",
    "1234567890": "does not fit the others",
    "²234567893": "not the plain ones",
}


def test_the_example_of_the_standard_is_one() -> None:
    assert check_npi(" 1234567893\n") == "1234567893"


@pytest.mark.parametrize(("text", "words"), WRONG.items())
def test_each_way_of_being_none_has_its_own_sentence(text: str, words: str) -> None:
    with pytest.raises(Refusal, match=words) as no:
        check_npi(text)
    assert no.value.status == 422


def test_every_single_wrong_digit_is_found() -> None:
    right = "1234567893"
    for place in range(1, 10):
        for digit in set("0123456789") - {right[place]}:
            with pytest.raises(Refusal):
                check_npi(right[:place] + digit + right[place + 1 :])


def test_one_check_digit_of_ten_fits() -> None:
    assert sorted(check_digit(f"1{number:08d}") for number in range(10)) == list("0123456789")
