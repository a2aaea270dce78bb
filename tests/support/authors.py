"""Members who write: sealed batches in their own streams, and the requests that carry them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from fieldapp.crypto.sealing import BatchPlan, new_sender_key, seal_batch, wrap_key
from fieldapp.crypto.secret import Secret
from fieldapp.protocol.batch import Batch, Kind, make_seq
from fieldapp.protocol.channels import Channel, ChannelClass
from fieldapp.protocol.hashing import ZERO_HASH, heads_digest
from fieldapp.protocol.ids import office_id
from fieldapp.protocol.key_packet import KeyPacket, Recipient, RecipientKind
from fieldapp.protocol.message_parts import START, UNKNOWN_LOG, Cursor, Hello
from fieldapp.protocol.messages import SyncAnswer, SyncRequest, encode_request, parse_answer
from fieldapp.protocol.receipts import Receipt
from fieldapp.protocol.service import SyncService
from tests.support.organisation import NOON_MS, Member, Organisation
from tests.support.people import fixed_bytes

BYTE_BUDGET = 1_048_576


def key_packet(
    organisation: Organisation, author: Member, channel: Channel, sender_key: Secret
) -> KeyPacket:
    """A packet for everybody who reads a channel now: offices, and the device of a reply."""
    readers = [
        (Recipient(RecipientKind.OFFICE, office.id, office.epochs[-1].epoch), office.epochs[-1].x)
        for office in organisation.directory.readers_of(channel)
    ]
    if channel.device_reader is not None:
        party = organisation.directory.device(channel.device_reader)
        assert party is not None
        readers.append((Recipient(RecipientKind.DEVICE, party.device, 0), party.x))
    keys = [
        wrap_key(
            sender_key,
            author=author.device,
            channel=channel.id,
            recipient=recipient,
            public_x25519=public,
        )
        for recipient, public in readers
    ]
    return KeyPacket(channel.descriptor(), tuple(keys))


@dataclass(slots=True)
class Author:
    """A member with one stream of sealed entries.

    Attributes:
        sender_key: seals the batches; the first one carries its packet.
        number: the last number used.
        generation: the generation in use.
        head: hash of the last batch.
    """

    organisation: Organisation
    member: Member
    channel: Channel
    sender_key: Secret = field(default_factory=new_sender_key)
    number: int = 0
    generation: int = 0
    head: bytes = ZERO_HASH
    has_sent_packet: bool = False

    def batch(
        self, *entries: bytes, packet: bool | None = None, version: int | None = None
    ) -> Batch:
        """Seal the next batch.

        Args:
            entries: what it holds; one invented entry when left out.
            packet: whether it carries the key; the first one does when left out.
            version: the directory version it names, the organisation's own when left out.
        """
        with_packet = not self.has_sent_packet if packet is None else packet
        self.number += 1
        name = f"{self.member.name} {self.number} {self.generation}"
        batch = seal_batch(
            entries or (f'{{"entry":"{name}"}}'.encode(),),
            keys=self.member.keys,
            plan=BatchPlan(
                kind=Kind.ENTRIES,
                seq=make_seq(self.generation, self.number),
                prev=self.head,
                channel=self.channel.id,
                directory_version=(
                    self.organisation.directory.version if version is None else version
                ),
            ),
            sender_key=self.sender_key,
            key_packet=self._packet() if with_packet else None,
            salt=fixed_bytes(f"salt {name}", 16),
            seed=fixed_bytes(f"seed {name}", 16),
        )
        self.has_sent_packet = self.has_sent_packet or with_packet
        self.head = batch.hash
        return batch

    def batches(self, count: int) -> list[Batch]:
        """Seal several."""
        return [self.batch() for _ in range(count)]

    def rotate(self) -> None:
        """Begin a new sender key."""
        self.sender_key = new_sender_key()
        self.has_sent_packet = False

    def branch(self, after: Batch, generation: int) -> None:
        """Go on after an earlier batch, in another generation."""
        self.number, self.head, self.generation = after.header.number, after.hash, generation

    def _packet(self) -> KeyPacket:
        return key_packet(self.organisation, self.member, self.channel, self.sender_key)


def author(
    organisation: Organisation, name: str, cls: ChannelClass = ChannelClass.ORDINARY
) -> Author:
    """A member who writes at its own unit."""
    member = organisation[name]
    return Author(organisation, member, Channel(member.unit, cls))


@dataclass(slots=True)
class Device:
    """A member's side of the wire: what it asks, and what it remembers of the feed."""

    member: Member
    log_id: bytes = UNKNOWN_LOG
    cursor: Cursor = START
    heads: dict[bytes, tuple[int, bytes]] = field(default_factory=dict)

    def hello(self, *, time_ms: int = NOON_MS, byte_budget: int = BYTE_BUDGET) -> Hello:
        """A signed hello."""
        hello = Hello(
            device=self.member.device,
            time_ms=time_ms,
            log_id=self.log_id,
            cursor=self.cursor,
            byte_budget=byte_budget,
        )
        return replace(hello, signature=self.member.keys.sign(hello.signing_bytes()))

    def request(
        self,
        batches: Iterable[Batch] = (),
        *,
        receipts: Sequence[Receipt] = (),
        time_ms: int = NOON_MS,
        byte_budget: int = BYTE_BUDGET,
    ) -> SyncRequest:
        """A request with these batches."""
        taken = tuple(batches)
        for batch in taken:
            self.heads[batch.header.channel] = (batch.header.seq, batch.hash)
        digest = heads_digest((channel, *head) for channel, head in self.heads.items())
        return SyncRequest(
            hello=self.hello(time_ms=time_ms, byte_budget=byte_budget),
            heads_digest=digest,
            batches=tuple(batch.raw for batch in taken),
            receipts=tuple(receipts),
        )

    def sync(
        self,
        service: SyncService,
        batches: Iterable[Batch] = (),
        *,
        receipts: Sequence[Receipt] = (),
        time_ms: int = NOON_MS,
        byte_budget: int = BYTE_BUDGET,
    ) -> SyncAnswer:
        """Send a request; remember where the answer ended."""
        request = self.request(batches, receipts=receipts, time_ms=time_ms, byte_budget=byte_budget)
        answer = parse_answer(service.sync(encode_request(request)))
        self.log_id, self.cursor = answer.welcome.log_id, answer.cursor
        return answer

    def pull(self, service: SyncService, *, byte_budget: int = BYTE_BUDGET) -> list[SyncAnswer]:
        """Read to the end of the feed."""
        answers = [self.sync(service, byte_budget=byte_budget)]
        while answers[-1].more:
            answers.append(self.sync(service, byte_budget=byte_budget))
        return answers


def deposit(service: SyncService, *batches: Batch) -> SyncAnswer:
    """Deliver without saying who asks."""
    request = SyncRequest(batches=tuple(batch.raw for batch in batches))
    return parse_answer(service.sync(encode_request(request)))


def opened_receipt(signer: Member, batch: Batch, *, time_ms: int = NOON_MS) -> Receipt:
    """A member's word that its office opened a stream up to a batch."""
    receipt = Receipt(
        office=office_id(signer.unit, signer.desk),
        device=batch.header.device,
        channel=batch.header.channel,
        seq=batch.header.seq,
        header_hash=batch.hash,
        time_ms=time_ms,
        signer=signer.device,
    )
    return replace(receipt, signature=signer.keys.sign(receipt.signing_bytes()))
