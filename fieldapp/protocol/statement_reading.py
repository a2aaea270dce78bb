"""Reading statements from outside (PROTOCOL 7.1).

Laws:
  * Unknown keys of a known kind are ignored; an unknown kind, role or desk is kept as
    ``Unknown`` and waits for an update.
  * Anything else that is misspelled condemns the whole batch.
  * Reading judges spelling only. Whether a statement counts is the directory's to say.
"""

from collections.abc import Callable, Mapping
from typing import Final

from fieldapp.errors import InvalidUnitError, MalformedMessageError, UnsupportedVersionError
from fieldapp.protocol import strict_json
from fieldapp.protocol.batch import SIGNATURE_BYTES, Batch
from fieldapp.protocol.causes import Cause, read_cause
from fieldapp.protocol.channels import Desk
from fieldapp.protocol.cuts import read_cuts
from fieldapp.protocol.hashing import HASH_BYTES
from fieldapp.protocol.ids import ID_BYTES, INVITE_BYTES, DeviceId, InviteId, UnitId
from fieldapp.protocol.json_fields import (
    as_array,
    as_b64,
    as_natural,
    as_object,
    field_b64,
    field_flag,
    field_hex,
    field_natural,
    field_text,
)
from fieldapp.protocol.payload import inflate
from fieldapp.protocol.roles import Role
from fieldapp.protocol.statements import (
    AdoptStatement,
    ClaimStatement,
    DeviceStatement,
    InviteStatement,
    OfficeStatement,
    RevokeStatement,
    RootStatement,
    Statement,
    Unknown,
)
from fieldapp.protocol.units import MAX_UNIT_CHARACTERS, parse_unit

KEY_BYTES: Final = 32
MAX_STATEMENTS: Final = 500
MAX_WORD_CHARACTERS: Final = 32
MAX_EPOCH: Final = 0xFFFF
_DESKS: Final = frozenset(Desk)
_ROLES: Final = frozenset(Role)


def read_directory_batch(batch: Batch) -> tuple[Statement | Unknown, ...]:
    """Read the statements of a kind 2 batch.

    Raises:
        MalformedMessageError: the body is no array of well-spelled statements.
        UnsupportedVersionError: it was deflated with a dictionary of a newer version.
    """
    return parse_statements(inflate(batch.ciphertext(), batch.header.dictionary))


def parse_statements(payload: bytes) -> tuple[Statement | Unknown, ...]:
    """Read what ``encode_statements`` wrote.

    Raises:
        MalformedMessageError: it is no array of well-spelled statements.
    """
    rows = as_array(strict_json.loads(payload), limit=MAX_STATEMENTS)
    if not rows:
        raise MalformedMessageError(reason="no_statement")
    return tuple(_read_statement(as_object(row)) for row in rows)


def _read_statement(fields: Mapping[str, object]) -> Statement | Unknown:
    kind = field_text(fields, "k", limit=MAX_WORD_CHARACTERS)
    read = _READERS.get(kind)
    if read is None:
        return Unknown(kind)
    try:
        return read(fields)
    except UnsupportedVersionError:
        return Unknown(kind)


def _read_root(fields: Mapping[str, object]) -> RootStatement:
    rows = [as_array(row, limit=2) for row in as_array(fields.get("sigs"), limit=8)]
    if any(len(row) != 2 for row in rows):  # noqa: PLR2004 - a pair
        raise MalformedMessageError(reason="root_signature")
    sigs = tuple(
        (as_natural(row[0], "index"), as_b64(row[1], "sig", length=SIGNATURE_BYTES)) for row in rows
    )
    return RootStatement(field_b64(fields, "doc"), sigs)


def read_office(fields: Mapping[str, object]) -> OfficeStatement:
    """Read an office from its JSON object.

    Raises:
        MalformedMessageError: a field is missing or misspelled.
        UnsupportedVersionError: a desk of a newer version.
    """
    epoch = field_natural(fields, "epoch", limit=MAX_EPOCH)
    if epoch == 0:
        raise MalformedMessageError(reason="epoch")
    return OfficeStatement(
        _unit(fields), _desk(fields), epoch, field_b64(fields, "x", length=KEY_BYTES)
    )


def read_invite(fields: Mapping[str, object]) -> InviteStatement:
    """Read an invite from its JSON object.

    Raises:
        MalformedMessageError: a field is missing or misspelled.
        UnsupportedVersionError: a desk or role of a newer version.
    """
    return InviteStatement(
        invite=InviteId(field_hex(fields, "id", length=INVITE_BYTES)),
        key=field_b64(fields, "key", length=KEY_BYTES),
        unit=_unit(fields),
        desk=_desk(fields),
        role=_role(fields),
        expires_ms=field_natural(fields, "expires_ms"),
    )


def _read_claim(fields: Mapping[str, object]) -> ClaimStatement:
    return ClaimStatement(
        invite=InviteId(field_hex(fields, "invite", length=INVITE_BYTES)),
        ed=field_b64(fields, "ed", length=KEY_BYTES),
        x=field_b64(fields, "x", length=KEY_BYTES),
        created_ms=field_natural(fields, "created_ms"),
        sig=field_b64(fields, "sig", length=SIGNATURE_BYTES),
    )


def read_device(fields: Mapping[str, object]) -> DeviceStatement:
    """Read a device's certificate from its JSON object.

    Raises:
        MalformedMessageError: a field is missing or misspelled.
        UnsupportedVersionError: a desk or role of a newer version.
    """
    return DeviceStatement(
        device=_device(fields),
        ed=field_b64(fields, "ed", length=KEY_BYTES),
        x=field_b64(fields, "x", length=KEY_BYTES),
        unit=_unit(fields),
        desk=_desk(fields),
        role=_role(fields),
        confirmed=field_flag(fields, "confirmed"),
        after=read_cuts(fields["after"]) if "after" in fields else None,
        because=read_cause(fields) if "after" in fields else Cause.OTHER,
    )


def read_revoke(fields: Mapping[str, object]) -> RevokeStatement:
    """Read a revocation from its JSON object.

    Raises:
        MalformedMessageError: a field is missing or misspelled.
    """
    return RevokeStatement(_device(fields), read_cuts(fields.get("cuts")), read_cause(fields))


def _read_adopt(fields: Mapping[str, object]) -> AdoptStatement:
    return AdoptStatement(field_hex(fields, "hash", length=HASH_BYTES), read_cause(fields))


_READERS: Final[dict[str, Callable[[Mapping[str, object]], Statement]]] = {
    "root": _read_root,
    "office": read_office,
    "invite": read_invite,
    "claim": _read_claim,
    "device": read_device,
    "revoke": read_revoke,
    "adopt": _read_adopt,
}


def _device(fields: Mapping[str, object]) -> DeviceId:
    return DeviceId(field_hex(fields, "device", length=ID_BYTES))


def _unit(fields: Mapping[str, object]) -> UnitId:
    try:
        return parse_unit(field_text(fields, "unit", limit=MAX_UNIT_CHARACTERS))
    except InvalidUnitError as error:
        raise MalformedMessageError(reason="unit") from error


def _desk(fields: Mapping[str, object]) -> str:
    desk = field_text(fields, "desk", limit=MAX_WORD_CHARACTERS)
    if desk not in _DESKS:
        raise UnsupportedVersionError(what="desk")
    return desk


def _role(fields: Mapping[str, object]) -> Role:
    role = field_text(fields, "role", limit=MAX_WORD_CHARACTERS)
    if role not in _ROLES:
        raise UnsupportedVersionError(what="role")
    return Role(role)
