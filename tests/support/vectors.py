"""Test vectors as text: named fields, the bytes, and what single changes end in (PROTOCOL 12).

    comment: one line for people
    type: batch
    expect: ok
    author: 3f…                     more fields, as the type needs them
    bytes:
      53420101…                     32 bytes a line
    changes:
      flip 0-1 malformed_message/magic
      cut 0-239 malformed_message/truncated_header

`flip N` turns the lowest bit of byte N around, `cut N` keeps the first N bytes; a range means
each of its numbers by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from fieldapp.crypto.media import open_chunks
from fieldapp.crypto.sealing import open_batch
from fieldapp.crypto.secret import Secret
from fieldapp.crypto.signing import verify
from fieldapp.errors import FieldAppError, InvalidCodeError
from fieldapp.protocol.batch import parse_batch
from fieldapp.protocol.checks import (
    check_header_signature,
    check_hello,
    check_packet,
    check_receipt,
    check_signature,
    check_stored,
    check_welcome,
)
from fieldapp.protocol.erasure import parse_erase_order, parse_reissue
from fieldapp.protocol.grants import parse_grants, parse_office_keys
from fieldapp.protocol.invites import parse_code
from fieldapp.protocol.key_packet import parse_key_packet
from fieldapp.protocol.media import check_media_receipt, parse_media_receipt, parse_ticket
from fieldapp.protocol.messages import parse_answer, parse_request
from fieldapp.protocol.payload import plain_payload
from fieldapp.protocol.receipts import parse_receipt, parse_stored_receipt

BYTES_PER_LINE = 32
Fields = Mapping[str, str]


@dataclass(frozen=True)
class Vector:
    """One test vector."""

    comment: str
    type: str
    expect: str
    raw: bytes
    fields: Fields = field(default_factory=dict)
    changes: tuple[str, ...] = ()

    def to_text(self) -> str:
        """The file's content."""
        lines = [f"comment: {self.comment}", f"type: {self.type}", f"expect: {self.expect}"]
        lines += [f"{name}: {value}" for name, value in self.fields.items()]
        lines.append("bytes:")
        starts = range(0, len(self.raw), BYTES_PER_LINE)
        lines += ["  " + self.raw[at : at + BYTES_PER_LINE].hex() for at in starts]
        if self.changes:
            lines.append("changes:")
            lines += [f"  {change}" for change in self.changes]
        return "\n".join(lines) + "\n"


def from_text(text: str) -> Vector:
    """Read a file's content."""
    head, _, rest = text.partition("\nbytes:\n")
    body, _, changes = rest.partition("changes:\n")
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    return Vector(
        comment=fields.pop("comment"),
        type=fields.pop("type"),
        expect=fields.pop("expect"),
        raw=bytes.fromhex("".join(body.split())),
        fields=fields,
        changes=tuple(line.strip() for line in changes.splitlines()),
    )


def judge_batch(raw: bytes, fields: Fields) -> None:
    """Parse, check and open, as a reader with the sender key does."""
    batch = parse_batch(raw)
    check_signature(batch, bytes.fromhex(fields["author"]), verify)
    check_packet(batch)
    if batch.header.is_plain:
        plain_payload(batch)
    else:
        open_batch(batch, Secret(bytes.fromhex(fields["sender-key"])))


def judge_text(raw: bytes, _fields: Fields) -> None:
    """Read an invite code."""
    try:
        parse_code(raw.decode("ascii"))
    except UnicodeDecodeError as error:
        raise InvalidCodeError from error


def judge_by(parse: Callable[[bytes], object]) -> Callable[[bytes, Fields], None]:
    """Parse only."""

    def judge(raw: bytes, _fields: Fields) -> None:
        parse(raw)

    return judge


def key(fields: Fields, name: str) -> bytes:
    """A public key that a vector names."""
    return bytes.fromhex(fields[name])


