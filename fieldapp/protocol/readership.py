"""Holding a batch's recipients against the readers that the directory demands (PROTOCOL 6.6).

Laws:
  * A packet is judged by the directory version that its own header names (finding 4): an office
    added later is not demanded, and an older epoch is fine, for offices keep their private halves.
  * Nobody can hide from an office: each reader at the named version must be named.
  * Nobody else can be let in: what is named must be a reader at the named version or now. "Now"
    is there for phones enrolled by file, whose office the server learned of later.
  * That version never goes down within a device's streams, or a writer could pick an old one:
    ``checks.directory_version_falls``. Nor does it count as older than what the inviter
    knew: he handed his directory on with the invite. Where that stands in the server's log does
    not matter, as he may have been offline for long.
  * Reading is not authority: a body is erased by its author, or by a confirmed member of a reading
    office whose role enrols others or whose desk the channel is for.
  * An office's receipt counts only where the office holds the key of the very batch that it names.
"""

from collections.abc import Collection, Sequence

from fieldapp.errors import HiddenFromOfficeError
from fieldapp.protocol.batch import StreamPoint
from fieldapp.protocol.certificates import Certificate
from fieldapp.protocol.channels import Channel, Desk
from fieldapp.protocol.directory import Directory
from fieldapp.protocol.ids import DeviceId, OfficeId
from fieldapp.protocol.key_packet import Recipient, RecipientKind
from fieldapp.protocol.offices import Office
from fieldapp.protocol.receipts import Receipt
from fieldapp.protocol.roles import may_enrol


def judged_version(directory: Directory, author: DeviceId, named: int) -> int:
    """Give the directory version by which a batch is judged.

    Args:
        directory: the directory as known now.
        author: who sealed the batch.
        named: the version that its header names; 0 before the first sync.
    """
    history = directory.history(author)
    return max(named, history[0].knows) if history else named


def check_recipients(
    channel: Channel, recipients: Sequence[Recipient], directory: Directory, at_version: int
) -> None:
    """Hold the recipients of a key packet against the channel's readers.

    Args:
        channel: the packet's channel.
        recipients: whom it names.
        directory: the directory as known now.
        at_version: the version that the batch is judged by, see ``judged_version``.

    Raises:
        HiddenFromOfficeError: ``reader_missing``, or ``reader_not_allowed`` with the reason
            ``office_not_a_reader`` or ``unknown_epoch``; the office's number goes with it.
    """
    now = {office.id: office for office in directory.readers_of(channel)}
    then = {office.id: office for office in directory.readers_of(channel, at_version)}
    named = _named_offices(channel, recipients)
    for office in then or now:
        if office not in named:
            raise HiddenFromOfficeError(
                "reader_missing", reason="office_missing", office=office.hex()
            )
    if not named:
        raise HiddenFromOfficeError("reader_missing", reason="office_missing")
    for office, epoch in named.items():
        _check_named(office, epoch, now.get(office) or then.get(office))


def may_erase(author: Certificate, target: DeviceId, holders: Collection[bytes]) -> bool:
    """Tell whether a device may have a batch's body erased.

    Args:
        author: who signed the order.
        target: whose batch it names.
        holders: who holds the batch's sender key.
    """
    if author.device == target:
        return True
    has_authority = author.desk != Desk.ADMIN or may_enrol(author.role)
    is_trusted = author.is_active and author.granted and author.confirmed
    return is_trusted and has_authority and author.office_id in holders


def counts_as_opened(
    receipt: Receipt, signer: Certificate, holders: Collection[bytes], held: StreamPoint
) -> bool:
    """Tell whether a receipt, its signature checked, says anything about a batch.

    Args:
        receipt: what an office's device signed.
        signer: that device's certificate.
        holders: the offices that read the batch.
        held: the batch that is here at the receipt's place.
    """
    is_member = signer.is_active and signer.granted and signer.office_id == receipt.office
    return is_member and receipt.office in holders and receipt.point == held


def _named_offices(channel: Channel, recipients: Sequence[Recipient]) -> dict[OfficeId, int]:
    """Give the named offices with their epochs, after the named devices were judged."""
    devices = {row.id for row in recipients if row.kind is RecipientKind.DEVICE}
    expected = set() if channel.device_reader is None else {channel.device_reader}
    if devices - expected:
        raise HiddenFromOfficeError("reader_not_allowed", reason="office_not_a_reader")
    if expected - devices:
        raise HiddenFromOfficeError("reader_missing", reason="office_missing")
    return {OfficeId(row.id): row.epoch for row in recipients if row.kind is RecipientKind.OFFICE}


def _check_named(office_id: OfficeId, epoch: int, office: Office | None) -> None:
    if office is None:
        raise HiddenFromOfficeError(
            "reader_not_allowed", reason="office_not_a_reader", office=office_id.hex()
        )
    if office.epoch_numbered(epoch) is None:
        raise HiddenFromOfficeError(
            "reader_not_allowed", reason="unknown_epoch", office=office_id.hex()
        )
