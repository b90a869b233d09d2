"""Where drafts stand, and short ways to save and to read one."""

from tests.study import DIRECTOR, NOW, Study

from confrere.trial import actions, queries

FORM = "application/x-www-form-urlencoded"
HOME = "/p/peer/trial/protocol/"
UNFINISHED = '[trial]\nid = "small"\n'


def save(study: Study, text: str, after: int = 0, by: str = "Ada") -> int:
    return actions.save_draft(
        programme=study.programme, site=study.site, text=text, after=after, by=by, actor=DIRECTOR, now=NOW
    )


def newest(study: Study) -> str:
    found = queries.newest_version(study.programme)
    assert found is not None
    return found.text
