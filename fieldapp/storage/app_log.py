"""The app's own log: JSON lines in three small files, to be shared with whoever helps.

    {"at": "2026-11-22T09:30:00+03:00", "event": "sync", "code": "offline", "sent": 0}

Laws:
  * A line holds an instant, an event, whole numbers, a code of the program, the name of a command
    and the place of a fault. A value, a name, a key, a PIN or a path of the device has no place
    in it: whatever is not one of ours is written as "other", and read back as nothing.
  * Three files of a limited size are kept, readable by their owner only; the oldest goes.
  * A log that cannot be written stops nothing, and none is begun where there is no home.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from fieldapp.domain.clock import instant_text
from fieldapp.errors import all_codes
from fieldapp.protocol.error_codes import error_codes
from fieldapp.storage.files import OWNER_ONLY, make_private_folder

EVENTS: Final = frozenset(
    {"command", "enrol", "export", "fault", "forget_pin", "start", "sync", "sync_alarm", "unlock"}
    | {"withdrawn"}
)
FILES: Final = 3
TAIL_LINES: Final = 20
OTHER: Final = "other"
_CODES: Final = all_codes() | {row.name for row in error_codes()}
_FAULT: Final = re.compile(r"[0-9A-F]{4}-[0-9A-F]{4}")
_COMMAND: Final = re.compile(r"[a-z]{2,12}( [a-z-]{2,12}){0,2}")
_PLACE: Final = re.compile(r"[a-z_]{1,40}\.py:\d{1,5}")
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]{8,15}\+03:00")
_NUMBER_NAME: Final = re.compile(r"[a-z_]{1,24}")


class AppLog:
    """The log of one home.

    Args:
        folder: where its files lie, below a home that exists.
        limit_bytes: the size at which a file is followed by the next.
        now_ms: the device's clock.
    """

    def __init__(self, folder: Path, limit_bytes: int, now_ms: Callable[[], int]) -> None:
        self._folder = folder
        self._limit = limit_bytes
        self._now_ms = now_ms

    def note(
        self, event: str, *, code: str = "", command: str = "", place: str = "", **counts: int
    ) -> None:
        """Write one line."""
        words = {"event": event, "code": code, "command": command, "place": place}
        line = {"at": instant_text(self._now_ms())}
        line |= {name: _safe(name, word) for name, word in words.items() if word}
        text = json.dumps(line | {name: int(count) for name, count in counts.items()})
        with suppress(OSError):
            self._write(text + "\n")

    def tail(self, most: int = TAIL_LINES) -> list[dict[str, Any]]:
        """Return the newest lines, oldest first; what is no line of ours is left out."""
        found: list[dict[str, Any]] = []
        for number in range(FILES):
            with suppress(OSError):
                raw = self._file(number).read_text(encoding="utf-8", errors="replace")
                found = [*_lines(raw), *found]
            if len(found) >= most:
                break
        return found[-most:]

    def _write(self, line: str) -> None:
        if not self._folder.parent.is_dir():
            return
        make_private_folder(self._folder)
        path = self._file(0)
        if path.exists() and path.stat().st_size + len(line) > self._limit:
            for number in reversed(range(1, FILES)):
                if self._file(number - 1).exists():
                    self._file(number - 1).replace(self._file(number))
        descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, OWNER_ONLY)
        with os.fdopen(descriptor, "a", encoding="utf-8", newline="\n") as file:
            file.write(line)

    def _file(self, number: int) -> Path:
        return self._folder / (f"app.{number}.jsonl" if number else "app.jsonl")


def _is_ours(name: str, word: str) -> bool:
    if name == "code":
        return word in _CODES or _FAULT.fullmatch(word) is not None
    if name == "event":
        return word in EVENTS
    pattern = {"at": _INSTANT, "command": _COMMAND, "place": _PLACE}.get(name)
    return pattern is not None and pattern.fullmatch(word) is not None


def _safe(name: str, word: str) -> str:
    return word if _is_ours(name, word) else OTHER


def _lines(raw: str) -> Iterator[dict[str, Any]]:
    """Yield what can be shown of each line."""
    for text in raw.splitlines():
        try:
            line = json.loads(text)
        except (ValueError, RecursionError):
            continue
        if isinstance(line, dict):
            yield {name: value for name, value in line.items() if _may_show(name, value)}


def _may_show(name: str, value: object) -> bool:
    if isinstance(value, str):
        return value == OTHER or _is_ours(name, value)
    return isinstance(value, int) and _NUMBER_NAME.fullmatch(name) is not None
