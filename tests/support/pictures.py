"""Pictures and sounds for tests: noise that does not compress, with all that a camera adds.

And what the tests' browser asks of the pictures that it took itself.
"""

from __future__ import annotations

import io
import random
from pathlib import Path

from PIL import Image

MARKER = b"TAKEN-AT-MKOMANI-BY-AMINA"
"""Stands in the metadata of each picture and in each sound."""
GPS_TAG = 0x8825
ORIENTATION_TAG = 0x0112
SOUND = b"OggS" + MARKER + bytes(range(256)) * 40


def noise(width: int, height: int, seed: int = 1) -> Image.Image:
    """A picture of nothing that no codec makes small."""
    chance = random.Random(seed)  # noqa: S311 - points of a test picture
    return Image.frombytes("RGB", (width, height), chance.randbytes(width * height * 3))


def photo(width: int = 320, height: int = 240, *, seed: int = 1, turned: int = 1) -> bytes:
    """A JPEG as a phone writes it: with place, maker, comment and orientation."""
    exif = Image.Exif()
    exif[0x010E] = MARKER.decode()
    exif[0x010F] = "Maker"
    exif[ORIENTATION_TAG] = turned
    gps = exif.get_ifd(GPS_TAG)
    gps[1], gps[2] = "S", (2.0, 16.0, 12.0)
    gps[3], gps[4] = "E", (40.0, 54.0, 7.0)
    target = io.BytesIO()
    noise(width, height, seed).save(target, "JPEG", quality=90, exif=exif, comment=MARKER)
    return target.getvalue()


def is_blank(path: Path) -> bool:
    """Tell whether a picture is of one colour all over."""
    with Image.open(path) as picture:
        return picture.convert("RGB").getcolors(maxcolors=1) is not None
