"""Reading what a newcomer was given: a code, an invite file, or a hand-over file.

Laws:
  * Nothing of an invite is believed before its directory chains to the root whose fingerprint
    the code carries, and names this invite with the key that the code's secret gives.
  * A hand-over file opens by its eight words only; a code alone needs the server once.
  * Reading an invite uses nothing up: only the claim does, and that is enrolment's.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from fieldapp.crypto.invite_secret import InviteKeys, invite_keys
from fieldapp.crypto.phrase import unwrap_with_phrase
from fieldapp.crypto.secret import Secret
from fieldapp.crypto.signing import verify
from fieldapp.errors import InvalidCodeError, InviteUnknownError, ProtocolError
from fieldapp.protocol import strict_json
from fieldapp.protocol.batch import Batch, parse_batch
from fieldapp.protocol.directory import Directory
from fieldapp.protocol.invites import InviteCode, InvitePacket, parse_code, parse_packet
from fieldapp.protocol.statements import InviteStatement
from fieldapp.services.ports import ServerFactory

INVITE = "invite"
HAND_OVER = "handover"


@dataclass(frozen=True, slots=True)
class Handed:
    """What a newcomer holds, taken apart; ``packet`` is empty for a bare code."""

    code: InviteCode
    packet: bytes
    office_key: bytes = b""


@dataclass(frozen=True, slots=True)
class Joining:
    """An invite that was checked from end to end."""

    code: InviteCode
    keys: InviteKeys
    packet: InvitePacket
    invite: InviteStatement
    batches: tuple[tuple[int | None, Batch], ...]
    directory: Directory
    office_key: bytes


def needs_phrase(text: str) -> bool:
    """Tell whether what was given is a hand-over file."""
    return _file_kind(text) == HAND_OVER


def read_given(text: str, phrase: str | None = None) -> Handed:
    """Take apart a code, an invite file or a hand-over file.

    Raises:
        InvalidCodeError: it is none of them, or damaged.
        WrongPinError: the phrase does not open the hand-over file.
    """
    kind = _file_kind(text)
    if kind is None:
        return Handed(parse_code(text), b"")
    document = _read_file(text)
    if kind == HAND_OVER:
        opened = unwrap_with_phrase(_bytes_of(document, "sealed"), phrase or "")
        document = json.loads(opened.reveal())
    code = document.get("code")
    if not isinstance(code, str):
        raise InvalidCodeError(reason="file")
    office_key = _bytes_of(document, "office_key") if "office_key" in document else b""
    return Handed(parse_code(code), _bytes_of(document, "packet"), office_key)


def write_invite_file(code: str, packet: bytes) -> str:
    """Write the text of an invite file."""
    return json.dumps({"baraza": INVITE, "code": code, "packet": _text_of(packet)})


def write_hand_over(code: str, packet: bytes, office_key: bytes) -> bytes:
    """Write the inside of a hand-over file, before it is sealed under its phrase."""
    document = {"code": code, "packet": _text_of(packet), "office_key": _text_of(office_key)}
    return json.dumps(document).encode()


def hand_over_text(unit: str, desk: str, box: bytes) -> str:
    """Write the text of a hand-over file around its sealed inside."""
    return json.dumps({"baraza": HAND_OVER, "unit": unit, "desk": desk, "sealed": _text_of(box)})


def open_invite(handed: Handed, connect: ServerFactory) -> Joining:
    """Fetch the packet where it is missing, and check everything in it.

    Raises:
        InvalidCodeError: the packet is another's, or its directory does not bear it out.
        InviteUnknownError: the directory does not know the invite.
        SyncError: a bare code, and the server cannot be reached.
    """
    code = handed.code
    keys = invite_keys(code.invite, Secret(code.secret))
    sealed = handed.packet
    if not sealed:
        sealed = connect(code.url).get_invite(code.invite, keys.token)
    packet = parse_packet(keys.open_packet(sealed))
    batches = tuple((position, parse_batch(raw)) for position, raw in packet.batches)
    directory = Directory(code.root_fingerprint)
    directory.apply_all(batches, verify)
    root = directory.root
    if root is None or root.fingerprint != code.root_fingerprint:
        raise InvalidCodeError(reason="root")
    invite = directory.invite(code.invite)
    if invite is None:
        raise InviteUnknownError
    if invite.statement.key != keys.signing.public:
        raise InvalidCodeError(reason="invite_key")
    return Joining(code, keys, packet, invite.statement, batches, directory, handed.office_key)


def _file_kind(text: str) -> str | None:
    """What kind of Baraza file a text is, None when it is no JSON object."""
    if not text.lstrip().startswith("{"):
        return None
    kind = _read_file(text).get("baraza")
    if kind not in {INVITE, HAND_OVER}:
        raise InvalidCodeError(reason="file")
    return str(kind)


def _read_file(text: str) -> dict[str, Any]:
    try:
        document = strict_json.loads(text.encode("utf-8", "replace"))
    except ProtocolError as problem:
        raise InvalidCodeError(reason="file") from problem
    return document if isinstance(document, dict) else {}


def _bytes_of(document: dict[str, Any], name: str) -> bytes:
    try:
        return base64.b64decode(document[name], validate=True)
    except (KeyError, TypeError, ValueError, binascii.Error) as problem:
        raise InvalidCodeError(reason="file") from problem


def _text_of(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
