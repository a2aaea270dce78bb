"""A sync server in memory: the contract of ``SyncService`` and nothing else, and it can be bad.

Laws:
  * Left alone it accepts, refuses, stores and feeds as the real server does; the contract suite
    holds both to the same tests.
  * Misbehaviour is a cut at a byte or a function over the answer ("bend"); every answer is
    signed with the server's true key unless a test asks otherwise.
  * What it keeps and how it judges stands in ``simulated_store``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from copy import deepcopy
from dataclasses import replace

from fieldapp.crypto.keys import SigningKey
from fieldapp.crypto.signing import verify
from fieldapp.errors import CryptoError, TransientSyncError
from fieldapp.protocol.batch import Batch, Kind, peek
from fieldapp.protocol.certificates import State
from fieldapp.protocol.channels import Channel, ChannelClass
from fieldapp.protocol.checks import check_hello
from fieldapp.protocol.directory import Directory
from fieldapp.protocol.feeds import followed_readers
from fieldapp.protocol.frames import REQUEST_MAGIC, FrameReader, FrameType
from fieldapp.protocol.hashing import ZERO_HASH, cursor_digest, heads_digest
from fieldapp.protocol.ids import ChannelId, DeviceId, InviteId, ReaderId
from fieldapp.protocol.invites import check_upload
from fieldapp.protocol.limits import MAX_REQUEST_BYTES
from fieldapp.protocol.message_parts import (
    RUNNING_HASH_BYTES,
    START,
    UNKNOWN_LOG,
    Cursor,
    FeedItem,
    Hello,
    Refusal,
    StreamHead,
    Welcome,
    parse_hello,
)
from fieldapp.protocol.messages import SyncAnswer, encode_answer, request_from_frames
from fieldapp.protocol.receipts import StoredReceipt
from fieldapp.protocol.roles import may_enrol
from fieldapp.protocol.service import PROTOCOL_VERSION, ServerInfo
from fieldapp.protocol.snapshot import (
    SnapshotProof,
    prove,
)
from fieldapp.protocol.units import ancestors
from tests.support.simulated_media import SimulatedMedia
from tests.support.simulated_store import SimulatedStore
from tests.support.simulated_tables import Tables

CLOCK_TOLERANCE_MS = 24 * 60 * 60 * 1000
Bend = Callable[[SyncAnswer], SyncAnswer]


class Simulator(SimulatedMedia, SimulatedStore):
    """``SyncService`` and ``MediaService`` in memory."""

    def __init__(self, signer: SigningKey, now_ms: Callable[[], int]) -> None:
        super().__init__(signer, now_ms)
        self.requests: list[bytes] = []
        self.bends: list[Bend] = []
        self.cut_request_at: int | None = None
        self.cut_answer_at: int | None = None
        self.denies_losses = False

    # -- SyncService ---------------------------------------------------------------------------

    def sync(self, request: bytes) -> bytes:
        """Take a request message, return an answer message."""
        self.requests.append(request)
        cut, self.cut_request_at = self.cut_request_at, None
        reader = FrameReader(REQUEST_MAGIC, limit=MAX_REQUEST_BYTES)
        arrived = request if cut is None else request[:cut]
        frames = reader.feed(arrived)
        if frames and frames[0].type == FrameType.HELLO and not self.denies_losses:
            self._renew(parse_hello(frames[0].data))
        outcomes = [self.take(frame.data) for frame in frames if frame.type == FrameType.BATCH]
        if cut is not None:
            raise TransientSyncError("connection_cut")
        reader.close()
        whole = request_from_frames(frames)
        for receipt in whole.receipts:
            self._take_receipt(receipt)
        if whole.snapshot is not None:
            self._take_snapshot(whole.snapshot)
        answer = self._answer(whole.hello, whole.heads_digest, outcomes)
        raw = encode_answer(answer)
        cut, self.cut_answer_at = self.cut_answer_at, None
        if cut is not None and cut < len(raw):
            raise TransientSyncError("connection_cut")
        return raw

    def put_invite(self, invite_id: bytes, token: bytes, packet: bytes) -> None:
        """Keep an invite's sealed packet."""
        found = self.directory.invite(InviteId(invite_id))
        assert found is not None
        check_upload(packet, InviteId(invite_id), token, found.statement.key, verify)
        self.tables.invites[invite_id] = (token, packet)

    def get_invite(self, invite_id: bytes, token: bytes) -> bytes:
        """Return an invite's sealed packet to who knows the token."""
        known, packet = self.tables.invites[invite_id]
        assert known == token
        return packet

    def claim_server(self, token: bytes, root_batch: bytes) -> bytes:
        """Take the root; any token will do."""
        assert token
        self.take(root_batch)
        return self.info().to_bytes()

    def info(self) -> ServerInfo:
        """Say who this is."""
        return ServerInfo(
            protocol=PROTOCOL_VERSION,
            oldest_protocol=PROTOCOL_VERSION,
            version="0.0.0",
            server_key=self._signer.public,
            is_claimed=self.directory.root is not None,
            server_time_ms=self._now_ms(),
        )

    # -- being bad -----------------------------------------------------------------------------

    def copy_tables(self) -> Tables:
        """Make a backup."""
        return deepcopy(self.tables)

    def restore(self, backup: Tables, *, log_id: bytes | None = None) -> None:
        """Go back to a backup; an honest operator gives the log a new id."""
        self.tables = deepcopy(backup)
        self.tables.log_id = log_id or backup.log_id
        self.denies_losses = log_id is None
        self.directory = Directory()
        for position, batch in self.directory_log():
            self.directory.apply(position, batch, verify)

    def directory_log(self) -> Iterator[tuple[int, Batch]]:
        """Give the directory batches in their order, as an invite packet would."""
        rows = [
            (kept.position, kept.batch)
            for kept in self.tables.kept.values()
            if kept.batch.header.kind is Kind.DIRECTORY and kept.state == "stored"
        ]
        return iter(sorted(rows, key=lambda row: row[0]))

    def _renew(self, hello: Hello) -> None:
        """Begin a new log when a trusted device has read beyond the end of this one."""
        known, beyond = self.directory.device(hello.device), hello.cursor.position
        if known is None or not (known.confirmed and known.is_active and may_enrol(known.role)):
            return
        if hello.log_id != self.tables.log_id or beyond <= self.tables.position:
            return
        with suppress(CryptoError):
            check_hello(hello, known.ed, verify)
            self.tables.log_id = self._signer.sign(self.tables.log_id)[:16]
            self.tables.position += 2_000_000

    # -- answering -----------------------------------------------------------------------------

    def _answer(
        self,
        hello: Hello | None,
        own_heads: bytes | None,
        outcomes: list[StoredReceipt | Refusal],
    ) -> SyncAnswer:
        notices, followed = self._judge(hello)
        answer = SyncAnswer(
            welcome=Welcome(
                server_time_ms=self._now_ms(),
                log_id=self.tables.log_id,
                head_position=self.tables.position,
                directory_version=self.directory.version,
                notices=notices,
            ),
            stored=tuple(one for one in outcomes if isinstance(one, StoredReceipt)),
            refused=tuple(one for one in outcomes if isinstance(one, Refusal)),
        )
        if hello is not None and followed is not None:
            readers = self._believed(hello.cursor, followed)
            answer = self._with_pull(answer, hello, own_heads, readers)
        for bend in self.bends:
            answer = bend(answer)
        return self.signed(answer, hello)

    def signed(self, answer: SyncAnswer, hello: Hello | None) -> SyncAnswer:
        """Sign an answer's welcome for a request."""
        hello_hash = ZERO_HASH if hello is None else hello.hash
        signature = self._signer.sign(answer.welcome.signing_bytes(hello_hash))
        return replace(answer, welcome=replace(answer.welcome, signature=signature))

    def _judge(
        self, hello: Hello | None
    ) -> tuple[tuple[str, ...], tuple[tuple[ReaderId, ...], ...] | None]:
        """Say what the asker has to be told, and whom it follows; None when it may not pull.

        Whom it followed under its earlier certificates comes after whom it follows now.
        """
        if hello is None:
            return (), None
        known = self.directory.device(hello.device)
        if known is None:
            return ("unknown_device",), None
        try:
            check_hello(hello, known.ed, verify)
        except CryptoError:
            return ("bad_signature",), None
        if abs(hello.time_ms - self._now_ms()) > CLOCK_TOLERANCE_MS:
            return ("clock_wrong",), None
        followed = followed_readers(known)
        if known.state is State.REVOKED:
            own = {bytes(known.device), bytes(known.office_id)}
            directory_only = tuple(one for one in followed if bytes(one) not in own)
            return ("device_revoked",), (directory_only,)
        earlier = reversed(self.directory.history(known.device)[:-1])
        untrusted = replace(known, state=State.UNCONFIRMED)
        before = (followed_readers(old) for old in (*earlier, untrusted))
        return (), (followed, *before)

    def _believed(
        self, cursor: Cursor, followed: tuple[tuple[ReaderId, ...], ...]
    ) -> tuple[ReaderId, ...]:
        """Find whom a device believed to follow when its cursor was made."""
        for readers in followed:
            running = ((reader, self._running(reader, cursor.position)) for reader in readers)
            if cursor_digest(running) == cursor.digest:
                return readers
        return followed[0]

    def _with_pull(
        self,
        answer: SyncAnswer,
        hello: Hello,
        own_heads: bytes | None,
        readers: tuple[ReaderId, ...],
    ) -> SyncAnswer:
        heads = self._heads(hello.device)
        if own_heads is not None and own_heads != heads_digest(heads):
            answer = replace(answer, heads=tuple(StreamHead(*head) for head in heads))
        if hello.log_id not in (UNKNOWN_LOG, self.tables.log_id):
            return replace(answer, cursor=START)
        items, end, more = self._page(readers, hello.cursor.position, hello.byte_budget)
        if own_heads is not None and answer.heads is None:
            items = tuple(self._bare(item, hello.device) for item in items)
        running = [(reader, self._running(reader, end)) for reader in readers]
        return replace(
            answer,
            items=items,
            receipts=tuple(
                receipt
                for position, receipt in self.tables.receipts
                if receipt.device == hello.device and hello.cursor.position < position <= end
            ),
            snapshot=self._proof(hello.device, hello.cursor.position, end),
            cursor=Cursor(end, cursor_digest(running)),
            more=more,
        )

    def _heads(self, device: DeviceId) -> list[tuple[ChannelId, int, bytes]]:
        found = []
        for (owner, channel), chain in self.tables.chains.items():
            if owner == device and chain:
                newest = max(
                    (self.tables.kept[one].batch for one in chain), key=lambda one: one.header.seq
                )
                found.append((channel, newest.header.seq, newest.hash))
        return found

    def _page(
        self, readers: tuple[ReaderId, ...], after: int, budget: int
    ) -> tuple[tuple[FeedItem, ...], int, bool]:
        items: list[FeedItem] = []
        rows = sorted(
            (row.position, reader, row.hash)
            for reader in readers
            for row in self.tables.feeds.get(reader, [])
            if row.position > after
        )
        for position, reader, batch_hash in rows:
            raw = self.tables.kept[batch_hash].batch.raw
            budget -= len(raw) + 48
            if budget < 0 and items and items[-1].position != position:
                return tuple(items), items[-1].position, True
            before = self._running(reader, position - 1)[:RUNNING_HASH_BYTES]
            items.append(FeedItem(position, reader, before, raw))
        return tuple(items), self.tables.position, False

    def _bare(self, item: FeedItem, device: DeviceId) -> FeedItem:
        """Name a batch that the asker wrote and holds by its hash alone."""
        point = peek(item.batch)
        is_held = point.hash in self.tables.chains.get((device, point.channel), [])
        return replace(item, batch=point.hash) if is_held else item

    def _running(self, reader: ReaderId, position: int) -> bytes:
        rows = [row for row in self.tables.feeds.get(reader, []) if row.position <= position]
        return rows[-1].running if rows else ZERO_HASH

    def _proof(self, device: DeviceId, after: int, end: int) -> bytes | None:
        """Prove the newest snapshot's heads for a device, once it has not seen it."""
        known, asker = self.tables.snapshot, self.directory.device(device)
        if known is None or asker is None or not after < known[0] <= end:
            return None
        channels = (Channel(unit, ChannelClass.DIRECTORY).id for unit in ancestors(asker.unit))
        proofs = [prove(self.directory.heads, known[1], channel) for channel in channels]
        return SnapshotProof(known[1], tuple(one for one in proofs if one)).to_bytes()
