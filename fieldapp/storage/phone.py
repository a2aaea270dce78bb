"""The folder of a phone that several officers share: one home each, and nothing that names them.

    ROOT                the first officer's home, as on a phone of one
    ROOT/officers/2     the second's, and so on

Laws:
  * A vault belongs to one folder and one PIN. Nothing here opens one, counts in one or copies
    between two.
  * What a lock screen lists them by is a number and a colour: no name, office or initial lies
    outside a vault.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from fieldapp.storage.failures import disk_errors
from fieldapp.storage.files import write_whole
from fieldapp.storage.home import Home

OFFICERS: Final = "officers"
FIRST: Final = 1
MARKS: Final = ("green", "blue", "orange", "purple", "brown", "grey")


def phone_root(home: Home) -> Path:
    """Return the folder of the phone that a home is on."""
    above = home.root.parent
    return above.parent if above.name == OFFICERS and home.root.name.isdecimal() else home.root


def home_of(root: Path, number: int) -> Home:
    """Return the home of the officer of a number."""
    return Home(root if number == FIRST else root / OFFICERS / str(number))


def numbers(root: Path) -> list[int]:
    """Return the numbers whose folders exist; the first always does."""
    found = (path.name for path in (root / OFFICERS).glob("*") if path.is_dir())
    later = sorted(int(name) for name in found if name.isdecimal() and int(name) > FIRST)
    return [FIRST, *later]


def free_number(root: Path) -> int:
    """Return the lowest number under which no vault lies."""
    number = FIRST
    while home_of(root, number).has_vault():
        number += 1
    return number


def neighbours(home: Home) -> list[Home]:
    """Return the other homes on the phone of a home."""
    root = phone_root(home)
    homes = (home_of(root, number) for number in numbers(root))
    return [one for one in homes if one.root != home.root]


def mark_of(home: Home, number: int) -> str:
    """Return the colour of a home: the one its officer chose, else one by its number."""
    try:
        kept = home.mark.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        kept = ""
    return kept if kept in MARKS else MARKS[(number - FIRST) % len(MARKS)]


def keep_mark(home: Home, mark: str) -> None:
    """Keep the colour that an officer chose; an unknown one keeps nothing.

    Raises:
        StorageError: the disk refused.
    """
    if mark in MARKS:
        with disk_errors():
            write_whole(home.mark, mark.encode("ascii"))


def remove_if_empty(home: Home) -> bool:
    """Remove the folder of a later officer who left and of whose work nothing waits.

    Raises:
        StorageError: the disk refused.
    """
    is_first = phone_root(home) == home.root
    if is_first or home.has_vault() or home.has_key() or home.set_aside():
        return False
    with disk_errors():
        shutil.rmtree(home.root, ignore_errors=True)
    return True
