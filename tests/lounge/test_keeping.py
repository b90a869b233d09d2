"""Flags, removal by two, appeal, taking back: who may, what follows, and what is gone."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from confrere.lounge import actions, queries, rules
from confrere.lounge.actions.keeping import end_appeals_at
from confrere.lounge.models import Flag, GuardMark, Note, Post, Question, Removal, Revision, SlowMode
from confrere.lounge.models.asked import State
from confrere.lounge.queries import keeping as found
from confrere.lounge.rules.keeping import Held
from confrere.people.queries import Standing
from confrere.vault.refusals import Refusal

type Enter = Callable[..., Standing]
CAUSE = Removal.Cause.UNSAFE


@pytest.fixture
def asker(enter: Enter) -> Standing:
    return enter("asker")


@pytest.fixture
def peer(enter: Enter) -> Standing:
    return enter("peer")


@pytest.fixture
def first(moderate: Enter) -> Standing:
    return moderate("first")


@pytest.fixture
def second(moderate: Enter) -> Standing:
    return moderate("second")


@pytest.fixture
def third(moderate: Enter) -> Standing:
    return moderate("third")


@pytest.fixture
def question(asker: Standing, now: datetime) -> Question:
    return actions.ask(standing=asker, specialty="cardiology", title="Zebrafish?", text="After six months", now=now)


@pytest.fixture
def post(question: Question, peer: Standing, now: datetime) -> Post:
    return actions.answer(standing=peer, question=question, text="Quokka dose", source="ESC 2023", now=now)


def state(post: Post) -> str:
    return Post.objects.values_list("state", flat=True).get(pk=post.pk)


# The guard.


def test_a_text_is_held_until_it_is_changed_or_marked(asker: Standing, now: datetime) -> None:
    said: dict[str, Any] = {"standing": asker, "specialty": "cardiology", "title": "When?", "now": now}
    with pytest.raises(Held, match="one thing may point at a patient") as held:
        actions.ask(**said, text="MRN 4455667")
    assert Post.objects.count() == 0
    asked = actions.ask(**said, text="MRN 4455667", marked={held.value.found[0].key, "nothing-of-this-text"})
    [mark] = GuardMark.objects.all()
    assert (mark.author_id, mark.kind, mark.post.question_id) == (asker.person, "record-number", asked.pk)
    assert str(mark) == f"{mark.post_id}: record-number"
    assert asked.posts.get().text == "MRN 4455667"


def test_a_change_and_a_description_pass_the_guard_too(question: Question, asker: Standing, now: datetime) -> None:
    post = question.posts.get()
    with pytest.raises(Held, match="2 things"):
        actions.edit(standing=asker, post=post, title="Mr. Okonkwo", text="on 3 March", source="", now=now)
    helps: dict[str, Any] = {"setting": "", "age_band": "", "course": "seen 3 March", "tried": "", "urgency_days": None}
    with pytest.raises(Held):
        actions.describe(standing=asker, question=question, helps=helps, attested=True, now=now)
    with pytest.raises(Held):
        actions.tell_outcome(standing=asker, question=question, text="Call 415-555-2671", now=now)


# Flags.


@pytest.mark.parametrize("reason", Flag.Reason)
def test_only_a_possible_identifier_hides_at_once(
    post: Post, asker: Standing, reason: Flag.Reason, now: datetime
) -> None:
    for _twice in range(2):
        actions.flag(standing=asker, post=post, reason=reason, words="", now=now)
        post.refresh_from_db()
    assert state(post) == ("hidden" if reason == "identifier" else "shown")
    assert Flag.objects.count() == 1
    assert str(Flag.objects.get()) == f"{asker.person}: {reason}"


def test_a_flag_that_a_moderator_has_settled_hides_no_more(
    post: Post, asker: Standing, first: Standing, now: datetime
) -> None:
    reason = Flag.Reason.IDENTIFIER
    actions.flag(standing=asker, post=post, reason=reason, words="", now=now)
    [matter] = found.queue(standing=first)
    assert (matter.hidden, matter.mine, matter.asked, len(matter.flags)) == (True, False, False, 1)
    actions.keep(standing=first, post=matter.post, now=now)
    assert state(post) == "shown"
    assert found.queue(standing=first) == []
    post.refresh_from_db()
    actions.flag(standing=asker, post=post, reason=reason, words="", now=now)
    assert state(post) == "shown"
    [matter] = found.queue(standing=first)
    assert not matter.hidden
    actions.keep(standing=first, post=matter.post, now=now)


def test_nobody_flags_their_own_or_without_end(post: Post, peer: Standing, asker: Standing, now: datetime) -> None:
    with pytest.raises(Refusal, match="your own"):
        actions.flag(standing=peer, post=post, reason=Flag.Reason.UNKIND, words="", now=now)
    here = {"programme_id": post.programme_id, "site_id": post.site_id, "post": post, "member_id": asker.person}
    Flag.objects.bulk_create(
        Flag(**here, reason="unkind", flagged_at=now, outcome="kept", settled_at=now) for _each in range(10)
    )
    with pytest.raises(Refusal, match="flagged 10 posts"):
        actions.flag(standing=asker, post=post, reason=Flag.Reason.UNKIND, words="", now=now)
    actions.flag(standing=asker, post=post, reason=Flag.Reason.UNKIND, words="", now=now + timedelta(days=1, seconds=1))


# Removal by two, appeal.


def test_removal_takes_two_moderators_and_neither_is_the_author(
    post: Post, asker: Standing, peer: Standing, first: Standing, second: Standing, now: datetime
) -> None:
    with pytest.raises(Refusal, match="Only a moderator"):
        actions.ask_removal(standing=peer, post=post, cause=CAUSE, now=now)
    removal = actions.ask_removal(standing=first, post=post, cause=CAUSE, now=now)
    assert (state(post), str(removal)) == ("hidden", f"{first.person}: unsafe")
    with pytest.raises(Refusal, match="A second moderator"):
        actions.confirm_removal(standing=first, removal=removal, now=now)
    with pytest.raises(Refusal, match="already"):
        actions.ask_removal(standing=second, post=post, cause=CAUSE, now=now)
    with pytest.raises(Refusal, match="already"):
        actions.keep(standing=second, post=post, now=now)
    assert [one.asked for one in found.queue(standing=first)] == [True]
    actions.confirm_removal(standing=second, removal=removal, now=now)
    assert state(post) == "removed"
    assert found.queue(standing=second) == []
    with pytest.raises(Refusal, match="decided meanwhile"):
        actions.decline_removal(standing=second, removal=removal, now=now)


def test_a_moderator_decides_nothing_about_their_own(question: Question, first: Standing, now: datetime) -> None:
    own = actions.answer(standing=first, question=question, text="Mine.", source="", now=now)
    with pytest.raises(Refusal, match="your own post"):
        actions.ask_removal(standing=first, post=own, cause=CAUSE, now=now)
    with pytest.raises(Refusal, match="your own post"):
        actions.keep(standing=first, post=own, now=now)


def test_a_declined_removal_lets_the_post_stand_again(
    post: Post, first: Standing, second: Standing, now: datetime
) -> None:
    removal = actions.ask_removal(standing=first, post=post, cause=CAUSE, now=now)
    actions.decline_removal(standing=second, removal=removal, now=now)
    removal.refresh_from_db()
    assert (state(post), removal.outcome, removal.decided_by_id) == ("shown", "declined", second.person)


@pytest.mark.parametrize("restore", [True, False])
def test_an_appeal_is_decided_by_somebody_who_took_no_part(
    post: Post, peer: Standing, asker: Standing, first: Standing, second: Standing, third: Standing, now: datetime,
    restore: bool,
) -> None:  # fmt: skip
    removal = actions.ask_removal(standing=first, post=post, cause=CAUSE, now=now)
    with pytest.raises(Refusal, match="nothing to appeal"):
        actions.appeal(standing=peer, removal=removal, words="No!", now=now)
    actions.confirm_removal(standing=second, removal=removal, now=now)
    with pytest.raises(Refusal, match="not yours to open"):
        actions.appeal(standing=asker, removal=removal, words="No!", now=now)
    with pytest.raises(Refusal, match="no appeal"):
        actions.decide_appeal(standing=third, removal=removal, restore=restore, now=now)
    actions.appeal(standing=peer, removal=removal, words="It is in the guideline.", now=now)
    assert [one.asked for one in found.queue(standing=second)] == [True]
    for moderator in (first, second):
        with pytest.raises(Refusal, match="took part"):
            actions.decide_appeal(standing=moderator, removal=removal, restore=restore, now=now)
    actions.decide_appeal(standing=third, removal=removal, restore=restore, now=now)
    removal.refresh_from_db()
    post.refresh_from_db()
    assert (removal.outcome, post.state, post.text) == (
        ("restored", "shown", "Quokka dose") if restore else ("upheld", "removed", "")
    )
    assert [one.pk for one in found.removals_of(standing=peer)] == [removal.pk]


def test_after_fourteen_days_without_an_appeal_the_text_is_erased(
    post: Post, peer: Standing, first: Standing, second: Standing, now: datetime
) -> None:
    removal = actions.ask_removal(standing=first, post=post, cause=CAUSE, now=now)
    actions.confirm_removal(standing=second, removal=removal, now=now)
    assert end_appeals_at(now=now + timedelta(days=13, hours=23)) == 0
    later = now + timedelta(days=14)
    removal.refresh_from_db()
    with pytest.raises(Refusal, match="within 14 days"):
        actions.appeal(standing=peer, removal=removal, words="Too late", now=later)
    assert (end_appeals_at(now=later), end_appeals_at(now=later)) == (1, 0)
    removal.refresh_from_db()
    post.refresh_from_db()
    assert (removal.outcome, post.text, post.html, post.source) == ("lapsed", "", "", "")
    actions.end_appeals()


# Taking back.


def test_whoever_wrote_it_takes_it_back_and_every_word_is_gone(
    question: Question, post: Post, asker: Standing, peer: Standing, first: Standing, now: datetime
) -> None:
    actions.edit(standing=peer, post=post, title="", text="Wombat dose", source="ESC 2023", now=now)
    with pytest.raises(Refusal, match="Only the colleague"):
        actions.take_back(standing=asker, post=post, now=now)
    removal = actions.ask_removal(standing=first, post=post, cause=CAUSE, now=now)
    post.refresh_from_db()
    actions.take_back(standing=peer, post=post, now=now)
    removal.refresh_from_db()
    post.refresh_from_db()
    assert (post.state, removal.outcome, Revision.objects.count()) == ("removed", "lapsed", 0)
    with pytest.raises(Refusal, match="gone already"):
        actions.take_back(standing=peer, post=post, now=now)
    assert stored("Quokka", "Wombat") == set()


def stored(*words: str) -> set[str]:
    """Tables of the lounge in which one of the words still stands."""
    found = set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_name LIKE 'lounge_%'")
        for (table,) in cursor.fetchall():
            for word in words:
                cursor.execute(
                    f'SELECT count(*) FROM "{table}" AS row WHERE row::text ILIKE %s', [f"%{word.lower()[:5]}%"]
                )
                if cursor.fetchone()[0]:
                    found.add(table)
    return found


@pytest.mark.parametrize("how", ["taken back", "removed", "flagged"])
def test_what_is_gone_is_gone_from_every_list_search_and_count(
    question: Question, post: Post, asker: Standing, peer: Standing, first: Standing, second: Standing,
    how: str, now: datetime,
) -> None:  # fmt: skip
    listed = queries.places(programme=first.programme)

    def hits(word: str) -> int:
        asked = queries.parse(word, listed=listed)
        return len(queries.search(programme=first.programme, asked=asked, listed=listed, now=now).hits)

    asking = question.posts.get(number=0)
    assert (hits("quokka"), hits("zebrafish")) == (1, 1)
    for each, author in ((post, peer), (asking, asker)):
        each.refresh_from_db()
        if how == "taken back":
            actions.take_back(standing=author, post=each, now=now)
        elif how == "flagged":
            actions.flag(standing=first, post=each, reason=Flag.Reason.IDENTIFIER, words="", now=now)
        else:
            removal = actions.ask_removal(standing=first, post=each, cause=CAUSE, now=now)
            actions.confirm_removal(standing=second, removal=removal, now=now)
        if each == post:
            assert (hits("quokka"), hits("zebrafish")) == (0, 1)
            assert Question.objects.get().answers == 0
    assert (hits("quokka"), hits("zebrafish")) == (0, 0)
    assert queries.question(programme=first.programme, question=question.pk) is None
    assert found.shown_post(programme=first.programme, post=post.pk) is None
    assert found.asking(programme=first.programme, question=question.pk) is None
    assert Post.objects.filter(state=State.SHOWN).count() == 0


def test_answers_of_colleagues_are_not_found_once_their_question_is_gone(
    question: Question, post: Post, asker: Standing, first: Standing, now: datetime
) -> None:
    actions.take_back(standing=asker, post=question.posts.get(number=0), now=now)
    listed = queries.places(programme=first.programme)
    asked = queries.parse("quokka", listed=listed)
    assert len(queries.search(programme=first.programme, asked=asked, listed=listed, now=now).hits) == 0
    assert state(post) == "shown"


# Slow mode, notes.


def test_slow_mode_lets_each_answer_once_in_so_many_minutes(
    question: Question, peer: Standing, first: Standing, now: datetime
) -> None:
    with pytest.raises(Refusal, match="Only a moderator"):
        actions.set_slow(standing=peer, question=question, minutes=30, now=now)
    with pytest.raises(Refusal, match="1 to 1440"):
        actions.set_slow(standing=first, question=question, minutes=1441, now=now)
    actions.set_slow(standing=first, question=question, minutes=30, now=now)
    assert str(SlowMode.objects.get()) == f"{question.pk}: 30 min"
    say: dict[str, Any] = {"standing": peer, "question": question, "source": ""}
    actions.answer(**say, text="One.", now=now)
    with pytest.raises(Refusal, match="Yours can follow in 11"):
        actions.answer(**say, text="Two.", now=now + timedelta(minutes=19, seconds=30))
    actions.answer(**say, text="Two.", now=now + timedelta(minutes=30))
    actions.set_slow(standing=first, question=question, minutes=0, now=now)
    actions.answer(**say, text="Three.", now=now + timedelta(minutes=31))


def test_a_note_needs_a_source_and_a_second_peer(
    post: Post, question: Question, asker: Standing, peer: Standing, first: Standing, second: Standing, now: datetime
) -> None:
    said: dict[str, Any] = {"post": post, "text": "The trial showed the opposite.", "now": now}
    with pytest.raises(Refusal, match="names its source"):
        actions.contradict(standing=first, source=" ", **said)
    with pytest.raises(Refusal, match="Change it instead"):
        actions.contradict(standing=peer, source="NEJM", **said)
    with pytest.raises(Held):
        actions.contradict(standing=first, source="NEJM", post=post, text="Mr. Okonkwo died", now=now)
    note = actions.contradict(standing=first, source="NEJM 2024", **said)
    assert str(note) == note.text
    for who in (first, peer):
        with pytest.raises(Refusal, match="Another peer"):
            actions.agree(standing=who, note=note, now=now)
    assert [one.agreed_at for one in found.notes([post.pk])[post.pk]] == [None]
    actions.agree(standing=second, note=note, now=now)
    with pytest.raises(Refusal, match="agreed already"):
        actions.agree(standing=asker, note=note, now=now)
    assert found.notes([post.pk])[post.pk][0].agreed_by_id == second.person
    assert found.note(programme=first.programme, note=note.pk) == note


def test_peers_of_other_specialties_write_and_agree_to_no_notes(
    post: Post, asker: Standing, first: Standing, now: datetime
) -> None:
    note = actions.contradict(standing=first, post=post, text="No.", source="NEJM 2024", now=now)
    with pytest.raises(Refusal, match="peers of the question"):
        rules.keeping.check_note(standing=asker, post=post, specialty="dermatology", source="x")
    with pytest.raises(Refusal, match="peers of the question"):
        rules.keeping.check_agree(standing=asker, note=Note.objects.get(pk=note.pk), specialty="dermatology")


# The database keeps it.


@pytest.mark.parametrize(
    ("bad", "constraint"),
    [
        ({"confirmed_by": "asked_by", "confirmed_at": "now"}, "removal_takes_two"),
        ({"confirmed_at": "now"}, "removal_confirmed_by_somebody"),
        ({"appeal": "x", "appealed_at": "now"}, "removal_appealed_after_it"),
        ({"outcome": "restored", "decided_at": "now"}, "removal_decided_by_a_third"),
        ({"outcome": "declined"}, "removal_ended_has_an_outcome"),
    ],
)
def test_the_database_refuses_half_a_removal(
    post: Post, first: Standing, bad: dict[str, str], constraint: str, now: datetime
) -> None:
    removal = actions.ask_removal(standing=first, post=post, cause=CAUSE, now=now)
    for name, value in bad.items():
        setattr(removal, name, {"now": now, "asked_by": removal.asked_by}.get(value, value))
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        removal.save()


def test_nothing_is_looked_up_for_no_posts() -> None:
    assert found.notes([]) == {}
