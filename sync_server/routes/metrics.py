"""/metrics: the server's own counts in Prometheus' text form.

Laws:
  * Numbers and words from closed lists only: no id of a device, an office or a channel.
  * Counting never waits for the database.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from sync_server.exchange.counters import Counters

CONTENT_TYPE: Final = "text/plain; version=0.0.4"
_COUNTS: Final = {
    "batches": ("What became of batches.", "outcome"),
    "early": ("What became of batches that named a later directory, once it came.", "outcome"),
    "refused": ("Batches refused, by code.", "code"),
    "receipts": ("Receipts of offices queued for authors.", "outcome"),
    "syncs": ("Sync requests answered.", "mode"),
    "items": ("Feed items served.", "mode"),
    "bytes": ("Bytes of sync messages.", "direction"),
    "media": ("Bytes of pictures and sounds.", "direction"),
    "commits": ("Write transactions.", "outcome"),
    "logs": ("Logs begun anew because an old database was put back.", "outcome"),
}


class _ServerCollector(Collector):
    def __init__(self, counters: Counters, version: str) -> None:
        self._counters = counters
        self._version = version

    def collect(self) -> Iterator[Metric]:
        yield GaugeMetricFamily("sync_server_up", f"Version {self._version}.", value=1)
        numbers = self._counters.snapshot()
        for name, (text, label) in _COUNTS.items():
            family = CounterMetricFamily(f"sync_server_{name}", text, labels=[label])
            for (counted, word), value in sorted(numbers.items()):
                if counted == name:
                    family.add_metric([word], value)
            yield family


def render(counters: Counters, version: str) -> bytes:
    """Return the numbers as text."""
    registry = CollectorRegistry()
    registry.register(_ServerCollector(counters, version))
    return generate_latest(registry)
