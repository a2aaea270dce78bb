"""What is installed is complete: code, catalogues, migrations and assets; a server stays small."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKED = ("fieldapp", "sync_server", "assets")


def python(*arguments: str, cwd: Path = ROOT) -> str:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        check=True,
        capture_output=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
    ).stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    python("-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder))
    (built,) = folder.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        return set(archive.namelist())


def in_tree() -> list[str]:
    return [
        path.relative_to(ROOT).as_posix()
        for folder in PACKED
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]


def packed_as(file: str) -> str:
    """Where a file of the tree lies in a wheel; assets move into the package that reads them."""
    return f"fieldapp/{file}" if file.startswith("assets/") else file


def test_a_wheel_carries_every_file_of_the_tree(wheel: set[str]) -> None:
    files = in_tree()
    assert [file for file in files if packed_as(file) not in wheel] == []
    assert any(file.startswith("assets/") for file in files)


def test_a_wheel_carries_no_test(wheel: set[str]) -> None:
    assert [file for file in wheel if file.startswith(("tests/", "docs/"))] == []


def loaded_by(module: str) -> set[str]:
    listing = python("-c", f"import {module}, sys; print(*sorted(sys.modules))")
    return set(listing.split())


def test_a_server_loads_no_screen_and_no_record() -> None:
    loaded = loaded_by("sync_server.app")
    assert loaded & {"flet", "requests", "fieldapp.domain", "fieldapp.crypto"} == set()


def test_a_package_loads_nothing_by_itself() -> None:
    assert {name for name in loaded_by("fieldapp") if name.startswith("fieldapp.")} == set()
