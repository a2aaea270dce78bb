"""Raw deflate by fixed Huffman codes (RFC 1951): the same bytes with every zlib.

Test vectors are made with it, as a stream is not canonical: any deflate may write a body.
"""

from __future__ import annotations

MIN_MATCH, MAX_MATCH, WINDOW = 3, 258, 32_768
LENGTHS = [*range(3, 11), 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59]
LENGTHS += [67, 83, 99, 115, 131, 163, 195, 227, 258]
DISTANCES = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769]
DISTANCES += [1025, 1537, 2049, 3073, 4097, 6145, 8193, 12_289, 16_385, 24_577]


class Bits:
    """Bits, the lowest of each byte first."""

    def __init__(self) -> None:
        self.text = ""

    def number(self, value: int, width: int) -> None:
        """Append a number, its lowest bit first."""
        self.text += f"{value:0{width}b}"[::-1] if width else ""

    def code(self, value: int, width: int) -> None:
        """Append a Huffman code, its highest bit first."""
        self.text += f"{value:0{width}b}"

    def to_bytes(self) -> bytes:
        """Return whole bytes, the last one filled with zeros."""
        text = self.text + "0" * (-len(self.text) % 8)
        return bytes(int(text[at : at + 8][::-1], 2) for at in range(0, len(text), 8))


def symbol(bits: Bits, value: int) -> None:
    """Append a literal or length symbol (RFC 1951, 3.2.6)."""
    if value < 144:
        bits.code(0x30 + value, 8)
    elif value < 256:
        bits.code(0x190 + value - 144, 9)
    elif value < 280:
        bits.code(value - 256, 7)
    else:
        bits.code(0xC0 + value - 280, 8)


def extra_bits(table: list[int], index: int, *, per_step: int) -> int:
    """Return how many bits follow an entry of a table of RFC 1951, 3.2.5."""
    return max(0, index // per_step - 1) if table[index] != MAX_MATCH else 0


def match(bits: Bits, length: int, distance: int) -> None:
    """Append a length and a distance."""
    at = max(i for i, start in enumerate(LENGTHS) if start <= length)
    symbol(bits, 257 + at)
    bits.number(length - LENGTHS[at], extra_bits(LENGTHS, at, per_step=4))
    at = max(i for i, start in enumerate(DISTANCES) if start <= distance)
    bits.code(at, 5)
    bits.number(distance - DISTANCES[at], extra_bits(DISTANCES, at, per_step=2))


def longest(data: bytes, at: int, seen: dict[bytes, int]) -> tuple[int, int]:
    """Return length and distance of the match at the last place where three bytes stood."""
    start = seen.get(data[at : at + MIN_MATCH], -1)
    if start < 0 or at - start > WINDOW or at + MIN_MATCH > len(data):
        return 0, 0
    length = MIN_MATCH
    while (
        length < MAX_MATCH and at + length < len(data) and data[at + length] == data[start + length]
    ):
        length += 1
    return length, at - start


def deflate(data: bytes, dictionary: bytes = b"") -> bytes:
    """Return one final block of fixed codes."""
    text = dictionary + data
    seen = {text[at : at + MIN_MATCH]: at for at in range(len(dictionary) - MIN_MATCH + 1)}
    bits = Bits()
    bits.number(0b011, 3)
    at = len(dictionary)
    while at < len(text):
        length, distance = longest(text, at, seen)
        if length:
            match(bits, length, distance)
        else:
            symbol(bits, text[at])
        for covered in range(at, at + max(1, length)):
            seen[text[covered : covered + MIN_MATCH]] = covered
        at += max(1, length)
    symbol(bits, 256)
    return bits.to_bytes()
