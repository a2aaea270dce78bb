"""Nobody but a record's readers can read it: markers in every field, searched everywhere.

One organisation lives through its first day over a real server behind a proxy that writes down
every byte. Each test then searches another place.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from fieldapp.bootstrap import build_services, demo_settings
from fieldapp.crypto.rowcipher import RowCipher
from fieldapp.protocol.channels import RESTRICTED_DESKS
from fieldapp.services.facade import Services
from tests.support.commands import Outcome, processes
from tests.support.country import LAMU_WEST, PIN, WARD
from tests.support.markers import (
    Planter,
    every_text_field,
    files_below,
    found_in,
    inflated,
)
from tests.support.pictures import SOUND, photo
from tests.support.planted_types import plant_every_type, recorded_alike
from tests.support.recording_proxy import RecordingProxy
from tests.support.server import ServerProcess, running
from tests.support.tiers import MEETING, OPEN, RESTRICTED

pytestmark = pytest.mark.slow


@dataclass
class World:
    """An organisation after its first day, and everything that could be listened to."""

    folder: Path
    proxy: RecordingProxy
    server: ServerProcess
    planter: Planter
    desks: dict[str, Services]
    hq: Services
    dcc: Services
    second: Services
    chief: Services
    restricted: dict[str, str] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    shown: str = ""
    sound: bytes = b""
    sealed_at_hq: list[bytes] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)
    told: str = ""
    contact: str = ""
    phone_before_receipts: dict[str, bytes] = field(default_factory=dict)

    @property
    def phone(self) -> Path:
        """The chief's home."""
        return self.folder / "chief"


def sync(*homes: Services) -> None:
    for home in homes:
        report = home.syncing.sync()
        assert report.error is None, report.error


def make_world(folder: Path, stack: ExitStack) -> World:
    """Found the organisation over the proxy, and enrol everybody."""
    server = stack.enter_context(running(ServerProcess(folder / "server")))
    proxy = RecordingProxy(server.port)
    stack.callback(proxy.close)
    planter = Planter()
    names = ("hq", "dcc", "second", "chief", *(desk.value for desk in RESTRICTED_DESKS))
    homes = {
        name: stack.enter_context(build_services(demo_settings(folder / name))) for name in names
    }
    world = World(
        folder,
        proxy,
        server,
        planter,
        {desk.value: homes[desk.value] for desk in RESTRICTED_DESKS},
        homes["hq"],
        homes["dcc"],
        homes["second"],
        homes["chief"],
    )
    _organise(world)
    return world


def _organise(world: World) -> None:
    hq, planter = world.hq, world.planter
    token = world.server.claim_token.hex()
    shares = world.folder / "shares"
    made = hq.organisation.init(world.proxy.url, token, "Interior", shares, "Chebet", PIN)
    mkomani = hq.organisation.add_unit(LAMU_WEST, "location", planter.marker("unit.name"), WARD)
    for unit, role, name in ((LAMU_WEST, "dcc_admin", "dcc"), (mkomani, "chief", "chief")):
        hq.organisation.create_office(unit)
        packet = hq.organisation.invite(unit, role).packet_text
        officer = planter.marker("officer.name") if name == "chief" else "Brian"
        getattr(world, name).access.enrol(packet, officer, PIN)
    sync(hq, world.dcc, world.chief, hq)
    for row in hq.organisation.devices():
        if row.words is not None:
            hq.organisation.confirm(row.device, row.words or "")
    for name, services in world.desks.items():
        text = (shares / f"hand-over-{name}.json").read_text()
        services.access.enrol(text, f"Holder {name}", PIN, phrase=made.handover_phrases[name])
    sync(hq, world.dcc, *world.desks.values(), hq, world.chief)


