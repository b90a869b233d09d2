"""Pictures beneath a post: re-encoded, looked at by a second person, served to members, gone with the post."""

import io
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from confrere.lounge import actions, limits
from confrere.lounge.actions.picturing import end_pictures_at
from confrere.lounge.models import Flag, GuardMark, Picture, Post, Question
from confrere.lounge.queries import own
from confrere.lounge.queries import pictures as queries
from confrere.people.queries import Standing
from confrere.vault.refusals import Refusal

type Enter = Callable[[str], Standing]
type Browse = Callable[[Standing], Client]


def photograph(*, place: bool = True, size: tuple[int, int] = (60, 40)) -> bytes:
    """A red JPEG; with the place and the camera in its file."""
    out, exif = io.BytesIO(), Image.Exif()
    if place:
        exif[0x010F] = "CAMERAMAKER"
        exif.get_ifd(0x8825).update({1: "N", 2: (IFDRational(48), IFDRational(8), IFDRational(0))})
    Image.new("RGB", size, "red").save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.fixture
def asker(enter: Enter) -> Standing:
    return enter("asker")


@pytest.fixture
def question(asker: Standing, now: datetime) -> Question:
    return actions.ask(standing=asker, specialty="cardiology", title="What is this trace?", text="See below.", now=now)


def put_up(who: Standing, question: Question, now: datetime, **said: object) -> Picture:
    post = Post.objects.get(question=question, number=0)
    asked = {"upload": photograph(), "words": "A trace with wide complexes", "face": False, "attested": True} | said
    return actions.put_up_picture(standing=who, post=post, now=now, **asked)  # type: ignore[arg-type]  # as its form sends


def sent(**said: object) -> dict[str, object]:
    upload = SimpleUploadedFile("../../x.svg", photograph(), content_type="text/html")
    return {"picture": upload, "words": "A trace", "face": "no", "attested": "on"} | said


def test_a_picture_is_drawn_anew_and_says_nothing_else(asker: Standing, question: Question, now: datetime) -> None:
    assert b"CAMERAMAKER" in photograph()
    jpeg = bytes(put_up(asker, question, now).jpeg)
    assert b"CAMERAMAKER" not in jpeg
    kept = Image.open(io.BytesIO(jpeg))
    assert (kept.format, kept.size, dict(kept.getexif())) == ("JPEG", (60, 40), {})


def test_the_text_stands_at_once_and_the_picture_after_a_second_look(
    asker: Standing, question: Question, enter: Enter, moderate: Enter, browse: Browse, now: datetime
) -> None:
    reader, moderator = enter("reader"), moderate("moderator")
    page, home = f"/p/peers/lounge/q/{question.pk}/", "/p/peers/lounge/queue/"
    answer = browse(asker).post(f"{page}p/{Post.objects.get().pk}/picture/", sent())
    assert (answer.status_code, answer["Location"]) == (302, page)
    [picture] = Picture.objects.all()
    image = f"{page}picture/{picture.pk}.jpg"
    until = picture.attested_at + limits.LOOK_WITHIN
    assert "A second colleague looks at it first, by" in browse(reader).get(page).text
    assert "See below." in browse(reader).get(page).text
    assert "Only you and the moderators see it" in browse(asker).get(page).text
    assert [browse(who).get(image).status_code for who in (reader, asker, moderator)] == [404, 200, 200]
    assert until.strftime("%Y") in browse(moderator).get(home).text
    assert [str(card.sentence) for card in own.today(standing=moderator, now=now)][:1] == [
        "1 post waits for a moderator."
    ]
    look = f"{page}picture/{picture.pk}/look/"
    assert browse(reader).post(look, {"stands": "1"}).status_code == 403
    assert browse(moderator).post(look, {"stands": "1"}).status_code == 302
    assert browse(moderator).post(look).status_code == 409  # once
    shown = browse(reader).get(image)
    assert (shown.status_code, shown["Content-Type"], shown["Cache-Control"]) == (200, "image/jpeg", "no-store")
    assert shown.content == bytes(picture.jpeg)
    assert f'src="{image}" alt="A trace"' in browse(reader).get(page).text
    assert browse(enter("lapsed")).get(image).status_code == 403
    assert "Nothing waits" in browse(moderator).get(home).text


def test_who_refuses_one_deletes_it_and_nobody_decides_about_their_own(
    question: Question, moderate: Enter, asker: Standing, now: datetime
) -> None:
    first, second = moderate("first"), moderate("second")
    hers = actions.ask(standing=first, specialty="cardiology", title="Mine?", text="", now=now)
    own, other = put_up(first, hers, now), put_up(asker, question, now)
    with pytest.raises(Refusal, match="Another moderator"):
        actions.let_picture_stand(standing=first, picture=own, now=now)
    actions.refuse_picture(standing=second, picture=own, now=now)
    assert list(Picture.objects.all()) == [other]
    with pytest.raises(Refusal, match="nothing here"):
        actions.refuse_picture(standing=second, picture=own, now=now)
    actions.let_picture_stand(standing=second, picture=other, now=now)


