"""A second claim, a member held, a namesake: two moderators decide."""

from collections.abc import Callable

from django.utils import timezone
from tests.people.door.access.conftest import page
from tests.people.door.conftest import CLAIM, DOOR, Town, doctor

from confrere.people import actions
from confrere.people.models import Claim
from confrere.post.models import Letter


class TestSecondClaim:
    def test_both_doors_close_and_the_mailbox_is_told(self, town: Town, osei: int, moderators: tuple[int, int]) -> None:
        member = town.client(osei)
        thief, client = town.enter("Ama B Osei")
        assert client.post(CLAIM, town.doctors[0].said()).status_code == 302
        assert [claim.state for claim in Claim.objects.order_by("pk")] == ["frozen", "frozen"]
        assert town.enters(member) == 403
        assert "nothing that you did" in member.get(DOOR).text
        assert "Your entry in the register is found" in client.get(DOOR).text
        assert "that they are you" in town.letter(f"npi{town.doctors[0].number}@hospital.example")
        assert not Letter.objects.filter(to="ama-b-osei@mail.example").exists()
        assert "looking at your claim" in member.post(DOOR + "give-up/").text
        own = Claim.objects.get(user=osei)
        first, second = (town.client(moderator) for moderator in moderators)
        assert "two persons say" in first.get(DOOR + "queue/").text
        assert "Ama B Osei" in first.get(f"{DOOR}queue/{own.pk}/").text
        for moderator in (first, second):
            assert moderator.post(f"{DOOR}queue/{own.pk}/", {"act": "yes"}).status_code == 302
        assert town.enters(member) == 200
        assert town.enters(client) == 403
        assert "somebody else" in client.get(DOOR).text
        assert thief != osei

    def test_who_reads_the_mailbox_shows_something_and_moderators_still_look(
        self, town: Town, osei: int, moderators: tuple[int, int]
    ) -> None:
        second, client = town.enter("Ama B Osei")
        client.post(CLAIM, town.doctors[0].said())
        assert town.follow_link(second) == 302
        assert town.enters(client) == 403
        assert "Two moderators look at it first" in client.get(DOOR).text
        mine = Claim.objects.get(user=second)
        for moderator in moderators:
            actions.look(standing=town.standing(moderator), claim=mine.pk, agrees=True, now=timezone.now())
        assert town.enters(client) == 200
        assert town.enters(town.client(osei)) == 403

    def test_a_third_finds_them_frozen_and_none_may_be_it(self, town: Town, moderators: tuple[int, int]) -> None:
        town.doctors = [doctor(1, "Ama", "Osei")]
        town.import_all()
        people = [town.enter(name) for name in ("Ama Osei", "Ama C Osei", "Ama D Osei")]
        for _person, client in people:
            assert client.post(CLAIM, town.doctors[0].said()).status_code == 302
        assert {claim.state for claim in Claim.objects.all()} == {"frozen"}
        for claim in Claim.objects.all():
            for moderator in moderators:
                actions.look(standing=town.standing(moderator), claim=claim.pk, agrees=False, now=timezone.now())
        assert {(claim.state, claim.why) for claim in Claim.objects.all()} == {("gone", "other_person")}

    def test_the_first_of_two_without_evidence_goes_on_as_before(self, town: Town, moderators: tuple[int, int]) -> None:
        town.doctors = [doctor(1, "Ama", "Osei")]
        town.import_all()
        first, client = town.enter("Ama Osei")
        _second, other = town.enter("Ama C Osei")
        for each in (client, other):
            each.post(CLAIM, town.doctors[0].said())
        mine = Claim.objects.get(user=first)
        for moderator in moderators:
            actions.look(standing=town.standing(moderator), claim=mine.pk, agrees=True, now=timezone.now())
        mine.refresh_from_db()
        assert (mine.state, mine.why) == ("open", "released")
        assert "Your entry in the register is found" in client.get(DOOR).text

    def test_a_moderator_whose_number_is_in_question_does_not_decide(
        self, town: Town, osei: int, moderators: tuple[int, int], refused: Callable[..., str]
    ) -> None:
        first = moderators[0]
        Claim.objects.update(user=first)
        thief, client = town.enter("Ama B Osei")
        client.post(CLAIM, town.doctors[0].said())
        theirs = Claim.objects.get(user=thief)
        no = {"standing": town.standing(first), "claim": theirs.pk, "agrees": False, "now": timezone.now()}
        assert "Your own number" in refused(lambda: actions.look(**no))  # type: ignore[arg-type]  # a table


class TestHold:
    def test_a_moderator_closes_a_door_at_once_and_two_take_it_back(
        self, town: Town, osei: int, moderators: tuple[int, int]
    ) -> None:
        member, claim = town.client(osei), Claim.objects.get()
        first, second = (town.client(moderator) for moderator in moderators)
        path = f"{DOOR}queue/{claim.pk}/"
        assert "Close this door" in first.get(path).text
        assert first.post(path, {"act": "hold"}).status_code == 302
        assert town.enters(member) == 403
        assert "until two of them have looked" in page(town, osei)
        assert "held by a moderator" in first.get(DOOR + "queue/").text
        assert first.post(path, {"act": "hold"}).status_code == 409
        for moderator in (first, second):
            assert moderator.post(path, {"act": "no"}).status_code == 302
        assert Claim.objects.get().state == "revoked"
        assert member.get("/p/peers/lounge/").status_code == 302
        assert "took your membership back" in page(town, osei)

    def test_or_two_open_it_again(self, town: Town, osei: int, moderators: tuple[int, int]) -> None:
        now = timezone.now()
        actions.hold(standing=town.standing(moderators[0]), claim=Claim.objects.get().pk, now=now)
        since = Claim.objects.get().member_since
        for moderator in moderators:
            actions.look(standing=town.standing(moderator), claim=Claim.objects.get().pk, agrees=True, now=now)
        assert town.enters(town.client(osei)) == 200
        assert Claim.objects.get().member_since == since

    def test_what_is_no_longer_carried_lapses_when_it_is_opened(
        self, town: Town, osei: int, moderators: tuple[int, int]
    ) -> None:
        now = timezone.now()
        actions.hold(standing=town.standing(moderators[0]), claim=Claim.objects.get().pk, now=now)
        town.doctors[0].expires = "01/31/2020"
        town.import_all(as_of=now.date(), now=now)
        for moderator in moderators:
            actions.look(standing=town.standing(moderator), claim=Claim.objects.get().pk, agrees=True, now=now)
        assert (Claim.objects.get().state, Claim.objects.get().why) == ("lapsed", "licence_expired")


def test_a_namesake_of_an_excluded_person_is_looked_at_first(town: Town, moderators: tuple[int, int]) -> None:
    town.doctors = [doctor(1, "Ama", "Osei")]
    town.excluded = [("OSEI", "AMA", "")]
    town.import_all()
    town.roster(town.doctors[0])
    person, client = town.enter("Ama Osei")
    assert client.post(CLAIM, town.doctors[0].said()).status_code == 302
    assert town.follow_link(person) == 302
    assert town.enters(client) == 403
    assert "Two moderators look" in client.get(DOOR).text
    claim = Claim.objects.get()
    moderator = town.client(moderators[0])
    assert "NY 2020" in moderator.get(f"{DOOR}queue/{claim.pk}/").text
    assert "namesake" in moderator.get(DOOR + "queue/").text
    for each in moderators:
        actions.look(standing=town.standing(each), claim=claim.pk, agrees=True, now=timezone.now())
    assert town.enters(client) == 200
