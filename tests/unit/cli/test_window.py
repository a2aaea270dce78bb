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
def served(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the window was asked to serve, instead of serving it."""
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(web, "serve", lambda _services, **how: asked.append(how))
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    return asked


def test_no_command_at_all_starts_the_app(home: Commands, served: list[dict[str, Any]]) -> None:
    assert home().code == 0
    assert home("--home", str(home.home / "other")).code == 0
    assert [how["open_browser"] for how in served] == [True, True]
    assert (home.home / "other" / "home.lock").exists()


def test_run_serves_to_a_browser_of_ones_own(home: Commands, served: list[dict[str, Any]]) -> None:
    assert home("run", "--web", "--port", "8411").code == 0
    (how,) = served
    assert (how["port"], how["open_browser"]) == (8411, False)


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
