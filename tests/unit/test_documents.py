"""What the documents say is what the code does; and no file tells of the machine it was made on."""

from __future__ import annotations

import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import pytest

import fieldapp
from tests.support.reference import BLOCKS, ROOT, written

DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
TEXT_SUFFIXES = {".py", ".md", ".toml", ".lock", ".yml", ".json", ".csv", ".txt", ".mako", ".ini"}
TEXT_NAMES = {"Makefile", "LICENSE", "run", "browser", ".gitignore"}
LINK = re.compile(r"\]\((?!https?://|#)([^)#]+)(?:#[^)]*)?\)")
IN_TREE = re.compile(r"`((?:fieldapp|sync_server|tests|docs|assets)/[\w./-]*)`")
# Written in pieces, so that this file holds none of them.
MACHINE_PATHS = re.compile("|".join(f"(?<![\\w.])/{top}/" for top in ("work", "root", "opt")))
HOME_PATHS = re.compile("(?<![\\w.~$}])/(?:home|Users)/(?!amina|me\\b)[a-z]")  # invented persons
INDEX_ADDRESSES = re.compile(
    "|".join(("pypi" + r"\.org", "pythonhosted" + r"\.org", "--index" + "-url"))
)


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607  git is found where the person has it
        cwd=ROOT,
        capture_output=True,
        check=True,
        encoding="utf-8",
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def texts() -> list[Path]:
    return [path for path in tracked() if path.suffix in TEXT_SUFFIXES or path.name in TEXT_NAMES]


@cache
def all_tests() -> set[str]:
    files = (ROOT / "tests").rglob("test_*.py")
    return {
        found
        for path in files
        for found in re.findall(r"def (test_\w+)", path.read_text(encoding="utf-8"))
    }


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def places(found: re.Pattern[str]) -> list[str]:
    return [
        f"{name(path)}:{number}"
        for path in texts()
        if path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if found.search(line)
    ]


@pytest.mark.parametrize(("document", "block"), BLOCKS)
def test_a_block_says_what_the_code_says(document: str, block: str) -> None:
    fresh = BLOCKS[document, block]()
    assert written(document, block) == fresh, "run: python -m tests.support.reference"


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_a_link_leads_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    dead = [link for link in LINK.findall(text) if not (document.parent / link).exists()]
    assert not dead


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_a_named_file_exists(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    missing = [place for place in IN_TREE.findall(text) if not (ROOT / place).exists()]
    assert not missing


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_a_named_test_exists(document: Path) -> None:
    named = set(re.findall(r"`(test_\w+)`", document.read_text(encoding="utf-8")))
    assert named - all_tests() == set()


def test_each_make_target_is_in_the_readme() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE)
    assert {"demo", "install", "test", "check", "bench", "lock", "clean"} <= set(targets)
    assert [target for target in targets if f"make {target}" not in readme] == []


def test_each_decision_is_in_the_list() -> None:
    listed = (ROOT / "docs/adr/README.md").read_text(encoding="utf-8")
    decisions = sorted(path.name for path in (ROOT / "docs/adr").glob("[0-9]*.md"))
    assert decisions
    assert [decision for decision in decisions if f"({decision})" not in listed] == []


def test_the_version_is_one() -> None:
    with (ROOT / "pyproject.toml").open("rb") as settings:
        assert tomllib.load(settings)["project"]["version"] == fieldapp.__version__


def test_no_file_names_a_folder_of_a_machine() -> None:
    assert places(MACHINE_PATHS) == []
    assert places(HOME_PATHS) == []


def test_no_file_names_a_package_index() -> None:
    assert places(INDEX_ADDRESSES) == []


def test_each_locked_package_has_a_hash() -> None:
    for lock in sorted(ROOT.glob("requirements-*.lock")):
        blocks = re.split(r"\n(?=\S)", lock.read_text(encoding="utf-8").strip())
        assert len(blocks) > 1
        assert [block for block in blocks if "--hash=sha256:" not in block] == []
