from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp.storage.vault import Vault
from tests.support.vaults import open_vault


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "vault.db"


@pytest.fixture
def vault(path: Path) -> Iterator[Vault]:
    opened = open_vault(path)
    yield opened
    opened.close()
