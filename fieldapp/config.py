"""Settings of the field app: one frozen dataclass, one order of precedence.

Laws:
  * flag > ``FIELDAPP_*`` variable > TOML file > default; the first one found wins, per setting.
  * Every setting is one field of ``Settings`` with its unit in its name and its meaning in the
    field's metadata; docs/SETTINGS.md is compared with this list by a test.
  * The PIN is never a setting: it comes from ``FIELDAPP_PIN`` or a prompt and is kept nowhere.
  * Reading settings changes nothing: environment and file text are handed in.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from fieldapp.errors import ConfigError

ENVIRONMENT_PREFIX = "FIELDAPP_"
LANGUAGES = frozenset({"", "en", "sw"})


def _setting(default: Any, meaning: str) -> Any:
    return field(default=default, metadata={"meaning": meaning})


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting of the field app with its default."""

    home: str = _setting("", "folder of the vault; empty means the platform's data folder")
    language: str = _setting("", "en or sw; empty means the officer's own choice, English first")
    port: int = _setting(0, "port of the local window; 0 takes any free one")
    sync_byte_budget: int = _setting(262_144, "most bytes one answer of the server may carry")
    media_byte_budget: int = _setting(
        2_000_000, "most bytes of pictures and sounds that one sync moves, after all text; 0: none"
    )
    fetch_media: bool = _setting(
        default=False,
        meaning="fetch the pictures and sounds of received records at each sync, not when opened",
    )
    connect_timeout_seconds: int = _setting(20, "longest wait for a connection, sized for 2G")
    read_timeout_seconds: int = _setting(60, "longest silence of a server before giving up")
    autolock_seconds: int = _setting(
        60, "idle time after which the app locks itself; 0 also locks it when it leaves the front"
    )
    allow_short_pin: bool = _setting(
        default=False,
        meaning="accept six digits from every role; only for the demo and tests",
    )
    lasting_link: bool = _setting(
        default=False,
        meaning="let the address open the window more than once; only for the demo and tests",
    )
    return_day: int = _setting(5, "day of the next month by which a monthly return is expected")
    log_bytes: int = _setting(1_000_000, "size of one log file; three are kept")


def _convert(name: str, raw: object, default: object) -> object:
    """Turn a raw setting into the type of its default, or say which setting is wrong."""
    if isinstance(default, bool):
        return raw if isinstance(raw, bool) else _yes_or_no(name, str(raw))
    if isinstance(default, int):
        return _whole_number(name, str(raw))
    if name == "language" and raw not in LANGUAGES:
        raise ConfigError("invalid_setting", setting=name, reason="en_or_sw")
    return str(raw)


def _yes_or_no(name: str, raw: str) -> bool:
    lowered = raw.strip().lower()
    if lowered in {"1", "true", "yes"}:
        return True
    if lowered in {"", "0", "false", "no"}:
        return False
    raise ConfigError("invalid_setting", setting=name, reason="boolean")


def _whole_number(name: str, raw: str) -> int:
    try:
        number = int(raw)
    except ValueError as problem:
        raise ConfigError("invalid_setting", setting=name, reason="number") from problem
    if number < 0:
        raise ConfigError("invalid_setting", setting=name, reason="number")
    return number


def load_settings(
    *,
    flags: Mapping[str, object] | None = None,
    environment: Mapping[str, str] | None = None,
    toml_text: str = "",
) -> Settings:
    """Merge flags, variables, file and defaults.

    Args:
        flags: values given on the command line; None values are not given.
        environment: the process environment; only ``FIELDAPP_*`` names are read.
        toml_text: the text of the settings file, empty where there is none.

    Raises:
        ConfigError: a value of the wrong kind, an unknown name in the file, or a file
            that is not TOML.
    """
    try:
        file_values = tomllib.loads(toml_text)
    except tomllib.TOMLDecodeError as problem:
        raise ConfigError("invalid_setting", setting="file", reason="toml") from problem
    known = {entry.name for entry in fields(Settings)}
    for name in file_values:
        if name not in known:
            raise ConfigError("invalid_setting", setting=name, reason="unknown")
    given = flags or {}
    variables = environment or {}
    chosen: dict[str, Any] = {}
    for entry in fields(Settings):
        variable = ENVIRONMENT_PREFIX + entry.name.upper()
        if given.get(entry.name) is not None:
            raw: object = given[entry.name]
        elif variable in variables:
            raw = variables[variable]
        elif entry.name in file_values:
            raw = file_values[entry.name]
        else:
            continue
        chosen[entry.name] = _convert(entry.name, raw, entry.default)
    return Settings(**chosen)
