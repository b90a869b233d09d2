"""A site, a programme and a small questionnaire, made by the rooms' own actions."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from tests.post.conftest import postbox

from confrere.people import actions as people
from confrere.surveys import actions, definition, links
from confrere.surveys.definition import Kind, Option, Question
from confrere.vault import link
from confrere.vault.audit import Actor

__all__ = ["postbox"]

NOW = datetime(2026, 3, 3, 17, 30, tzinfo=UTC)
DIRECTOR = Actor.person(1)

GENDER = Question(
    name="gender",
    kind=Kind.CHOICE,
    text="Your gender",
    section="About you",
    options=(Option(value="woman", label="Woman"), Option(value="man", label="Man")),
)
THEMES = Question(
    name="themes",
    kind=Kind.CHOICES,
    text="What came up?",
    required=False,
    options=(Option(value="care", label="Self-care"), Option(value="skills", label="Skills")),
)
YEARS = Question(name="years", kind=Kind.NUMBER, text="Years in practice", low=0, high=60, whole=True)
WORDS = Question(name="words", kind=Kind.TEXT, text="Anything else?", required=False)
OWN = (GENDER, THEMES, YEARS, WORDS)


@dataclass(frozen=True)
class Place:
    programme: int
    site: int
    slug: str


@pytest.fixture
def place(db: None, standing_keys: None) -> Place:
    site = people.create_site(slug="mgh", name="General", zone="America/New_York", now=NOW, actor=DIRECTOR)
    programme = people.create_programme(
        site=site, slug="peer", name="Peer coaching", zone="America/New_York", now=NOW, actor=DIRECTOR
    )
    return Place(programme=programme, site=site, slug="peer")


@pytest.fixture
def publish(place: Place) -> Callable[..., int]:
    """Publish a questionnaire of these questions; returns its version."""

    def publish(*questions: Question, slug: str = "baseline", now: datetime = NOW) -> int:
        return actions.publish(
            programme=place.programme,
            site=place.site,
            slug=slug,
            title="Baseline",
            questions=questions,
            actor=DIRECTOR,
            now=now,
        )

    return publish


@pytest.fixture
def stand_in(place: Place) -> Callable[[str], int]:
    """Import the stand-in wording of an instrument; returns the pack's version."""

    def stand_in(instrument: str) -> int:
        return actions.import_pack(
            programme=place.programme,
            site=place.site,
            instrument=instrument,
            pack=definition.stand_in(instrument),
            attestation="simulated programme",
            actor=DIRECTOR,
            now=NOW,
        )

    return stand_in


@pytest.fixture
def opened(place: Place) -> Callable[..., int]:
    """Open the questionnaire for a study id from NOW for two weeks; returns the response."""

    def opened(study_id: str = "S-AAAA-AAAA", wave: str = "baseline") -> int:
        return actions.open_response(
            programme=place.programme,
            site=place.site,
            study_id=study_id,
            wave=wave,
            questionnaire="baseline",
            opens=NOW,
            closes=NOW + timedelta(days=14),
            now=NOW,
        )

    return opened


@pytest.fixture
def person(place: Place) -> Callable[..., tuple[int, str]]:
    """An account with a study id in the programme; returns both."""

    def person(email: str = "a.osei@example.org") -> tuple[int, str]:
        number = people.create_account(email=email, name="A. Osei", zone="Europe/Berlin", now=NOW)
        study_id = link.create(person=number, programme=place.programme, site=place.site, now=NOW)
        return number, study_id

    return person


@pytest.fixture
def link_to(place: Place, publish: Callable[..., int]) -> Callable[..., str]:
    """The address of a survey of these questions that is open now."""

    def link_to(*questions: Question, study_id: str = "S-AAAA-AAAA", days: int = 0) -> str:
        publish(*questions)
        now = timezone.now()
        actions.open_response(
            programme=place.programme,
            site=place.site,
            study_id=study_id,
            wave="baseline",
            questionnaire="baseline",
            opens=now + timedelta(days=days),
            closes=now + timedelta(days=days + 7),
            now=now,
        )
        token = links.token(programme=place.programme, study_id=study_id, wave="baseline")
        return reverse("answer", args=[token])

    return link_to
