"""The root document: three keys, two of which vouch for everything else (PROTOCOL 7.2).

Laws:
  * Three Ed25519 keys, threshold two. A document counts only with two signatures of its own
    keys; version n+1 also needs two of version n's. Signatures cover the exact bytes.
  * It signs headquarters' devices and offices, the hand-over invite of each ``KE`` desk, the
    directory key and the server key: all else hangs on those.
  * Its fingerprint, in every invite code, is the hash of the keys of version 1.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from fieldapp.errors import CryptoError, MalformedMessageError
from fieldapp.protocol import strict_json
from fieldapp.protocol.hashing import sha256
from fieldapp.protocol.json_fields import (
    as_array,
    as_b64,
    as_object,
    field_b64,
    field_natural,
    field_text,
    to_b64,
)
from fieldapp.protocol.statement_reading import (
    KEY_BYTES,
    read_device,
    read_invite,
    read_office,
    read_revoke,
)
from fieldapp.protocol.statements import (
    DeviceStatement,
    InviteStatement,
    OfficeStatement,
    RevokeStatement,
    RootStatement,
)

ROOT_DOCUMENT_LABEL: Final = b"baraza-root-v1\0"
ROOT_KEYS: Final = 3
ROOT_THRESHOLD: Final = 2
FINGERPRINT_BYTES: Final = 16
MAX_ORG_CHARACTERS: Final = 200
MAX_ROWS: Final = 500

RowT = TypeVar("RowT")
Verify = Callable[[bytes, bytes, bytes], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class RootDocument:
    """What the root's keys sign."""

    version: int
    keys: tuple[bytes, ...]
    org: str
    created_ms: int
    server_key: bytes
    directory_key: bytes
    devices: tuple[DeviceStatement, ...]
    offices: tuple[OfficeStatement, ...]
    invites: tuple[InviteStatement, ...] = ()
    revokes: tuple[RevokeStatement, ...] = ()

    @property
    def fingerprint(self) -> bytes:
        """The 16 bytes that name the keys."""
        return root_fingerprint(self.keys)

    def to_bytes(self) -> bytes:
        """Write the exact bytes that are signed."""
        return strict_json.dumps(
            {
                "version": self.version,
                "keys": [to_b64(key) for key in self.keys],
                "threshold": ROOT_THRESHOLD,
                "org": self.org,
                "created_ms": self.created_ms,
                "server_key": to_b64(self.server_key),
                "directory_key": to_b64(self.directory_key),
                "devices": [row.to_json() for row in self.devices],
                "offices": [row.to_json() for row in self.offices],
                "invites": [row.to_json() for row in self.invites],
                "revokes": [row.to_json() for row in self.revokes],
            }
        )


def root_fingerprint(keys: Sequence[bytes]) -> bytes:
    """Name a root by the keys of its first document."""
    return sha256(b"".join(keys))[:FINGERPRINT_BYTES]


def root_signing_bytes(doc: bytes) -> bytes:
    """Give the exact message that the root's keys sign."""
    return ROOT_DOCUMENT_LABEL + doc


def parse_root_document(doc: bytes) -> RootDocument:
    """Read a root document; its signatures are not looked at.

    Raises:
        MalformedMessageError: a field is missing or misspelled, or the keys are not three.
        UnsupportedVersionError: a desk or role of a newer version.
    """
    fields = as_object(strict_json.loads(doc))
    keys = tuple(
        as_b64(key, "keys", length=KEY_BYTES)
        for key in as_array(fields.get("keys"), limit=ROOT_KEYS)
    )
    if len(set(keys)) != ROOT_KEYS or fields.get("threshold") != ROOT_THRESHOLD:
        raise MalformedMessageError(reason="root_keys")
    return RootDocument(
        version=field_natural(fields, "version"),
        keys=keys,
        org=field_text(fields, "org", limit=MAX_ORG_CHARACTERS),
        created_ms=field_natural(fields, "created_ms"),
        server_key=field_b64(fields, "server_key", length=KEY_BYTES),
        directory_key=field_b64(fields, "directory_key", length=KEY_BYTES),
        devices=_rows(fields, "devices", read_device),
        offices=_rows(fields, "offices", read_office),
        invites=_rows(fields, "invites", read_invite),
        revokes=_rows(fields, "revokes", read_revoke),
    )


def _rows(
    fields: Mapping[str, object], name: str, read: Callable[[Mapping[str, object]], RowT]
) -> tuple[RowT, ...]:
    rows = as_array(fields.get(name, []), limit=MAX_ROWS)
    return tuple(read(as_object(row)) for row in rows)


def signed_by_threshold(statement: RootStatement, keys: Sequence[bytes], verify: Verify) -> bool:
    """Tell whether two different keys of a root signed a document.

    A signature that fails is worth nothing and spoils nothing; an index counts once.

    Args:
        statement: the document with its signatures.
        keys: the keys to count signatures of.
        verify: raises one of the ``CryptoError`` family when a signature does not fit.
    """
    message = root_signing_bytes(statement.doc)
    good = set()
    for index, sig in statement.sigs:
        if index < len(keys):
            try:
                verify(keys[index], message, sig)
            except CryptoError:
                continue
            good.add(keys[index])
    return len(good) >= ROOT_THRESHOLD
