"""Invites: the code that enrols one device, and the packet it opens (PROTOCOL 9.1, 9.2).

Laws:
  * A code is typed or scanned by people: case, spaces and dashes do not matter, O is read as 0,
    I and L as 1. A checksum finds every mistyped character before anything is tried.
  * What cannot be a code is refused with a reason that says what to do, and never repeated.
  * The code's secret never appears in a ``repr``, nor does the packet it opens.
  * The packet is JSON: the directory batches that the new device needs, from the root down, and
    the names of units that do not ship with the app. It is trusted for nothing but its batches,
    and those by their own signatures under the fingerprint of the code.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from fieldapp.errors import (
    InvalidCodeError,
    LimitExceededError,
    LocalProtocolError,
    MalformedMessageError,
)
from fieldapp.protocol import strict_json
from fieldapp.protocol.checks import Verify
from fieldapp.protocol.hashing import sha256
from fieldapp.protocol.ids import INVITE_BYTES, InviteId, id_to_text
from fieldapp.protocol.json_fields import (
    as_array,
    as_b64,
    as_natural,
    as_object,
    field_b64,
    field_hex,
    field_natural,
    field_text,
    to_b64,
)
from fieldapp.protocol.reading import Reader, fixed, number
from fieldapp.protocol.root_document import FINGERPRINT_BYTES, MAX_ORG_CHARACTERS

CODE_PREFIX: Final = "BARAZA1"
CODE_VERSION: Final = 1
SECRET_BYTES: Final = 16
CHECKSUM_BYTES: Final = 4
MAX_URL_BYTES: Final = 48
GROUP: Final = 4
PACKET_VERSION: Final = 1
UPLOAD_LABEL: Final = b"baraza-invite-upload-v1\0"
SIGNATURE_BYTES: Final = 64
MAX_PACKET_BATCHES: Final = 50_000
MAX_PACKET_UNITS: Final = 50_000
MAX_NAME_CHARACTERS: Final = 200

_READ_AS: Final = str.maketrans("OIL", "011")
_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUE_BY_LETTER: Final = {letter: value for value, letter in enumerate(_LETTERS)}
_BITS: Final = 5
_FIXED_BYTES: Final = 1 + INVITE_BYTES + SECRET_BYTES + FINGERPRINT_BYTES + 4 + 1 + CHECKSUM_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteCode:
    """What a code says.

    Attributes:
        expires_s: UTC seconds; afterwards a claim is kept, but waits for its words.
        url: the server's address, empty when the packet comes by file only.
    """

    invite: InviteId
    secret: bytes = field(repr=False)
    root_fingerprint: bytes
    expires_s: int
    url: str


def encode_code(code: InviteCode) -> str:
    """Write a code in groups of four.

    Raises:
        LocalProtocolError: a field has a wrong length, or the address is too long or not ASCII.
    """
    raw = _code_bytes(code)
    text = id_to_text(raw + sha256(raw)[:CHECKSUM_BYTES]).upper()
    groups = (text[at : at + GROUP] for at in range(0, len(text), GROUP))
    return "-".join((CODE_PREFIX, *groups))


def _code_bytes(code: InviteCode) -> bytes:
    if not code.url.isascii() or len(code.url) > MAX_URL_BYTES:
        raise LocalProtocolError(what="invite_url", limit=MAX_URL_BYTES)
    return fixed(
        "invite_code",
        (bytes((CODE_VERSION,)), 1),
        (code.invite, INVITE_BYTES),
        (code.secret, SECRET_BYTES),
        (code.root_fingerprint, FINGERPRINT_BYTES),
        (number("expires", code.expires_s, 4), 4),
        (bytes((len(code.url),)), 1),
        (code.url.encode("ascii"), len(code.url)),
    )


def parse_code(text: str) -> InviteCode:
    """Read a code as people type it.

    Raises:
        InvalidCodeError: with the reason ``empty``, ``letter`` (and ``at``, counted from 1
            without dashes), ``too_short``, ``too_long`` or ``layout``; or the code
            ``invalid_code_checksum`` for a typing mistake, ``invalid_code_version`` for a code
            that a newer version made.
    """
    raw = _decode(_letters(text))
    if raw[0] != CODE_VERSION:
        raise InvalidCodeError("invalid_code_version", version=raw[0])
    reader = Reader(raw[1:-CHECKSUM_BYTES])
    try:
        code = InviteCode(
            invite=InviteId(reader.take(INVITE_BYTES)),
            secret=reader.take(SECRET_BYTES),
            root_fingerprint=reader.take(FINGERPRINT_BYTES),
            expires_s=reader.u32(),
            url=reader.take(reader.u8()).decode("ascii"),
        )
        reader.end()
    except (MalformedMessageError, UnicodeDecodeError) as error:
        raise InvalidCodeError(reason="layout") from error
    return code


def _letters(text: str) -> str:
    """Take out what people add, and the prefix."""
    kept = "".join(letter for letter in text.upper() if letter.isalnum()).translate(_READ_AS)
    kept = kept.removeprefix(CODE_PREFIX)
    if not kept:
        raise InvalidCodeError(reason="empty")
    for at, letter in enumerate(kept, start=1):
        if letter not in _VALUE_BY_LETTER:
            raise InvalidCodeError(reason="letter", at=at)
    return kept


def _decode(letters: str) -> bytes:
    """Turn letters into bytes and hold them against their checksum."""
    length = len(letters) * _BITS // 8
    if length < _FIXED_BYTES:
        raise InvalidCodeError(reason="too_short", missing=_FIXED_BYTES - length)
    if length > _FIXED_BYTES + MAX_URL_BYTES:
        raise InvalidCodeError(reason="too_long")
    value = 0
    for letter in letters:
        value = value << _BITS | _VALUE_BY_LETTER[letter]
    spare = len(letters) * _BITS - length * 8
    raw = (value >> spare).to_bytes(length, "big")
    wrong_spare = spare >= _BITS or value & ((1 << spare) - 1)
    if wrong_spare or sha256(raw[:-CHECKSUM_BYTES])[:CHECKSUM_BYTES] != raw[-CHECKSUM_BYTES:]:
        raise InvalidCodeError("invalid_code_checksum")
    return raw


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitePacket:
    """What a new device needs to write at once.

    Attributes:
        batches: directory batches as (position, raw bytes), None where the server has not placed
            one yet; the root first.
        units: rows of ``id``, ``name`` and ``ward`` for units that do not ship with the app.
        snapshot: a signed snapshot of the directory, where there is one.
    """

    org: str
    server_url: str
    root_fingerprint: bytes
    batches: tuple[tuple[int | None, bytes], ...] = field(repr=False)
    units: tuple[Mapping[str, str | None], ...] = field(default=(), repr=False)
    snapshot: bytes | None = field(default=None, repr=False)


def upload_signing_bytes(invite: InviteId, token: bytes, sealed: bytes) -> bytes:
    """Return what the invite's key signs of a sealed packet, so that only its maker uploads it."""
    return UPLOAD_LABEL + invite + sha256(token) + sha256(sealed)


