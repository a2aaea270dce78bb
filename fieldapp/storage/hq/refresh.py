"""Brings the store up to the vault: what changed since last time, chunk by chunk.

Laws:
  * Each chunk is one transaction with the position it leads to; a refresh may be killed anywhere
    and goes on from there.
  * A vault that stands before the store's position is another one: the store is rebuilt.
  * Restricted records are only counted, by category group, month and sub-county; a count below
    five is kept and shown as "<5".
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from fieldapp.protocol.ids import RecordId, id_to_text
from fieldapp.storage.hq.documents import Counted, Reader
from fieldapp.storage.hq.store import HqStore
from fieldapp.storage.vault import Vault

CHUNK = 1_000
SUPPRESS_BELOW = 5

Progress = Callable[[int, int], None]
Change = tuple[int, RecordId, bytes | None]


def refresh(
    store: HqStore, vault: Vault, reader: Reader, *, progress: Progress | None = None
) -> int:
    """Take over what changed.

    Args:
        store: the store to bring up to date.
        vault: the open vault that it follows.
        reader: judges and reads the states.
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
    for changes in _chunks(vault, store.position()):
        reached, _, _ = changes[-1]
        records = [id_to_text(record) for _, record, _ in changes]
        states = (state for _, _, state in changes)
        store.replace(reached, records, map(reader.read, records, states))
        seen += len(changes)
        if progress is not None:
            progress(reached, newest)
    if store.is_tally_due():
        store.replace_tally(_tally(vault, reader))
    return seen


def _chunks(vault: Vault, after: int) -> Iterator[Sequence[Change]]:
    """Yield what changed in order; the vault is not held open in between."""
    while True:
        with vault.reading() as tx:
            changes = tx.records.changed_states(after, CHUNK)
        if not changes:
            return
        yield changes
        after, _, _ = changes[-1]


def _tally(vault: Vault, reader: Reader) -> list[dict[str, object]]:
    found = (
        reader.read(id_to_text(record), state)
        for changes in _chunks(vault, 0)
        for _, record, state in changes
    )
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
