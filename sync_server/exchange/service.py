"""The server's whole policy behind one interface: ``SyncService``, without any HTTP.

Laws:
  * Before it is claimed a server takes nothing but its root; afterwards that root alone counts.
  * A root is taken only if it names this server's own key, so that nobody answers in its place.
  * A packet of an invite is kept for invites that the directory knows, until they expire, and only
    if the invite's own key signed it: who knows no more than the id leaves nothing in its place.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from fieldapp.errors import ClaimRefusedError, InviteExpiredError, InviteUnknownError
from fieldapp.protocol.batch import Batch, parse_batch
from fieldapp.protocol.directory import Directory
from fieldapp.protocol.hashing import ZERO_HASH
from fieldapp.protocol.ids import InviteId
from fieldapp.protocol.invites import check_upload
from fieldapp.protocol.message_parts import Hello, Refusal, Welcome
from fieldapp.protocol.messages import SyncAnswer, SyncRequest, encode_answer
from fieldapp.protocol.receipts import StoredReceipt
from fieldapp.protocol.service import PROTOCOL_VERSION, ServerInfo
from sync_server.auth import ServerKey, check_token, token_hash, verify
from sync_server.exchange.answers import (
    OLDEST_PROTOCOL,
    Asker,
    Pull,
    judge_hello,
    read_pull,
)
from sync_server.exchange.counters import Counters
from sync_server.exchange.directory_copy import DirectoryCopy
from sync_server.exchange.intake import Intake
from sync_server.exchange.judge import Judge
from sync_server.exchange.media import MediaLimits, MediaParts, MediaShelf
from sync_server.exchange.queues import snapshot_proof, take_queued
from sync_server.exchange.renewal import is_believed, known_hello, renew_log
from sync_server.exchange.writer import Writer
from sync_server.storage.chunks import ChunkFolder
from sync_server.storage.database import Database
from sync_server.storage.ledger import Ledger
from sync_server.storage.pages import Moment
from sync_server.storage.queues import Invite, drop_expired_invites, read_invite, write_invite


@dataclass(frozen=True, slots=True)
class Limits:
    """What bounds a request."""

    request_bytes: int
    answer_bytes: int
    clock_tolerance_ms: int


class Exchange:
    """Everything the server does, over an open and migrated database.

    Args:
        database: where everything is kept.
        key: signs receipts and answers.
        limits: what bounds a request.
        now_ms: the clock.
        version: shown to whoever asks.
    """

    def __init__(
        self,
        database: Database,
        key: ServerKey,
        limits: Limits,
        now_ms: Callable[[], int],
        *,
        version: str = "",
    ) -> None:
        self.counters = Counters()
        self._database = database
        self._key = key
        self._limits = limits
        self._now_ms = now_ms
        self._version = version
        self._head_position = 0
        self._directory = DirectoryCopy(verify)
        self._judge = Judge(self._directory, key, now_ms, self.counters)
        self._writer = Writer(database, self._directory, self.counters)
        self._shelf: MediaShelf | None = None

    # ------------------------------------------------------------------ life

    def start(self) -> None:
        """Start the writer and read the directory.

        Raises:
            StorageError: the database refused.
        """
        self._writer.start()
        self._catch_up()

    def close(self) -> None:
        """Finish what is under way and let go of the database."""
        self._writer.close()
        self._database.close()

    def open_shelf(self, folder: Path, quota_bytes: int) -> MediaShelf:
        """Open the folder of pictures and sounds beside the database.

        Raises:
            StorageError: the disk or the database refused.
        """
        parts = MediaParts(
            self._database, self._directory, self._writer, self._key, self.counters, self._now_ms
        )
        limits = MediaLimits(quota_bytes, self._limits.clock_tolerance_ms)
        self._shelf = MediaShelf(parts, ChunkFolder(folder), limits)
        self._shelf.tidy()
        return self._shelf

    @property
    def database_name(self) -> str:
        """The kind of database."""
        return self._database.name

    def check_ready(self) -> None:
        """Ask the database something.

        Raises:
            StorageError: it does not answer.
        """
        with self._database.read() as connection:
            Moment(connection)

    # ------------------------------------------------------------------ sync

    def sync(self, request: bytes) -> bytes:
        """Take a whole request, return the answer.

        Raises:
            ProtocolError: the message is broken.
            StorageError: the database refused.
        """
        intake = self.open_intake(lambda: None)
        intake.feed(request)
        return self.answer(intake)

    def open_intake(self, admit: Callable[[], None]) -> Intake:
        """Begin to take a request.

        Args:
            admit: called before each batch of a deposit; raises when it is one too many.

        Raises:
            ClaimRefusedError: nobody claimed this server yet.
        """
        if not self._is_claimed():
            raise ClaimRefusedError("server_not_claimed")
        return Intake(
            self._writer,
            self._judge,
            limit=self._limits.request_bytes,
            admit=admit,
            vouches=self._vouches,
        )

    def answer(self, intake: Intake) -> bytes:
        """Put the answer together once the request is complete; waits for its commits.

        Raises:
            ProtocolError: the message is truncated or its parts do not fit.
            StorageError: the database refused.
        """
        request, outcomes = intake.finish()
        if request.receipts or request.snapshot is not None:
            self._writer.submit(partial(self._take_queued, request=request)).result()
        if intake.may_erase and self._shelf is not None:
            self._shelf.sweep()
        self.counters.add("syncs", "deposit" if request.hello is None else "sync")
        with self._database.read() as connection:
            moment = Moment(connection)
            self._head_position = moment.head_position
            asker = self._asker(moment, request)
            pull = self._pull(moment, request, asker)
            welcome = self._welcome(moment, request, asker)
        self.counters.add("items", "pull", len(pull.items))
        return encode_answer(
            SyncAnswer(
                welcome=welcome,
                stored=tuple(row for row in outcomes if isinstance(row, StoredReceipt)),
                refused=tuple(row for row in outcomes if isinstance(row, Refusal)),
                heads=pull.heads,
                items=pull.items,
                receipts=pull.receipts,
                snapshot=self._proof(request, pull),
                cursor=pull.cursor,
                more=pull.more,
            )
        )

    # ------------------------------------------------------------------ claim, invites, info

    def claim_server(self, token: bytes, root_batch: bytes) -> bytes:
        """Take the root of an unclaimed server; the same root again changes nothing.

        Raises:
            ClaimRefusedError: a wrong token, or another root was there first.
            ProtocolError: the batch is no root that names this server.
            StorageError: the database refused.
        """
        self._key.check_claim(token)
        batch = parse_batch(root_batch)
        self._writer.submit(partial(self._claim, batch=batch), batch).result()
        return self.info().to_bytes()

    def put_invite(self, invite_id: bytes, token: bytes, packet: bytes) -> None:
        """Keep an invite's sealed packet, signed by the invite's own key.

        Raises:
            BadSignatureError: whoever made it does not know the invite's secret.
            InviteUnknownError: the directory does not know the invite, or the token differs.
            InviteExpiredError: its time is over.
            StorageError: the database refused.
        """
        invite = InviteId(invite_id)
        self._writer.submit(
            partial(self._put_invite, invite=invite, token=token, packet=packet)
        ).result()

    def get_invite(self, invite_id: bytes, token: bytes) -> bytes:
        """Return an invite's packet.

        Raises:
            InviteUnknownError: there is none for this token.
            InviteExpiredError: its time is over.
            StorageError: the database refused.
        """
        with self._database.read() as connection:
            kept = read_invite(connection, InviteId(invite_id))
        if kept is None:
            raise InviteUnknownError
        check_token(token, kept.token_hash)
        if kept.expires_ms <= self._now_ms():
            raise InviteExpiredError
        return kept.packet

    def info(self) -> ServerInfo:
        """Return what anybody may know."""
        return ServerInfo(
            protocol=PROTOCOL_VERSION,
            oldest_protocol=OLDEST_PROTOCOL,
            version=self._version,
            server_key=self._key.public,
            is_claimed=self._is_claimed(),
            server_time_ms=self._now_ms(),
        )

    def claim_token(self) -> str:
        """Return the token that the operator hands to whoever sets up the organisation."""
        return self._key.claim_token()

    # ------------------------------------------------------------------ inside a transaction

    def _take_queued(self, ledger: Ledger, *, request: SyncRequest) -> None:
        take_queued(
            ledger,
            request=request,
            directory=self._directory.current,
            counters=self.counters,
        )

    def _claim(self, ledger: Ledger, *, batch: Batch) -> None:
        if ledger.known(batch.hash) is not None:
            return
        if self._directory.current.root is not None:
            raise ClaimRefusedError("already_claimed")
        self._judge.plant_root(ledger, batch)

    def _put_invite(self, ledger: Ledger, *, invite: InviteId, token: bytes, packet: bytes) -> None:
        known = self._directory.current.invite(invite)
        if known is None:
            raise InviteUnknownError
        check_upload(packet, invite, token, known.statement.key, verify)
        expires_ms = known.statement.expires_ms
        if expires_ms <= self._now_ms():
            raise InviteExpiredError
        drop_expired_invites(ledger.connection, self._now_ms())
        kept = read_invite(ledger.connection, invite)
        if kept is not None:
            check_token(token, kept.token_hash)
        write_invite(ledger.connection, invite, Invite(token_hash(token), expires_ms, packet))

    # ------------------------------------------------------------------ parts of an answer

    def _asker(self, moment: Moment, request: SyncRequest) -> Asker:
        if request.hello is None:
            return Asker()
        if moment.directory_position > self._directory.position:
            self._catch_up()
        hello = request.hello
        return self._directory.ask(
            lambda directory: judge_hello(
                directory,
                hello,
                now_ms=self._now_ms(),
                tolerance_ms=self._limits.clock_tolerance_ms,
            )
        )

    def _vouches(self, raw: bytes) -> bool:
        def judged(directory: Directory) -> tuple[Hello | None, bool]:
            hello = known_hello(directory, raw)
            device = None if hello is None else directory.device(hello.device)
            return hello, is_believed(device)

        hello, is_doubted = self._directory.ask(judged)
        if is_doubted and hello is not None and hello.cursor.position > self._head_position:
            renew = partial(renew_log, hello=hello, counters=self.counters)
            self._writer.submit(renew).result()
        return hello is not None

    def _pull(self, moment: Moment, request: SyncRequest, asker: Asker) -> Pull:
        if request.hello is None or not asker.may_pull:
            return Pull()
        return read_pull(
            moment,
            moment.log_id,
            request.hello,
            asker,
            own_heads_digest=request.heads_digest,
            budget=min(request.hello.byte_budget, self._limits.answer_bytes),
        )

    def _welcome(self, moment: Moment, request: SyncRequest, asker: Asker) -> Welcome:
        hello = request.hello
        welcome = Welcome(
            server_time_ms=self._now_ms(),
            log_id=moment.log_id,
            head_position=moment.head_position,
            directory_version=moment.directory_position,
            notices=asker.notices,
        )
        return self._key.sign_welcome(welcome, hello.hash if hello is not None else ZERO_HASH)

    def _proof(self, request: SyncRequest, pull: Pull) -> bytes | None:
        if request.hello is None or not pull.snapshot:
            return None
        device = request.hello.device
        return self._directory.ask(lambda found: snapshot_proof(found, device, pull.snapshot))

    def _is_claimed(self) -> bool:
        if not self._directory.position:
            with self._database.read() as connection:
                claimed_elsewhere = Moment(connection).directory_position > 0
            if claimed_elsewhere:
                self._catch_up()
        return self._directory.position > 0

    def _catch_up(self) -> None:
        """Let the writer apply what other workers committed."""
        self._writer.submit(lambda _ledger: None).result()
