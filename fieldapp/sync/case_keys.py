"""The keys of one record of a desk: what is handed on when a person shows a newcomer an old case.

Laws:
  * A batch of a desk's channel holds one record under a key of its own (decision 8), so these keys
    open this record and nothing else.
  * What an order took is not handed on: its body is gone.
  * A key that we do not hold is none of ours to give.
"""

from __future__ import annotations

from fieldapp.protocol.batch import parse_batch
from fieldapp.protocol.channels import Channel
from fieldapp.protocol.checks import check_packet
from fieldapp.protocol.ids import Kid, RecordId
from fieldapp.storage.vault import Transaction
from fieldapp.sync.grants import OfferedKey
from fieldapp.sync.key_names import KeyNote
from fieldapp.sync.orders import is_erased


def case_keys(tx: Transaction, channel: Channel, record: RecordId) -> list[OfferedKey]:
    """Return the key of each batch that made a record, with those whom its packet names."""
    found: dict[Kid, OfferedKey] = {}
    for row in map(tx.batches.by_hash, tx.records.history(record)):
        if row is None or row.channel != channel.id or is_erased(row.raw):
            continue
        key, packet = tx.sender_keys.get(row.kid), check_packet(parse_batch(row.raw))
        if key is not None and packet is not None:
            epochs = {bytes(one.recipient.id): one.recipient.epoch for one in packet.keys}
            found[row.kid] = OfferedKey(key, KeyNote(channel, epochs))
    return list(found.values())
