from tests.study import DIRECTOR, NOW, Study

from confrere.evidence import queries
from confrere.trial import actions as trial
from confrere.trial.protocol import shipped_protocol


def test_what_the_outcomes_scales_owe_to_memory_is_named(bare: Study) -> None:
    assert queries.unverified(programme=bare.programme) == []
    protocol = shipped_protocol("kiser2024")
    trial.draft(programme=bare.programme, site=bare.site, protocol=protocol, actor=DIRECTOR, now=NOW)
    said = dict(queries.unverified(programme=bare.programme))
    assert ("the limit for burnout",) in said.values()
    assert len(said) >= 3
