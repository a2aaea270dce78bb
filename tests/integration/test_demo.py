"""``fieldapp demo``: everything on this machine, realistic, and gone when it is told to end."""

from __future__ import annotations

import io
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
import requests
from PIL import Image

from fieldapp.bootstrap import build_services, demo_settings
from fieldapp.cli import demo_media
from fieldapp.cli.demo_seed import COMMITMENT_DAYS_AGO, DEMO_PIN, MALINDI
from fieldapp.services.facade import Services

pytestmark = pytest.mark.slow

ADDRESS = re.compile(r"PIN (\d+)\s+(http://127\.0\.0\.1:\d+\S*)")
FIRST_PORT = 18_400
SECONDS = 60


@dataclass
class Demo:
    """A running demonstration and what it printed."""

    folder: Path
    process: subprocess.Popen[str]
    lines: list[str]

    @property
    def children(self) -> list[psutil.Process]:
        """The processes that it started."""
        found: list[psutil.Process] = psutil.Process(self.process.pid).children(recursive=True)
        return found

    def services(self, name: str) -> Services:
        """A home of the demo, read beside its window."""
        found = build_services(demo_settings(self.folder / "demo" / name))
        found.access.unlock(DEMO_PIN)
        return found


@contextmanager
def demonstrating(folder: Path, *options: str) -> Iterator[Demo]:
    """Run the demo until it has printed its addresses; end it whatever happens."""
    process = subprocess.Popen(
        [
            *(sys.executable, "-u", "-m", "fieldapp.cli", "demo"),
            *("--home", str(folder), "--port", str(FIRST_PORT), *options),
        ],
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=os.environ | {"BROWSER": "true", "PYTHONUTF8": "1"},
    )
    assert process.stdout is not None
    lines: list[str] = []
    try:
        for line in process.stdout:
            lines.append(line.rstrip("\n"))
            if "Ctrl-C" in line:
                break
        yield Demo(folder, process, lines)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(SECONDS)
        process.stdout.close()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with demonstrating(tmp_path_factory.mktemp("home")) as running:
        yield running


def test_it_prints_who_is_where_and_each_window_answers(demo: Demo) -> None:
    found = [match for line in demo.lines if (match := ADDRESS.search(line))]
    assert [match[1] for match in found] == [DEMO_PIN] * 3
    titles = " ".join(demo.lines)
    for title in ("Chief, Mkomani", "Sub-county administrator", "Headquarters"):
        assert title in titles
    for match in found:
        answer = requests.get(match[2], headers={"Accept": "text/html"}, timeout=30)
        assert answer.status_code == 200
        assert "flutter" in answer.text.lower()


def test_the_golden_meeting_is_readable_at_headquarters(demo: Demo) -> None:
    with demo.services("hq") as hq:
        rows, total = hq.records.find(type_key="meeting", limit=None)
        shown = [hq.records.show(row.id) for row in rows]
        golden = next(view for view in shown if view.fields["date"] == "2018-10-11")
        assert golden.fields["attendance"] == {"total": 79, "female": 8, "male": 71}
        assert golden.fields["venue"] == "Lamu Museum Hall (Mwanaarafa)"
        assert golden.author == "Amina Bakari"
        assert total >= 3
        assert hq.records.find(limit=1)[1] >= 50


def test_a_picture_and_a_voice_note_of_the_chief_open_at_headquarters(demo: Demo) -> None:
    with demo.services("hq") as hq:
        (late,) = [row for row in hq.records.find(limit=None)[0] if row.overdue]
        kept = {one.kind: one for one in hq.media.of_record(late.id)}
        picture, sound = hq.media.read(kept["photo"].id), hq.media.read(kept["audio"].id)
    with Image.open(io.BytesIO(picture)) as opened:
        assert opened.size == demo_media.SIZE
    assert sound == demo_media.chime()


@pytest.mark.parametrize("name", ["chief", "sub_county", "hq"])
def test_nobody_is_accused_in_a_fresh_organisation(demo: Demo, name: str) -> None:
    with demo.services(name) as home:
        assert [note.code for note in home.syncing.status().notes] == ["note.pin_only"]


def test_the_responses_of_malindi_average_as_the_story_says(demo: Demo) -> None:
    with demo.services("hq") as hq:
        commitment = hq.access.workspace().today() - timedelta(days=COMMITMENT_DAYS_AGO)
        times = hq.transfer.response_times(MALINDI, commitment)
    assert (times.before.n, times.before.mean) == (10, 50.0)
    assert (times.after.n, times.after.mean) == (10, 22.5)
    (told,) = [line for line in demo.lines if "computed at headquarters" in line]
    assert "50.0 minutes on average before the commitment" in told
    assert told.endswith("(10 responses), 22.5 after it (10).")


def test_one_waits_one_is_overdue_one_in_conflict_and_the_restricted_stay_with_their_desk(
    demo: Demo,
) -> None:
    with demo.services("chief") as chief, demo.services("hq") as hq:
        assert chief.syncing.status().waiting == 1
        rows, _ = chief.records.find(limit=None)
        assert [row.conflicted for row in rows].count(True) == 1
        (late,) = [row for row in rows if row.overdue]
        assert (late.urgency, late.mine) == ("U2", True)
        (seen_late,) = [row for row in hq.records.find(limit=None)[0] if row.overdue]
        assert seen_late.id == late.id
        assert {late.id} < {row.id for row in chief.records.find(state="needs_you")[0]}
        assert chief.syncing.status().needs_attention == 2
        assert "phone" in {row.tick for row in rows}
        restricted = {row.id for row in rows if chief.records.show(row.id).tier == "restricted"}
        assert len(restricted) == 2
        assert not restricted & {row.id for row in hq.records.find(limit=None)[0]}


def test_it_ends_every_child_and_starts_again_where_it_was(
    tmp_path_factory: pytest.TempPathFactory, demo: Demo
) -> None:
    del tmp_path_factory
    children = demo.children
    assert len(children) >= 4
    demo.process.send_signal(signal.SIGTERM)
    assert demo.process.wait(SECONDS) == 0
    _, alive = psutil.wait_procs(children, timeout=SECONDS)
    assert alive == []
    with demonstrating(demo.folder) as again:
        assert not any("Making an organisation" in line for line in again.lines)
        with again.services("hq") as hq:
            assert hq.records.find(limit=1)[1] >= 50
