"""The server's log: one JSON object a line, ids and counts only.

Laws:
  * A line is made of an event's name and named numbers or short ids; there is no free text.
  * No body, no unit's or person's name, no token and no address of a client ever stands there.
  * Three files of a bounded size are kept.
"""

from __future__ import annotations

import json
import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

from fieldapp.errors import ConfigError

LOGGER: Final = "sync_server"
KEPT_FILES: Final = 3


class JSONLine(logging.Formatter):
    """Writes an event and its numbers; everything else of a record is left out."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line."""
        facts = getattr(record, "facts", {})
        line = {
            "time_ms": int(record.created * 1000),
            "level": record.levelname.lower(),
            "event": record.msg,
            **{name: value for name, value in facts.items() if isinstance(value, int | str)},
        }
        return json.dumps(line, separators=(",", ":"))


def log(event: str, **facts: int | str) -> None:
    """Note an event with its ids and counts."""
    logging.getLogger(LOGGER).info(event, extra={"facts": facts})


def open_log(path: Path, *, max_bytes: int) -> logging.Handler:
    """Send the events of this process to a file.

    Raises:
        ConfigError: the file cannot be written.
    """
    try:
        handler = RotatingFileHandler(
            path, maxBytes=max_bytes, backupCount=KEPT_FILES - 1, encoding="utf-8"
        )
    except OSError as problem:
        raise ConfigError("file_unreadable", what="log") from problem
    handler.setFormatter(JSONLine())
    logger = logging.getLogger(LOGGER)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.addHandler(handler)
    return handler


def close_log(handler: logging.Handler) -> None:
    """Stop writing to a file."""
    logging.getLogger(LOGGER).removeHandler(handler)
    handler.close()
