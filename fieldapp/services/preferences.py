"""What an officer chose about the app itself, readable before the vault is open.

Laws:
  * Language, brightness, text size and the idle time only: nothing that tells on a person.
  * A damaged file is as good as none; choosing again mends it.
  * A language that the settings name wins over the officer's choice, and is never kept.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from fieldapp.storage.failures import disk_errors
from fieldapp.storage.files import write_whole

THEMES = ("light", "dark", "system")
MIN_TEXT_SCALE = 0.8
MAX_TEXT_SCALE = 2.0


@dataclass(frozen=True, slots=True)
class Preferences:
    """The choices; an empty language means that nobody chose yet."""

    language: str = ""
    theme: str = "system"
    text_scale: float = 1.0
    autolock_seconds: int = 60


class PreferenceFile:
    """The choices in one small file of the home."""

    def __init__(self, path: Path, *, autolock_seconds: int, language: str = "") -> None:
        self._path = path
        self._language = language
        self._default = Preferences(autolock_seconds=autolock_seconds)

    def read(self) -> Preferences:
        """Return the choices in force, the defaults for the rest."""
        kept = self._kept()
        return replace(kept, language=self._language) if self._language else kept

    def _kept(self) -> Preferences:
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return self._default
        if not isinstance(found, dict):
            return self._default
        usable = {name: found[name] for name in asdict(self._default) if _fits(name, found)}
        return replace(self._default, **usable)

    def change(self, **choices: Any) -> None:  # noqa: ANN401  one of the four kinds of choice
        """Keep some choices."""
        chosen = replace(self._kept(), **choices)
        with disk_errors():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self._path, json.dumps(asdict(chosen)).encode())


def _fits(name: str, found: dict[str, Any]) -> bool:
    """Whether a stored choice has the kind and range it must have."""
    value = found.get(name)
    if name == "theme":
        return value in THEMES
    if name == "text_scale":
        good = isinstance(value, int | float) and not isinstance(value, bool)
        return good and MIN_TEXT_SCALE <= float(str(value)) <= MAX_TEXT_SCALE
    if name == "autolock_seconds":
        return isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return isinstance(value, str)
