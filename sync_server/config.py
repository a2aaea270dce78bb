"""Settings of the sync server: one frozen dataclass, one order of precedence.

Laws:
  * flag > ``SYNC_SERVER_*`` variable > TOML file > default; the first one found wins, per setting.
  * Every setting is one field of ``Settings`` with its unit in its name and its meaning in the
    field's metadata; docs/SETTINGS.md is compared with this list by a test.
  * Reading settings changes nothing: environment, flags and file text are handed in.
  * A wrong value names its setting and never repeats the value (a URL may hold a password).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final

from fieldapp.errors import ConfigError
from fieldapp.protocol.limits import MAX_INVITE_PACKET_BYTES, MAX_REQUEST_BYTES

ENVIRONMENT_PREFIX: Final = "SYNC_SERVER_"
DATABASE_FILE: Final = "server.db"
KEY_FILE: Final = "server.key"
LOG_FILE: Final = "server.log"
MEDIA_FOLDER: Final = "media"
HIGHEST_PORT: Final = 65_535


def _setting(default: Any, meaning: str) -> Any:
    return field(default=default, metadata={"meaning": meaning})


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting of the sync server with its default."""

    data: str = _setting(
        "", "folder of the database, the signing key and the log; empty means the platform's own"
    )
    database_url: str = _setting(
        "", "postgresql:// address; empty means SQLite in the data folder, with nothing to set up"
    )
    host: str = _setting("127.0.0.1", "address to listen on; put a TLS proxy before any other")
    port: int = _setting(8400, "port to listen on; 0 takes any free one")
    max_request_bytes: int = _setting(MAX_REQUEST_BYTES, "largest body of one sync request")
    max_answer_bytes: int = _setting(1_048_576, "largest page of batches in one answer")
    max_invite_bytes: int = _setting(MAX_INVITE_PACKET_BYTES, "largest sealed invite packet")
    max_database_bytes: int = _setting(
        0, "size at which the SQLite file counts as full; 0 means as large as the disk"
    )
    max_media_bytes: int = _setting(
        0,
        "room for pictures and sounds; 0 means as large as the disk. Text is never refused for it",
    )
    clock_tolerance_seconds: int = _setting(
        600, "how far a request's time may be off before a pull is put off"
    )
    deposits_per_minute: int = _setting(
        1_200, "batches that one address may deposit in a minute without naming its device"
    )
    open_requests_per_address: int = _setting(
        16, "requests with a body that one address may have open at once; 0 means any number"
    )
    log_bytes: int = _setting(1_000_000, "size of one log file; three are kept")

    @property
    def folder(self) -> Path:
        """The data folder."""
        return Path(self.data)

    @property
    def media_folder(self) -> Path:
        """The folder of pictures and sounds."""
        return self.folder / MEDIA_FOLDER

    @property
    def url(self) -> str:
        """The database address that SQLAlchemy opens."""
        if self.database_url:
            return "postgresql+psycopg://" + self.database_url.partition("://")[2]
        return f"sqlite:///{self.folder / DATABASE_FILE}"


def default_folder(environment: Mapping[str, str], home: Path) -> Path:
    """Return the platform's own place for the server's data.

    Args:
        environment: the process environment.
        home: the home folder of the account.
    """
    if local := environment.get("LOCALAPPDATA"):
        return Path(local) / "Baraza" / "server"
    base = environment.get("XDG_DATA_HOME")
    return (Path(base) if base else home / ".local" / "share") / "baraza-server"


def _whole_number(name: str, raw: object) -> int:
    try:
        number = int(str(raw))
    except ValueError as problem:
        raise ConfigError("invalid_setting", setting=name, reason="not a number") from problem
    if number < 0 or (name == "port" and number > HIGHEST_PORT):
        raise ConfigError("invalid_setting", setting=name, reason="out of range")
    return number


def _check_url(url: str) -> None:
    scheme, found, rest = url.partition("://")
    if scheme.split("+")[0] not in {"postgresql", "postgres"} or not found or not rest:
        raise ConfigError(
            "invalid_setting", setting="database_url", reason="must start with postgresql://"
        )


def _file_values(toml_text: str) -> dict[str, Any]:
    try:
        values = tomllib.loads(toml_text)
    except tomllib.TOMLDecodeError as problem:
        raise ConfigError("invalid_setting", setting="config", reason="not TOML") from problem
    known = {entry.name for entry in fields(Settings)}
    for name in values:
        if name not in known:
            raise ConfigError("invalid_setting", setting=name, reason="no such setting")
    return values


def load_settings(
    *,
    flags: Mapping[str, object] | None = None,
    environment: Mapping[str, str] | None = None,
    toml_text: str = "",
) -> Settings:
    """Merge flags, variables, file and defaults.

    Args:
        flags: values given on the command line; None values are not given.
        environment: the process environment; only ``SYNC_SERVER_*`` names are read.
        toml_text: the text of the settings file, empty where there is none.

    Raises:
        ConfigError: a value of the wrong kind, an unknown name in the file, a file that is not
            TOML, or a database address that is not PostgreSQL's.
    """
    variables = environment or {}
    layers: tuple[Mapping[str, object], ...] = (
        {name: value for name, value in (flags or {}).items() if value is not None},
        {
            entry.name: variables[ENVIRONMENT_PREFIX + entry.name.upper()]
            for entry in fields(Settings)
            if ENVIRONMENT_PREFIX + entry.name.upper() in variables
        },
        _file_values(toml_text),
    )
    chosen: dict[str, Any] = {}
    for entry in fields(Settings):
        raw = next((layer[entry.name] for layer in layers if entry.name in layer), None)
        if raw is not None:
            number = isinstance(entry.default, int)
            chosen[entry.name] = _whole_number(entry.name, raw) if number else str(raw)
    settings = Settings(**chosen)
    if settings.database_url:
        _check_url(settings.database_url)
    return settings
