"""``fieldapp demo``: a server, headquarters, a sub-county and a chief on this machine.

Laws:
  * Everything listens on this machine only, on free neighbouring ports, under invented names.
  * The sync server and the windows are child processes; Ctrl-C ends every one of them, and so
    does the system, also while they start.
  * What the demo made is kept for the next start; ``--fresh`` throws it away first.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import webbrowser
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO, Annotated, Never

import typer

from fieldapp.bootstrap import build_services, demo_folder, demo_settings
from fieldapp.cli.console import HomeOption
from fieldapp.cli.demo_seed import CHIEF, DEMO_PIN, PEOPLE, Person, figures, is_seeded, seed
from fieldapp.errors import ConfigError, FieldAppError
from fieldapp.i18n import message
from fieldapp.services.facade import Services

LOOPBACK = "127.0.0.1"
FIRST_PORT = 8400
END_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class _Window:
    person: Person
    address: str


def demo(
    port: Annotated[
        int | None, typer.Option("--port", min=1, max=65_000, help="First port to try.")
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Throw the old demo away first.")] = False,
    home: HomeOption = None,
) -> None:
    """Run server, headquarters, sub-county and chief with realistic records, all local."""
    try:
        folder = demo_folder(home)
        if fresh or not is_seeded(folder):
            shutil.rmtree(folder, ignore_errors=True)
        with _ended_by_the_system(), ExitStack() as children:
            windows = _start(folder, port or FIRST_PORT, children)
            _announce(windows, figures(folder))
            _wait_for_interrupt()
    except FieldAppError as error:
        typer.echo(message(error.code, "en", **error.params), err=True)
        raise typer.Exit(1) from error


def look_around(children: ExitStack) -> Services:
    """Make a throw-away organisation and open its chief's home.

    Args:
        children: ends the server and removes the folder when it is closed.

    Raises:
        FieldAppError: no free port, or the disk is full.
    """
    folder = Path(tempfile.mkdtemp(prefix="baraza-"))
    children.callback(shutil.rmtree, folder, ignore_errors=True)
    (port,) = _free_ports(FIRST_PORT, 1)
    token = children.enter_context(_server(folder / "server", port))
    seed(folder, f"http://{LOOPBACK}:{port}", token)
    services = build_services(demo_settings(folder / CHIEF.key))
    children.callback(services.close)
    services.access.unlock(DEMO_PIN)
    return services


def _start(folder: Path, first_port: int, children: ExitStack) -> Sequence[_Window]:
    """Start the server, make the records on the first run, open one window a person.

    The windows start beside each other: each needs a second or two of a core.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ports = iter(_free_ports(first_port, 1 + len(PEOPLE)))
    server_port = _server_port(folder, next(ports))
    typer.echo("Starting the sync server ...")
    token = children.enter_context(_server(folder / "server", server_port))
    server = f"http://{LOOPBACK}:{server_port}"
    if not is_seeded(folder):
        typer.echo("Making an organisation with invented records ...")
        seed(folder, server, token)
    environment = {
        **os.environ,
        "FIELDAPP_ALLOW_SHORT_PIN": "1",
        # A visitor opens an address twice, in a second browser, at another size.
        "FIELDAPP_LASTING_LINK": "1",
    }
    outputs = []
    for person in PEOPLE:
        command = [
            *_module("fieldapp.cli"),
            *("run", "--web", "--home", str(folder / person.key), "--port", str(next(ports))),
        ]
        outputs.append(children.enter_context(_child(command, environment)))
    addresses = [_line_with(output, "http://") for output in outputs]
    return [_Window(*window) for window in zip(PEOPLE, addresses, strict=True)]


def _server_port(folder: Path, free: int) -> int:
    """The port that the vaults know from the first run, if it is still free."""
    remembered = folder / "server-port"
    if remembered.exists():
        port = int(remembered.read_text(encoding="ascii"))
        if not _is_free(port):
            raise ConfigError("demo_port_taken", port=port)
        return port
    remembered.write_text(str(free), encoding="ascii")
    return free


def _module(name: str) -> list[str]:
    return [sys.executable, "-u", "-m", name]


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def _free_ports(first: int, count: int) -> list[int]:
    """The first free ports from a number on."""
    found = [port for port in range(first, min(first + 1000, 65_536)) if _is_free(port)][:count]
    if len(found) < count:
        raise ConfigError("demo_port_taken", port=first)
    return found


@contextmanager
def _server(data: Path, port: int) -> Iterator[str]:
    """Run the sync server; yields its claim token, empty once it was claimed."""
    command = [
        *_module("sync_server.cli"),
        *("serve", "--data", str(data), "--host", LOOPBACK, "--port", str(port)),
    ]
    with _child(command, dict(os.environ)) as output:
        token = ""
        for line in output:
            if line.startswith("claim token:"):
                token = line.partition(":")[2].strip()
            if "http://" in line:
                break
        _drain(output)
        yield token


@contextmanager
def _child(command: Sequence[str], environment: dict[str, str]) -> Iterator[IO[str]]:
    """Run a child process for as long as the demo runs; yields what it prints."""
    child = subprocess.Popen(  # noqa: S603  our own interpreter and modules, no shell
        command, stdout=subprocess.PIPE, text=True, env=environment, encoding="utf-8"
    )
    output = child.stdout
    if output is None:  # pragma: no cover  a pipe was asked for
        raise ConfigError("demo_failed")
    try:
        yield output
    finally:
        child.terminate()
        try:
            child.wait(timeout=END_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        output.close()


def _line_with(output: IO[str], marker: str) -> str:
    """The first word with a marker that a child prints, or a refusal if it ends before."""
    for line in output:
        found = [word for word in line.split() if marker in word]
        if found:
            _drain(output)
            return found[0]
    raise ConfigError("demo_failed")


def _drain(output: IO[str]) -> None:
    """Keep reading a child's output, so that it never blocks on a full pipe."""

    def read() -> None:
        for _ in output:
            pass

    threading.Thread(target=read, daemon=True).start()


def _announce(windows: Sequence[_Window], told: str) -> None:
    """Print who is where and what headquarters found, and open the chief's window."""
    typer.echo("")
    for window in windows:
        typer.echo(f"{window.person.title:<42} PIN {DEMO_PIN}   {window.address}")
    if told:
        typer.echo(f"\n{told}")
    typer.echo("\nInvented people and records. Ctrl-C ends everything.")
    webbrowser.open(windows[0].address)


@contextmanager
def _ended_by_the_system() -> Iterator[None]:
    """Let a demo that is still starting end with every child that it has by then."""

    def leave(_number: int, _frame: FrameType | None) -> Never:
        raise SystemExit(0)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _wait_for_interrupt() -> None:
    """Stay until the person, or the system, ends the demo."""
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    try:
        ended.wait()
    except KeyboardInterrupt:
        typer.echo("")
    typer.echo("Ended.")
