"""A small organisation made by the services themselves, at the real server without HTTP.

    hq      KE/admin                    hq_admin
    dcc     KE-005-S022/admin           sub-county administrator, confirmed
    chief   Mkomani/admin               chief of Mkomani in Lamu West

Everything lies in one folder, which a test may copy. Clock and links are the test's.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from fieldapp.crypto.passphrase_box import KdfParams
from fieldapp.domain.clock import BUILD_MS
from fieldapp.domain.gazetteer import Gazetteer, parse
from fieldapp.errors import FieldAppError
from fieldapp.i18n.assets import UNITS, asset_text
from fieldapp.protocol.media import Held, MediaService
from fieldapp.protocol.service import ServerInfo, SyncService
from fieldapp.services.facade import Services
from fieldapp.services.opening import Environment
from fieldapp.services.places import Places
from fieldapp.services.ports import NoPlatformKeys, PlatformKeys
from fieldapp.services.preferences import PreferenceFile
from fieldapp.storage.app_log import AppLog
from fieldapp.storage.home import Home
from sync_server.exchange.service import Exchange
from tests.support.fakes import FakeClock, SeededChance
from tests.support.server import make_exchange

PIN = "246810"
OFFICER = {"hq": "Chebet Langat", "dcc": "Brian Otieno", "chief": "Amina Bakari"}
LAMU_WEST = "KE-005-S022"
WARD = "KE-005-W0105"
START_MS = BUILD_MS + 40 * 24 * 60 * 60 * 1000
CHEAP = KdfParams(memory_kib=8, passes=1)
SERVER_URL = "http://127.0.0.1:8400"
Answer = TypeVar("Answer")

_GAZETTEER: list[Gazetteer] = []


def gazetteer() -> Gazetteer:
    """The shipped places, read once."""
    if not _GAZETTEER:
        _GAZETTEER.append(parse(asset_text(UNITS)))
    return _GAZETTEER[0]


@dataclass
class Link:
    """A way to the server that a test can cut, or make lose answers.

    Attributes:
        failure: raised instead of asking the server.
        lost: raised after the server did what it was asked.
        during: called while the network is waited for.
    """

    service: SyncService
    media: MediaService
    failure: FieldAppError | None = None
    lost: FieldAppError | None = None
    during: Callable[[], None] | None = None
    asked: list[str] = field(default_factory=list)

    def _ask(self, name: str, call: Callable[..., Answer], *args: bytes) -> Answer:
        self.asked.append(name)
        if self.during is not None:
            self.during()
        if self.failure is not None:
            raise self.failure
        answer = call(*args)
        if self.lost is not None:
            raise self.lost
        return answer

    def sync(self, request: bytes) -> bytes:
        """Pass a request on."""
        return self._ask("sync", self.service.sync, request)

    def put_invite(self, invite_id: bytes, token: bytes, packet: bytes) -> None:
        """Pass a packet on."""
        self._ask("put_invite", self.service.put_invite, invite_id, token, packet)

    def get_invite(self, invite_id: bytes, token: bytes) -> bytes:
        """Fetch a packet."""
        return self._ask("get_invite", self.service.get_invite, invite_id, token)

    def claim_server(self, token: bytes, root_batch: bytes) -> bytes:
        """Pass a claim on."""
        return self._ask("claim_server", self.service.claim_server, token, root_batch)

    def info(self) -> ServerInfo:
        """Ask who it is."""
        return self._ask("info", self.service.info)

    def ask_chunk(self, ticket: bytes) -> Held:
        """Ask what is held of a chunk."""
        return self._ask("ask_chunk", self.media.ask_chunk, ticket)

    def put_chunk(self, ticket: bytes, piece: bytes) -> Held:
        """Pass a piece on."""
        return self._ask("put_chunk", self.media.put_chunk, ticket, piece)

    def get_chunk(self, ticket: bytes) -> bytes:
        """Fetch a chunk."""
        return self._ask("get_chunk", self.media.get_chunk, ticket)


@dataclass
class TestEnvironment:
    """What bootstrap would have chosen."""

    __test__ = False

    home: Home
    clock: FakeClock
    chance: SeededChance
    link: Link
    may_be_short: bool = True
    kdf: KdfParams = CHEAP
    pin_kdf: KdfParams = CHEAP
    platform_keys: PlatformKeys = field(default_factory=NoPlatformKeys)
    pull_bytes: int = 262_144
    media_bytes: int = 2_000_000
    fetches_media: bool = False

    @property
    def log(self) -> AppLog:
        """The app's own log."""
        return AppLog(self.home.logs, 1_000_000, self.clock.now_ms)

    def connect(self, url: str) -> SyncService:
        """The one server there is."""
        del url
        return self.link

    def wait(self, seconds: float) -> None:
        """Let the test's time pass."""
        self.clock.wait(seconds)

    def new_places(self) -> Places:
        """The shipped places."""
        return Places(gazetteer())


