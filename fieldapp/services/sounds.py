"""A voice as a small file: 8,000 samples a second, one byte each, in a WAV that players know.

Laws:
  * The samples never lie on a disk as they were spoken: they come in memory, and leave sealed.
  * One byte holds a sample by the telephone's own curve (G.711, mu law): a minute is 480 KB.
"""

from __future__ import annotations

import array
import struct
import sys
from functools import lru_cache
from itertools import pairwise
from typing import Final

SAMPLE_RATE: Final = 8_000
_RATES: Final = (8_000, 16_000, 22_050, 32_000, 44_100, 48_000, 88_200, 96_000)
"""Samples a second that devices send, those of both channels counted."""
_BIAS: Final = 0x84
_HIGHEST: Final = 32_635
_MU_LAW: Final = 7
_FORMAT: Final = struct.Struct("<4sI4s4sIHHIIHHH4sII4sI")
_HEAD_BYTES: Final = 58


def seconds_of(pcm: bytes) -> int:
    """Return how long raw 16-bit samples last, in whole seconds, at least one."""
    return max(1, -(-len(pcm) // (2 * SAMPLE_RATE)))


def at_our_rate(pcm: bytes, seconds: float) -> bytes:
    """Bring samples to 8,000 a second, whatever the device sent.

    A browser sends its own rate, and two channels turn about. How long it took tells the rate;
    the mean over each stretch is one sample, so that two channels become one by the way.

    Args:
        pcm: raw little-endian 16-bit samples.
        seconds: how long they took to come.
    """
    samples = _samples(pcm)
    told = len(samples) / seconds if seconds > 0 else SAMPLE_RATE
    rate = min(_RATES, key=lambda one: abs(one - told))
    if rate == SAMPLE_RATE:
        return pcm
    step, count = rate / SAMPLE_RATE, len(samples) * SAMPLE_RATE // rate
    edges = [int(place * step) for place in range(count + 1)]
    means = (sum(samples[start:end]) // (end - start) for start, end in pairwise(edges))
    found = array.array("h", means)
    if sys.byteorder == "big":
        found.byteswap()
    return found.tobytes()


def _samples(pcm: bytes) -> array.array[int]:
    samples = array.array("h")
    samples.frombytes(pcm[: len(pcm) // 2 * 2])
    if sys.byteorder == "big":
        samples.byteswap()
    return samples


def voice_file(pcm: bytes) -> bytes:
    """Write raw little-endian 16-bit samples as a WAV of one byte a sample."""
    table = _curve()
    body = bytes(table[sample & 0xFFFF] for sample in _samples(pcm))
    return _head(len(body)) + body + b"\0" * (len(body) % 2)


def _head(count: int) -> bytes:
    return _FORMAT.pack(
        *(b"RIFF", _HEAD_BYTES - 8 + count + count % 2, b"WAVE"),
        *(b"fmt ", 18, _MU_LAW, 1, SAMPLE_RATE, SAMPLE_RATE, 1, 8, 0),
        *(b"fact", 4, count),
        *(b"data", count),
    )


@lru_cache(maxsize=1)
def _curve() -> bytes:
    """Return the byte of each sample, by its 16 bits."""
    return bytes(
        _byte(sample - 0x10000 if sample & 0x8000 else sample) for sample in range(0x10000)
    )


def _byte(sample: int) -> int:
    sign = 0x80 if sample < 0 else 0
    height = min(abs(sample), _HIGHEST) + _BIAS
    exponent = height.bit_length() - 8
    mantissa = (height >> (exponent + 3)) & 0x0F
    return ~(sign | (exponent << 4) | mantissa) & 0xFF
