"""Who really reads what, against what the classes say: a canary in every field, every address, every role."""

import re
from collections.abc import Iterator
from html import unescape
from itertools import product

import pytest
from django.core.cache import cache
from django.db import models
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from tests.house.planted import Canary, Planted, plant
from tests.house.samples import SAMPLES
from tests.house.test_classification import ours

from confrere.people.models import User
from confrere.trial.models import ConsentText, Trial
from confrere.vault.audiences import AUDIENCES
from confrere.vault.classification import audience_of, class_name, classes
from confrere.vault.disclosure import personal_tables

#: Fields of words or numbers that hold no canary, each with its reason.
BARE: dict[str, str] = {
    "people.User": "zone and language are names from a list; the password is none",
    "people.Site": "slug and zone stand in addresses and lists",
    "people.Programme": "slug and zone stand in addresses and lists",
    "people.Incentive": "a count, and names of waves",
    "people.Parcel": "one of two states",
    "people.Claim": "names from lists: specialty, state, why, how it was shown",
    "people.Decision": "two states of a claim",
    "people.BindingLink": "one of two kinds; a digest of a secret",
    "people.Look": "one of two questions",
    "people.Picture": "one of two kinds; ciphertext",
    "people.RegisterFile": "a public register's name, date and check sum",
    "people.Listed": "copied from a public register; says nothing about who is here",
    "people.Exclusion": "copied from a public register; says nothing about who is here",
    "people.Licence": "copied from a public register; says nothing about who is here",
    "people.Taxonomy": "copied from a public list of codes",
    "people.Credential": "the specialty is a name from a list",
    "coaching.Coach": "a capacity is a small number, which stands in many places",
    "coaching.Agreement": "what every coach signs, and its check sum",
    "coaching.BusyCalendar": "sealed, and what another server said of its file",
    "coaching.CoachFile": "stages, kinds of certificates and days",
    "coaching.Complaint": "a kind and an end, from lists",
    "coaching.Leeway": "small numbers",
    "coaching.Shunned": "check sums and kinds",
    "post.Picture": "pixels, drawn anew",
    "coaching.Hours": "a zone is a name from a list",
    "coaching.Entitlement": "minutes are small numbers, which stand in many places",
    "coaching.Booking": "small numbers, a zone and a key of the form",
    "coaching.Workbook": "a random number and a version; the rest is ciphertext",
    "coaching.WorkbookLock": "one of two kinds, and the name that a browser gave a passkey; the rest is ciphertext",
    "coaching.Showing": "six digits; the rest is ciphertext",
    "coaching.PooledTheme": "a theme and a band, each from a fixed list",
    "coaching.Gathering": "a kind from a list, and a number of places",
    "coaching.Device": "the address of a browser's push service",
    "coaching.Feed": "a check sum of an address",
    "coaching.Limits": "the letters of a state and a version; the text is shown to everyone in the programme",
    "coaching.PayLine": "three letters of a currency, a cost centre, and what coaches are paid for",
    "coaching.Rate": "three letters of a currency and a cost centre",
    "coaching.HeldSession": "the number of a session is one of six",
    "surveys.TextPack": "name, version and check sum",
    "surveys.Questionnaire": "name, version and check sum",
    "people.MailRefusal": "a code such as 5.1.1",
    "surveys.LetterStop": "the study id stands for the person",
    "surveys.LetterText": "version, wave and kind",
    "surveys.Pulse": "counts, and a name and the sealing half of a key",
    "surveys.PulseAnswer": "a code of a list; nobody is behind it",
    "surveys.WavePlan": "the name of a wave, which stands in addresses",
    "surveys.Response": "study id, wave, a digest, and how many letters went",
    "service.Service": "small numbers, names from lists, and the link, which is there to be passed on",
    "service.Terms": "version and check sum",
    "service.Intake": "small numbers and a check sum",
    "service.Seat": "numbers count from 1",
    "service.Place": "a state, small numbers, and a random name of a lot",
    "service.YearReport": "numbers count from 1",
    "surveys.DraftState": "an earlier state of such a draft",
    "surveys.Draft": "what stands in it is published to everyone who is asked, and shown to staff until then",
    "trial.ProtocolVersion": "a protocol, which is open to the programme; numbers and check sums",
    "trial.StampedConsent": "a file name, numbers and a check sum of a document of the programme",
    "trial.ReportedEvent": "a reference number of the review board",
    "trial.Batch": "check sums, and numbers that are public after the draw",
    "trial.RosterLine": "the study id stands for the person; a stratum of the protocol",
    "trial.Trial": "check sums, and the recruitment link, which is there to be passed on",
    "trial.Announcement": "numbers count from 1",
    "trial.Demographic": "a question and an answer of the protocol",
    "trial.Lot": "the study id stands for the person",
    "trial.Lottery": "a check sum, and words that are public after the draw",
    "trial.Mailing": "numbers count from 1",
    "trial.Visits": "a count of openings of a page",
    "trial.ConsentText": "version and check sum, and a reference that is published with the text",
    "trial.Consent": "meaning and check sum are those of the text; how somebody signed in is one of two",
    "trial.Seat": "numbers count from 1",
    "trial.Place": "the study id stands for the person",
    "trial.Allocation": "study id, and an arm of the protocol",
    "trial.Delivered": "the study id stands for the person; a count of six at most",
    "trial.Deviation": "study id, a kind from a list, who noted it by number",
    "trial.AdverseEvent": "study id, a kind from a list, who noted it by number",
    "trial.DataQuery": "study id, names of wave and question, who wrote by number",
    "trial.Unblinding": "study id, a role, who asked and who agreed by number",
    "trial.Resources": "versions count from 1",
    "surveys.Correction": "the name of a question, who corrected by number",
    "vault.DataLock": "persons and places by number",
    "trial.Step": "the study id stands for the person",
    "trial.Withdrawal": "the study id stands for the person",
    "lounge.Question": "a specialty, names from lists, how many answers, a small number of days",
    "lounge.Post": "html is the text again; a specialty, names from lists, its place in the thread",
    "lounge.Revision": "what stood in a post, which a canary of the post is",
    "lounge.ReadMark": "a number, and one of three stances",
    "lounge.Interest": "a specialty, and one of three stances",
    "lounge.Draft": "a specialty",
    "lounge.Endorsement": "a specialty",
    "lounge.Mention": "a specialty",
    "lounge.Vote": "the number of a choice",
    "lounge.Specialty": "names of specialties, open to the programme",
    "lounge.KeyHolder": "a place, which is 1 or 2",
    "lounge.Tally": "a count under a digest",
    "lounge.Mask": "a pseudonym from a list",
    "lounge.GuardMark": "a kind from a list",
    "lounge.Hook": "an address that is fetched before it is kept; its owner's page alone shows it",
    "lounge.Picture": "pixels; who sees them, and when, tests/lounge/test_pictures walks",
    "lounge.Flag": "a reason and an outcome from lists",
    "lounge.Removal": "a cause and an outcome from lists",
    "lounge.SlowMode": "a small number of minutes",
    "lounge.Note": "a specialty",
    "lounge.NoticeChoice": "a choice from a list; the secret stands in the member's own letters",
    "lounge.Unmasking": "a cause from a list; reasons are read by moderators, whose page the room's own tests walk",
    "evidence.FrozenDataSet": "numbers count from 1",
    "evidence.DataAgreement": "versions count from 1",
    "evidence.Export": "a kind from a list",
    "evidence.FrozenMember": "the study id stands for the person",
    "post.Letter": "state and attempts",
    "vault.Payload": "the class, beside the body that names it",
    "vault.Hold": "persons and places by number, and names of classes",
    "vault.Link": "numbers of programme and site; the rest is ciphertext",
    "people.Membership": "a role from a list",
}
WORDS = (models.CharField, models.TextField, models.JSONField, models.IntegerField)
#: Who is verified, and so a member of the lounge.
VERIFIED = {"participant", "moderator"}
SELVES = {"participant", "coach", "outsider"}


