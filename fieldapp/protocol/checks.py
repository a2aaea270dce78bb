"""Verdicts on batches and receipts, run by client and server alike (PROTOCOL 2.5).

Laws:
  * Pure: keys and earlier heads are handed in, and so is the `verify` function.
  * What is wrong raises; what is merely early, late or unknown is a verdict for the caller.
  * Honest offline work is never refused for its age: an old directory version, an old generation
    or a key that is not there yet is no error. Who has to be named in a packet is `readership`'s.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from fieldapp.errors import BadSignatureError, MalformedMessageError, TamperedBatchError
from fieldapp.protocol.batch import Batch, Header, Kind, split_seq
from fieldapp.protocol.erasure import EraseOrder, Reissue
from fieldapp.protocol.hashing import channel_id_bytes
from fieldapp.protocol.ids import device_id
from fieldapp.protocol.key_packet import KeyPacket, parse_key_packet
from fieldapp.protocol.message_parts import Hello, Welcome
from fieldapp.protocol.receipts import Receipt, StoredReceipt

Verify = Callable[[bytes, bytes, bytes], None]
"""`verify(public_key, message, signature)` raises `BadSignatureError`."""


class LinkVerdict(Enum):
    """How a batch stands to the last one known of its stream."""

    FIRST = "first"
    NEXT = "next"
    GENERATION = "generation"
    EARLIER = "earlier"
    GAP = "gap"
    DUPLICATE = "duplicate"
    FORK = "fork"


@dataclass(frozen=True, slots=True)
class Head:
    """The last batch known of a stream."""

    seq: int
    hash: bytes


def check_signature(batch: Batch, ed25519_public: bytes, verify: Verify) -> None:
    """Hold a batch against its author's key.

    Raises:
        BadSignatureError: The key is not the device's, or the signature is not the key's.
    """
    check_header_signature(batch.header, ed25519_public, verify)


def check_header_signature(header: Header, ed25519_public: bytes, verify: Verify) -> None:
    """Hold a header against its author's key; a body is not needed.

    Raises:
        BadSignatureError: The key is not the device's, or the signature is not the key's.
    """
    if device_id(ed25519_public) != header.device:
        raise BadSignatureError(reason="device")
    verify(ed25519_public, header.signing_bytes(), header.signature)


def check_link(batch: Batch, previous: Head | None) -> LinkVerdict:
    """Place a batch after the highest one known of its stream.

    Returns:
        FIRST: number 1 of a stream of which nothing is known.
        NEXT: it follows directly.
        GENERATION: the device opened a higher generation (after a restore); `prev` names the
            last batch that both generations share, which may lie before `previous`.
        EARLIER: it belongs before `previous`; the caller looks its own seq up.
        GAP: something before it is missing.
        DUPLICATE: it is `previous`.
        FORK: it contradicts `previous`; keep it as proof, mark it forked.
    """
    header = batch.header
    if previous is None:
        return LinkVerdict.FIRST if header.number == 1 else LinkVerdict.GAP
    if header.seq == previous.seq:
        return LinkVerdict.DUPLICATE if batch.hash == previous.hash else LinkVerdict.FORK
    if header.seq < previous.seq:
        return LinkVerdict.EARLIER
    last_generation, last_number = split_seq(previous.seq)
    if header.number > last_number + 1:
        return LinkVerdict.GAP
    if header.generation > last_generation:
        return LinkVerdict.GENERATION
    return LinkVerdict.NEXT if header.prev == previous.hash else LinkVerdict.FORK


def is_within(seq: int, upto: int, starts: Mapping[int, int]) -> bool:
    """Tell whether a stream that was read up to a place holds the batch at another place.

    Args:
        seq: the batch's place, of the stream's own chain: not one that is forked.
        upto: the place up to which it was read.
        starts: the first number of each generation that is known of the stream; a later
            generation leaves out what an earlier one sealed from there on.
    """
    generation, place = split_seq(seq)
    last, number = split_seq(upto)
    if generation == last:
        return place <= number
    between = [first for known, first in starts.items() if generation < known <= last]
    return generation < last and last in starts and place < min(between)


def directory_version_falls(header: Header, highest_named: int) -> bool:
    """Tell whether a batch names an older directory than an earlier one of its stream did."""
    return header.directory_version < highest_named


def check_packet(batch: Batch) -> KeyPacket | None:
    """Read a batch's key packet and hold it against the header.

    Returns:
        The packet, or nothing when the batch carries none.

    Raises:
        MalformedMessageError: It does not parse, or describes another channel.
        LimitExceededError: It names too many recipients.
    """
    raw = batch.key_packet()
    if not raw:
        return None
    packet = parse_key_packet(raw)
    if channel_id_bytes(packet.descriptor) != batch.header.channel:
        raise MalformedMessageError(reason="channel_descriptor")
    return packet


def check_reissue(
    reissue: Reissue, order: EraseOrder, ed25519_public: bytes, verify: Verify
) -> None:
    """Hold a re-issue against its order and the original author.

    Args:
        reissue: As parsed, its root already held against the header.
        order: The order that the same device signed.
        ed25519_public: The original author's key.
        verify: Checks the original signature.

    Raises:
        TamperedBatchError: It answers another order, or keeps or drops other entries.
        BadSignatureError: The original header is not its author's.
    """
    if reissue.original_hash != order.target.hash:
        raise TamperedBatchError(reason="reissue_target")
    ordered = tuple(at for at in range(len(reissue.places)) if order.covers(at))
    if reissue.erased() != ordered:
        raise TamperedBatchError(reason="reissue_indexes")
    check_header_signature(reissue.header, ed25519_public, verify)


def check_order_batch(header: Header, target: Header) -> None:
    """Hold the header of an erase order against that of the batch it erases.

    Raises:
        MalformedMessageError: It is not an order, or would not reach the batch's readers.
    """
    if header.kind is not Kind.ERASE or header.kid != target.kid:
        raise MalformedMessageError(reason="erase_kid")
    if header.channel != target.channel:
        raise MalformedMessageError(reason="erase_channel")


def check_receipt(receipt: Receipt, ed25519_public: bytes, verify: Verify) -> None:
    """Hold an office's receipt against its signer's key.

    Raises:
        BadSignatureError: The key is not the signer's, or the signature is not the key's.
    """
    if device_id(ed25519_public) != receipt.signer:
        raise BadSignatureError(reason="device")
    verify(ed25519_public, receipt.signing_bytes(), receipt.signature)


def check_stored(receipt: StoredReceipt, server_public: bytes, verify: Verify) -> None:
    """Hold a server's receipt against the server key of the directory.

    Raises:
        BadSignatureError: It is not the server's.
    """
    verify(server_public, receipt.signing_bytes(), receipt.signature)


def check_hello(hello: Hello, ed25519_public: bytes, verify: Verify) -> None:
    """Hold a request's hello against the asking device's key.

    Raises:
        BadSignatureError: The key is not the device's, or the signature is not the key's.
    """
    if device_id(ed25519_public) != hello.device:
        raise BadSignatureError(reason="device")
    verify(ed25519_public, hello.signing_bytes(), hello.signature)


def check_welcome(
    welcome: Welcome, hello_hash: bytes, server_public: bytes, verify: Verify
) -> None:
    """Hold an answer's welcome against the server key and the hello it answers.

    Raises:
        BadSignatureError: It answers another request, or is not the server's.
    """
    verify(server_public, welcome.signing_bytes(hello_hash), welcome.signature)
