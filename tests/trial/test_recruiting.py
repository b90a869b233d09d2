"""The list, two announcements, the way off the list, and the funnel."""

from datetime import timedelta

import pytest
from django.db.models import Sum
from tests.study import DAY, DIRECTOR, NOW, Study

from confrere.people import actions as people
from confrere.post import actions as post
from confrere.post.models import Letter
from confrere.post.queries import Progress
from confrere.trial import actions, announcing, queries
from confrere.trial.models import Announcement, Mailing, OptOut, Recipient, Visits
from confrere.vault import classification as kept
from confrere.vault.actions import expire
from confrere.vault.refusals import Refusal

LIST = "Ama Osei, ama@example.org\nBo Lind, bo@example.org\nP. 1, p1@example.org\nnobody\n"


def imported(study: Study, text: str = LIST) -> queries.Imported:
    return actions.import_list(programme=study.programme, text=text, actor=DIRECTOR, now=NOW)


def written(study: Study, number: int = 1) -> None:
    actions.write_announcement(
        programme=study.programme, number=number, subject="  A  study ", text="Dear all.", actor=DIRECTOR, now=NOW
    )


def sent(study: Study, number: int, count: int) -> int:
    return actions.send_announcement(programme=study.programme, number=number, count=count, actor=DIRECTOR, now=NOW)


def leaves(study: Study, email: str) -> None:
    digest = announcing.digest(site=study.site, email=email)
    actions.opt_out(programme=study.programme, digest=digest, actor=DIRECTOR, now=NOW)


def test_a_list_says_what_became_of_each_line(study: Study) -> None:
    first = imported(study)
    assert (first.added, first.known, first.duplicates, first.opted_out) == (3, 0, 0, 0)
    assert [one.line for one in first.wrong] == [4]
    again = imported(study, "Ama, AMA@example.org\nama@example.org\nc@example.org")
    assert (again.added, again.known, again.duplicates) == (1, 1, 1)
    assert Recipient.objects.get(email="ama@example.org").name == "Ama Osei"


def test_an_empty_list_is_refused(study: Study) -> None:
    with pytest.raises(Refusal, match="The list is empty") as refused:
        imported(study, "name,address\n\n")
    assert refused.value.status == 422


def test_who_opted_out_is_left_out_of_this_and_of_later_lists(study: Study) -> None:
    imported(study)
    leaves(study, "Bo@example.org ")
    leaves(study, "bo@example.org")
    assert OptOut.objects.count() == 1
    assert not Recipient.objects.filter(email="bo@example.org").exists()
    again = imported(study, "Bo Lind, bo@example.org\nd@example.org")
    assert (again.added, again.opted_out) == (1, 1)


def test_an_announcement_goes_to_everyone_but_those_who_left_or_signed(study: Study) -> None:
    imported(study)
    written(study)
    leaves(study, "bo@example.org")
    study.join(1)
    assert [row.email for row in queries.addressees(queries.required(study.programme))] == ["ama@example.org"]
    assert sent(study, 1, 1) == 1
    letter = Letter.objects.get(to="ama@example.org")
    trial = queries.required(study.programme)
    assert letter.subject == "A study"
    assert f"http://localhost/study/{trial.join_token}/\n" in letter.body
    assert f"/stop/{announcing.code(site=study.site, email='ama@example.org')}/" in letter.body
    assert Announcement.objects.get().addresses == 1


def test_an_opt_out_after_the_list_was_made_counts_at_the_moment_of_sending(study: Study) -> None:
    imported(study)
    digest = announcing.digest(site=study.site, email="bo@example.org")
    OptOut.objects.create(programme_id=study.programme, site_id=study.site, digest=digest)
    assert len(queries.addressees(queries.required(study.programme))) == 2


def test_an_announcement_goes_out_once_and_the_second_after_the_first(study: Study) -> None:
    imported(study)
    with pytest.raises(Refusal, match="The first announcement has not gone out yet"):
        written(study, 2)
    with pytest.raises(Refusal, match="has no words yet"):
        sent(study, 1, 3)
    written(study)
    written(study)
    assert Mailing.objects.count() == 1
    with pytest.raises(Refusal, match="It would go to 3 addresses now"):
        sent(study, 1, 2)
    sent(study, 1, 3)
    with pytest.raises(Refusal, match="This announcement went out on 2026-03-03"):
        sent(study, 1, 3)
    written(study, 2)
    sent(study, 2, 3)
    assert Letter.objects.filter(to="ama@example.org").count() == 2
    with pytest.raises(Refusal) as refused:
        written(study, 3)
    assert refused.value.status == 404


def test_no_address_gets_one_announcement_twice_even_when_it_is_sent_again(study: Study) -> None:
    imported(study)
    written(study)
    sent(study, 1, 3)
    Mailing.objects.update(sent_at=None)
    sent(study, 1, 3)
    assert Letter.objects.filter(to__in=["ama@example.org", "bo@example.org", "p1@example.org"]).count() == 3