def judge_receipt(raw: bytes, fields: Fields) -> None:
    """Parse and check the signer's signature."""
    check_receipt(parse_receipt(raw), key(fields, "signer"), verify)


def judge_stored(raw: bytes, fields: Fields) -> None:
    """Parse and check the server's signature."""
    check_stored(parse_stored_receipt(raw), key(fields, "server"), verify)


def judge_reissue(raw: bytes, fields: Fields) -> None:
    """Parse, and check root and signature of the original."""
    check_header_signature(parse_reissue(raw).header, key(fields, "author"), verify)


def judge_request(raw: bytes, fields: Fields) -> None:
    """Parse, and check the hello and each receipt; batches are judged one by one."""
    request = parse_request(raw)
    if request.hello is not None:
        check_hello(request.hello, key(fields, "author"), verify)
    for receipt in request.receipts:
        check_receipt(receipt, key(fields, "signer"), verify)


def judge_answer(raw: bytes, fields: Fields) -> None:
    """Parse, and check the welcome and each receipt."""
    answer = parse_answer(raw)
    check_welcome(answer.welcome, key(fields, "hello-hash"), key(fields, "server"), verify)
    for stored in answer.stored:
        check_stored(stored, key(fields, "server"), verify)
    for receipt in answer.receipts:
        check_receipt(receipt, key(fields, "signer"), verify)


def judge_ticket(raw: bytes, fields: Fields) -> None:
    """Parse and check the device's signature."""
    ticket = parse_ticket(raw)
    verify(key(fields, "author"), ticket.signing_bytes(), ticket.signature)


def judge_media_receipt(raw: bytes, fields: Fields) -> None:
    """Parse and check the server's signature."""
    check_media_receipt(parse_media_receipt(raw), key(fields, "server"), verify)


def judge_chunk(raw: bytes, fields: Fields) -> None:
    """Open the one chunk of a file."""
    open_chunks(Secret(key(fields, "media-key")), key(fields, "file"), [raw])


JUDGES: Mapping[str, Callable[[bytes, Fields], None]] = {
    "batch": judge_batch,
    "invite-code": judge_text,
    "key-packet": judge_by(parse_key_packet),
    "erase-order": judge_by(parse_erase_order),
    "reissue": judge_reissue,
    "grants": judge_by(parse_grants),
    "office-keys": judge_by(parse_office_keys),
    "receipt": judge_receipt,
    "stored-receipt": judge_stored,
    "request": judge_request,
    "answer": judge_answer,
    "media-chunk": judge_chunk,
    "media-receipt": judge_media_receipt,
    "media-ticket": judge_ticket,
}


def outcome(kind: str, raw: bytes, fields: Fields) -> str:
    """What bytes of a type end in: ok, or a code and its reason word."""
    try:
        JUDGES[kind](raw, fields)
    except FieldAppError as error:
        word = error.params.get("reason", error.params.get("what"))
        return error.code if word is None else f"{error.code}/{word}"
    return "ok"


def changed(raw: bytes, how: str, at: int) -> bytes:
    """The bytes after one change."""
    if how == "cut":
        return raw[:at]
    return raw[:at] + bytes((raw[at] ^ 1,)) + raw[at + 1 :]


def single_changes(kind: str, raw: bytes, fields: Fields) -> Iterator[str]:
    """What each flip and each cut ends in, equal neighbours on one line."""
    for how in ("flip", "cut"):
        found = [(at, outcome(kind, changed(raw, how, at), fields)) for at in range(len(raw))]
        for what, rows in groupby(found, key=lambda row: row[1]):
            places = [at for at, _ in rows]
            span = f"{places[0]}" if len(places) == 1 else f"{places[0]}-{places[-1]}"
            yield f"{how} {span} {what}"


def expanded(change: str) -> Iterator[tuple[str, int, str]]:
    """Each single change that a line stands for."""
    how, span, what = change.split(" ")
    first, _, last = span.partition("-")
    for at in range(int(first), int(last or first) + 1):
        yield how, at, what
