"""Pictures that people upload, made anew: what leaves here is a plain JPEG of our own writing and nothing else.

Re-encoding drops whatever a file carried besides its pixels: place and time, the camera, a second document behind the
picture. A small file that claims millions of pixels is refused before it is unpacked.
"""

import io
import warnings

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from confrere.vault.refusals import Refusal

#: A telephone's largest pictures; a bomb has more.
MOST_PIXELS = 25_000_000
MOST_BYTES = 15 * 2**20
_KNOWN = ("JPEG", "PNG", "WEBP")


def clean(data: bytes, *, longest: int = 1600) -> bytes:
    """A JPEG with at most `longest` pixels on a side, upright, without metadata. Raises `Refusal` (422)."""
    if len(data) > MOST_BYTES:
        raise _no(_("This picture is larger than 15 MB. A smaller one is as good."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # we count the pixels ourselves
            picture = Image.open(io.BytesIO(data), formats=_KNOWN)
            if picture.width * picture.height > MOST_PIXELS:
                raise _no(_("This picture has more than 25 million pixels. A smaller one is as good."))
            upright = _on_white(ImageOps.exif_transpose(picture))
    except Refusal:
        raise
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError, EOFError):
        raise _no(_("This is no picture that we can read. Send a photograph: JPEG, PNG or WebP.")) from None
    upright.thumbnail((longest, longest))
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=85)
    return out.getvalue()


def _on_white(picture: Image.Image) -> Image.Image:
    """What can be seen through shows white paper, as on our pages; a plain conversion would show its hidden colour."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    paper = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(paper, picture.convert("RGBA")).convert("RGB")


def _no(sentence: str) -> Refusal:
    return Refusal(sentence, status=422)
