"""Writes the test vectors anew: `python -m tests.vectors.make_vectors`.

Run it when the protocol grows, and read the difference: a changed line of an old vector is a
changed protocol.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from fieldapp.crypto.invite_secret import invite_keys
from fieldapp.crypto.media import seal_chunks
from fieldapp.crypto.phrase import comparison_words
from fieldapp.crypto.secret import Secret
from fieldapp.protocol.erasure import EraseOrder, make_reissue
from fieldapp.protocol.grants import encode_grants, encode_office_keys
from fieldapp.protocol.hashing import ZERO_HASH, cursor_digest, feed_hash, heads_digest
from fieldapp.protocol.ids import (
    InviteId,
    ReaderId,
    id_to_text,
    kid_of,
    new_record_id,
    office_id,
)
from fieldapp.protocol.invites import InviteCode, encode_code, upload_signing_bytes
from fieldapp.protocol.media import Deed, MediaReceipt, Ticket, chunk_id
from fieldapp.protocol.messages import (
    Cursor,
    FeedItem,
    Hello,
    Refusal,
    StreamHead,
    SyncAnswer,
    SyncRequest,
    Welcome,
    encode_answer,
    encode_request,
)
from fieldapp.protocol.receipts import Receipt, StoredReceipt
from tests.support.people import (
    AMINA,
    BRIAN,
    CHANNEL,
    DESCRIPTOR,
    ENTRIES,
    OFFICE,
    SEED,
    SENDER_KEY,
    SERVER,
    fixed_bytes,
    sealed,
)
from tests.support.vector_cases import (
    GRANT,
    OFFICE_KEY_ROW,
    PACKET,
    fixed_deflate,
    good_batches,
)
from tests.support.vector_refusals import bad_batches
from tests.support.vectors import Vector, single_changes

FOLDER = Path(__file__).parent
TIME_MS = 1_700_000_000_000
CHANGED = ("batch-entries", "batch-plain-directory")
"""Batches with their single changes; for the smaller types all have them."""


def receipts() -> tuple[Receipt, StoredReceipt]:
    """One signed receipt of each kind."""
    point = sealed().point
    receipt = Receipt(
        office=OFFICE,
        device=point.device,
        channel=point.channel,
        seq=point.seq,
        header_hash=point.hash,
        time_ms=TIME_MS,
        signer=BRIAN.device,
    )
    stored = StoredReceipt(
        device=point.device,
        channel=point.channel,
        seq=point.seq,
        header_hash=point.hash,
        position=41,
        time_ms=TIME_MS,
    )
    return (
        replace(receipt, signature=BRIAN.sign(receipt.signing_bytes())),
        replace(stored, signature=SERVER.sign(stored.signing_bytes())),
    )


def exchange() -> tuple[SyncRequest, SyncAnswer]:
    """A request with everything in it, and its answer."""
    batch = sealed()
    receipt, stored = receipts()
    hello = Hello(
        device=AMINA.device,
        time_ms=TIME_MS,
        log_id=fixed_bytes("log", 16),
        cursor=Cursor(40, cursor_digest([(OFFICE, ZERO_HASH)])),
        byte_budget=65_536,
    )
    hello = replace(hello, signature=AMINA.sign(hello.signing_bytes()))
    request = SyncRequest(
        hello=hello,
        heads_digest=heads_digest([(CHANNEL, 1, batch.hash)]),
        batches=(batch.raw,),
        receipts=(receipt,),
    )
    welcome = Welcome(
        server_time_ms=TIME_MS + 1,
        log_id=fixed_bytes("log", 16),
        head_position=41,
        directory_version=7,
        notices=("update_available",),
    )
    running = feed_hash(ZERO_HASH, 41, batch.hash)
    answer = SyncAnswer(
        welcome=replace(welcome, signature=SERVER.sign(welcome.signing_bytes(hello.hash))),
        stored=(stored,),
        refused=(Refusal(batch.point, "reader_missing"),),
        heads=(StreamHead(CHANNEL, 1, batch.hash),),
        items=(FeedItem(41, ReaderId(OFFICE), ZERO_HASH[:16], batch.raw),),
        receipts=(receipt,),
        cursor=Cursor(41, cursor_digest([(OFFICE, running)])),
    )
    return request, answer


def parts() -> Iterator[tuple[str, Vector]]:
    """The smaller types."""
    receipt, stored = receipts()
    request, answer = exchange()
    reissue = make_reissue(sealed().header, SEED, ENTRIES, {1})
    code = InviteCode(
        invite=InviteId(b"invite01"),
        secret=fixed_bytes("invite", 16),
        root_fingerprint=fixed_bytes("root", 16),
        expires_s=1_800_000_000,
        url="https://sync.example.org",
    )
    known = {
        "author": AMINA.public_ed25519.hex(),
        "signer": BRIAN.public_ed25519.hex(),
        "server": SERVER.public.hex(),
        "hello-hash": request.hello.hash.hex() if request.hello else "",
    }
    for kind, comment, raw in (
        ("key-packet", "two offices and a device", PACKET.to_bytes()),
        ("erase-order", "the second entry of a batch", EraseOrder(sealed().point, (1,)).to_bytes()),
        ("reissue", "the second of three entries is gone", reissue.to_bytes()),
        ("grants", "one row", encode_grants([GRANT])),
        ("office-keys", "one row", encode_office_keys([OFFICE_KEY_ROW])),
        ("receipt", "signed by a device of the office", receipt.to_bytes()),
        ("stored-receipt", "signed by the server", stored.to_bytes()),
        ("request", "everything but a snapshot", encode_request(request)),
        (
            "request-deposit",
            "no hello: only delivers",
            encode_request(replace(request, hello=None)),
        ),
        ("answer", "everything but a proof", encode_answer(answer)),
        ("invite-code", "a code with an address", encode_code(code).encode()),
    ):
        yield kind, Vector(comment, kind.removesuffix("-deposit"), "ok", raw, known)


def media() -> Iterator[tuple[str, Vector]]:
    """The one chunk of a short file, the ticket that puts it, and the server's receipt."""
    file, media_key = fixed_bytes("media file", 16), Secret(fixed_bytes("media key", 32))
    (chunk,) = seal_chunks(media_key, file, b"a picture of nothing", 65_520)
    known = {"media-key": media_key.reveal().hex(), "file": file.hex()}
    known["chunk-id"] = chunk_id(chunk).hex()
    yield "media-chunk", Vector("the only chunk of a file", "media-chunk", "ok", chunk, known)
    ticket = Ticket(
        device=AMINA.device,
        time_ms=TIME_MS,
        deed=Deed.PUT,
        chunk=chunk_id(chunk),
        batch=sealed().hash,
        size=len(chunk),
        offset=7,
    )
    raw = replace(ticket, signature=AMINA.sign(ticket.signing_bytes())).to_bytes()
    author = {"author": AMINA.public_ed25519.hex()}
    yield "media-ticket", Vector("puts all but 7 bytes", "media-ticket", "ok", raw, author)
    receipt = MediaReceipt(
        chunk=ticket.chunk, batch=ticket.batch, size=ticket.size, time_ms=TIME_MS
    )
    raw = replace(receipt, signature=SERVER.sign(receipt.signing_bytes())).to_bytes()
    server = {"server": SERVER.public.hex()}
    yield "media-receipt", Vector("signed by the server", "media-receipt", "ok", raw, server)


