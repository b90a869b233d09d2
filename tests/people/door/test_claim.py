"""From the first step to the open door, through the pages."""

from tests.people.door.conftest import CLAIM, DOOR, Town, doctor

from confrere.people.models import Claim, Decision


def test_a_physician_on_the_institutions_list_gets_in(town: Town) -> None:
    osei = doctor(1, "Ama", "Osei")
    town.doctors = [osei]
    town.import_all()
    town.roster(osei)
    person, client = town.enter("Ama Osei")
    assert town.enters(client) == 403
    assert "Begin: four short steps" in client.get(DOOR).text

    answer = client.post(CLAIM, osei.said())
    assert (answer.status_code, answer.headers["Location"]) == (302, DOOR)
    assert town.enters(client) == 403
    assert "four ways" in client.get("/p/peers/lounge/").text
    assert town.follow_link(person) == 302
    assert town.enters(client) == 200
    assert "You are verified" in client.get(DOOR).text
    claim = Claim.objects.get()
    assert (claim.state, claim.binding, claim.specialty) == ("bound", "roster", "cardiology")
    assert [row.why for row in Decision.objects.order_by("pk")] == ["fits", "link_sent", "roster"]
