"""The pages that stand before any room has something to show."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from confrere.people.models import Membership, Programme, Site, User

pytestmark = pytest.mark.django_db
SINCE = datetime(2026, 1, 1, tzinfo=UTC)


def programme(slug: str) -> Programme:
    site, _ = Site.objects.get_or_create(slug="uni", name="University Hospital", zone="UTC")
    return Programme.objects.create(site=site, slug=slug, name=f"Programme {slug}", zone="UTC")


def member_of(*programmes: Programme, role: str = "participant") -> Client:
    person = User.objects.create(email="ama@example.org", name="Dr. Ama Osei")
    for here in programmes:
        Membership.objects.create(user=person, programme=here, site=here.site, role=role, since=SINCE)
    client = Client()
    client.force_login(person)
    return client


def test_a_stranger_reads_what_this_is_and_may_sign_in() -> None:
    answer = Client().get("/")
    assert answer.status_code == 200
    assert 'href="/accounts/login/"' in answer.text


def test_one_programme_opens_at_once() -> None:
    answer = member_of(programme("a")).get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/p/a/")


def test_several_programmes_are_a_choice() -> None:
    page = member_of(programme("a"), programme("b")).get("/").text
    assert 'href="/p/a/"' in page
    assert 'href="/p/b/"' in page


def test_no_programme_is_said_calmly() -> None:
    assert "No programme is open to you" in member_of().get("/").text


def test_today_without_anything_to_do_says_so() -> None:
    page = member_of(programme("a")).get("/p/a/").text
    assert "Dr. Ama Osei</h1>" in page
    assert "Nothing waits for you" in page
    assert 'aria-current="page"' in page
