"""An organisation that was made once and is copied for each test that asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.country import Country, copied, make_template


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_template(tmp_path_factory.mktemp("country"))


@pytest.fixture
def country(template: Path, tmp_path: Path) -> Iterator[Country]:
    found = copied(template, tmp_path / "country")
    yield found
    found.close()
