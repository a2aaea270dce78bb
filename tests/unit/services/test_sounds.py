"""A voice as a WAV of one byte a sample: what a player reads back is what was said."""

from __future__ import annotations

import math
import struct

import pytest

from fieldapp.services.media_reading import is_sound
from fieldapp.services.sounds import SAMPLE_RATE, at_our_rate, seconds_of, voice_file


def spoken(seconds: float) -> bytes:
    """A tone as a recorder hands it over."""
    count = int(seconds * SAMPLE_RATE)
    rows = (int(12_000 * math.sin(at / 7)) for at in range(count))
    return b"".join(struct.pack("<h", row) for row in rows)


def linear(byte: int) -> int:
    """Read one byte of the telephone's curve, as G.711 has it."""
    value = ~byte & 0xFF
    height = (((value & 0x0F) << 3) + 0x84 << ((value & 0x70) >> 4)) - 0x84
    return -height if value & 0x80 else height


def test_a_minute_is_small_and_known_as_a_sound() -> None:
    made = voice_file(spoken(60))
    assert len(made) == 58 + 60 * SAMPLE_RATE
    assert is_sound(made)


def test_the_head_says_what_follows() -> None:
    made = voice_file(spoken(1))
    assert made[:4] + made[8:16] == b"RIFFWAVEfmt "
    assert struct.unpack("<I", made[4:8])[0] == len(made) - 8
    assert struct.unpack("<HHIIHH", made[20:36]) == (7, 1, 8_000, 8_000, 1, 8)
    assert made[50:54] == b"data"
    assert struct.unpack("<I", made[54:58])[0] == SAMPLE_RATE


def test_what_is_read_back_is_what_was_said() -> None:
    raw = spoken(0.5)
    samples = struct.unpack(f"<{len(raw) // 2}h", raw)
    heard = [linear(byte) for byte in voice_file(raw)[58:]]
    assert max(abs(one - other) for one, other in zip(samples, heard, strict=True)) < 600
    assert linear(voice_file(struct.pack("<h", 0))[58]) == 0


@pytest.mark.parametrize(
    ("rate", "channels", "measured"),
    [(8_000, 1, 3.1), (16_000, 1, 2.9), (44_100, 1, 3.0), (44_100, 2, 2.93), (48_000, 2, 3.02)],
)
def test_a_browsers_own_rate_becomes_ours(rate: int, channels: int, measured: float) -> None:
    tone = [int(9_000 * math.sin(2 * math.pi * 200 * at / rate)) for at in range(3 * rate)]
    sent = struct.pack(f"<{len(tone) * channels}h", *(row for row in tone for _ in range(channels)))
    found = at_our_rate(sent, measured)
    assert len(found) == 2 * 3 * SAMPLE_RATE
    heard = struct.unpack(f"<{len(found) // 2}h", found)
    wanted = [
        int(9_000 * math.sin(2 * math.pi * 200 * at / SAMPLE_RATE)) for at in range(len(heard))
    ]
    assert max(abs(one - other) for one, other in zip(heard, wanted, strict=True)) < 1_500


def test_nothing_said_is_nothing() -> None:
    assert at_our_rate(b"", 0) == b""


@pytest.mark.parametrize("sample", [-32_768, 32_767], ids=["lowest", "highest"])
def test_the_loudest_is_cut_and_never_turns_round(sample: int) -> None:
    found = linear(voice_file(struct.pack("<h", sample))[58])
    assert abs(found - sample) < 700


@pytest.mark.parametrize(("length", "seconds"), [(0, 1), (16_000, 1), (16_002, 2), (960_000, 60)])
def test_a_started_second_counts(length: int, seconds: int) -> None:
    assert seconds_of(bytes(length)) == seconds
