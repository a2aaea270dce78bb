"""Each example in a docstring runs and prints what it says."""

from __future__ import annotations

import doctest
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def modules_with_examples() -> list[str]:
    files = sorted(
        path
        for package in ("fieldapp", "sync_server")
        for path in (ROOT / package).rglob("*.py")
        if ">>> " in path.read_text(encoding="utf-8")
    )
    parts = [path.relative_to(ROOT).with_suffix("").parts for path in files]
    return [".".join(part for part in names if part != "__init__") for names in parts]


@pytest.mark.parametrize("module", modules_with_examples())
def test_examples_print_what_they_say(module: str) -> None:
    outcome = doctest.testmod(import_module(module))
    assert outcome.attempted > 0
    assert outcome.failed == 0
