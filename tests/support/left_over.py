"""What a thief finds in a folder after a vault was given up: every byte, tried with every PIN."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pytest

from fieldapp.crypto.keystore import first_box, unwrap_vault_key
from fieldapp.errors import FieldAppError
from fieldapp.storage.home import Home
from fieldapp.storage.key_file import KeyFile

BOX_MAGIC = b"BVK1"


def box_size(home: Home) -> int:
    """How long one wrapped key is, in this home."""
    return len(first_box(KeyFile(home.key).read())[0])


def dump(folder: Path) -> dict[str, bytes]:
    """Every byte of a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def assert_nothing_opens(folder: Path, size: int, *, marker: str, pins: Collection[str]) -> None:
    """No word is in the clear, and the right PINs open no box at any byte."""
    for name, raw in dump(folder).items():
        assert marker.encode() not in raw, name
        for start in (at for at in range(len(raw)) if raw.startswith(BOX_MAGIC, at)):
            for pin in pins:
                with pytest.raises(FieldAppError):
                    unwrap_vault_key(raw[start : start + size], pin)
