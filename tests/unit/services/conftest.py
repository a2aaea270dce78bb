"""An organisation that was made once and is copied for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldapp.services.facade import Services
from tests.support.country import Country, copied, make_template


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_template(tmp_path_factory.mktemp("country"))


@pytest.fixture
def country(template: Path, tmp_path: Path) -> Iterator[Country]:
    found = copied(template, tmp_path / "country")
    yield found
    found.close()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Country]:
    """A fresh server, and nobody there yet."""
    found = Country(tmp_path)
    yield found
    found.close()


@pytest.fixture
def hq(country: Country) -> Services:
    return country.unlocked("hq")


@pytest.fixture
def dcc(country: Country) -> Services:
    return country.unlocked("dcc")


@pytest.fixture
def chief(country: Country) -> Services:
    return country.unlocked("chief")
