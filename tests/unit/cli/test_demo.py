"""The demonstration's handling of ports, children and what an earlier run left."""

from __future__ import annotations

import contextlib
import importlib
import os
import signal
import socket
import sys
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest

from fieldapp.bootstrap import claim_demo
from fieldapp.cli import demo_children
from fieldapp.errors import ConfigError
from tests.support.commands import Commands

demo = importlib.import_module("fieldapp.cli.demo")
"""The module; the package shows the command under the same name."""


LISTENS = """
import socket, sys
print("before", flush=True)
print("a warning", file=sys.stderr, flush=True)
try:
    server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
except OSError:
    print("that port is taken", file=sys.stderr, flush=True)
    sys.exit(1)
print("http://" + sys.argv[1], flush=True)
print("later", file=sys.stderr, flush=True)
sys.stdin.read()
"""


def listening(port: int) -> list[str]:
    return [sys.executable, "-c", LISTENS, str(port)]


def test_ports_that_are_taken_are_passed_over() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        found = demo_children.free_ports(port, 2)
        assert port not in found
        assert len(found) == 2
        assert found[1] > found[0] > port


def test_no_free_port_at_all_is_said() -> None:
    with pytest.raises(ConfigError, match="demo_port_taken"):
        demo_children.free_ports(65_535, 2)


def test_a_child_that_came_too_late_for_its_port_takes_the_next_and_says_nothing_of_it(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        late = demo_children.Listener(listening, os.environ, port)
        with contextlib.closing(late):
            assert late.lines() == ["before", f"http://{late.port}"]
            assert late.port > port
        assert demo_children.is_free(late.port)
    said = capfd.readouterr().err
    assert "that port is taken" not in said
    assert said.startswith("a warning\n")


def test_a_child_whose_port_is_fixed_says_that_it_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        fixed = demo_children.Listener(listening, os.environ, port, may_move=False)
        with pytest.raises(ConfigError, match="demo_port_taken") as refused:
            fixed.lines()
    assert refused.value.params == {"port": port}


def test_the_servers_port_is_remembered_as_the_vaults_know_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, bool]] = []

    def server(_data: Path, port: int, _: ExitStack, *, may_move: bool = True) -> tuple[str, str]:
        asked.append((port, may_move))
        return f"http://127.0.0.1:{port + 1}", ""

    monkeypatch.setattr(demo, "_server", server)
    (free,) = demo_children.free_ports(18_500, 1)
    with ExitStack() as children:
        first = demo._known_server(tmp_path, free, children)
        demo._known_server(tmp_path, free + 7, children)
    assert first == (f"http://127.0.0.1:{free + 1}", "")
    assert asked == [(free, True), (free + 1, False)]


def test_a_window_that_did_not_start_is_said_with_what_it_complained_of(
    capfd: pytest.CaptureFixture[str],
) -> None:
    broken = demo_children.Listener(
        lambda _: [sys.executable, "-c", "import sys; sys.exit('no such home')"], os.environ, 18_500
    )
    with pytest.raises(ConfigError, match="demo_failed"):
        broken.lines()
    assert capfd.readouterr().err == "no such home\n"


def test_a_child_that_does_not_listen_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    deaf = (
        "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True);"
        "signal.pause()"
    )
    monkeypatch.setattr(demo_children, "END_SECONDS", 0.2)
    with demo_children.child([sys.executable, "-c", deaf], {}) as (output, _):
        assert next(iter(output)).strip() == "deaf"


def test_a_second_demo_in_a_folder_touches_nothing_of_the_first(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "demo"
    with claim_demo(folder):
        (folder / "hq").mkdir(parents=True)
        refused = Commands(tmp_path)("demo", "--home", str(tmp_path / "new"))
    assert (refused.code, "is running already" in refused.err) == (1, True)
    assert (folder / "hq").exists()
    (tmp_path / "file").write_text("x")
    assert Commands(tmp_path)("demo", "--home", str(tmp_path / "file")).code == 1


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
