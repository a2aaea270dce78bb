"""Feed addressing: what a batch reaches and what a device follows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from fieldapp.errors import LocalProtocolError
from fieldapp.protocol.batch import Kind
from fieldapp.protocol.certificates import Certificate
from fieldapp.protocol.channels import Desk
from fieldapp.protocol.feeds import (
    directory_reader,
    directory_readers,
    feed_readers,
    followed_readers,
)
from fieldapp.protocol.grants import GrantRow, OfficeKeyRow, encode_grants, encode_office_keys
from fieldapp.protocol.ids import DeviceId, Kid, UnitId, office_id
from fieldapp.protocol.key_packet import Recipient, RecipientKind
from tests.support.organisation import (
    KE,
    LAMU,
    LAMU_EAST,
    LAMU_WEST,
    MKOMANI,
    VILLAGE,
    Organisation,
    small_organisation,
)
from tests.support.people import AMINA, BRIAN, CHANNEL, OFFICE, OTHER_OFFICE, plain, sealed


@pytest.fixture
def org() -> Organisation:
    return small_organisation()


def certificate(org: Organisation, name: str) -> Certificate:
    found = org.directory.device(org[name].device)
    assert found is not None
    return found


def plainly(readers: Iterable[bytes]) -> list[bytes]:
    """Readers without their type, to compare with offices and devices."""
    return list(readers)


def hears(certificate: Certificate, unit: UnitId) -> bool:
    """Whether a device gets the directory batches of a unit's channel."""
    return bool(set(directory_readers(unit)) & set(followed_readers(certificate)))


def test_a_device_hears_its_own_tree_and_its_ancestors_and_nobody_beside(
    org: Organisation,
) -> None:
    dalila, chebet, amina = (certificate(org, name) for name in ("dalila", "chebet", "amina"))
    assert all(hears(dalila, unit) for unit in (KE, LAMU, LAMU_WEST, MKOMANI, VILLAGE))
    assert not hears(dalila, LAMU_EAST)
    assert not hears(dalila, UnitId("KE-005-S022-L0001"))
    assert hears(chebet, VILLAGE)
    assert all(hears(amina, unit) for unit in (KE, LAMU_EAST, VILLAGE))


def test_a_batch_reaches_a_device_by_one_reader_only(org: Organisation) -> None:
    for name in ("amina", "brian", "chebet", "dalila"):
        followed = set(followed_readers(certificate(org, name)))
        for unit in (KE, LAMU, LAMU_WEST, MKOMANI):
            assert len(followed & set(directory_readers(unit))) <= 1


def test_readers_of_different_scopes_and_units_differ() -> None:
    names = {directory_reader(scope, unit) for scope in ("own", "tree") for unit in (KE, LAMU)}
    assert len(names) == 4
    assert {len(name) for name in names} == {16}


def test_a_device_follows_its_office_until_it_is_revoked(org: Organisation) -> None:
    dalila = certificate(org, "dalila")
    assert plainly(followed_readers(dalila)[:2]) == [office_id(MKOMANI, "admin"), dalila.device]
    org.revoke(org["chebet"], org["dalila"])
    revoked = certificate(org, "dalila")
    everybody = [office_id(MKOMANI, "all"), office_id(LAMU_WEST, "all")]
    assert plainly(followed_readers(dalila)[-2:]) == everybody
    assert followed_readers(revoked) == followed_readers(dalila)[1:-2]


def test_a_desk_device_follows_its_desks_office(org: Organisation) -> None:
    first, *_ = plainly(followed_readers(certificate(org, "fumo")))
    assert first == office_id(LAMU, Desk.GENDER)


def test_a_directory_batch_goes_to_the_readers_of_its_unit(org: Organisation) -> None:
    batch = org.log[-1][1]
    unit = org.directory.feed_unit(batch)
    assert unit == KE
    assert feed_readers(batch, unit=unit) == (
        directory_reader("own", KE),
        directory_reader("tree", KE),
    )
    with pytest.raises(LocalProtocolError):
        feed_readers(batch)


def test_a_sealed_batch_goes_to_the_recipients_of_its_key() -> None:
    recipients = (
        Recipient(RecipientKind.OFFICE, OFFICE, 1),
        Recipient(RecipientKind.DEVICE, BRIAN.device, 0),
        Recipient(RecipientKind.OFFICE, OFFICE, 2),
    )
    assert plainly(feed_readers(sealed(), recipients=recipients)) == [OFFICE, BRIAN.device]


def test_grants_go_to_offices_and_office_keys_to_devices() -> None:
    grant = GrantRow(AMINA.device, CHANNEL, Kid(b"k" * 16), OFFICE, 1, bytes(80))
    grants = encode_grants([grant, replace(grant, office=OTHER_OFFICE), grant])
    assert plainly(feed_readers(plain(grants, Kind.GRANT))) == [OFFICE, OTHER_OFFICE]
    keys = encode_office_keys([OfficeKeyRow(OFFICE, 1, DeviceId(BRIAN.device), bytes(80))])
    assert plainly(feed_readers(plain(keys, Kind.OFFICE_KEYS))) == [BRIAN.device]
