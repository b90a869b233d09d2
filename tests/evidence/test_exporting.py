"""Rows leave under an agreement, or so coarse that no group is small; each time somebody answers for it."""

import io
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from tests.study import Study

from confrere.analysis import read_csv
from confrere.analysis.export import Choice
from confrere.evidence import actions, queries
from confrere.evidence.actions import exporting
from confrere.evidence.forms import PublicForm
from confrere.evidence.models import DataAgreement, Export, FrozenDataSet
from confrere.people import sessions
from confrere.people.queries import Standing
from confrere.people.roles import Role
from confrere.surveys.models import Answer
from confrere.vault.models import Payload
from confrere.vault.refusals import Refusal

from .conftest import MONTH3

type Browse = Callable[[Standing], Client]
PLACE = "/p/peer/evidence/"
WORDS = "I keep the rows on the institute's server and destroy them after the paper is out."
PURPOSE = "The primary analysis of the trial."
NO_GENDER = {"gender": Choice(keep=False)}


@pytest.fixture
def frozen(statistician: Standing, answered: None) -> FrozenDataSet:
    return actions.freeze(standing=statistician, now=MONTH3)


@pytest.fixture
def agreement(director: Standing, frozen: FrozenDataSet) -> DataAgreement:
    return actions.set_agreement(standing=director, text=WORDS, now=MONTH3)


