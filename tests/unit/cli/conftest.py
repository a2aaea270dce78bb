"""Commands in this process, over the homes of an organisation that was made once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fieldapp.cli import console
from fieldapp.config import Settings
from fieldapp.services.facade import Services
from fieldapp.services.preferences import PreferenceFile
from tests.support.commands import Commands
from tests.support.country import Country, copied, make_template


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_template(tmp_path_factory.mktemp("country"))


def building_in(found: Country) -> Callable[[Settings], Services]:
    """Make each command's services its own, with the test's clock and links."""

    def build(settings: Settings) -> Services:
        home = Path(settings.home)
        preferences = PreferenceFile(
            home / "preferences.json",
            autolock_seconds=settings.autolock_seconds,
            language=settings.language,
        )
        return Services(found.environment(home.name), preferences)

    return build


@pytest.fixture
def country(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Country]:
    """The organisation; every command's services are its own, with the test's clock and links."""
    found = copied(template, tmp_path / "country")

    monkeypatch.setattr(console, "build_services", building_in(found))
    yield found
    found.close()


@pytest.fixture
def hq(country: Country) -> Commands:
    return Commands(country.folder / "hq")


@pytest.fixture
def chief(country: Country) -> Commands:
    return Commands(country.folder / "chief")
