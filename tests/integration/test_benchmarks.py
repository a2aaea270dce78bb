"""The benchmarks run and measure everything; how fast anything is, no test says."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.metrics import TABLE, Report

ROOT = Path(__file__).resolve().parents[2]
UNITS = {"records/s", "ms", "bytes", "MB", "ratio"}


@pytest.fixture(scope="module")
def metrics(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    out = tmp_path_factory.mktemp("bench") / "bench.json"
    command = [sys.executable, "-m", "tests.benchmarks", "--quick", "--out", str(out)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    document: dict[str, dict[str, dict[str, Any]]] = json.loads(out.read_text(encoding="utf-8"))
    return document["metrics"]


@pytest.mark.slow
def test_every_metric_is_written_and_sensible(metrics: dict[str, dict[str, Any]]) -> None:
    assert set(metrics) == set(TABLE)
    for name, row in metrics.items():
        assert set(row) == {"value", "unit", "limit"}, name
        assert row["unit"] in UNITS, name
        for number in (row["value"], row["limit"] if row["limit"] is not None else 1):
            assert math.isfinite(number), name
            assert number > 0, name


@pytest.mark.slow
def test_sealed_sizes_do_not_depend_on_the_machine(metrics: dict[str, dict[str, Any]]) -> None:
    sizes = [metrics[f"sealed_bytes_per_record_{n}"]["value"] for n in (50, 10, 1)]
    assert sizes == sorted(sizes)
    assert sizes[-1] < metrics["json_bytes_per_record"]["value"]
    assert metrics["idle_sync_bytes"]["value"] <= TABLE["idle_sync_bytes"].aim


def test_a_report_takes_known_names_and_finite_numbers_only() -> None:
    said: list[str] = []
    report = Report(say=said.append)
    report.add("save_p95_ms", 12.0, 3.0)
    assert "MISSED" in said[0]
    assert report.document()["metrics"]["save_p95_ms"] == {
        "value": 12.0,
        "unit": "ms",
        "limit": 3.0,
    }
    assert "save_p95_ms" not in report.missing()
    with pytest.raises(ValueError, match="unheard_of"):
        report.add("unheard_of", 1.0)
    with pytest.raises(ValueError, match="save_p95_ms"):
        report.add("save_p95_ms", math.nan)
