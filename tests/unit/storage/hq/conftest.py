from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp.storage.hq.store import HqStore


@pytest.fixture
def store(tmp_path: Path) -> Iterator[HqStore]:
    opened = HqStore(tmp_path / "hq.db")
    yield opened
    opened.close()
