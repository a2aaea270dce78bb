"""The composition root: clock, chance, paths and the way to a server are chosen here only.

Laws:
  * Nothing else in the app reads the machine's clock, its random source, its environment or the
    platform's folders.
  * Building the services opens nothing: a vault opens by its PIN.
"""

from __future__ import annotations

import os
import random
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from fieldapp.config import Settings, load_settings
from fieldapp.crypto.keystore import DEFAULT_PARAMS, PIN_PARAMS, KdfParams
from fieldapp.domain.gazetteer import Gazetteer, parse
from fieldapp.errors import ConfigError, HomeBusyError
from fieldapp.i18n.assets import UNITS, asset_text
from fieldapp.protocol.service import SyncService
from fieldapp.services.facade import Services
from fieldapp.services.phone import Phone
from fieldapp.services.places import Places
from fieldapp.services.ports import (
    Chance,
    Clock,
    NoPlatformKeys,
    PlatformKeys,
    ServerFactory,
)
from fieldapp.services.preferences import PreferenceFile
from fieldapp.storage.app_log import AppLog
from fieldapp.storage.database import held_alone
from fieldapp.storage.failures import disk_errors
from fieldapp.storage.home import Home, default_root
from fieldapp.storage.phone import phone_root
from fieldapp.sync.transport import HTTPTransport, TimeoutPolicy

SETTINGS_FILE = "settings.toml"
DEMO_FOLDER = "demo"


class SystemClock:
    """The machine's own clock."""

    def now_ms(self) -> int:
        """UTC milliseconds, as this machine believes."""
        return time.time_ns() // 1_000_000


class SystemChance:
    """The operating system's random source."""

    def token(self, count: int) -> bytes:
        """Return ``count`` random bytes."""
        return secrets.token_bytes(count)


@dataclass(slots=True)
class HomeEnvironment:
    """What was chosen for one home."""

    home: Home
    connect: ServerFactory
    may_be_short: bool
    clock: Clock = field(default_factory=SystemClock)
    chance: Chance = field(default_factory=SystemChance)
    platform_keys: PlatformKeys = field(default_factory=NoPlatformKeys)
    kdf: KdfParams = DEFAULT_PARAMS
    pin_kdf: KdfParams = PIN_PARAMS
    pull_bytes: int = 262_144
    log_bytes: int = 1_000_000
    media_bytes: int = 2_000_000
    fetches_media: bool = False
    _gazetteer: Gazetteer | None = None

    @property
    def log(self) -> AppLog:
        """The app's own log, in the home."""
        return AppLog(self.home.logs, self.log_bytes, self.clock.now_ms)

    def wait(self, seconds: float) -> None:
        """Let time pass between two tries of a sync."""
        time.sleep(seconds)

    def new_places(self) -> Places:
        """Names of the shipped places, to be filled with a vault's own."""
        if self._gazetteer is None:
            self._gazetteer = parse(asset_text(UNITS))
        return Places(self._gazetteer)


def default_home() -> Path:
    """The platform's data folder for this person."""
    return default_root(sys.platform, os.environ, Path.home())


def read_settings(*, home: Path | None = None, port: int | None = None) -> Settings:
    """Merge flags, environment and the home's settings file.

    Raises:
        ConfigError: a setting has a wrong value, or the file cannot be read.
    """
    flags: dict[str, object] = {"home": None if home is None else str(home), "port": port}
    folder = Path(load_settings(flags=flags, environment=os.environ).home or default_home())
    flags["home"] = str(folder)
    file = folder / SETTINGS_FILE
    try:
        text = file.read_text(encoding="utf-8") if file.exists() else ""
    except (OSError, UnicodeDecodeError) as problem:
        raise ConfigError("file_unreadable", file=SETTINGS_FILE) from problem
    return load_settings(flags=flags, environment=os.environ, toml_text=text)


def server_factory(settings: Settings) -> ServerFactory:
    """Make transports with this home's patience."""

    def connect(url: str) -> SyncService:
        timeouts = TimeoutPolicy(
            connect_seconds=float(settings.connect_timeout_seconds),
            read_seconds=float(settings.read_timeout_seconds),
        )
        return HTTPTransport(url, timeouts=timeouts)

    return connect


def build_services(settings: Settings) -> Services:
    """Wire the services of a home; opens nothing."""
    home = Home(Path(settings.home))
    environment = HomeEnvironment(
        home=home,
        connect=server_factory(settings),
        may_be_short=settings.allow_short_pin,
        pull_bytes=settings.sync_byte_budget,
        log_bytes=settings.log_bytes,
        media_bytes=settings.media_byte_budget,
        fetches_media=settings.fetch_media,
    )
    preferences = PreferenceFile(
        home.root / "preferences.json",
        autolock_seconds=settings.autolock_seconds,
        language=settings.language,
    )
    return Services(environment, preferences, return_day=settings.return_day)


def build_phone(settings: Settings) -> Phone:
    """Wire the homes of a device that several officers share; opens nothing."""
    return Phone(
        Path(settings.home), lambda root: build_services(replace(settings, home=str(root)))
    )


@contextmanager
def claim_window(settings: Settings) -> Iterator[None]:
    """Hold a home, and all others on its phone, for the one window that serves them.

    Raises:
        HomeBusyError: another window serves it.
    """
    with Home(phone_root(Home(Path(settings.home)))).held(os.getpid()):
        yield


def demo_folder(home: Path | None) -> Path:
    """Where the demo keeps its homes."""
    return (home or default_home()) / DEMO_FOLDER


@contextmanager
def claim_demo(folder: Path) -> Iterator[None]:
    """Hold the demo's folder, which may be thrown away meanwhile.

    Raises:
        ConfigError: a demo has it already.
        StorageError: the disk is full or refuses.
    """
    with disk_errors(), ExitStack() as held:
        folder.parent.mkdir(parents=True, exist_ok=True)
        try:
            held.enter_context(held_alone(folder.with_name(folder.name + ".lock")))
        except HomeBusyError as problem:
            raise ConfigError("demo_running") from problem
        yield


def demo_settings(home: Path) -> Settings:
    """Settings of one of the demo's homes: six digits will do there."""
    return load_settings(flags={"home": str(home), "allow_short_pin": True})


def seeded_chance(seed: int) -> random.Random:
    """A source of chance that gives the same invented records each time; never for keys."""
    return random.Random(seed)  # noqa: S311