def test_a_letter_that_waits_is_stopped_by_an_opt_out_a_signature_or_the_end(study: Study) -> None:
    imported(study, f"{LIST}d@example.org")
    written(study)
    sent(study, 1, 4)
    assert all(row.one_click in row.body for row in Letter.objects.filter(guard__startswith=queries.GUARD))
    leaves(study, "ama@example.org")
    study.join(1)
    guard = f"{queries.GUARD}{queries.required(study.programme).pk}"
    wanted = {one: queries.announcement_wanted(guard=guard, to=f"{one}@example.org") for one in ("ama", "bo", "p1")}
    assert wanted == {"ama": False, "bo": True, "p1": False}
    for to in ("ama", "bo"):
        post.deliver(id=Letter.objects.get(to=f"{to}@example.org").pk)
    actions.close_and_publish(programme=study.programme, actor=DIRECTOR, now=NOW + 30 * DAY)
    post.deliver(id=Letter.objects.get(to="d@example.org").pk)
    trial = queries.required(study.programme)
    assert queries.progress(trial, 1) == Progress(sent=1, waiting=1, given_up=0, dropped=1)  # of the three on the list
    assert queries.announcement_wanted(guard="another letter", to="d@example.org") is None


def test_nothing_goes_out_from_an_empty_list(study: Study) -> None:
    written(study)
    with pytest.raises(Refusal, match="It would go to 0 addresses"):
        sent(study, 1, 0)


def test_progress_is_told_until_the_list_is_erased(study: Study) -> None:
    imported(study)
    written(study)
    sent(study, 1, 3)
    trial = queries.required(study.programme)
    assert queries.progress(trial, 1) == Progress(sent=0, waiting=3, given_up=0, dropped=0)
    post.deliver(id=Letter.objects.earliest("pk").pk)
    assert (queries.progress(trial, 1).sent, queries.progress(trial, 1).waiting) == (1, 2)
    Recipient.objects.all().delete()
    assert queries.progress(trial, 1).sent == 0


def test_one_tries_an_announcement_on_oneself(study: Study) -> None:
    written(study)
    person = study.person(5)
    for minutes in (0, 1):
        actions.try_announcement(
            programme=study.programme, number=1, person=person, now=NOW + timedelta(minutes=minutes)
        )
    assert Letter.objects.filter(to="p5@example.org").count() == 2
    assert Mailing.objects.get().sent_at is None


def test_the_funnel_counts_each_step(study: Study) -> None:
    trial = queries.required(study.programme)
    assert [step.count for step in queries.funnel(trial)] == [0, 0, 0, 0, 0]
    imported(study)
    written(study)
    sent(study, 1, 3)
    for day in (0, 0, 1):
        actions.count_visit(trial=trial, now=NOW + day * DAY)
    study.join(8)
    study.enrol(9)
    steps = {step.name: (step.count, step.width) for step in queries.funnel(trial)}
    assert steps == {
        "mailed": (3, 100),
        "visited": (3, 100),
        "consented": (2, 67),
        "baseline": (1, 33),
        "enrolled": (1, 33),
    }
    assert Visits.objects.count() == 2
    assert Visits.objects.aggregate(all=Sum("count"))["all"] == 3


def test_the_list_ends_with_recruitment_or_with_the_programme_or_after_a_year(study: Study) -> None:
    imported(study)
    expire(now=NOW + 300 * DAY)
    assert Recipient.objects.count() == 3
    assert actions.erase_recipients(now=NOW + 366 * DAY, held=frozenset({study.programme})) == 0
    assert actions.erase_recipients(now=NOW + 366 * DAY, held=frozenset()) == 3
    imported(study)
    people.end_programme(programme=study.programme, ends_on=(NOW + DAY).date(), now=NOW, actor=DIRECTOR)
    assert actions.erase_recipients(now=NOW + 40 * DAY, held=frozenset()) == 3
    imported(study)
    actions.close_and_publish(programme=study.programme, actor=DIRECTOR, now=NOW)
    expire(now=NOW + DAY)
    assert not Recipient.objects.exists()
    with pytest.raises(Refusal, match="Recruitment ended"):
        imported(study)
    assert kept.classes()[kept.RECRUITMENT].by_hand == ""


def test_a_code_that_was_in_no_letter_stands_for_nothing(study: Study) -> None:
    code = announcing.code(site=study.site, email="ama@example.org")
    digest = announcing.digest_of_code(site=study.site, code=code)
    assert digest == announcing.digest(site=study.site, email="AMA@example.org")
    forged = ("A" if code[0] != "A" else "B") + code[1:]
    for wrong in (forged, "", "é", "nobody-was-ever-given-this-one", code[:-2]):
        assert announcing.digest_of_code(site=study.site, code=wrong) is None
    assert announcing.digest_of_code(site=study.site + 1, code=code) is None
