"""Two sites of one programme: whoever looks after one sees nothing and nobody of the other, on any page.

Everything of the planted town lies at its first site. A coordinator of the second one, where nobody takes part, walks
every address with everything that it can lead to.
"""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.utils import timezone
from tests.house.planted import Planted, plant
from tests.house.test_audiences import paths, seen

from confrere.people import actions as people

#: What every site of a programme shares: its own texts and its lock, and nothing about anybody.
SHARED = {
    "coaching.Limits.text",
    "people.Incentive.name",
    "people.Programme.name",
    "people.Site.name",
    "surveys.Questionnaire.title",
    "trial.ConsentText.meaning",
    "trial.ConsentText.text",
    "trial.Resources.text",
    "trial.Trial.protocol",
    "trial.Trial.test_entropy",
    "vault.DataLock.name",
    "vault.DataLock.reason",
}
#: What the coordinator of the first site does read there.
OWN = {
    "people.Parcel.address",
    "people.User.name",
    "surveys.Correction.old",
    "surveys.Correction.new",
    "trial.AdverseEvent.irb_reference",
    "trial.DataQuery.reply",
    "trial.Deviation.text",
    "trial.Unblinding.reason",
    "service.Service.title",
}
STAFF = {"coach", "moderator", "director", "coordinator", "statistician", "leader", "operator"}


@pytest.fixture
def town(db: None, standing_keys: None) -> Iterator[Planted]:
    made, now = plant(), timezone.now()
    director = made.standing("director", now)
    there = people.add_site(standing=director, name="Second hospital", zone="UTC", now=now)
    made.people["elsewhere"] = people.appoint(
        standing=director, email="second@example.org", name="Second", role="coordinator", site=there, now=now
    )
    yield made
    cache.clear()


def test_a_coordinator_of_another_site_sees_nobody_and_nothing_of_this_one(town: Planted) -> None:
    # Takes some seconds: every address with everything that it leads to.
    field = {canary.word: canary.field for canary in town.canaries if canary.about not in STAFF}
    asked = sorted(paths(town))
    theirs = {field[word]: path for word, path in seen(town, "elsewhere", asked).items() if word in field}
    own = {field[word] for word in seen(town, "coordinator", asked) if word in field}
    assert {name: path for name, path in theirs.items() if name not in SHARED} == {}
    assert own >= OWN
