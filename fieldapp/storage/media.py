"""This device's own pictures and sounds: whose they are, and how far they were sent.

Laws:
  * A row's body, which holds the file's key, is sealed; ids, sizes and counts stand in clear.
  * ``sent`` counts chunks that the server signed for, the first ones first.
  * The bytes are files of their own (``chunk_files.py``): sealed already, useless without a row
    or a record that names their key.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from fieldapp.storage.repository import AnyRow, Sealed
from fieldapp.storage.tables import media

MediaState = Literal[
    "draft",  # of a draft that is not sealed yet
    "waiting",  # named by a sealed record, not all at the server
    "sent",  # the server signed for every chunk
]
_PLACE: Final = "media.item"
_COLUMNS = (
    media.c.file,
    media.c.owner,
    media.c.state,
    media.c.size,
    media.c.chunks,
    media.c.sent,
    media.c.created_ms,
    media.c.sealed,
    media.c.sent_ms,
)
_ALL = select(*_COLUMNS).order_by(media.c.created_ms, media.c.file)
_ONE = _ALL.where(media.c.file == bindparam("f"))
_OF_OWNER = _ALL.where(media.c.owner == bindparam("o"))
_IN_STATE = _ALL.where(media.c.state == bindparam("s"))
_ADD = insert(media)
_MOVE = (
    update(media)
    .where(media.c.file == bindparam("f"))
    .values(owner=bindparam("o"), state=bindparam("s"))
)
_FINISH = (
    update(media).where(media.c.file == bindparam("f")).values(state="sent", sent_ms=bindparam("t"))
)
_AGAIN = update(media).where(media.c.state == "sent").values(state="waiting", sent=0, sent_ms=0)
_SENT = update(media).where(media.c.file == bindparam("f")).values(sent=bindparam("n"))
_DROP = delete(media).where(media.c.file == bindparam("f"))


@dataclass(frozen=True, slots=True)
class MediaRow:
    """One picture or sound of this device; ``item`` is the JSON that its record seals.

    ``sent_ms`` is when the server signed for its last piece, 0 before that.
    """

    file: bytes
    owner: bytes
    state: MediaState
    size: int
    chunks: int
    sent: int
    created_ms: int
    item: bytes = field(repr=False)
    sent_ms: int = 0


class Media(Sealed):
    """Rows by file id."""

    def add(self, row: MediaRow) -> None:
        """Keep a new file."""
        values = {
            "file": row.file,
            "owner": row.owner,
            "state": row.state,
            "size": row.size,
            "chunks": row.chunks,
            "sent": row.sent,
            "created_ms": row.created_ms,
            "sealed": self._seal(row.item, _PLACE, row.file),
            "sent_ms": row.sent_ms,
        }
        self._run(_ADD, values)

    def get(self, file: bytes) -> MediaRow | None:
        """Return a file's row, None if it is not this device's own."""
        row = self._run(_ONE, {"f": file}).one_or_none()
        return None if row is None else self._opened(row)

    def of(self, owner: bytes) -> Sequence[MediaRow]:
        """Return the files of a draft or record, the oldest first."""
        return [self._opened(row) for row in self._run(_OF_OWNER, {"o": owner})]

    def in_state(self, state: MediaState) -> Sequence[MediaRow]:
        """Return the files in a state, the oldest first."""
        return [self._opened(row) for row in self._run(_IN_STATE, {"s": state})]

    def move(self, file: bytes, *, owner: bytes, state: MediaState) -> None:
        """Give a file another owner or state."""
        self._run(_MOVE, {"f": file, "o": owner, "s": state})

    def finish(self, file: bytes, sent_ms: int) -> None:
        """Note that the server signed for all of a file, and when."""
        self._run(_FINISH, {"f": file, "t": sent_ms})

    def send_again(self) -> None:
        """Let everything wait that the server had signed for: it may have lost it."""
        self._run(_AGAIN)

    def note_sent(self, file: bytes, chunks: int) -> None:
        """Note how many chunks the server signed for."""
        self._run(_SENT, {"f": file, "n": chunks})

    def drop(self, file: bytes) -> bool:
        """Forget a file; tell whether it was here."""
        return self._run(_DROP, {"f": file}).rowcount > 0

    def _opened(self, row: AnyRow) -> MediaRow:
        file, owner, state, size, chunks, sent, created_ms, sealed, sent_ms = row
        item = self._open(sealed, _PLACE, file)
        return MediaRow(file, owner, state, size, chunks, sent, created_ms, item, sent_ms)
