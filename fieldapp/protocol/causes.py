"""Why a device was ended or moved, or its work taken over: one word of a closed list.

Laws:
  * Statements are signed plaintext that the server reads and keeps. There is no place in them for
    words of a person: whoever acts writes those into a sealed record.
  * A word of a newer version counts as ``other``: a revocation must not wait for an update.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from fieldapp.errors import MalformedMessageError

_WORD: Final = re.compile("[a-z_]{1,16}")


class Cause(StrEnum):
    """The closed list."""

    LOST = "lost"
    STOLEN = "stolen"
    LEFT_OFFICE = "left_office"
    MOVED = "moved"
    REPLACED = "replaced"
    MISUSE = "misuse"
    OTHER = "other"


_KNOWN: Final = {cause.value: cause for cause in Cause}


def read_cause(fields: Mapping[str, object]) -> Cause:
    """Read the cause of a statement; none at all is ``other``.

    Raises:
        MalformedMessageError: it is no short word of small letters.
    """
    word = fields.get("because", Cause.OTHER.value)
    if not isinstance(word, str) or _WORD.fullmatch(word) is None:
        raise MalformedMessageError(reason="cause", field="because")
    return _KNOWN.get(word, Cause.OTHER)
