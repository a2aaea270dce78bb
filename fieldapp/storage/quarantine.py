"""Entries and batches that were kept apart: shown, never merged, never dropped unseen."""

from sqlalchemy import bindparam, delete, exists, func, select
from sqlalchemy.dialects.sqlite import insert

from fieldapp.storage.repository import AnyRow, Sealed
from fieldapp.storage.rows import QuarantineRow
from fieldapp.storage.tables import quarantine

WHOLE_BATCH = -1
_PLACE = "quarantine.entry"
_ALL = select(
    quarantine.c.batch,
    quarantine.c.entry,
    quarantine.c.reason,
    quarantine.c.sealed,
    quarantine.c.created_ms,
).order_by(quarantine.c.created_ms, quarantine.c.batch, quarantine.c.entry)
_COUNT = select(func.count()).select_from(quarantine)
_SPOILT = select(
    exists().where(
        quarantine.c.entry == WHOLE_BATCH,
        quarantine.c.sealed.is_not(None),
        quarantine.c.reason != bindparam("apart_from"),
    )
)
_NEW = insert(quarantine)
_ADD = _NEW.on_conflict_do_update(
    index_elements=[quarantine.c.batch, quarantine.c.entry],
    set_={"reason": _NEW.excluded.reason, "sealed": _NEW.excluded.sealed},
)
_DELETE = delete(quarantine).where(
    quarantine.c.batch == bindparam("b"), quarantine.c.entry == bindparam("e")
)


class Quarantine(Sealed):
    """What was kept apart, by (batch, entry)."""

    def add(self, row: QuarantineRow) -> None:
        """Keep an entry apart; adding it again updates the reason."""
        values = {
            "batch": row.batch,
            "entry": row.entry,
            "reason": row.reason,
            "sealed": None
            if row.raw is None
            else self._seal(row.raw, _PLACE, row.batch, str(row.entry).encode()),
            "created_ms": row.created_ms,
        }
        self._run(_ADD, values)

    def all(self) -> list[QuarantineRow]:
        """Return everything that is kept apart, oldest first."""
        return [self._opened(row) for row in self._run(_ALL)]

    def count(self) -> int:
        """Return how much is kept apart."""
        count: int = self._run(_COUNT).scalar_one()
        return count

    def has_spoilt(self, *, apart_from: str) -> bool:
        """Tell whether bytes are kept that are no batch, for another reason than this one."""
        found: bool = self._run(_SPOILT, {"apart_from": apart_from}).scalar_one()
        return found

    def release(self, batch: bytes, entry: int) -> bool:
        """Take an entry out, as when it was adopted; tell whether it was there."""
        return self._run(_DELETE, {"b": batch, "e": entry}).rowcount > 0

    def _opened(self, row: AnyRow) -> QuarantineRow:
        batch, entry, reason, sealed, created_ms = row
        raw = None
        if sealed is not None:
            raw = self._open(sealed, _PLACE, batch, str(entry).encode())
        return QuarantineRow(batch, entry, reason, raw, created_ms)
