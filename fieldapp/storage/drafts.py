"""Drafts, saved as they are typed.

Laws:
  * A save replaces the draft whole, in one durable transaction: after a crash the draft is the
    one before or the one after.
  * A draft that was once saved under its own key stays under it, and goes with it.
"""

from sqlalchemy import Connection, bindparam, delete, func, select
from sqlalchemy.dialects.sqlite import insert

from fieldapp.storage.cipher import RowCipher, row_aad
from fieldapp.storage.record_keys import RecordKeys
from fieldapp.storage.repository import Sealed
from fieldapp.storage.rows import DraftRow
from fieldapp.storage.tables import drafts

_PLACE = "drafts.body"
_ALL = select(drafts.c.draft, drafts.c.sealed, drafts.c.own_key, drafts.c.updated_ms).order_by(
    drafts.c.updated_ms.desc(), drafts.c.draft
)
_GET = _ALL.where(drafts.c.draft == bindparam("d"))
_NEW = insert(drafts)
_SAVE = _NEW.on_conflict_do_update(
    index_elements=[drafts.c.draft],
    set_={
        "sealed": _NEW.excluded.sealed,
        "own_key": _NEW.excluded.own_key,
        "updated_ms": _NEW.excluded.updated_ms,
    },
)
_COUNT = select(func.count()).select_from(drafts)
_DELETE = delete(drafts).where(drafts.c.draft == bindparam("d"))


class Drafts(Sealed):
    """Drafts by id."""

    def __init__(self, connection: Connection, cipher: RowCipher, keys: RecordKeys) -> None:
        super().__init__(connection, cipher)
        self._keys = keys

    def save(self, draft: bytes, body: bytes, updated_ms: int) -> None:
        """Save or replace a draft.

        For a draft of a restricted kind call ``record_keys.put(draft, key, delete_after_ms)``
        first: it is then sealed under that key.
        """
        own = self._keys.cipher_of(draft)
        aad = row_aad(_PLACE, draft)
        values = {
            "draft": draft,
            "sealed": (own or self._cipher).seal(body, aad),
            "own_key": int(own is not None),
            "updated_ms": updated_ms,
        }
        self._run(_SAVE, values)

    def get(self, draft: bytes) -> DraftRow | None:
        """Return a draft, or None if there is none."""
        row = self._run(_GET, {"d": draft}).one_or_none()
        return None if row is None else self._opened(*row)

    def all(self) -> list[DraftRow]:
        """Return every draft, the newest first."""
        return [self._opened(*row) for row in self._run(_ALL)]

    def count(self) -> int:
        """Return how many drafts there are; none is opened."""
        number: int = self._run(_COUNT).scalar_one()
        return number

    def delete(self, draft: bytes) -> bool:
        """Remove a draft and its own key; tell whether there was one."""
        dropped = self._keys.drop(draft)
        return self._run(_DELETE, {"d": draft}).rowcount > 0 or dropped

    def _opened(self, draft: bytes, sealed: bytes, own_key: int, updated_ms: int) -> DraftRow:
        own = self._keys.cipher_of(draft) if own_key else None
        body = (own or self._cipher).open(sealed, row_aad(_PLACE, draft))
        return DraftRow(draft, body, updated_ms)