def check_upload(raw: bytes, invite: InviteId, token: bytes, key: bytes, verify: Verify) -> bytes:
    """Hold a sealed packet with its signature against the invite's key; return it without that.

    Args:
        raw: sealed packet and signature, as the server and the invite's file carry them.
        invite: the invite's id.
        token: the upload token that it comes with.
        key: the Ed25519 key that the directory names for the invite.
        verify: checks a signature.

    Raises:
        BadSignatureError: whoever made it does not know the invite's secret.
    """
    sealed, signature = raw[:-SIGNATURE_BYTES], raw[-SIGNATURE_BYTES:]
    verify(key, upload_signing_bytes(invite, token, sealed), signature)
    return sealed


def encode_packet(packet: InvitePacket) -> bytes:
    """Write a packet, to be sealed with the invite's box key."""
    return strict_json.dumps(
        {
            "v": PACKET_VERSION,
            "org": packet.org,
            "server_url": packet.server_url,
            "root_fingerprint": packet.root_fingerprint.hex(),
            "batches": [[position, to_b64(raw)] for position, raw in packet.batches],
            "units": [dict(row) for row in packet.units],
            "snapshot": None if packet.snapshot is None else to_b64(packet.snapshot),
        }
    )


def parse_packet(raw: bytes) -> InvitePacket:
    """Read a packet after it was opened.

    Raises:
        InvalidCodeError: it is no packet (reason ``packet``), or a newer version made it.
    """
    try:
        fields = as_object(strict_json.loads(raw))
        version = field_natural(fields, "v")
        if version != PACKET_VERSION:
            raise InvalidCodeError("invalid_code_version", version=version)
        return InvitePacket(
            org=field_text(fields, "org", limit=MAX_ORG_CHARACTERS),
            server_url=field_text(fields, "server_url", limit=MAX_NAME_CHARACTERS),
            root_fingerprint=field_hex(fields, "root_fingerprint", length=FINGERPRINT_BYTES),
            batches=tuple(_read_batches(fields)),
            units=tuple(_read_units(fields)),
            snapshot=None if fields.get("snapshot") is None else field_b64(fields, "snapshot"),
        )
    except (MalformedMessageError, LimitExceededError) as error:
        raise InvalidCodeError(reason="packet") from error


def _read_batches(fields: Mapping[str, object]) -> Iterable[tuple[int | None, bytes]]:
    for value in as_array(fields.get("batches"), limit=MAX_PACKET_BATCHES):
        position, batch = _pair(value)
        at = None if position is None else as_natural(position, "position")
        yield at, as_b64(batch, "batch")


def _pair(value: object) -> tuple[object, object]:
    row = as_array(value, limit=2)
    if len(row) != 2:  # noqa: PLR2004 - a pair
        raise MalformedMessageError(reason="pair")
    return row[0], row[1]


def _read_units(fields: Mapping[str, object]) -> Iterable[Mapping[str, str | None]]:
    for value in as_array(fields.get("units"), limit=MAX_PACKET_UNITS):
        row = as_object(value)
        ward = row.get("ward")
        yield {
            "id": field_text(row, "id", limit=MAX_NAME_CHARACTERS),
            "name": field_text(row, "name", limit=MAX_NAME_CHARACTERS),
            "ward": None if ward is None else field_text(row, "ward", limit=MAX_NAME_CHARACTERS),
        }
