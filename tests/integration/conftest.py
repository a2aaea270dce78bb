"""An organisation that was made once and is copied for each test that asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from fieldapp import bootstrap
from tests.support.commanded_region import Region
from tests.support.commands import Commands
from tests.support.country import CHEAP, Country, copied, make_template
from tests.support.server import ServerProcess, running


@pytest.fixture(scope="module", autouse=True)
def _cheap_guesses() -> Iterator[None]:
    """Let homes of this process open quickly here; what a guess has to cost is shown elsewhere."""
    with pytest.MonkeyPatch.context() as patch:
        cheap = partial(bootstrap.HomeEnvironment, kdf=CHEAP, pin_kdf=CHEAP)
        patch.setattr(bootstrap, "HomeEnvironment", cheap)
        yield


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_template(tmp_path_factory.mktemp("country"))


@pytest.fixture
def country(template: Path, tmp_path: Path) -> Iterator[Country]:
    found = copied(template, tmp_path / "country")
    yield found
    found.close()


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Region]:
    folder = tmp_path_factory.mktemp("region")
    with running(ServerProcess(folder / "server")) as server:
        made = Region(folder, server)
        yield made
        made.network.close()


@pytest.fixture
def phone(region: Region) -> Commands:
    region.network.open()
    return region.phone()
