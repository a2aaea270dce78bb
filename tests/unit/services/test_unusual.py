"""What is rare: another version's records, spoiled batches, refused ones, erased ones."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from fieldapp.crypto.invite_secret import invite_keys
from fieldapp.crypto.secret import Secret
from fieldapp.domain.entries import Entry, encode_entry
from fieldapp.errors import (
    InvalidCodeError,
    InviteUnknownError,
    LockedError,
    NotEnrolledError,
    TamperedBatchError,
    TransientSyncError,
    UnknownDeviceError,
)
from fieldapp.protocol.channels import Channel, ChannelClass
from fieldapp.protocol.ids import InviteId, RecordId, UnitId, id_to_text, new_record_id
from fieldapp.protocol.invites import encode_packet, parse_packet
from fieldapp.services import counting, record_history, workspace
from fieldapp.services.facade import Services
from fieldapp.services.joining import Handed, open_invite, read_given
from fieldapp.services.places import Places
from fieldapp.services.record_view import label_at
from tests.support.country import Country, gazetteer
from tests.support.factories import meeting_fields


def seal_raw(services: Services, entry: Entry, channel: Channel) -> None:
    work = services.access.workspace()
    with work.vault.transaction() as tx:
        work.sealer.seal_entries(tx, channel, [encode_entry(entry)])


def foreign_entry(country: Country, record: RecordId, **changed: Any) -> Entry:
    entry = Entry(
        record=record,
        type="moon_landing",
        unit=UnitId(country.mkomani),
        stamp=country.clock.ms << 16,
        fields={"crater": "Tycho"},
    )
    return entry._replace(**changed)


def test_a_record_of_a_newer_version_is_shown_as_far_as_it_is_understood(
    country: Country, chief: Services
) -> None:
    channel = Channel(UnitId(country.mkomani), ChannelClass.ORDINARY)
    record = new_record_id(channel.id, bytes(12))
    seal_raw(chief, foreign_entry(country, record), channel)
    shown = chief.records.show(id_to_text(record))
    assert (shown.type, shown.tier, shown.fields) == ("moon_landing", "", {"crater": "Tycho"})
    assert shown.history[0].changes[0].label.en == "crater"
    assert label_at(None, "crater").en == "crater"
    assert chief.records.find()[0][0].title == "moon_landing"


def test_a_record_whose_channel_cannot_be_told_shows_the_server_only(
    country: Country, chief: Services
) -> None:
    channel = Channel(UnitId(country.mkomani), ChannelClass.ORDINARY)
    record = RecordId(b"\xff" * 16)
    seal_raw(chief, foreign_entry(country, record), channel)
    shown = chief.records.show(id_to_text(record))
    assert [tick.stage for tick in shown.ticks] == ["server"]


def test_a_refused_batch_needs_you(chief: Services) -> None:
    made = chief.records.create("meeting", None, meeting_fields())
    work = chief.access.workspace()
    with work.vault.transaction() as tx:
        (row,) = [r for r in tx.batches.in_state("outbox") if r.kind == 1]
        tx.batches.mark(row.hash, "refused", "reader_missing")
    shown = chief.records.show(made)
    assert shown.needs_attention is not None
    assert shown.needs_attention.code == "record_refused"
    assert shown.needs_attention.params == {"reason": "reader_missing"}
    assert chief.records.find(type_key="meeting")[0][0].tick == "needs_you"
    assert chief.syncing.status().needs_attention == 1


def test_an_erased_record_leaves_the_lists(chief: Services) -> None:
    made = chief.records.create("meeting", None, meeting_fields())
    work = chief.access.workspace()
    with work.vault.transaction() as tx:
        (record,) = [r for r, _ in tx.index.cards() if id_to_text(r) == made]
        tx.records.erase(record)
    assert chief.records.find(type_key="meeting") == ([], 0)


def test_a_line_whose_record_is_gone_by_now_claims_no_tick(
    chief: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    chief.records.create("meeting", None, meeting_fields())
    work = chief.access.workspace()
    with work.vault.reading() as tx:
        records = type(tx.records)
    monkeypatch.setattr(records, "get_many", lambda _self, _ids: {})
    assert chief.records.find(type_key="meeting")[0][0].tick == "phone"


@pytest.mark.parametrize("spoiled", ["batch", "entry"])
def test_a_batch_that_does_not_open_any_more_has_no_history(
    chief: Services, monkeypatch: pytest.MonkeyPatch, spoiled: str
) -> None:
    made = chief.records.create("meeting", None, meeting_fields())
    if spoiled == "batch":

        def torn(*_args: object) -> list[bytes]:
            raise TamperedBatchError

        monkeypatch.setattr(record_history, "open_batch", torn)
        monkeypatch.setattr(counting, "open_batch", torn)
    else:
        monkeypatch.setattr(record_history, "open_batch", lambda *_args: [b"nonsense"])
    assert chief.records.show(made).fields == meeting_fields()
    assert len(chief.records.show(made).history) <= 1
    assert chief.syncing.status().waiting == 1


def test_a_draft_is_changed_by_paths(chief: Services) -> None:
    draft = chief.records.new_draft("meeting", fields=meeting_fields()).id
    assert chief.records.edit(draft, {"attendance": {"total": 3}}) == "draft"
    assert chief.records.draft(draft).fields["attendance"] == {"total": 3}
    assert chief.records.create("meeting", None, {"venue": "x"}, draft=True)


def test_a_unit_that_nobody_named_is_shown_by_its_number() -> None:
    places = Places(gazetteer())
    assert places.name("KE-005-S022-LZZZZ") == "KE-005-S022-LZZZZ"
    assert places.below("KE-005-S022-LZZZZ")[0].parent_name == "Lamu West"
    places.learn("KE-005-S022-LZZZZ", "From a record")
    row = {"id": "KE-005-S022-LZZZZ", "name": "From a packet", "ward": "KE-005-W0105"}
    places.learn_packet(json.dumps([row]).encode())
    assert places.name("KE-005-S022-LZZZZ") == "From a record"
    assert places.row(UnitId("KE")).parent_name == ""


def test_no_device_has_a_number_that_nobody_uses(hq: Services) -> None:
    with pytest.raises(UnknownDeviceError):
        hq.organisation.revoke("0" * 26, "x")


def test_a_vault_without_a_profile_was_never_enrolled(chief: Services) -> None:
    work = chief.access.workspace()
    with work.vault.transaction() as tx:
        tx.meta.delete(workspace.META_PROFILE)
    with work.vault.reading() as tx, pytest.raises(NotEnrolledError):
        workspace.load_profile(tx)


def test_a_vault_that_cannot_be_read_to_its_end_is_closed_again(
    country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = country.build("chief")

    def torn(*_args: object) -> None:
        raise NotEnrolledError

    monkeypatch.setattr("fieldapp.services.opening.load_profile", torn)
    with pytest.raises(NotEnrolledError):
        services.access.unlock("246810")
    monkeypatch.undo()
    services.access.unlock("246810")


def test_services_are_closed_with_their_block(country: Country) -> None:
    with country.build("chief") as services:
        services.access.unlock("246810")
        work = services.access.workspace()
    assert work.is_closing
    with pytest.raises(LockedError):
        services.records.find(type_key="meeting")


def handed(hq: Services, country: Country) -> Handed:
    return read_given(hq.organisation.invite(country.mkomani, "chief").packet_text)


def resealed(given: Handed, **changed: object) -> Handed:
    """The same invite with another inside."""
    keys = invite_keys(InviteId(given.code.invite), Secret(given.code.secret))
    packet = parse_packet(keys.open_packet(given.packet))
    sealed = keys.seal_packet(encode_packet(replace(packet, **changed)))  # type: ignore[arg-type]
    return replace(given, packet=sealed)


def no_server(_url: str) -> object:
    raise TransientSyncError("offline")


def test_a_packet_without_the_organisations_root_is_refused(country: Country, hq: Services) -> None:
    given = resealed(handed(hq, country), batches=())
    with pytest.raises(InvalidCodeError) as refused:
        open_invite(given, no_server)  # type: ignore[arg-type]
    assert refused.value.params["reason"] == "root"


def test_a_packet_whose_directory_does_not_know_the_invite_is_refused(
    country: Country, hq: Services
) -> None:
    given = handed(hq, country)
    keys = invite_keys(InviteId(given.code.invite), Secret(given.code.secret))
    batches = parse_packet(keys.open_packet(given.packet)).batches
    root_only = resealed(given, batches=tuple(row for row in batches if row[0] == 1))
    with pytest.raises(InviteUnknownError):
        open_invite(root_only, no_server)  # type: ignore[arg-type]


def test_a_code_with_another_secret_than_the_invites_is_refused(
    country: Country, hq: Services
) -> None:
    given = handed(hq, country)
    keys = invite_keys(InviteId(given.code.invite), Secret(given.code.secret))
    inside = keys.open_packet(given.packet)
    other = replace(given.code, secret=bytes(16))
    sealed = invite_keys(InviteId(other.invite), Secret(other.secret)).seal_packet(inside)
    with pytest.raises(InvalidCodeError) as refused:
        open_invite(Handed(other, sealed), no_server)  # type: ignore[arg-type]
    assert refused.value.params["reason"] == "invite_key"
