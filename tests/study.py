"""A small trial, run by the rooms' own actions: two arms, four strata, a cap of six. Its fixtures stand in conftest."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from confrere.people import actions as people
from confrere.surveys import actions as surveys
from confrere.surveys import queries as answered
from confrere.trial import actions, queries
from confrere.vault import link
from confrere.vault.audit import Actor

NOW = datetime(2026, 3, 3, 17, 30, tzinfo=UTC)
DAY = timedelta(days=1)
#: What is kept of NOW behind the study door.
TODAY = NOW.replace(hour=0, minute=0)
DIRECTOR = Actor.system("test director")
MEANING = "I take part in the study"

PROTOCOL = """
[trial]
id = "small"
title = "A small trial"
source = "our tests"

[recruitment]
cap = 6
held_days = 7

[[arms]]
name = "coaching"
title = "Coaching now"

[[arms]]
name = "control"
title = "Coaching later"
control = true
coaching_after = "month3"

[allocation]
scheme = "big-stick"
mti = 2

[[strata]]
name = "gender"
levels = ["woman", "man"]

[[strata]]
name = "medicine"
levels = ["yes", "no"]

[sessions]
minutes = [90, 60]
window_days = 91

[[waves]]
name = "baseline"
title = "Baseline"
offset_days = 0
window_days = 28
instruments = ["qol_vas"]
questions = ["gender", "medicine"]

[[waves]]
name = "month3"
title = "Three months"
offset_days = 91
window_days = 28
instruments = ["qol_vas"]
questions = ["again"]

[consent]
document = "small-consent"
version = "1"

[support]
distress = ["In a crisis, call or text 988."]

[analysis]
df = "not stated"

[[analysis.sets]]
name = "modified_itt"
title = "Modified intention to treat"
keep = "arm == 'control' or sessions >= 1 or answered_month3 == 1"

[[analysis.sets]]
name = "itt"
title = "Intention to treat"

[[outcomes]]
name = "quality_of_life"
instrument = "qol_vas"
score = "quality_of_life"
role = "primary"
better = "higher"

[[questions]]
name = "gender"
text = "What is your gender?"
[questions.options]
woman = "Woman"
man = "Man"

[[questions]]
name = "medicine"
text = "Do you work in medicine?"
[questions.options]
yes = "Yes"
no = "No"

[[questions]]
name = "again"
text = "Would you consider coaching again?"
arms = ["coaching"]
[questions.options]
yes = "Yes"
no = "No"
"""
BASELINE = {"gender": "woman", "medicine": "yes", "qol_vas": 60}


@dataclass
class Study:
    """A programme with a trial, and short ways to let people act in it."""

    programme: int
    site: int
    slug: str = "peer"
    persons: dict[str, int] = field(default_factory=dict)

    def open(self, protocol: str = PROTOCOL, *, now: datetime = NOW, test_entropy: str = "small trial") -> None:
        """Draft, consent text, lock."""
        actions.draft(programme=self.programme, site=self.site, protocol=protocol, actor=DIRECTOR, now=now)
        self.text("What this is: a test.", now=now)
        actions.lock(programme=self.programme, actor=DIRECTOR, now=now, test_entropy=test_entropy)

    def text(self, text: str, *, now: datetime = NOW) -> int:
        """Publish a consent text."""
        return actions.publish_consent_text(
            programme=self.programme, text=text, meaning=MEANING, actor=DIRECTOR, now=now
        )

    def person(self, number: int) -> int:
        """An account."""
        email = f"p{number}@example.org"
        return people.create_account(email=email, name=f"P. {number}", zone="America/New_York", now=NOW)

    def join(self, number: int, *, now: datetime = NOW) -> str:
        """A person signs; returns the study id."""
        person = self.person(number)
        trial = queries.required(self.programme)
        text = queries.consent_text(trial)
        assert text is not None
        actions.consent(
            programme=self.programme,
            person=person,
            version=text.version,
            sha256=text.sha256,
            name=f"P. {number}",
            now=now,
        )
        study_id = link.study_id(person=person, programme=self.programme)
        assert study_id is not None
        self.persons[study_id] = person
        return study_id

    def answer(self, study_id: str, *, wave: str = "baseline", now: datetime = NOW, **answers: object) -> None:
        """Answer and send a wave."""
        windows = answered.windows(programme=self.programme, study_id=study_id)
        [response] = [window.response for window in windows if window.wave == wave]
        given = BASELINE if wave == "baseline" else {"qol_vas": 70}
        surveys.record_answers(programme=self.programme, response=response, answers={**given, **answers}, now=now)
        surveys.complete(programme=self.programme, response=response, now=now)

    def enrol(self, number: int, *, now: datetime = NOW, **answers: object) -> str:
        """Sign and answer the baseline; returns the study id."""
        study_id = self.join(number, now=now)
        self.answer(study_id, now=now, **answers)
        return study_id

    def state(self, study_id: str) -> str:
        """Where a study id stands."""
        place = queries.place_of(trial=queries.required(self.programme), study_id=study_id)
        assert place is not None
        return place.state

    def arm(self, study_id: str) -> str | None:
        """The arm of a study id, if it was drawn."""
        return queries.arms(programme=self.programme).get(study_id)


def make_study() -> Study:
    """A site and a programme without a trial yet."""
    site = people.create_site(slug="mgh", name="General", zone="America/New_York", now=NOW, actor=DIRECTOR)
    programme = people.create_programme(
        site=site, slug="peer", name="Peer coaching", zone="America/New_York", now=NOW, actor=DIRECTOR
    )
    return Study(programme=programme, site=site)