@pytest.mark.parametrize("name", ["../../x.jpg", "CON", "x" * 300, "a\u202egpj.exe"])
def test_the_name_of_a_file_is_kept_nowhere(
    asker: Standing, question: Question, browse: Browse, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    page = f"/p/peers/lounge/q/{question.pk}/"
    upload = SimpleUploadedFile("x.jpg", photograph())
    upload.name = name
    address = f"{page}p/{Post.objects.get().pk}/picture/"
    assert browse(asker).post(address, sent(picture=upload)).status_code == 302
    row = Picture.objects.get()
    assert name not in f"{vars(row)} {caplog.text} {browse(asker).get(page).text}"


def test_the_second_look_is_asked_of_another_page_for_the_author_who_moderates(
    moderate: Enter, browse: Browse, now: datetime
) -> None:
    first = moderate("first")
    hers = actions.ask(standing=first, specialty="cardiology", title="Mine?", text="", now=now)
    put_up(first, hers, now)
    assert "You wrote this. Another moderator decides." in browse(first).get("/p/peers/lounge/queue/").text


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"face": True}, "A face can point at a patient"),
        ({"words": "  "}, "Say in a line"),
        ({"attested": False}, "Confirm that the patient agreed"),
        ({"words": "MRN 4455667"}, "Not posted yet"),
        ({"upload": b"<svg onload=alert(1)>"}, "This is no picture"),
    ],
)
def test_what_is_refused(asker: Standing, question: Question, now: datetime, said: dict[str, object], why: str) -> None:
    with pytest.raises(Refusal, match=why):
        put_up(asker, question, now, **said)
    assert Picture.objects.count() == 0


def test_a_refusal_stands_on_the_form(asker: Standing, question: Question, browse: Browse) -> None:
    page = f"/p/peers/lounge/q/{question.pk}/p/{Post.objects.get().pk}/picture/"
    client = browse(asker)
    assert client.get(page).status_code == 200
    face = client.post(page, sent(face="yes"))
    assert (face.status_code, "Cover it" in face.text) == (422, True)
    held = client.post(page, sent(words="MRN 4455667"))
    assert (held.status_code, "may point at a patient" in held.text) == (422, True)
    assert client.post(page, {"words": "x"}).status_code == 422


def test_only_its_author_adds_or_takes_away(
    asker: Standing, question: Question, enter: Enter, browse: Browse, now: datetime
) -> None:
    picture = put_up(asker, question, now)
    page = f"/p/peers/lounge/q/{question.pk}/"
    other = browse(enter("other"))
    assert other.get(f"{page}p/{picture.post_id}/picture/").status_code == 403
    assert other.post(f"{page}picture/{picture.pk}/take-away/").status_code == 403
    assert browse(asker).post(f"{page}picture/{picture.pk}/take-away/").status_code == 302
    assert Picture.objects.count() == 0
    assert browse(asker).post(f"{page}picture/{picture.pk}/take-away/").status_code == 404


def test_with_the_name_withheld_no_row_leads_to_the_author(
    asker: Standing, moderate: Enter, browse: Browse, now: datetime
) -> None:
    for place, name in enumerate(("one", "two"), 1):
        actions.take_key(standing=moderate(name), place=place, now=now)
    secret = actions.new_secret()
    question = actions.ask(standing=asker, specialty="cardiology", title="A trace?", text="", now=now, secret=secret)
    mask = actions.mask_of(question=question, secret=secret)
    client, page = browse(asker), f"/p/peers/lounge/q/{question.pk}/"
    address = f"{page}p/{Post.objects.get().pk}/picture/"
    assert client.get(address).status_code == 403  # another browser
    client.cookies["withheld"] = secret
    assert client.post(address, sent()).status_code == 302
    [picture] = Picture.objects.all()
    assert GuardMark.objects.count() == 0
    assert client.get(f"{page}picture/{picture.pk}.jpg").status_code == 200
    actions.take_picture_away(standing=asker, picture=picture, mask=mask, now=now)
    assert Picture.objects.count() == 0


def test_a_new_member_puts_up_one(asker: Standing, question: Question, now: datetime) -> None:
    put_up(asker, question, now)
    with pytest.raises(Refusal, match="There are 2 images in your text; 1 are the most"):
        put_up(asker, question, now)


def test_deleted_with_the_post_and_by_the_clock(
    asker: Standing, question: Question, enter: Enter, browse: Browse, now: datetime
) -> None:
    picture = put_up(asker, question, now)
    image = f"/p/peers/lounge/q/{question.pk}/picture/{picture.pk}.jpg"
    assert end_pictures_at(now=now + limits.LOOK_WITHIN - timedelta(seconds=1)) == 0
    actions.take_back(standing=asker, post=picture.post, now=now)
    assert Picture.objects.count() == 0
    assert browse(asker).get(image).status_code == 404
    again = actions.ask(standing=asker, specialty="cardiology", title="Again?", text="", now=now)
    put_up(asker, again, now)
    assert end_pictures_at(now=now + limits.LOOK_WITHIN) == 1
    actions.end_pictures()


def test_a_hidden_post_hides_its_pictures(asker: Standing, question: Question, enter: Enter, now: datetime) -> None:
    picture = put_up(asker, question, now)
    actions.flag(standing=enter("reader"), post=picture.post, reason=Flag.Reason.IDENTIFIER, words="", now=now)
    assert queries.picture(programme=asker.programme, question=question.pk, picture=picture.pk) is None
    assert queries.to_look_at(programme=asker.programme) == []


def test_every_picture_has_words_and_was_looked_at_by_somebody(
    asker: Standing, question: Question, now: datetime
) -> None:
    picture = put_up(asker, question, now)
    assert str(picture) == f"picture {picture.pk} of post {picture.post_id}"
    for wrong, name in (({"words": ""}, "put_into_words"), ({"looked_at": now}, "looked_at_by_somebody")):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Picture.objects.filter(pk=picture.pk).update(**wrong)


def test_a_member_takes_their_pictures_along(asker: Standing, question: Question, now: datetime) -> None:
    picture = put_up(asker, question, now)
    assert queries.own_pictures(standing=asker) == [picture]
    assert queries.pictures((), standing=asker, own=()) == {}