def derived() -> Mapping[str, str]:
    """Ids, hashes and words that follow from given bytes."""
    invite = InviteId(b"invite01")
    keys = invite_keys(invite, Secret(fixed_bytes("invite", 16)))
    return {
        "amina-ed25519": AMINA.public_ed25519.hex(),
        "amina-x25519": AMINA.public_x25519.hex(),
        "amina-device": AMINA.device.hex(),
        "amina-device-text": id_to_text(AMINA.device),
        "office-KE-admin": office_id("KE", "admin").hex(),
        "descriptor": DESCRIPTOR.hex(),
        "channel": CHANNEL.hex(),
        "sender-key": SENDER_KEY.reveal().hex(),
        "kid": kid_of(SENDER_KEY.reveal()).hex(),
        "record-of-twelve-r": new_record_id(CHANNEL, b"r" * 12).hex(),
        "feed-hash-at-1": feed_hash(ZERO_HASH, 1, b"h" * 32).hex(),
        "heads-digest": heads_digest([(CHANNEL, 1, b"h" * 32)]).hex(),
        "cursor-digest": cursor_digest([(OFFICE, b"h" * 32)]).hex(),
        "invite": invite.hex(),
        "invite-secret": fixed_bytes("invite", 16).hex(),
        "invite-box-key": keys.box_key.reveal().hex(),
        "invite-token": keys.token.hex(),
        "invite-ed25519": keys.signing.public.hex(),
        "invite-upload-signature-of-sealed": keys.signing.sign(
            upload_signing_bytes(invite, keys.token, b"sealed")
        ).hex(),
        "comparison-words": " ".join(
            comparison_words(AMINA.public_ed25519, AMINA.public_x25519, invite)
        ),
    }


def vectors() -> Iterator[tuple[str, Vector]]:
    """All vectors by file name."""
    with fixed_deflate():
        for name, vector in (*good_batches(), *bad_batches()):
            yield f"batch-{name}", vector
        yield from parts()
        yield from media()


def files() -> Mapping[str, str]:
    """Each file's name and content."""
    found = {"derived.txt": "".join(f"{name}: {text}\n" for name, text in derived().items())}
    for name, vector in vectors():
        if vector.type != "batch" or name in CHANGED:
            changes = tuple(single_changes(vector.type, vector.raw, vector.fields))
            vector = replace(vector, changes=changes)  # noqa: PLW2901 - the same one, completed
        found[f"{name}.txt"] = vector.to_text()
    return found


def main() -> None:
    """Write every file, and remove those of no case."""
    written = files()
    for path in FOLDER.glob("*.txt"):
        if path.name not in written:
            path.unlink()
    for name, text in written.items():
        (FOLDER / name).write_text(text, encoding="ascii", newline="\n")


if __name__ == "__main__":
    main()
