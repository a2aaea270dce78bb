"""The numbers that bound the wire (PROTOCOL 11).

A writer keeps below the soft limits, a reader refuses beyond the hard ones.
"""

from typing import Final

PROTOCOL_VERSION: Final = 1
"""Version in each `Hello`; a server accepts each version of the last 24 months."""

MAX_BATCH_ENTRIES: Final = 50
MAX_BATCH_BYTES: Final = 16_384
"""Soft: where a writer closes a batch of several entries."""
MAX_ENTRY_BYTES: Final = 65_536
"""Hard: one entry, which may then stand alone in a batch above the soft limit."""
MAX_LARGE_BATCH_BYTES: Final = 131_072
"""Hard: any batch with its header."""
MAX_INFLATED_BYTES: Final = 1_048_576
"""Hard: what a body may inflate to."""
MAX_JSON_DEPTH: Final = 16

MIN_PADDED_BYTES: Final = 256
STORED_STEPS: Final = (1_024, 2_048, 4_096)
"""Padded sizes of a stored payload; above the last one its multiples."""

MAX_KEY_PACKET_BYTES: Final = 65_535
MAX_KEY_PACKET_RECIPIENTS: Final = 64
MAX_GRANT_ROWS: Final = 2_000
MAX_CODE_BYTES: Final = 64
MAX_NOTICES: Final = 16

MAX_FRAME_BYTES: Final = 262_144
MAX_REQUEST_BYTES: Final = 4_194_304
MAX_ANSWER_BYTES: Final = 16_777_216
MAX_INVITE_PACKET_BYTES: Final = 262_144
MAX_ERROR_BODY_BYTES: Final = 4_096

MAX_GENERATION: Final = 0xFFFF
MAX_NUMBER: Final = 0xFFFF_FFFF_FFFF

MAX_UNTRUSTED_BYTES: Final = 16_777_216
"""What a server keeps of one device that is not trusted, or beyond the cut of a revoked one."""

CHUNK_BYTES: Final = 65_520
"""What a writer puts into one chunk of a picture or sound, before sealing."""
SLOW_CHUNK_BYTES: Final = 16_368
"""The same on a slow link."""
MAX_CHUNK_BYTES: Final = 65_536
"""Hard: one sealed chunk."""
MAX_MEDIA_CHUNKS: Final = 64
"""Hard: chunks of one file."""
