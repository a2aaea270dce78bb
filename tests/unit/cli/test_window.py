"""The app's local window: one home, one lock, one address of this machine."""

from __future__ import annotations

import signal
import socket
from pathlib import Path
from typing import Any

import pytest

from fieldapp.bootstrap import claim_window, demo_settings
from fieldapp.cli import window
from fieldapp.ui import web
from tests.support.commands import Commands


@pytest.fixture
def home(tmp_path: Path) -> Commands:
    return Commands(tmp_path / "home")


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that a browser was opened for, instead of opening it."""
    links: list[str] = []
    monkeypatch.setattr(web, "open_in_browser", links.append)
    return links


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the window was asked to serve, instead of serving it."""
    asked: list[dict[str, Any]] = []

    def serve(_services: object, **how: Any) -> None:
        asked.append(how)
        how["announce"](f"address {len(asked)}")

    monkeypatch.setattr(web, "serve", serve)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    return asked


def test_no_command_at_all_starts_the_app(
    home: Commands, served: list[dict[str, Any]], opened: list[str]
) -> None:
    assert home().code == 0
    assert home("--home", str(home.home / "other")).code == 0
    assert opened == ["address 1", "address 2"]
    assert [how["lasting_link"] for how in served] == [False, False]
    assert (home.home / "other" / "home.lock").exists()


def test_run_serves_to_a_browser_of_ones_own(
    home: Commands, served: list[dict[str, Any]], opened: list[str]
) -> None:
    told = home("run", "--web", "--port", "8411")
    assert (told.code, told.out.strip()) == (0, "address 1")
    (how,) = served
    assert (how["port"], opened) == (8411, [])


def test_an_address_lasts_only_where_a_setting_says_so(
    home: Commands, served: list[dict[str, Any]]
) -> None:
    assert home("run", "--web", environment={"FIELDAPP_LASTING_LINK": "1"}).code == 0
    assert [how["lasting_link"] for how in served] == [True]


def test_a_second_window_says_that_the_first_is_open(
    home: Commands, served: list[dict[str, Any]]
) -> None:
    with claim_window(demo_settings(home.home)):
        refused = home("run", "--web")
    assert refused.code == 1
    assert "already open" in refused.err or "another" in refused.err.lower()
    assert served == []


def test_a_taken_port_is_named(home: Commands) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        refused = home("run", "--web", "--port", str(port))
    assert refused.code == 1
    assert f"Port {port}" in refused.err
    swahili = home(
        "run", "--web", "--port", str(port), environment={"FIELDAPP_SYNC_BYTE_BUDGET": "x"}
    )
    assert swahili.code == 1


def test_a_home_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert Commands(tmp_path / "file" / "home")("run", "--web").code == 1


def test_a_window_that_is_told_to_end_ends_like_any_command() -> None:
    with pytest.raises(SystemExit):
        window._leave(15, None)
