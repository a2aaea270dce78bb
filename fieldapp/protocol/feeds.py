"""Feed addressing: which readers get a batch, and which a device follows (PROTOCOL 6.5).

Laws:
  * Server and clients compute both with these functions; nobody lists readers.
  * A directory batch of unit U goes to the reader "own U" and to "tree P" for every P at or
    above U. A device of unit V follows "tree V" and "own P" of every P above: all that happens
    inside its unit, and what its own ancestors say.
  * What is sealed goes to those who can open it, grants to the offices, office keys to the
    devices that they name.
  * Beyond its author's cut a batch is shown to those of its readers who may adopt it.
"""

from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Final, Literal

from fieldapp.errors import LocalProtocolError
from fieldapp.protocol.batch import Batch, Kind
from fieldapp.protocol.certificates import Certificate, State
from fieldapp.protocol.channels import Desk
from fieldapp.protocol.grants import parse_grants, parse_office_keys
from fieldapp.protocol.hashing import labelled_hash
from fieldapp.protocol.ids import ID_BYTES, ReaderId, UnitId, office_id
from fieldapp.protocol.key_packet import Recipient
from fieldapp.protocol.payload import inflate
from fieldapp.protocol.units import ancestors

READER_LABEL: Final = b"baraza-directory-reader-v1\0"
_UP_TO_SUB_COUNTY: Final = -2
"""The place in a list of ancestors before the county, as no office of all stands higher."""

Scope = Literal["own", "tree"]


@lru_cache(maxsize=16384)
def directory_reader(scope: Scope, unit: UnitId) -> ReaderId:
    """Name the reader of a unit's own directory batches, or of those in its whole tree."""
    return ReaderId(labelled_hash(READER_LABEL, f"{scope}/{unit}".encode("ascii"))[:ID_BYTES])


def directory_readers(unit: UnitId) -> tuple[ReaderId, ...]:
    """Name every reader of a directory batch that stands in a unit's channel."""
    trees = (directory_reader("tree", above) for above in ancestors(unit))
    return (directory_reader("own", unit), *trees)


def followed_readers(certificate: Certificate) -> tuple[ReaderId, ...]:
    """Name the readers that a device follows: its offices, itself, and its directory.

    Its offices are its own and those of all officers of the units at or above it. A revoked device
    no longer follows them, and one that is not trusted does not yet.
    """
    unit = certificate.unit
    above = (directory_reader("own", upper) for upper in ancestors(unit)[1:])
    mine = (ReaderId(certificate.device), directory_reader("tree", unit), *above)
    if certificate.state is not State.ACTIVE:
        return mine
    units = ancestors(unit)[:_UP_TO_SUB_COUNTY]
    everybody = (ReaderId(office_id(upper, Desk.ALL)) for upper in units)
    return (ReaderId(certificate.office_id), *mine, *everybody)


def feed_readers(
    batch: Batch, *, recipients: Iterable[Recipient] = (), unit: UnitId | None = None
) -> tuple[ReaderId, ...]:
    """Name every reader that a batch goes to, each once and in a fixed order.

    Args:
        batch: the batch; a body of grants or office keys must still be there.
        recipients: of a sealed batch or an erase order, those of its kid's key packet.
        unit: of a directory batch, the unit of its channel (``Directory.feed_unit``).

    Raises:
        LocalProtocolError: a directory batch without its unit.
        MalformedMessageError: grants or office keys that do not parse.
        LimitExceededError: too many of them.
        UnsupportedVersionError: a body that a newer version deflated.
    """
    kind = batch.header.kind
    found: Iterable[bytes]
    if kind is Kind.DIRECTORY:
        if unit is None:
            raise LocalProtocolError(what="directory_unit")
        found = directory_readers(unit)
    elif kind is Kind.GRANT:
        found = (row.office for row in parse_grants(_payload(batch)))
    elif kind is Kind.OFFICE_KEYS:
        found = (row.device for row in parse_office_keys(_payload(batch)))
    else:
        found = (recipient.id for recipient in recipients)
    return tuple(ReaderId(reader) for reader in dict.fromkeys(found))


def guardians(unit: UnitId, readers: Collection[ReaderId]) -> tuple[ReaderId, ...]:
    """Name who is shown a batch beyond its author's cut: those of its readers who may adopt it.

    Args:
        unit: the author's unit.
        readers: the batch's readers; empty while the packet of its key lies beyond the cut too.
    """
    admins = tuple(ReaderId(office_id(above, Desk.ADMIN)) for above in ancestors(unit))
    if not readers:
        return admins
    return tuple(one for one in admins if one in readers) or tuple(readers)


def _payload(batch: Batch) -> bytes:
    return inflate(batch.ciphertext(), batch.header.dictionary)