def record_everything(world: World) -> None:
    """Plant a marker in every text field of every tier."""
    planter, chief, hq = world.planter, world.chief, world.hq
    for name, fields in OPEN.items():
        chief.records.create("concern", None, planter.fill("concern", fields))
        if name == "theft":
            draft = chief.records.new_draft("concern", fields=planter.fill("concern", fields))
            chief.records.save_draft(draft.id, planter.fill("concern", fields))
    for classification in ("open", "confidential"):
        fields = MEETING | {"classification": classification}
        chief.records.create("meeting", None, planter.fill("meeting", fields))
    dialogue = MEETING | {"meeting_type": "peace_dialogue", "classification": "open"}
    chief.records.create("meeting", None, planter.fill("meeting", dialogue))
    csic = MEETING | {"meeting_type": "csic", "classification": "restricted"}
    hq.records.create("meeting", "KE-005", planter.fill("meeting", csic))
    plant_every_type(planter, (chief, world.dcc, hq, *world.desks.values()))
    seen_and_heard(world)
    for desk, fields in RESTRICTED.items():
        document = planter.fill("concern", fields)
        world.written[desk] = json.dumps(document)
        world.restricted[desk] = chief.records.create("concern", None, document)
    for services, key, kept in (
        (chief, "officer", {"name", "device"}),
        (hq, "unit", {"name"}),
    ):
        rows, _ = services.records.find(type_key=key, limit=None)
        shown = services.records.show(next(row.id for row in rows if row.mine))
        extra = planter.fill(key, {k: v for k, v in shown.fields.items() if k in kept or v})
        services.records.edit(shown.id, {}, "more is known", whole=extra)
    rows, _ = chief.records.find(type_key="meeting")
    chief.records.edit(rows[0].id, {}, planter.marker("reason"))


def talk(world: World) -> None:
    """Ask back and answer, tell all officers, give a contact, and say why a device is ended."""
    hq, dcc, chief, planter = world.hq, world.dcc, world.chief, world.planter
    marker = planter.marker
    hq.organisation.create_office(LAMU_WEST, "all")
    invite = hq.organisation.invite(LAMU_WEST, "dcc_admin")
    world.second.access.enrol(invite.packet_text, "Salim", PIN)
    sync(hq, world.second, hq)
    (row,) = [row for row in hq.organisation.devices() if row.words and row.role == "dcc_admin"]
    hq.organisation.confirm(row.device, row.words or "")
    sync(hq, dcc, world.second, chief)
    world.told = chief.records.create("concern", None, OPEN["theft"])
    world.contact = marker("source.contact")
    chief.sources.give(world.told, world.contact)
    sync(chief, dcc)
    query = dcc.answers.ask(world.told, marker("query.question"))
    dcc.answers.publish(LAMU_WEST, marker("notice.title"), marker("notice.text"), "2099-12-31")
    sync(dcc, chief)
    chief.answers.answer(query, marker("query.answer"))
    sync(chief, dcc)
    hq.organisation.change_device(row.device, role="hq_analyst", unit="KE", reason=marker("change"))
    hq.organisation.revoke(row.device, marker("deed.reason"))
    sync(hq, dcc, chief)


def seen_and_heard(world: World) -> None:
    """Seal a concern with a picture and a voice note; a marker stands in each."""
    planter, chief = world.planter, world.chief
    draft = chief.records.new_draft("concern", fields=planter.fill("concern", OPEN["other"])).id
    chief.media.add_photo(draft, "pictures", photo() + planter.marker("picture").encode())
    world.sound = SOUND + planter.marker("voice note").encode()
    chief.media.add_audio(draft, "voice_note", world.sound, 3)
    world.shown = chief.records.seal(draft)


def deliver_by_command_line(world: World) -> None:
    """Let the phone's own commands run beside the app; keep what they print."""
    phone = processes(world.phone)
    told: list[Outcome] = []
    document = world.planter.fill("concern", OPEN["theft"])
    told.append(phone("record", "new", "concern", given=json.dumps({"fields": document})))
    told += [phone(word) for word in ("status", "sync", "verify", "diagnose", "status")]
    assert [outcome.code for outcome in told] == [0] * len(told), told[3].out
    world.printed = phone.printed


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        sealed: list[bytes] = []
        seal = RowCipher.seal

        def remembering(self: RowCipher, plaintext: bytes, aad: bytes) -> bytes:
            sealed.append(plaintext)
            return seal(self, plaintext, aad)

        patch.setattr(RowCipher, "seal", remembering)
        found = make_world(tmp_path_factory.mktemp("world"), stack)
        found.sealed_at_hq = sealed
        record_everything(found)
        sync(found.chief, found.hq)
        talk(found)
        deliver_by_command_line(found)
        found.phone_before_receipts = {str(path): raw for path, raw in files_below(found.phone)}
        sync(found.dcc, *found.desks.values(), found.hq, found.chief)
        yield found


