"""Brings the store up to the vault: what changed since last time, chunk by chunk.

Laws:
  * Each chunk is one transaction with the position it leads to; a refresh may be killed anywhere
    and goes on from there.
  * A vault that stands before the store's position is another one: the store is rebuilt.
  * Restricted records are only counted, by category group, month and sub-county; a count below
    five is kept and shown as "<5".
"""

from collections import Counter
from collections.abc import Callable, Iterator

from fieldapp.protocol.ids import id_to_text
from fieldapp.storage.hq.documents import Counted, Document, Reader
from fieldapp.storage.hq.store import HqStore
from fieldapp.storage.rows import RecordRow
from fieldapp.storage.vault import Vault

CHUNK = 500
SUPPRESS_BELOW = 5

Progress = Callable[[int, int], None]


def refresh(
    store: HqStore, vault: Vault, reader: Reader, *, progress: Progress | None = None
) -> int:
    """Take over what changed.

    Args:
        store: the store to bring up to date.
        vault: the open vault that it follows.
        reader: judges and reads the rows.
        progress: told (change number reached, newest change number) after each chunk.

    Returns:
        How many changed records were looked at.

    Raises:
        StorageError: the disk refused; the next refresh goes on from the last whole chunk.
    """
    with vault.reading() as tx:
        newest = tx.records.last_change()
    if store.position() > newest:
        store.rebuild()
    seen = 0
    for rows in _chunks(vault, store.position()):
        found = [reader.read(row) for row in rows]
        store.replace(
            rows[-1].change_seq,
            [_id(row, one) for row, one in zip(rows, found, strict=True)],
            [one for one in found if isinstance(one, Document)],
            tally_due=not all(isinstance(one, Document) for one in found),
        )
        seen += len(rows)
        if progress is not None:
            progress(rows[-1].change_seq, newest)
    if store.is_tally_due():
        store.replace_tally(_tally(vault, reader))
    return seen


def _id(row: RecordRow, found: Document | Counted | None) -> str:
    return found.id if isinstance(found, Document) else id_to_text(row.record)


def _chunks(vault: Vault, after: int) -> Iterator[list[RecordRow]]:
    """Yield the changed rows in order; the vault is not held open in between."""
    while True:
        with vault.reading() as tx:
            rows = tx.records.changed_since(after, CHUNK)
        if not rows:
            return
        yield rows
        after = rows[-1].change_seq


def _tally(vault: Vault, reader: Reader) -> list[dict[str, object]]:
    found = (reader.read(row) for rows in _chunks(vault, 0) for row in rows)
    counts = Counter(one for one in found if isinstance(one, Counted))
    return [
        {
            "category_group": one.group,
            "month": one.month,
            "sub_county": one.sub_county,
            "n": n if n >= SUPPRESS_BELOW else None,
            "shown": str(n) if n >= SUPPRESS_BELOW else f"<{SUPPRESS_BELOW}",
        }
        for one, n in sorted(counts.items(), key=lambda pair: str(pair[0]))
    ]
