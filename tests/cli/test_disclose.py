import json
from datetime import UTC, datetime

import pytest
from tests.study import PROTOCOL, Study

from confrere.cli import main
from confrere.people.models import Membership, Programme, Site, User
from confrere.people.roles import Role
from confrere.post.models import Letter
from confrere.vault import link
from confrere.vault.disclosure import personal_tables
from confrere.vault.limits import LIMITS, UNCLAIMED
from confrere.vault.models import Payload

NOW = datetime(2020, 3, 3, 17, 30, tzinfo=UTC)

pytestmark = pytest.mark.django_db

REASON = ["--reason", "Court order 12."]


@pytest.fixture
def programme() -> Programme:
    site = Site.objects.create(slug="mercy", name="Mercy", zone="UTC")
    return Programme.objects.create(site=site, slug="kiser", name="Peer coaching", zone="UTC")


def person(address: str, programme: Programme, role: Role) -> User:
    made = User.objects.create(email=address, name=address.partition("@")[0])
    Membership.objects.create(
        user=made, programme=programme, site=programme.site, role=role, since=NOW.replace(year=2020)
    )
    return made


@pytest.fixture
def participant(programme: Programme) -> User:
    person("one@site.org", programme, Role.OPERATOR)
    person("two@site.org", programme, Role.OPERATOR)
    return person("osei@site.org", programme, Role.PARTICIPANT)


@pytest.fixture
def real(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a database without the mark of simulation."""
    monkeypatch.setattr("confrere.vault.rules.simulated", lambda: False)


def by(*addresses: str) -> list[str]:
    return [word for address in addresses for word in ("--operator", address)]


def test_in_the_demo_everything_about_a_person_is_printed(
    participant: User, programme: Programme, capsys: pytest.CaptureFixture[str]
) -> None:
    code = link.create(person=participant.pk, programme=programme.pk, site=programme.site_id, now=NOW)
    assert main(["disclose", "OSEI@site.org"]) == 0
    text = capsys.readouterr().out
    assert text.startswith(f"All that exists about osei@site.org (study ids: {code})\n\n")
    assert "people_membership: rows found 1\n" in text
    assert "  email (account): osei@site.org\n" in text
    assert "  quiet_from (account): –\n" in text
    assert "  sealed (link): 59 octets that are no text: " in text
    assert "\n\nNothing in: " in text
    assert "one@site.org" not in text


def test_the_printout_lists_every_classified_column(participant: User, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["disclose", "osei@site.org", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["study_ids"] == {}
    # The limits stand in this print-out too (security.md 4.5 and 9).
    assert [len(printed[part]) for part in ("limits", "never_said")] == [1 + len(LIMITS), len(UNCLAIMED)]
    assert "What the coach remembers or writes elsewhere. A coach may be made to testify." in printed["limits"]
    assert {section["table"]: [column["name"] for column in section["columns"]] for section in printed["sections"]} == {
        table: [field.column for field in model._meta.concrete_fields] for table, model in personal_tables().items()
    }
    assert all(column["class"] and column["kept"] for section in printed["sections"] for column in section["columns"])


@pytest.mark.usefixtures("real")
def test_two_operators_with_a_reason_are_named_and_told(participant: User, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["disclose", "osei@site.org", *by("one@site.org", "two@site.org"), *REASON]) == 0
    event = json.loads(Payload.objects.get().body)
    one, two = User.objects.get(email="one@site.org").pk, User.objects.get(email="two@site.org").pk
    assert (event["action"], event["actor"], event["about"]) == (
        "vault.disclose",
        f"person:{one}",
        f"person:{participant.pk}",
    )
    assert event["details"] == {"operators": f"person:{one}, person:{two}", "reason": "Court order 12."}
    assert sorted(Letter.objects.values_list("to", flat=True)) == ["one@site.org", "two@site.org"]


@pytest.mark.usefixtures("real", "participant")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (REASON, "A disclosure needs two different operators. Name both."),
        ([*by("one@site.org"), *REASON], "A disclosure needs two different operators. Name both."),
        ([*by("one@site.org", "one@site.org"), *REASON], "A disclosure needs two different operators. Name both."),
        (by("one@site.org", "two@site.org"), "A disclosure needs a reason. Say why, in a sentence."),
        ([*by("one@site.org", "osei@site.org"), *REASON], "osei@site.org is not an operator."),
        ([*by("one@site.org", "x@site.org"), *REASON], "There is no account with the address x@site.org."),
    ],
)
def test_less_than_two_operators_with_a_reason_see_nothing(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["disclose", "osei@site.org", *words]) == 2
    answer = capsys.readouterr()
    assert (answer.out, answer.err) == ("", said + "\n")
    assert (Payload.objects.count(), Letter.objects.count()) == (0, 0)


def test_a_stranger_s_address_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["disclose", "nobody@site.org"]) == 2
    assert capsys.readouterr().err == "There is no account with the address nobody@site.org.\n"


def test_study_data_under_a_certificate_are_withheld_without_the_person_s_consent(
    bare: Study, capsys: pytest.CaptureFixture[str]
) -> None:
    certificate = '[certificate]\nnumber = "CC-1"\nfunder = "NIH"\nissued = 2026-01-01\nexpires = 2199-01-01\n'
    bare.open(f"{PROTOCOL}\n{certificate}")
    study_id = bare.enrol(1)
    address = User.objects.get(pk=bare.persons[study_id]).email
    assert main(["disclose", address]) == 0
    told = capsys.readouterr()
    assert told.err.startswith("Withheld: study data under the Certificate of Confidentiality CC-1")
    assert "surveys_response: rows found" not in told.out
    assert main(["disclose", address, "--with-consent", "Letter of 3 May"]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    assert "surveys_response: rows found" in told.out
