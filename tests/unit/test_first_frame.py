"""The first frame comes before heavy imports: nothing that seals, stores or sends is loaded."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("sqlalchemy", "cryptography", "argon2", "PIL", "requests", "fieldapp.services")
PROGRAM = """
import json, sys
from types import SimpleNamespace
import fieldapp.main

shown, later = [], []
page = SimpleNamespace(title="", add=shown.append, run_task=lambda *task: later.append(task))
fieldapp.main.main(page)
print(json.dumps({"shown": len(shown), "later": len(later), "modules": sorted(sys.modules)}))
"""


@pytest.fixture(scope="module")
def first_frame() -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, check=True, text=True
    )
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_something_is_shown_and_the_rest_comes_later(first_frame: dict[str, object]) -> None:
    assert (first_frame["shown"], first_frame["later"]) == (1, 1)


@pytest.mark.parametrize("heavy", HEAVY)
def test_nothing_heavy_is_loaded_for_it(first_frame: dict[str, object], heavy: str) -> None:
    modules = first_frame["modules"]
    assert isinstance(modules, list)
    assert heavy not in modules


def test_no_command_loads_what_only_pictures_need() -> None:
    program = "import sys, fieldapp.cli.commands; print('PIL' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=True, text=True
    )
    assert done.stdout.strip() == "False"