class Country:
    """The homes of an organisation around one server, all in one folder."""

    def __init__(self, folder: Path, now_ms: int = START_MS) -> None:
        self.folder = folder
        self.clock = FakeClock(now_ms)
        self.exchange: Exchange = make_exchange(
            f"sqlite:///{folder / 'server.db'}", clock=self.clock.now_ms
        )
        self.shelf = self.exchange.open_shelf(folder / "media", 0)
        self.link = Link(self.exchange, self.shelf)
        self.opened: list[Services] = []
        self._made = 0

    def close(self) -> None:
        """Let go of every home and of the server."""
        for services in self.opened:
            services.close()
        self.exchange.close()

    def environment(self, name: str) -> Environment:
        """What a home's services see of the world; no two draw the same chances."""
        home = Home(self.folder / name)
        self._made += 1
        chance = SeededChance(f"{self.folder.name} {name} {self._made}")
        return TestEnvironment(home, self.clock, chance, self.link)

    def build(self, name: str) -> Services:
        """Services of a home, as a process of their own would have them."""
        preferences = PreferenceFile(self.folder / name / "preferences.json", autolock_seconds=60)
        services = Services(self.environment(name), preferences)
        self.opened.append(services)
        return services

    def unlocked(self, name: str) -> Services:
        """An unlocked home."""
        services = self.build(name)
        services.access.unlock(PIN)
        return services

    def sync(self, *services: Services) -> None:
        """Let homes sync one after the other; none may fail."""
        for one in services:
            report = one.syncing.sync()
            assert report.error is None, report.error

    @property
    def mkomani(self) -> str:
        """The unit of the chief."""
        found: dict[str, Any] = json.loads((self.folder / "facts.json").read_text())
        return str(found["mkomani"])

    @property
    def phrases(self) -> dict[str, str]:
        """The eight words of each desk's hand-over file."""
        found: dict[str, Any] = json.loads((self.folder / "facts.json").read_text())
        return dict(found["phrases"])

    def found(self) -> None:
        """Make the organisation."""
        hq, dcc, chief = (self.build(name) for name in ("hq", "dcc", "chief"))
        token = self.exchange.claim_token()
        made = hq.organisation.init(
            SERVER_URL, token, "Interior", self.folder / "shares", OFFICER["hq"], PIN
        )
        mkomani = hq.organisation.add_unit(LAMU_WEST, "location", "Mkomani", WARD)
        for unit in (LAMU_WEST, mkomani):
            hq.organisation.create_office(unit)
        for services, name, unit, role in (
            (dcc, "dcc", LAMU_WEST, "dcc_admin"),
            (chief, "chief", mkomani, "chief"),
        ):
            invite = hq.organisation.invite(unit, role)
            services.access.enrol(invite.packet_text, OFFICER[name], PIN)
        self.sync(hq, dcc, chief, hq)
        for row in hq.organisation.devices():
            if row.role == "dcc_admin":
                hq.organisation.confirm(row.device, row.words or "")
        self.sync(hq, dcc, chief, hq)
        facts = {"mkomani": mkomani, "phrases": dict(made.handover_phrases)}
        (self.folder / "facts.json").write_text(json.dumps(facts))


def copied(template: Path, folder: Path) -> Country:
    """Open a copy of an organisation that was made before."""
    shutil.copytree(template, folder)
    return Country(folder)


def make_template(folder: Path) -> Path:
    """Make an organisation once, to be copied by many tests."""
    country = Country(folder)
    country.found()
    country.close()
    return folder
