"""Small named values of a vault: the cursor, the clock, the officer, settings.

A key is a word of the program ("cursor", "clock"), never something an officer typed: it stands
in clear. The value is sealed.
"""

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert

from fieldapp.storage.repository import Sealed
from fieldapp.storage.tables import meta

_PLACE = "meta.value"
_GET = select(meta.c.sealed).where(meta.c.key == bindparam("k"))
_NEW = insert(meta)
_SET = _NEW.on_conflict_do_update(
    index_elements=[meta.c.key], set_={"sealed": _NEW.excluded.sealed}
)
_DELETE = delete(meta).where(meta.c.key == bindparam("k"))


class Meta(Sealed):
    """Named values."""

    def get(self, key: str) -> bytes | None:
        """Return the value, or None if it was never set."""
        blob = self._run(_GET, {"k": key}).scalar()
        return None if blob is None else self._open(blob, _PLACE, key.encode())

    def set(self, key: str, value: bytes) -> None:
        """Set or replace the value."""
        self._run(_SET, {"key": key, "sealed": self._seal(value, _PLACE, key.encode())})

    def delete(self, key: str) -> None:
        """Forget the value."""
        self._run(_DELETE, {"k": key})
