"""The golden thread by the command line alone, on SQLite and on PostgreSQL."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fieldapp.domain.samples import golden_meeting
from tests.support.postgres import PostgresCluster, running_cluster

SCRIPT = Path(__file__).with_name("golden_thread.sh")
SECONDS = 300


@pytest.fixture(scope="module")
def cluster() -> Iterator[PostgresCluster]:
    with running_cluster() as running:
        yield running


def run_thread(folder: Path, way: str, *options: str) -> list[dict[str, Any]]:
    """Run the script; return everything it printed as JSON."""
    golden = golden_meeting()
    text = json.dumps({"unit": "UNIT", "fields": golden.fields}, ensure_ascii=False)
    (folder / "golden.json").write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["/bin/sh", str(SCRIPT), str(folder / "w"), str(folder / "golden.json"), way, *options],
        check=False,
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        env=os.environ
        | {
            "FIELDAPP": f"{sys.executable} -m fieldapp.cli",
            "SYNC_SERVER": f"{sys.executable} -m sync_server.cli",
        },
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def without_item_ids(value: Any) -> Any:
    """A document as it was typed: items of lists have no ids yet."""
    if isinstance(value, dict):
        return {name: without_item_ids(part) for name, part in value.items() if name != "id"}
    if isinstance(value, list):
        return [without_item_ids(part) for part in value]
    return value


def exported(folder: Path) -> dict[str, Any]:
    lines = (folder / "w" / "out" / "meeting.jsonl").read_text(encoding="utf-8").splitlines()
    (line,) = lines
    found: dict[str, Any] = json.loads(line)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("way", ["file", "code"])
def test_a_meeting_arrives_equal_field_by_field(tmp_path: Path, way: str) -> None:
    printed = run_thread(tmp_path, way)
    fields = without_item_ids(exported(tmp_path)["fields"])
    golden = without_item_ids(golden_meeting().fields)
    assert fields == golden
    assert fields["attendance"] == {"total": 79, "female": 8, "male": 71}
    proof = printed[-1]
    assert proof["complete"] is True
    (row,) = json.loads((tmp_path / "w" / "phone.json").read_text())["records"]
    assert row["tick"] == "hq"


@pytest.mark.slow
def test_the_same_script_runs_on_postgresql(tmp_path: Path, cluster: PostgresCluster) -> None:
    run_thread(tmp_path, "file", "--database-url", cluster.new_database())
    assert without_item_ids(exported(tmp_path)["fields"]) == without_item_ids(
        golden_meeting().fields
    )
    assert not list((tmp_path / "w" / "server").glob("*.db"))