@pytest.fixture
def town(db: None, standing_keys: None) -> Iterator[Planted]:
    yield plant()
    cache.clear()


def paths(town: Planted, resolver: URLResolver | None = None, prefix: str = "") -> Iterator[str]:
    """Every address of the project with everything in the town that it can lead to."""
    samples = {name: [str(value)] for name, value in SAMPLES.items()} | town.samples
    samples |= {"programme": [town.study.slug], "table": [*town.samples["table"], "table3"]}
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from paths(town, pattern, route)
        else:
            assert isinstance(pattern, URLPattern)
            names = re.findall(r"<(?:\w+:)?(\w+)>", route)
            for values in product(*(samples[name] for name in names)):
                filled = iter(values)
                yield "/" + re.sub(r"<[^>]+>", lambda _found: next(filled), route)  # noqa: B023  # used at once


def seen(town: Planted, who: str, asked: list[str]) -> dict[str, str]:
    """Canary → the first address at which this viewer reads it."""
    client = Client()
    client.force_login(User.objects.get(pk=town.people[who]))
    found: dict[str, str] = {}
    for path in asked:
        answer = client.get(path)
        assert answer.status_code < 500, path
        for word in re.findall(r"canary\d{3}x|71\d{3}4321", answer.content.decode("utf-8", "replace")):
            found.setdefault(word, path)
    return found


