"""Keys of a desk's records at the server: its readers hand them to its readers, nobody else."""

from __future__ import annotations

import pytest

from fieldapp.protocol.batch import Kind
from fieldapp.protocol.channels import Channel, ChannelClass, Desk, OfficeRef
from fieldapp.protocol.grants import encode_grants
from fieldapp.protocol.service import SyncService
from tests.contract.test_directory_and_keys import batches_in, grant_row, plain_batch
from tests.support.authors import Device, author, deposit
from tests.support.organisation import KE, LAMU, LAMU_WEST, Organisation


@pytest.mark.parametrize(
    ("by", "to"),
    [
        ("amina", OfficeRef(LAMU, Desk.GENDER)),
        ("chebet", OfficeRef(LAMU_WEST, Desk.ADMIN)),
        ("dalila", OfficeRef(LAMU, Desk.GENDER)),
        ("fumo", OfficeRef(LAMU, Desk.ADMIN)),
        ("eshe", OfficeRef(KE, Desk.ADMIN)),
    ],
)
def test_a_key_of_a_desk_is_handed_on_by_its_readers_to_its_readers_alone(
    service: SyncService, organisation: Organisation, by: str, to: OfficeRef
) -> None:
    writer = author(organisation, "dalila")
    writer.channel = Channel(LAMU, ChannelClass.GENDER)
    batch = writer.batch()
    assert not deposit(service, batch).refused
    row = grant_row(organisation, writer, batch, to)
    grant = plain_batch(organisation[by], Kind.GRANT, encode_grants([row]), organisation.position)
    assert [one.code for one in deposit(service, grant).refused] == ["not_authorised"]
    for name in ("amina", "brian", "chebet"):
        assert not {batch.raw, grant.raw} & set(
            batches_in(Device(organisation[name]).sync(service))
        )
    allowed = grant_row(organisation, writer, batch, OfficeRef(LAMU, Desk.GENDER))
    honest = plain_batch(
        organisation["eshe"], Kind.GRANT, encode_grants([allowed]), organisation.position
    )
    assert not deposit(service, honest).refused
