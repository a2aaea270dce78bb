"""A camera's picture made small and silent: shrunk, turned upright, and without what a camera adds.

Laws:
  * What comes out is a new JPEG of the visible points alone: no place, time, device, name,
    comment or hidden preview of the original is carried over.
  * Its longest edge is at most 1,600 points and it has at most 200 KB; its thumbnail 4 KB.
  * A file that is no picture, or would open to more points than a phone can hold, is refused by
    its size on paper, before it is opened.
  * Pillow is loaded when the first picture comes, never at the start of the app.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from fieldapp.domain.media import MAX_THUMB_BYTES
from fieldapp.errors import InvalidFieldError

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_EDGE: Final = 1_600
MAX_PHOTO_BYTES: Final = 200_000
THUMB_EDGES: Final = (160, 120, 96, 64, 32)
THUMB_QUALITY: Final = 60
QUALITIES: Final = (80, 70, 60, 50, 40, 30)
FRAME_QUALITY: Final = 92
SMALLER: Final = 0.75
MAX_PIXELS: Final = 60_000_000
MAX_INPUT_BYTES: Final = 40_000_000
FORMATS: Final = ("JPEG", "PNG", "WEBP", "BMP", "GIF")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture ready to be sealed, and its thumbnail: both JPEG."""

    content: bytes = field(repr=False)
    thumb: bytes = field(repr=False)


def shrink(image: bytes) -> Picture:
    """Make a picture small enough to send over a slow link.

    Raises:
        InvalidFieldError: it is no picture (`not_a_picture`), or too large to open
            (`picture_too_large`).
    """
    if len(image) > MAX_INPUT_BYTES:
        raise InvalidFieldError("picture_too_large", limit=MAX_INPUT_BYTES)
    upright = _opened(image)
    return Picture(_small(upright), _thumbnail(upright))


def turned(image: bytes, degrees: int) -> bytes:
    """Turn a camera's frame to the right by a number of degrees.

    Raises:
        InvalidFieldError: it is no picture, or too large to open.
    """
    if not degrees:
        return image
    return _jpeg(_opened(image).rotate(-degrees, expand=True), FRAME_QUALITY)


def _opened(image: bytes) -> Image:
    """Read the points of a picture, turned as it was held."""
    from PIL import Image, ImageOps, UnidentifiedImageError  # noqa: PLC0415  see the laws

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            opened = Image.open(io.BytesIO(image), formats=FORMATS)
            if opened.width * opened.height > MAX_PIXELS:
                raise InvalidFieldError("picture_too_large", limit=MAX_PIXELS)
            opened.draft("RGB", (MAX_EDGE, MAX_EDGE))
            opened.load()
        plain = ImageOps.exif_transpose(opened)
        return _on_white(plain)
    except Image.DecompressionBombError as problem:
        raise InvalidFieldError("picture_too_large", limit=MAX_PIXELS) from problem
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as problem:
        raise InvalidFieldError("not_a_picture") from problem


def _on_white(plain: Image) -> Image:
    """Copy the visible points onto white paper: nothing but points is copied."""
    from PIL import Image  # noqa: PLC0415  see the laws

    points = plain.convert("RGBA")
    points.thumbnail((MAX_EDGE, MAX_EDGE))
    paper = Image.new("RGB", points.size, "white")
    paper.paste(points, mask=points.getchannel("A"))
    return paper


def _small(upright: Image) -> bytes:
    """Find the best quality that is small enough; make the picture smaller where none is."""
    size = upright.size
    while True:
        scaled = upright if size == upright.size else upright.resize(size)
        for quality in QUALITIES:
            found = _jpeg(scaled, quality)
            if len(found) <= MAX_PHOTO_BYTES:
                return found
        size = (max(1, int(size[0] * SMALLER)), max(1, int(size[1] * SMALLER)))


def _thumbnail(upright: Image) -> bytes:
    for edge in THUMB_EDGES:
        small = upright.copy()
        small.thumbnail((edge, edge))
        found = _jpeg(small, THUMB_QUALITY)
        if len(found) <= MAX_THUMB_BYTES:
            return found
    return _jpeg(upright.resize((1, 1)), THUMB_QUALITY)


def _jpeg(image: Image, quality: int) -> bytes:
    target = io.BytesIO()
    image.save(target, "JPEG", quality=quality, optimize=True)
    return target.getvalue()