def may_read(canary: Canary, who: str) -> bool:
    """Whether the class of the field names this viewer, by role or by relation to whom it is about."""
    readers = audience_of(canary.field)
    role = who.removeprefix("other ")
    return who != "outsider" and (
        role in readers
        or ("self" in readers and who == canary.about)
        or ("other" in readers and who == canary.meets)
        or ("member" in readers and who in VERIFIED)
        # A coach can be met by every participant: that is what the coach's page is for.
        or ("other" in readers and canary.about == "coach" and role == "participant")
    )


def walk(town: Planted, asked: list[str]) -> dict[str, dict[str, str]]:
    """Viewer → canary → the first address at which they read it; three of them look at what exists about them, too."""
    more = [f"/me/what-exists/{table}/" for table in personal_tables()]
    return {who: seen(town, who, asked + (more if who in SELVES else [])) for who in town.people}


def violations(town: Planted, found: dict[str, dict[str, str]]) -> list[str]:
    """What was read by somebody whom the class does not name."""
    known = {canary.word: canary for canary in town.canaries}
    return sorted(
        f"{known[word].field} of {known[word].about}: {who} at {path}"
        for who, words in found.items()
        for word, path in words.items()
        if not may_read(known[word], who)
    )


def test_whoever_reads_something_is_named_by_its_class(town: Planted) -> None:
    # Takes some seconds: each address as each of eleven people.
    found = walk(town, sorted(paths(town)))
    assert violations(town, found) == []
    fields = {canary.word: canary.field for canary in town.canaries}
    read = {who: {fields[word] for word in words} for who, words in found.items()}
    assert read["participant"] >= {
        "people.User.name",
        "trial.Consent.name",
        "surveys.Answer.value",
        "coaching.Coach.biography",
        "lounge.Post.text",
    }
    assert "evidence.Release.page" in read["leader"]
    assert read["outsider"] == set()


def test_a_planted_leak_is_found(town: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    from confrere.web import views

    leak = next(canary.word for canary in town.canaries if canary.field == "surveys.Answer.value")
    monkeypatch.setattr(views, "greeting", lambda **_asked: f"Good morning, {leak}")
    found = violations(town, walk(town, [f"/p/{town.study.slug}/"]))
    assert "surveys.Answer.value of participant: leader at /p/peer/" in found
    assert "surveys.Answer.value of participant: other participant at /p/peer/" in found
    assert not any(": participant at" in one for one in found)


def test_every_field_with_words_holds_a_canary_or_has_a_reason(town: Planted) -> None:
    planted = {canary.field for canary in town.canaries}
    missing = {
        f"{model._meta.label}.{field.name}"
        for model in ours()
        for field in model._meta.concrete_fields
        if isinstance(field, WORDS) and not field.primary_key and classes()[class_name(field)].audience != "nobody"
    } - planted
    assert {one.rpartition(".")[0] for one in missing} == set(BARE)


#: Forms that take words: who fills them in, where, and what beside the word they ask for.
FORMS: tuple[tuple[str, str, str, dict[str, str]], ...] = (
    ("other participant", "/accounts/", "name", {"zone": "America/Denver"}),
    (
        "coach",
        "/p/peer/coaching/page/",
        "biography",
        {"languages": "English", "phone": "1", "capacity": "3"},
    ),
    ("participant", "/p/peer/lounge/ask/", "text", {"specialty": "cardiology", "title": "A title"}),
    ("moderator", "/p/peer/lounge/q/{question}/", "text", {"basis": "experience"}),
    ("coordinator", "/join/{token}/consent/", "name", {"version": "1", "sha256": "{sha256}", "agreed": "on"}),
)


@pytest.mark.parametrize(("who", "path", "field", "more"), FORMS, ids=[form[1] for form in FORMS])
def test_the_chip_on_a_form_says_who_reads_what_is_typed(
    town: Planted, who: str, path: str, field: str, more: dict[str, str]
) -> None:
    trial, text = Trial.objects.get(), ConsentText.objects.get()
    here = {"question": town.samples["question"][0], "token": trial.join_token, "sha256": text.sha256}
    client = Client()
    client.force_login(User.objects.get(pk=town.people[who]))
    path = path.format(**here)
    chips = set(re.findall(r"Who sees this: </span>(.*?)</span>", unescape(client.get(path).text)))
    typed = "canaryoftheform"
    answer = client.post(path, {field: typed} | {key: value.format(**here) for key, value in more.items()})
    assert answer.status_code == 302, answer.text
    stored = {
        str(AUDIENCES[classes()[class_name(column)].audience].sentence)
        for model in ours()
        for column in model._meta.concrete_fields
        if isinstance(column, models.CharField | models.TextField)
        and model._base_manager.filter(**{f"{column.name}__contains": typed}).exists()
    }
    assert stored
    assert stored <= chips