def test_a_marker_stands_in_every_field_that_can_hold_text(world: World) -> None:
    planted = set(world.planter.planted.values())
    alike = [declared.key for declared in recorded_alike()]
    assert len(alike) >= 17
    for key in ("meeting", "concern", "unit", "officer", *alike):
        assert every_text_field(key) - planted == set()


def test_a_marker_stands_in_what_offices_and_officers_say_to_each_other(world: World) -> None:
    """What the markers were planted in reached those whom it was for."""
    planted = world.planter.planted
    places = ("query.question", "query.answer", "notice.title", "notice.text", "source.contact")
    assert {*places, "deed.reason"} <= set(planted.values())
    for services in (world.dcc, world.chief):
        (query,) = services.answers.of_record(world.told)
        assert {planted[query.question], planted[query.answer or ""]} == set(places[:2])
        assert [planted[one.title] for one in services.answers.notices()] == ["notice.title"]
    assert [one.contact for one in world.dcc.sources.of_record(world.told)] == [world.contact]
    for services in (world.hq, world.chief):
        assert services.sources.of_record(world.told) == []
    assert world.hq.answers.of_record(world.told) == []
    deeds = world.hq.records.find(type_key="deed")[0]
    reasons = {world.hq.records.show(row.id).fields["reason"] for row in deeds}
    assert {planted[str(reason)] for reason in reasons} == {"change", "deed.reason"}


def test_the_server_holds_no_marker(world: World) -> None:
    files = list(files_below(world.server.data))
    assert {path.name for path, _ in files} >= {"server.db", "server.key"}
    for path, raw in files:
        assert found_in(world.planter.planted, raw) == set(), path
    assert found_in(world.planter.planted, "\n".join(world.server.lines).encode()) == set()


def test_the_traffic_holds_no_marker_not_even_deflated(world: World) -> None:
    planted = world.planter.planted
    for way in (world.proxy.up, world.proxy.down):
        assert len(way) > 20_000
        assert found_in(planted, bytes(way)) == set()
        texts = list(inflated(bytes(way)))
        assert any(b'"k":"invite"' in text for text in texts), "the search does inflate"
        for text in texts:
            assert found_in(planted, text) == set()


def test_the_phone_holds_no_marker(world: World) -> None:
    now = {str(path): raw for path, raw in files_below(world.phone)}
    for files in (world.phone_before_receipts, now):
        assert {Path(name).name for name in files} >= {"vault.db", "vault.key"}
        for name, raw in files.items():
            assert found_in(world.planter.planted, raw) == set(), name


def test_no_command_prints_what_it_was_not_asked_to_show(world: World) -> None:
    assert found_in(world.planter.planted, "\n".join(world.printed).encode()) == set()


def concerns(services: Services) -> list[str]:
    rows, _ = services.records.find(type_key="concern", limit=None)
    return [json.dumps(dict(services.records.show(row.id).fields)) for row in rows]


def meetings(services: Services) -> list[str]:
    rows, _ = services.records.find(type_key="meeting", limit=None)
    return [json.dumps(dict(services.records.show(row.id).fields)) for row in rows]


def test_only_readers_see_and_hear_what_a_record_holds(world: World) -> None:
    for services in (world.dcc, world.hq):
        seen, heard = services.media.of_record(world.shown)
        assert services.media.read(heard.id) == world.sound
        assert len(services.media.read(seen.id)) == seen.bytes
    size = sum(one.bytes for one in world.hq.media.of_record(world.shown))
    held = [len(raw) for path, raw in files_below(world.server.data) if len(path.name) == 64]
    assert sum(held) == size + 16 * len(held)


