"""The preset deflate dictionaries by id (PROTOCOL 2.4).

Laws:
  * A published dictionary never changes by a byte and its id is never used again.
  * Readers ship a dictionary one release before writers use it.
  * Dictionaries are public: they are made of schema words and invented text only.
"""

from typing import Final

from fieldapp.protocol.dictionary_1 import DICTIONARY_1

NO_DICTIONARY: Final = 0
CURRENT_DICTIONARY: Final = 1
"""What this release writes with."""

_DICTIONARY_BY_ID: Final = {1: DICTIONARY_1}


def dictionary_bytes(dictionary: int) -> bytes | None:
    """Return a dictionary, or nothing when this release does not know the id."""
    return _DICTIONARY_BY_ID.get(dictionary)


def known_dictionaries() -> tuple[int, ...]:
    """Return the ids that this release reads."""
    return tuple(_DICTIONARY_BY_ID)
