"""One request while it arrives: each whole batch goes to the writer at once.

Laws:
  * A batch is committed whether or not the rest of its request ever comes.
  * What is wrong with one batch is said about that batch; what is wrong with the message ends it.
  * Nothing is kept of a batch once the writer has it, so a long request costs little memory.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Final

from fieldapp.errors import ProtocolError
from fieldapp.protocol.batch import Kind, parse_batch, peek
from fieldapp.protocol.frames import REQUEST_MAGIC, Frame, FrameReader, FrameType
from fieldapp.protocol.message_parts import Refusal
from fieldapp.protocol.messages import SyncRequest, request_from_frames
from fieldapp.protocol.receipts import StoredReceipt
from sync_server.exchange.judge import Judge
from sync_server.exchange.writer import Writer

MAX_PENDING: Final = 64
"""Batches of one request that may wait for their commit before more of it is read."""

_TAKEN: Final = Frame(FrameType.BATCH, b"")
"""Stands for a batch whose bytes have gone to the writer."""

_ERASING: Final = (Kind.ERASE, Kind.DIRECTORY)
"""What takes a body away: an order, or a statement that lets an order through."""

Outcome = StoredReceipt | Refusal


class Intake:
    """A request as it comes in.

    Args:
        writer: takes the batches.
        judge: says what becomes of each.
        limit: most bytes the request may have.
        admit: called before each batch of a deposit; raises when it is one too many.
        vouches: tells whether a hello is that of a known device; nothing else spares a batch
            from ``admit``.

    Attributes:
        may_erase: whether some batch of it may have taken a body away.
    """

    def __init__(
        self,
        writer: Writer,
        judge: Judge,
        *,
        limit: int,
        admit: Callable[[], None],
        vouches: Callable[[bytes], bool],
    ) -> None:
        self._writer = writer
        self._judge = judge
        self._admit = admit
        self._vouches = vouches
        self._is_vouched = False
        self._reader = FrameReader(REQUEST_MAGIC, limit=limit)
        self._frames: list[Frame] = []
        self._pending: deque[Future[Outcome]] = deque()
        self._outcomes: list[Outcome] = []
        self.may_erase = False

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes.

        Raises:
            ProtocolError: the message is broken or too long; whole batches before that stay.
            LimitExceededError: too many deposits without a known device's hello.
            TransientSyncError: the server is closing.
        """
        for frame in self._reader.feed(chunk):
            if frame.type == FrameType.BATCH:
                self._take(frame.data)
                self._frames.append(_TAKEN)
            else:
                if not self._frames and frame.type == FrameType.HELLO:
                    self._is_vouched = self._vouches(frame.data)
                self._frames.append(frame)

    def waits_for(self) -> Future[Outcome] | None:
        """Return the commit to wait for before more is read, None when there is no need."""
        self._settle()
        return self._pending[0] if len(self._pending) >= MAX_PENDING else None

    def pending(self) -> tuple[Future[Outcome], ...]:
        """Return the commits that are still to come."""
        return tuple(self._pending)

    def finish(self) -> tuple[SyncRequest, list[Outcome]]:
        """Return the whole request without its batches, and what became of those.

        Raises:
            ProtocolError: the message is truncated or its parts do not fit.
            StorageError: a batch could not be written.
        """
        self._reader.close()
        self._outcomes.extend(future.result() for future in self._pending)
        self._pending.clear()
        return request_from_frames(self._frames), self._outcomes

    def _settle(self) -> None:
        while self._pending and self._pending[0].done():
            self._outcomes.append(self._pending.popleft().result())

    def _take(self, raw: bytes) -> None:
        if not self._is_vouched:
            self._admit()
        try:
            batch = parse_batch(raw)
        except ProtocolError as problem:
            refused: Future[Outcome] = Future()
            refused.set_result(Refusal(peek(raw), problem.code))
            self._pending.append(refused)
            return
        self.may_erase = self.may_erase or batch.header.kind in _ERASING
        judge = partial(self._judge.judge, batch=batch)
        self._pending.append(self._writer.submit(judge, batch))
