"""The demonstration's handling of ports, children and what an earlier run left."""

from __future__ import annotations

import importlib
import io
import signal
import socket
import sys
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest

from fieldapp.errors import ConfigError
from tests.support.commands import Commands

demo = importlib.import_module("fieldapp.cli.demo")
"""The module; the package shows the command under the same name."""


def test_ports_that_are_taken_are_passed_over() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        found = demo._free_ports(port, 2)
        assert port not in found
        assert len(found) == 2
        assert found[1] > found[0] > port


def test_no_free_port_at_all_is_said() -> None:
    with pytest.raises(ConfigError, match="demo_port_taken"):
        demo._free_ports(65_535, 2)


def test_the_servers_port_is_remembered_as_the_vaults_know_it(tmp_path: Path) -> None:
    (free,) = demo._free_ports(18_500, 1)
    assert demo._server_port(tmp_path, free) == free
    assert demo._server_port(tmp_path, free + 1) == free
    with socket.create_server(("127.0.0.1", free)), pytest.raises(ConfigError):
        demo._server_port(tmp_path, free)


def test_a_window_that_did_not_start_is_said() -> None:
    with pytest.raises(ConfigError, match="demo_failed"):
        demo._line_with(io.StringIO("no address\n"), "http://")


def test_a_child_that_does_not_listen_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    deaf = (
        "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True);"
        "signal.pause()"
    )
    monkeypatch.setattr(demo, "END_SECONDS", 0.2)
    with demo._child([sys.executable, "-c", deaf], {}) as output:
        assert next(iter(output)).strip() == "deaf"


def test_the_demo_stays_until_it_is_interrupted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(demo.signal, "signal", lambda *_: None)

    def interrupt(_self: threading.Event) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(threading.Event, "wait", interrupt)
    demo._wait_for_interrupt()
    assert "Ended." in capsys.readouterr().out


def test_a_demo_that_is_ended_while_it_starts_ends_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []

    def start(_folder: Path, _port: int, children: ExitStack) -> None:
        children.callback(heard.append, "the children ended")
        signal.raise_signal(signal.SIGTERM)
        heard.append("the start went on")

    before = signal.signal(signal.SIGTERM, lambda *_: heard.append("nobody listened"))
    try:
        monkeypatch.setattr(demo, "_start", start)
        assert Commands(tmp_path)("demo", "--home", str(tmp_path)).code == 0
        signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert heard == ["the children ended", "nobody listened"]


def test_what_goes_wrong_is_said_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_folder: Path, _port: int, _children: ExitStack) -> None:
        raise ConfigError("demo_failed")

    monkeypatch.setattr(demo, "_start", fail)
    left = tmp_path / "demo" / "hq"
    left.mkdir(parents=True)
    refused = Commands(tmp_path)("demo", "--home", str(tmp_path))
    assert refused.code == 1
    assert "could not start" in refused.err
    assert not left.exists(), "what an interrupted run left is thrown away"
    left.mkdir(parents=True)
    (tmp_path / "demo" / "seeded").touch()
    Commands(tmp_path)("demo", "--home", str(tmp_path))
    assert left.exists()
    Commands(tmp_path)("demo", "--home", str(tmp_path), "--fresh")
    assert not left.exists()
