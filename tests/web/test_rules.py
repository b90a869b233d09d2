import pytest

from confrere.vault.refusals import Refusal
from confrere.web.rules import check_parts_are_open


def test_the_parts_are_open_among_simulated_people_only() -> None:
    check_parts_are_open(simulated=True)
    with pytest.raises(Refusal) as refused:
        check_parts_are_open(simulated=False)
    assert refused.value.status == 404