def test_each_desk_opens_its_own_concerns_and_no_other(world: World) -> None:
    for desk, services in world.desks.items():
        categories = {json.loads(text)["category"] for text in concerns(services)}
        assert categories == {RESTRICTED[desk]["category"]}, desk


def test_the_desks_read_every_word_that_was_written_for_them(world: World) -> None:
    planted = world.planter.planted
    for desk, services in world.desks.items():
        (text,) = concerns(services)
        assert found_in(planted, text.encode()) == found_in(planted, world.written[desk].encode())
    assert len(meetings(world.desks["csic"])) == 1


def test_no_admin_office_opens_a_restricted_record(world: World) -> None:
    secret = {fields["category"] for fields in RESTRICTED.values()}
    for services in (world.hq, world.dcc):
        shown = {json.loads(text)["category"] for text in concerns(services)}
        assert shown == set(OPEN)
        assert not shown & secret
    assert {json.loads(text)["classification"] for text in meetings(world.dcc)} == {
        "open",
        "confidential",
    }


def test_the_author_keeps_number_day_and_status(world: World) -> None:
    for record in world.restricted.values():
        left = world.chief.records.show(record)
        assert (left.fields, left.history) == ({}, [])
        assert left.updated_at_ms > 0
        assert {tick.stage: tick.at_ms is not None for tick in left.ticks} == {
            "server": True,
            "hq": True,
        }


def test_an_export_of_headquarters_holds_no_restricted_marker(world: World, tmp_path: Path) -> None:
    world.hq.transfer.export(tmp_path, "csv", pin=PIN, identities=True)
    world.hq.transfer.export(tmp_path, "jsonl", pin=PIN, identities=True)
    own = {text for services in world.desks.values() for text in concerns(services)}
    own |= set(meetings(world.desks["csic"]))
    restricted = {
        marker: place
        for marker, place in world.planter.planted.items()
        if any(marker in text for text in own)
    }
    assert len(restricted) > 40
    exported = b"".join(raw for _, raw in files_below(tmp_path))
    assert found_in(world.planter.planted, exported) != set()
    assert found_in(restricted, exported) == set()
    store = b"".join(raw for path, raw in files_below(world.folder / "hq") if "hq.db" in path.name)
    assert store
    assert found_in(restricted, store) == set()


def test_the_home_of_headquarters_holds_no_root_key_and_no_key_of_a_desk(world: World) -> None:
    """Neither in its files nor in anything that its vault ever sealed."""
    shares = world.folder / "shares"
    keys = [
        base64.b64decode(json.loads((shares / f"root-key-{number}.json").read_text())["key"])
        for number in (1, 2, 3)
    ]
    for name, desk in world.desks.items():
        work = desk.access.workspace()
        with work.vault.reading() as tx:
            held = [row.private for row in tx.office_keys.all()]
        assert held, name
        keys += held
    assert all(len(key) == 32 for key in keys)
    files = b"".join(raw for _, raw in files_below(world.folder / "hq"))
    own = world.hq.access.workspace()
    with own.vault.reading() as tx:
        in_vault = [row.private for row in tx.office_keys.all()]
        in_vault += [tx.meta.get("directory_key") or b"", tx.meta.get("device_keys") or b""]
    assert len(in_vault) >= 3
    for key in keys:
        for disguise in (key, base64.b64encode(key)[:-4], key.hex().encode()):
            assert disguise not in files
            assert not any(disguise in kept for kept in in_vault)


def test_the_first_epoch_of_each_desk_was_never_sealed_into_the_vault_of_headquarters(
    world: World,
) -> None:
    """What ``hq init`` made for a desk was in no row that headquarters ever wrote."""
    assert world.sealed_at_hq
    for name, desk in world.desks.items():
        with desk.access.workspace().vault.reading() as tx:
            first = min(tx.office_keys.all(), key=lambda row: row.epoch)
        rows = [raw for raw in world.sealed_at_hq if first.private in raw]
        assert len(rows) == 1, f"{name}: sealed once, by the desk itself"
