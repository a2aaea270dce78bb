"""A drawn picture and a rung sound for the demo: they show that media travel, and nobody in them.

Decides nothing. Both are made here, so that no photo of a real place or voice of a person ships;
Pillow is loaded when the picture is drawn, never at the start of a command.
"""

from __future__ import annotations

import array
import io
import math
import sys
from typing import Final

from fieldapp.domain.samples import Chance
from fieldapp.services.sounds import SAMPLE_RATE, voice_file

SIZE: Final = (960, 720)
_NIGHT, _HILL, _WATER, _EARTH = (38, 52, 84), (47, 66, 62), (86, 122, 140), (142, 108, 74)
_MOON, _TRACK = (236, 228, 196), (96, 68, 44)
_FAR_BANK, _BANK = 350, 430
_STEPS: Final = 90
_NOTES_HZ: Final = (523.25, 659.25, 783.99)
_LOUDNESS: Final = 9_000
SECONDS: Final = len(_NOTES_HZ)


def tracks_at_the_ford(chance: Chance) -> bytes:
    """Draw a river at night and the tracks of a herd that lead into it, as JPEG."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", SIZE, _NIGHT)
    draw = ImageDraw.Draw(picture)
    width, height = SIZE
    draw.ellipse((730, 70, 810, 150), fill=_MOON)
    ridge = [(0, 330), (260, 210), (520, 320), (760, 230), (width, 320)]
    draw.polygon([*ridge, (width, _FAR_BANK), (0, _FAR_BANK)], fill=_HILL)
    draw.rectangle((0, _FAR_BANK, width, _BANK), fill=_WATER)
    draw.rectangle((0, _BANK, width, height), fill=_EARTH)
    for step in range(_STEPS):
        far = step / _STEPS
        spread = int(60 + 320 * far)
        x = width / 2 + chance.randrange(2 * spread) - spread
        y = _BANK + 12 + (height - _BANK - 40) * far
        wide, high = 3 + 7 * far, 4 + 10 * far
        for side in (-wide, wide):
            draw.ellipse((x + side - wide, y, x + side + wide, y + high), fill=_TRACK)
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=88)
    return target.getvalue()


def chime() -> bytes:
    """Ring three notes, a second each, in the file that the app's microphone makes."""
    samples = array.array("h")
    for hertz in _NOTES_HZ:
        for at in range(SAMPLE_RATE):
            second = at / SAMPLE_RATE
            swing = math.sin(2 * math.pi * hertz * second) * math.exp(-4 * second)
            samples.append(int(_LOUDNESS * swing))
    if sys.byteorder == "big":
        samples.byteswap()
    return voice_file(samples.tobytes())
