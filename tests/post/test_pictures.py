"""A picture is made anew: pixels come through, everything else stays outside."""

import io

import pytest
from PIL import Image

from confrere.post import pictures
from confrere.vault.refusals import Refusal


def made(size: tuple[int, int] = (400, 300), form: str = "JPEG", **more: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, form, **more)
    return out.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_place_and_time_are_left_behind(form: str) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "A camera at 41.5 N"
    clean = pictures.clean(made(form=form, exif=exif) + b"PK\x03\x04 a second document")
    assert b"camera" not in clean
    assert b"second document" not in clean
    picture = Image.open(io.BytesIO(clean))
    assert (picture.format, picture.size, dict(picture.getexif())) == ("JPEG", (300, 400), {})


def test_a_large_one_is_made_smaller() -> None:
    assert Image.open(io.BytesIO(pictures.clean(made((3200, 100)), longest=800))).size == (800, 25)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_can_be_seen_through_is_white(mode: str) -> None:
    through = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    through.paste((200, 30, 30, 255), (0, 0, 20, 40))
    out = io.BytesIO()
    through.convert(mode).save(out, "PNG")
    picture = Image.open(io.BytesIO(pictures.clean(out.getvalue())))
    assert picture.getpixel((35, 20)) == (255, 255, 255)
    seen = picture.getpixel((5, 20))
    assert isinstance(seen, tuple)
    assert min(seen) < 120


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(Refusal, match="25 million pixels"):
        pictures.clean(made((6000, 5000), "PNG"))
    bomb = Image.new("1", (20_000, 20_000))
    out = io.BytesIO()
    bomb.save(out, "PNG")
    with pytest.raises(Refusal, match=r"no picture|25 million"):
        pictures.clean(out.getvalue())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a\x01\x00\x01\x00",
        b"%PDF-1.7",
        made()[:200],
        made(form="BMP"),
    ],
)
def test_what_is_no_photograph_is_refused(data: bytes) -> None:
    with pytest.raises(Refusal, match="no picture"):
        pictures.clean(data)


def test_what_is_too_heavy_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_BYTES", 10)
    with pytest.raises(Refusal, match="15 MB"):
        pictures.clean(made())
