"""The heads of streams: how far this vault counts on each (device, channel)."""

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.sqlite import insert

from fieldapp.protocol.ids import ChannelId, DeviceId
from fieldapp.storage.repository import Repository
from fieldapp.storage.rows import StreamRow
from fieldapp.storage.tables import streams

_ALL = select(streams.c.device, streams.c.channel, streams.c.seq, streams.c.hash).order_by(
    streams.c.device, streams.c.channel
)
_OF_DEVICE = _ALL.where(streams.c.device == bindparam("d"))
_HEAD = select(streams.c.seq, streams.c.hash).where(
    streams.c.device == bindparam("d"), streams.c.channel == bindparam("c")
)
_NEW = insert(streams)
_SET = _NEW.on_conflict_do_update(
    index_elements=[streams.c.device, streams.c.channel],
    set_={"seq": _NEW.excluded.seq, "hash": _NEW.excluded.hash},
)


class Streams(Repository):
    """Heads by (device, channel)."""

    def head(self, device: bytes, channel: bytes) -> tuple[int, bytes] | None:
        """Return (seq, hash) of the newest batch, or None for a stream that has none."""
        row = self._run(_HEAD, {"d": device, "c": channel}).one_or_none()
        return None if row is None else (row[0], row[1])

    def set(self, device: bytes, channel: bytes, seq: int, header_hash: bytes) -> None:
        """Move the head of a stream."""
        values = {"device": device, "channel": channel, "seq": seq, "hash": header_hash}
        self._run(_SET, values)

    def all(self, device: bytes | None = None) -> list[StreamRow]:
        """Return every head, or those of one device, by (device, channel)."""
        rows = self._run(_ALL) if device is None else self._run(_OF_DEVICE, {"d": device})
        return [StreamRow(DeviceId(d), ChannelId(c), seq, h) for d, c, seq, h in rows]
