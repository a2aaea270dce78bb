"""Words instead of bytes: phrases that open hand-over files, and words that two people compare.

A phrase of 8 words is 88 random bits, printed once. The comparison words are 44 bits of a slow
hash of a device's keys (PROTOCOL 3.6): whoever photographed an invite cannot grind keys that
give the same words.
"""

import os
from functools import lru_cache
from typing import Final

from fieldapp.crypto.passphrase_box import (
    DEFAULT_PARAMS,
    KdfParams,
    Purpose,
    argon2id,
    open_box,
    seal_box,
)
from fieldapp.crypto.secret import Secret
from fieldapp.crypto.wordlist import WORDS
from fieldapp.errors import InvalidCodeError
from fieldapp.protocol.ids import InviteId

PHRASE_WORDS: Final = 8
COMPARISON_WORDS: Final = 4
COMPARISON_LABEL: Final = b"baraza-compare-v1\0"
COMPARISON_PARAMS: Final = KdfParams(memory_kib=32 * 1024, passes=3, lanes=1)
"""On the wire: both sides have to use exactly these."""

_BITS_PER_WORD: Final = 11
_COMPARISON_BYTES: Final = 6
_VALUE_BY_WORD: Final = {word: value for value, word in enumerate(WORDS)}


def new_phrase() -> str:
    """Return 8 random words."""
    return " ".join(_words(int.from_bytes(os.urandom(PHRASE_WORDS * 2), "big"), PHRASE_WORDS))


def normalise_phrase(text: str) -> str:
    """Return a typed phrase as it was printed.

    Args:
        text: Any case; words apart by spaces, lines, hyphens or commas.

    Raises:
        InvalidCodeError: Not 8 words, or one that is not in the list; `word` says which.
    """
    words = text.lower().replace("-", " ").replace(",", " ").split()
    for place, word in enumerate(words, start=1):
        if word not in _VALUE_BY_WORD:
            raise InvalidCodeError("invalid_phrase", reason="unknown_word", word=place)
    if len(words) != PHRASE_WORDS:
        raise InvalidCodeError("invalid_phrase", reason="word_count", count=len(words))
    return " ".join(words)


def wrap_with_phrase(secret: Secret, phrase: str, params: KdfParams = DEFAULT_PARAMS) -> bytes:
    """Return the box of a hand-over file.

    Raises:
        InvalidCodeError: The phrase is not 8 words of the list.
    """
    return seal_box(secret, normalise_phrase(phrase), purpose=Purpose.HAND_OVER, params=params)


def unwrap_with_phrase(box: bytes, phrase: str) -> Secret:
    """Open the box of a hand-over file.

    Raises:
        InvalidCodeError: The phrase is not 8 words of the list.
        WrongPinError: It is another phrase (`wrong_phrase`).
        KeyFileDamagedError: The box is not one, or its bytes rotted.
        NotEnoughMemoryError: The machine cannot give the memory asked for.
    """
    return open_box(box, normalise_phrase(phrase), purpose=Purpose.HAND_OVER)


@lru_cache(maxsize=256)
def comparison_words(
    public_ed25519: bytes, public_x25519: bytes, invite: InviteId
) -> tuple[str, ...]:
    """Return the 4 words that the officer and the admin compare before `device confirm`.

    They are public and costly, and a list of devices shows them each time: they are remembered.

    Args:
        public_ed25519: The device's signing key.
        public_x25519: The device's receiving key.
        invite: The invite it came by; it salts the hash.

    Raises:
        NotEnoughMemoryError: The machine cannot give the memory asked for.
    """
    keys = COMPARISON_LABEL + public_ed25519 + public_x25519
    digest = argon2id(keys, invite, COMPARISON_PARAMS, _COMPARISON_BYTES).reveal()
    spare = _COMPARISON_BYTES * 8 - COMPARISON_WORDS * _BITS_PER_WORD
    return _words(int.from_bytes(digest, "big") >> spare, COMPARISON_WORDS)


def _words(value: int, count: int) -> tuple[str, ...]:
    """Return the words for the lowest bits of a number, the highest word first."""
    mask = (1 << _BITS_PER_WORD) - 1
    return tuple(WORDS[value >> _BITS_PER_WORD * at & mask] for at in range(count - 1, -1, -1))
