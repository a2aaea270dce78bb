"""What is measured: every metric's name, unit and aim, and the report that collects them.

Laws:
  * A metric is written only if it stands in the table, and a run ends only when all of them are.
  * ``limit`` is the raw primitive of the same run: what bare libraries reach on this machine now.
  * An aim is for a machine of two cores; it is printed beside the value and never fails a run.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

Better = Literal["more", "less"]


@dataclass(frozen=True, slots=True)
class Metric:
    """One row of the table.

    Attributes:
        aim: what we want to reach here; None where a metric only explains another.
    """

    unit: str
    better: Better
    aim: float | None
    meaning: str


RATE = "records/s"
TABLE: dict[str, Metric] = {
    "seal_records_per_s": Metric(RATE, "more", None, "encode and seal, batches of 50"),
    "seal_into_vault_records_per_s": Metric(
        RATE, "more", None, "the same with fold, card and outbox, one durable transaction a batch"
    ),
    "check_open_fold_records_per_s_vault": Metric(
        RATE, "more", 7_000, "pages of the feed into a vault"
    ),
    "check_open_fold_records_per_s_hq": Metric(
        RATE, "more", 7_000, "the same, then on into headquarters' flat tables"
    ),
    "ingest_http_records_per_s_8x50": Metric(
        RATE, "more", 20_000, "8 clients, one batch of 50 a request, SQLite WAL FULL"
    ),
    "ingest_http_records_per_s_8x10": Metric(RATE, "more", None, "8 clients, batches of 10"),
    "ingest_http_records_per_s_1x50": Metric(RATE, "more", None, "1 client, batches of 50"),
    "ingest_http_records_per_s_8x50_full": Metric(
        RATE, "more", None, "8 clients, as many batches of 50 a request as the app sends"
    ),
    "ingest_http_p95_ms_8x50": Metric("ms", "less", None, "a request of 8x50, at its 95th percent"),
    "ingest_postgres_records_per_s_8x50": Metric(
        RATE, "more", None, "8 clients, batches of 50, PostgreSQL that waits for its disk"
    ),
    "pull_10000_records_per_s": Metric(
        RATE, "more", 10_000, "a fresh device pulls everything over HTTP, checks, opens and folds"
    ),
    "pull_100_new_after_10000_ms": Metric("ms", "less", None, "a whole sync that brings 100"),
    "pull_100_new_after_100000_ms": Metric("ms", "less", None, "the same on ten times as much"),
    "pull_100_new_ratio": Metric("ratio", "less", 1.2, "the second over the first"),
    "unlock_10000_ms": Metric("ms", "less", 300, "from the right PIN to a list, without the KDF"),
    "unlock_kdf_ms": Metric("ms", "less", None, "the KDF: what one guess of the PIN costs"),
    "search_10000_ms": Metric("ms", "less", 20, "one page of a search by words"),
    "list_5000_page_ms": Metric(
        "ms", "less", 20, "a page of a list of 5,000: the first or one in the middle"
    ),
    "list_5000_first_rows_ms": Metric(
        "ms", "less", 1_000, "from a tap to the first rows of a list of 5,000 on the page"
    ),
    "list_5000_search_ms": Metric(
        "ms", "less", 1_000, "from the last letter of a search to its rows, 250 ms of rest in it"
    ),
    "start_to_pin_ms": Metric("ms", "less", 2_000, "from the first frame to the field of the PIN"),
    "save_p95_ms": Metric("ms", "less", 10, "a draft on the disk, at its 95th percent"),
    "seal_one_p95_ms": Metric("ms", "less", None, "a record sealed, folded and in the outbox"),
    "quick_delete_14_ms": Metric(
        "ms", "less", 3_000, "quick delete of a home with 14 records waiting and a draft"
    ),
    "emergency_pin_14_ms": Metric(
        "ms", "less", 3_000, "the same by the emergency PIN at the lock, its two guesses included"
    ),
    "sealed_bytes_per_record_50": Metric("bytes", "less", 300, "on the wire, batches of 50"),
    "sealed_bytes_per_record_10": Metric("bytes", "less", 400, "on the wire, batches of 10"),
    "sealed_bytes_per_record_1": Metric("bytes", "less", 800, "on the wire, alone"),
    "sealed_bytes_per_record_50_unseen": Metric(
        "bytes", "less", None, "batches of 50 whose words the dictionary never saw"
    ),
    "json_bytes_per_record": Metric("bytes", "less", None, "the records as compact JSON"),
    "idle_sync_bytes": Metric("bytes", "less", 700, "nothing new: both ways, HTTP headers too"),
    "server_peak_rss_mb": Metric("MB", "less", 120, "after all pushes and pulls of this run"),
    "import_app_ms": Metric("ms", "less", None, "import of the app, its screens and services"),
}


@dataclass(slots=True)
class Report:
    """The values of one run."""

    values: dict[str, tuple[float, float | None]] = field(default_factory=dict)
    say: Callable[[str], None] = print

    def add(self, name: str, value: float, limit: float | None = None) -> None:
        """Take a value with the raw primitive beside it, and print the line.

        Raises:
            ValueError: the name is not in the table, or a number is none.
        """
        numbers = [value] if limit is None else [value, limit]
        if name not in TABLE or not all(map(math.isfinite, numbers)):
            raise ValueError(name)
        self.values[name] = (value, limit)
        self.say(self._line(name))

    def missing(self) -> list[str]:
        """Name what was not measured."""
        return [name for name in TABLE if name not in self.values]

    def document(self) -> dict[str, Any]:
        """Return what is written to the file."""
        rows = {
            name: {"value": _short(value), "unit": TABLE[name].unit, "limit": _short(limit)}
            for name, (value, limit) in self.values.items()
        }
        return {"metrics": rows}

    def to_json(self) -> str:
        """Write the document."""
        return json.dumps(self.document(), indent=2) + "\n"

    def _line(self, name: str) -> str:
        metric, (value, limit) = TABLE[name], self.values[name]
        line = f"{name:38} {_text(value):>10} {metric.unit:9}"
        line += f" raw {_text(limit):>10}" if limit is not None else " " * 15
        return line + _verdict(metric, value)


def _verdict(metric: Metric, value: float) -> str:
    if metric.aim is None:
        return ""
    is_met = value >= metric.aim if metric.better == "more" else value <= metric.aim
    return f"   aim {'≥' if metric.better == 'more' else '≤'} {metric.aim:g}" + (
        "" if is_met else "   MISSED"
    )


def _short(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")


def _text(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
