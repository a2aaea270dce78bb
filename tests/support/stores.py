"""Records in a vault and the HQ store over it, for tests."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fieldapp.domain.clock import make_stamp
from fieldapp.domain.entries import Entry
from fieldapp.domain.fold import RecordState, fold, to_json
from fieldapp.domain.paths import flatten, item_id
from fieldapp.protocol.channels import Channel, ChannelClass
from fieldapp.protocol.ids import RecordId, UnitId, new_record_id
from fieldapp.storage.hq.documents import Reader
from fieldapp.storage.hq.store import HqStore
from fieldapp.storage.rows import RecordPut
from fieldapp.storage.vault import Vault
from tests.support.vaults import device, seeded

NOON = 1_700_000_000_000
MKOMANI = UnitId("KE-005-S022-L7F3A")
READER = Reader(best_time_ms=NOON + 86_400_000, role_of=lambda _: "chief")


def folded(
    name: str,
    type_key: str,
    fields: Mapping[str, Any],
    *,
    unit: UnitId = MKOMANI,
    cls: ChannelClass = ChannelClass.ORDINARY,
    at_ms: int = NOON,
) -> RecordState:
    """Return the state of a record that was written once."""
    ids = iter(range(1_000_000))
    made = Entry(
        record=record_id(name, unit, cls),
        type=type_key,
        unit=unit,
        stamp=make_stamp(at_ms),
        fields=flatten(fields, new_item_id=lambda: item_id(next(ids).to_bytes(5, "big"))),
        officer="Amina",
    )
    return fold(None, made, device("amina"))


def record_id(
    name: str, unit: UnitId = MKOMANI, cls: ChannelClass = ChannelClass.ORDINARY
) -> RecordId:
    return new_record_id(Channel(unit, cls).id, seeded(name, 12))


def keep(vault: Vault, *states: RecordState) -> None:
    """Put states into a vault, as a sync does."""
    rows = [RecordPut(state.record, to_json(state), b"{}") for state in states]
    with vault.transaction(durable=False) as tx:
        tx.records.put_many(rows)


def amended(state: RecordState, fields: Mapping[str, Any], *, op: str = "s") -> RecordState:
    """Return a state after a later entry of the same author."""
    entry = Entry(
        record=state.record,
        type=state.type,
        unit=state.unit,
        stamp=make_stamp(NOON + 60_000),
        op=op,  # type: ignore[arg-type]
        fields=fields,
        replaced=state.refs(dict(fields)),
        officer="Amina",
    )
    return fold(state, entry, device("amina"))


def table_rows(store: HqStore, table: str) -> list[dict[str, Any]]:
    """Return every row of a table of the store."""
    with store.reading() as connection:
        found = connection.exec_driver_sql(f"SELECT * FROM {table}")  # noqa: S608
        return [dict(row) for row in found.mappings()]


def open_store(path: Path) -> HqStore:
    return HqStore(path)