def opened(packed: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def refused(sentence: str, act: Callable[[], object]) -> None:
    with pytest.raises(Refusal) as refusal:
        act()
    assert sentence in refusal.value.sentence


def test_an_agreement_has_versions_and_the_same_words_are_the_same(
    director: Standing, agreement: DataAgreement
) -> None:
    assert (agreement.version, agreement.sha256) == (1, sha256(f"{WORDS}\n".encode()).hexdigest())
    assert actions.set_agreement(standing=director, text=f"  {WORDS}  \n\n", now=MONTH3) == agreement
    assert actions.set_agreement(standing=director, text=f"{WORDS} More.", now=MONTH3).version == 2
    refused("Write what whoever takes rows promises", lambda: actions.set_agreement(
        standing=director, text="x" * 39, now=MONTH3
    ))  # fmt: skip
    assert str(agreement) == "agreement 1"


def test_the_statistician_takes_the_frozen_rows_under_the_agreement(
    statistician: Standing, frozen: FrozenDataSet, agreement: DataAgreement
) -> None:
    asked: dict[str, Any] = {"standing": statistician, "data_set": frozen, "now": MONTH3}
    packed = actions.take(**asked, agreed=agreement.sha256, purpose=PURPOSE)
    files = opened(packed)
    assert files["by-telephone.csv"] == b"id,time,question\n"
    assert files["frozen.csv"] == bytes(frozen.content)
    assert files["plan.toml"].decode() == frozen.plan
    assert files["agreement.txt"].decode() == agreement.text
    given, copied = read_csv(bytes(frozen.content)), read_csv(files["data.csv"])
    assert list(copied.texts) == list(given.texts)
    assert copied.numbers("quality_of_life").tolist() == given.numbers("quality_of_life").tolist()
    export = Export.objects.get()
    assert (export.kind, export.purpose, export.sha256) == ("named", PURPOSE, sha256(packed).hexdigest())
    assert str(export) == f"export {export.pk}"
    body = Payload.objects.get(body__contains="evidence.exported").body
    assert export.sha256 in body
    assert PURPOSE in body


def test_nothing_leaves_without_agreement_purpose_or_with_an_old_agreement(
    statistician: Standing, director: Standing, frozen: FrozenDataSet
) -> None:
    def take(agreed: str, purpose: str = PURPOSE) -> bytes:
        return actions.take(standing=statistician, data_set=frozen, agreed=agreed, purpose=purpose, now=MONTH3)

    refused("There is no data use agreement yet", lambda: take(""))
    first = actions.set_agreement(standing=director, text=WORDS, now=MONTH3)
    actions.set_agreement(standing=director, text=f"{WORDS} And more.", now=MONTH3)
    refused("has changed since you read it", lambda: take(first.sha256))
    second = DataAgreement.objects.get(version=2)
    refused("what the rows are for", lambda: take(second.sha256, "  paper   "))
    assert not Export.objects.exists()


def test_the_frozen_file_leaves_only_under_the_agreement_that_holds(
    statistician: Standing, director: Standing, frozen: FrozenDataSet
) -> None:
    asked: dict[str, Any] = {"standing": statistician, "data_set": frozen, "now": MONTH3}
    actions.hand_out(**asked)
    agreement = actions.set_agreement(standing=director, text=WORDS, now=MONTH3)
    refused("Accept the data use agreement first", lambda: actions.hand_out(**asked))
    actions.take(**asked, agreed=agreement.sha256, purpose=PURPOSE)
    actions.hand_out(**asked)


def test_rows_that_point_at_a_person_do_not_leave(
    statistician: Standing, frozen: FrozenDataSet, agreement: DataAgreement
) -> None:
    frozen.content = bytes(frozen.content).replace(b",gender,", b",e_mail,", 1).replace(b",woman,", b",a@b.org,", 1)
    refused(
        "The column e_mail holds what points at a person",
        lambda: actions.take(
            standing=statistician, data_set=frozen, agreed=agreement.sha256, purpose=PURPOSE, now=MONTH3
        ),
    )
    refused(
        "The column e_mail holds",
        lambda: actions.publish(standing=statistician, data_set=frozen, choices={}, purpose=PURPOSE, now=MONTH3),
    )


def test_a_public_package_names_the_smallest_group_until_it_is_none(director: Standing, frozen: FrozenDataSet) -> None:
    known = {"gender": Choice()}
    found = exporting.check(data_set=frozen, choices=known).cells
    assert found
    assert all(one.count < 5 for one in found)
    refused(
        "are needed. Leave a column out or put values together.",
        lambda: actions.publish(standing=director, data_set=frozen, choices=known, purpose=PURPOSE, now=MONTH3),
    )
    packed = actions.publish(standing=director, data_set=frozen, choices=NO_GENDER, purpose=PURPOSE, now=MONTH3)
    files = opened(packed)
    rows = read_csv(files["data.csv"])
    assert "gender" not in rows.texts
    people = dict(zip(rows.column("id"), rows.column("arm"), strict=True))
    assert min(Counter(people.values()).values()) >= 5
    assert sorted(people) == [f"{i:02d}" for i in range(1, 17)]
    codes = set(read_csv(bytes(frozen.content)).column("id"))
    assert not any(code.encode() in body for code in codes for name, body in files.items() if name != "SHA256SUMS")
    assert b"2030" not in files["README.md"]
    assert {"frozen.csv", "plan.toml"}.isdisjoint(files)
    assert Export.objects.get().choices["gender"] == {"keep": False, "known": True, "merge": {}, "cuts": []}


def test_two_public_packages_cannot_be_held_against_each_other(
    statistician: Standing, director: Standing, frozen: FrozenDataSet, enrol: Callable[..., None]
) -> None:
    def publish(data_set: FrozenDataSet, **choices: Choice) -> bytes:
        return actions.publish(
            standing=director, data_set=data_set, choices=NO_GENDER | choices, purpose=PURPOSE, now=MONTH3
        )

    publish(frozen)
    publish(frozen)
    refused("has other columns or groups", lambda: publish(frozen, sessions=Choice(keep=False)))
    enrol(90, baseline=50, month3=None)
    later = actions.freeze(standing=statistician, now=MONTH3 + timedelta(days=1))
    refused("1 people stand in only one", lambda: publish(later))
    for number in range(91, 95):
        enrol(number, baseline=50, month3=None)
    publish(actions.freeze(standing=statistician, now=MONTH3 + timedelta(days=2)))


def test_answers_typed_for_somebody_are_named_in_the_package(frozen: FrozenDataSet) -> None:
    typed = Answer.objects.filter(response__wave="baseline", question="gender").order_by("pk").first()
    assert typed is not None
    study_id = typed.response.study_id
    typed.pk, typed.key, typed.by_telephone = None, uuid4(), True  # the same answer again, by telephone
    typed.save(force_insert=True)
    assert queries.telephone_csv(frozen).decode().splitlines() == ["id,time,question", f"{study_id},baseline,gender"]


def test_choices_and_files_that_cannot_be_read(director: Standing, frozen: FrozenDataSet) -> None:
    refused("there is no such column", lambda: exporting.check(data_set=frozen, choices={"gendr": Choice()}))
    frozen.plan = "[columns"
    refused("the plan is not valid TOML", lambda: exporting.read(frozen))


def test_the_database_lets_no_rows_leave_to_a_person_without_an_agreement(
    statistician: Standing, frozen: FrozenDataSet
) -> None:
    row: dict[str, Any] = {"programme_id": statistician.programme, "site_id": statistician.site, "data_set": frozen}
    row |= {"taker_id": statistician.person, "made_at": MONTH3, "choices": {}, "sha256": "-", "purpose": "-"}
    with pytest.raises(IntegrityError, match="rows_leave_to_a_person_under_an_agreement"), transaction.atomic():
        Export.objects.create(**row, kind=Export.Kind.NAMED)


def test_the_pages_of_the_statistician(
    statistician: Standing, director: Standing, frozen: FrozenDataSet, browse: Browse
) -> None:
    mine = browse(statistician)
    assert "There is no agreement yet" in mine.get(f"{PLACE}1/take/").content.decode()
    assert "No rows have left" in mine.get(f"{PLACE}exports/").content.decode()
    current = actions.set_agreement(standing=director, text=WORDS, now=MONTH3)
    page = mine.get(f"{PLACE}1/take/").content.decode()
    assert current.sha256 in page
    assert "destroy them after the paper" in page
    said = {"sha256": current.sha256, "purpose": PURPOSE, "agreed": "on"}
    assert "This field is required" in mine.post(f"{PLACE}1/take/", said | {"agreed": ""}).content.decode()
    changed = mine.post(f"{PLACE}1/take/", said | {"sha256": "0" * 64})
    assert changed.status_code == 409
    assert PURPOSE in changed.content.decode()
    answer = mine.post(f"{PLACE}1/take/", said)
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="peer-1.zip"'
    assert "frozen.csv" in opened(answer.content)
    page = mine.get(f"{PLACE}exports/").content.decode()
    assert PURPOSE in page
    assert sha256(answer.content).hexdigest() in page
    assert "Prepare a public package" not in page
    assert mine.get(f"{PLACE}7/take/").status_code == 404
    for path in ("agreement/", "1/public/"):
        assert mine.get(PLACE + path).status_code == 403


def test_the_pages_of_the_director(director: Standing, frozen: FrozenDataSet, browse: Browse) -> None:
    mine = browse(director)
    assert "None has been written" in mine.get(f"{PLACE}exports/").content.decode()
    short = mine.post(f"{PLACE}agreement/", {"text": "No."}).content.decode()
    assert "Write what whoever takes rows promises" in short
    assert mine.post(f"{PLACE}agreement/", {"text": WORDS}).headers["Location"] == f"{PLACE}exports/"
    assert "Version 1" in mine.get(f"{PLACE}agreement/").content.decode()
    page = mine.get(f"{PLACE}1/public/").content.decode()
    assert "man | woman" in page
    columns = [one.name for one in PublicForm(exporting.read(frozen)[1]).columns]
    gender, sessions = columns.index("gender"), columns.index("sessions")
    keep = {f"keep_{i}": "on" for i in range(len(columns))} | {f"known_{sessions}": "on"}
    small = mine.post(f"{PLACE}1/public/", keep | {"check": "1"}).content.decode()
    assert "too small" in small
    wrong = mine.post(f"{PLACE}1/public/", keep | {"check": "1", f"cuts_{sessions}": "a"}).content.decode()
    assert "Write numbers with commas between them" in wrong
    unequal = mine.post(f"{PLACE}1/public/", keep | {"check": "1", f"merge_{gender}": "man, woman"}).content.decode()
    assert "Write the values, an equals sign" in unequal
    unknown = mine.post(f"{PLACE}1/public/", keep | {"check": "1", f"merge_{gender}": "mann = x"})
    assert unknown.status_code == 409
    assert "is no value here" in unknown.content.decode()
    merged = keep | {f"merge_{gender}": "man, woman = not told", f"cuts_{sessions}": "1, 4"}
    assert "No group is too small" in mine.post(f"{PLACE}1/public/", merged | {"check": "1"}).content.decode()
    unsaid = mine.post(f"{PLACE}1/public/", merged | {"write": "1"})
    assert unsaid.status_code == 409
    answer = mine.post(f"{PLACE}1/public/", merged | {"write": "1", "purpose": "Deposited with the journal."})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="peer-1-public.zip"'
    assert b"not told" in opened(answer.content)["data.csv"]
    assert "Public package" in mine.get(f"{PLACE}exports/").content.decode()
    assert mine.get(f"{PLACE}1/take/").status_code == 403


def test_what_points_at_a_person_is_shown_before_anything_is_written(
    director: Standing, opened_trial_with_mail: FrozenDataSet, browse: Browse
) -> None:
    page = browse(director).post(f"{PLACE}{opened_trial_with_mail.number}/public/", {"keep_0": "on", "check": "1"})
    assert "Something here points at a person" in page.content.decode()


@pytest.fixture
def opened_trial_with_mail(frozen: FrozenDataSet) -> FrozenDataSet:
    """A data set that should never have been frozen so."""
    content = bytes(frozen.content).replace(b",gender,", b",e_mail,", 1).replace(b",woman,", b",all,")
    return FrozenDataSet.objects.create(
        programme_id=frozen.programme_id,
        site_id=frozen.site_id,
        number=2,
        frozen_at=MONTH3,
        content=content.replace(b",man,", b",all,"),
        sha256="2",
        plan=frozen.plan.replace('"gender"', '"e_mail"'),
        participants=16,
        rows=31,
        flow="",
    )


@pytest.mark.parametrize("role", [Role.LEADER, Role.COORDINATOR, Role.PARTICIPANT, Role.OPERATOR])
def test_nobody_else_opens_them(member: Callable[[Role], Standing], opened: Study, browse: Browse, role: Role) -> None:
    mine = browse(member(role))
    for path in ("exports/", "agreement/", "1/take/", "1/public/"):
        assert mine.get(PLACE + path).status_code == 403
        assert mine.post(PLACE + path).status_code == 403


def test_a_sign_in_of_long_ago_has_to_be_proved_again(
    statistician: Standing, director: Standing, frozen: FrozenDataSet, browse: Browse
) -> None:
    for who, path in ((statistician, "take"), (director, "public")):
        client = browse(who)
        session = client.session
        del session[sessions.PROVED]
        session.save()
        assert client.get(f"{PLACE}1/{path}/").status_code == 302
