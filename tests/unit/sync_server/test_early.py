"""A batch that names a later directory: held against that directory when it comes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from fieldapp.protocol.ids import UnitId, office_id
from fieldapp.protocol.key_packet import KeyPacket, Recipient, RecipientKind
from sync_server.exchange.service import Exchange
from sync_server.routes.metrics import render
from sync_server.storage.database import Database
from sync_server.storage.status import Status, read_status
from tests.support.authors import Author, author, deposit, key_packet
from tests.support.organisation import LAMU, MKOMANI, VILLAGE, Organisation


class GenerousAuthor(Author):
    """Somebody who seals for one office more than reads the channel."""

    office = office_id(LAMU, "csic")

    def _packet(self) -> KeyPacket:
        packet = key_packet(self.organisation, self.member, self.channel, self.sender_key)
        stranger = Recipient(RecipientKind.OFFICE, self.office, 1)
        return KeyPacket(
            packet.descriptor, (*packet.keys, replace(packet.keys[0], recipient=stranger))
        )


def status(tmp_path: Path) -> Status:
    database = Database(f"sqlite:///{tmp_path / 'server.db'}")
    try:
        return read_status(database)
    finally:
        database.close()


def generous(organisation: Organisation) -> Author:
    channel = author(organisation, "dalila").channel
    return GenerousAuthor(organisation, organisation["dalila"], channel)


def announce(exchange: Exchange, organisation: Organisation, unit: UnitId) -> None:
    """Say something new, so that the directory moves on by one version."""
    place = organisation.position
    organisation.open_office(organisation["chebet"], unit)
    said = [batch for position, batch in organisation.log if position > place]
    assert not deposit(exchange, *said).refused


def early_outcomes(exchange: Exchange) -> dict[str, int]:
    numbers = exchange.counters.snapshot()
    return {word: count for (name, word), count in numbers.items() if name == "early"}


def test_what_its_directory_does_not_bear_out_is_quarantined_and_counted(
    exchange: Exchange, organisation: Organisation, tmp_path: Path
) -> None:
    batch = generous(organisation).batch(version=organisation.position + 1)
    assert [one.header_hash for one in deposit(exchange, batch).stored] == [batch.hash]
    assert (status(tmp_path).early, early_outcomes(exchange)) == (1, {})
    announce(exchange, organisation, MKOMANI)
    found = status(tmp_path)
    assert (found.early, found.quarantined) == (0, 1)
    assert early_outcomes(exchange) == {"quarantined": 1}
    page = render(exchange.counters, "1").decode()
    assert 'sync_server_early_total{outcome="quarantined"} 1.0' in page
    announce(exchange, organisation, VILLAGE)
    assert early_outcomes(exchange) == {"quarantined": 1}
    assert [one.header_hash for one in deposit(exchange, batch).stored] == [batch.hash]


def test_what_names_a_version_still_to_come_goes_on_waiting(
    exchange: Exchange, organisation: Organisation, tmp_path: Path
) -> None:
    batch = generous(organisation).batch(version=organisation.position + 100)
    assert not deposit(exchange, batch).refused
    announce(exchange, organisation, MKOMANI)
    assert (status(tmp_path).early, status(tmp_path).quarantined) == (1, 0)
    assert early_outcomes(exchange) == {}


def test_what_its_directory_bears_out_is_handed_out_and_counted(
    exchange: Exchange, organisation: Organisation, tmp_path: Path
) -> None:
    place = organisation.position
    organisation.open_office(organisation["chebet"], MKOMANI)
    said = [batch for position, batch in organisation.log if position > place]
    assert not deposit(exchange, author(organisation, "dalila").batch()).refused
    assert status(tmp_path).early == 1
    assert not deposit(exchange, *said).refused
    assert (status(tmp_path).early, early_outcomes(exchange)) == (0, {"stored": 1})
