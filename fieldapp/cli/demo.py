"""``fieldapp demo``: a server, headquarters, a sub-county and a chief on this machine.

Laws:
  * Everything listens on this machine only, on free neighbouring ports, under invented names.
  * A folder has one demo at a time: a second one touches nothing of the first.
  * The sync server and the windows are child processes; Ctrl-C ends every one of them, and so
    does the system, also while they start.
  * What the demo made is kept for the next start; ``--fresh`` throws it away first.
"""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import threading
import webbrowser
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Annotated, Final, Never

import typer

from fieldapp.bootstrap import build_services, claim_demo, demo_folder, demo_settings
from fieldapp.cli.console import HomeOption
from fieldapp.cli.demo_children import LOOPBACK, Listener, free_ports, module
from fieldapp.cli.demo_seed import CHIEF, DEMO_PIN, PEOPLE, Person, figures, is_seeded, seed
from fieldapp.errors import FieldAppError
from fieldapp.i18n import message
from fieldapp.services.facade import Services

FIRST_PORT: Final = 8400
CLAIM_TOKEN: Final = "claim token:"  # noqa: S105  what the server prints before one


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
        with claim_demo(folder), _ended_by_the_system(), ExitStack() as children:
            if fresh or not is_seeded(folder):
                shutil.rmtree(folder, ignore_errors=True)
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
    server, token = _server(folder / "server", free_ports(FIRST_PORT, 1)[0], children)
    seed(folder, server, token)
    services = build_services(demo_settings(folder / CHIEF.key))
    children.callback(services.close)
    services.access.unlock(DEMO_PIN)
    return services


def _start(folder: Path, first_port: int, children: ExitStack) -> Sequence[_Window]:
    """Start the server, make the records on the first run, open one window a person.

    The windows start beside each other: each needs a second or two of a core.
    """
    folder.mkdir(parents=True, exist_ok=True)
    typer.echo("Starting the sync server ...")
    server, token = _known_server(folder, first_port, children)
    if not is_seeded(folder):
        typer.echo("Making an organisation with invented records ...")
        seed(folder, server, token)
    environment = {
        **os.environ,
        "FIELDAPP_ALLOW_SHORT_PIN": "1",
        # A visitor opens an address twice, in a second browser, at another size.
        "FIELDAPP_LASTING_LINK": "1",
    }
    windows = []
    for person, port in zip(PEOPLE, free_ports(first_port, len(PEOPLE)), strict=True):
        window = Listener(partial(_window_command, folder / person.key), environment, port)
        children.callback(window.close)
        windows.append(window)
    addresses = [window.lines()[-1] for window in windows]
    return [_Window(*window) for window in zip(PEOPLE, addresses, strict=True)]


def _window_command(home: Path, port: int) -> list[str]:
    return [
        *module("fieldapp.cli"),
        *("run", "--web", "--home", str(home), "--port", str(port)),
    ]


def _known_server(folder: Path, first_port: int, children: ExitStack) -> tuple[str, str]:
    """The server at the port that the vaults know from the first run, or at a free one."""
    remembered = folder / "server-port"
    if remembered.exists():
        port = int(remembered.read_text(encoding="ascii"))
        return _server(folder / "server", port, children, may_move=False)
    made = _server(folder / "server", free_ports(first_port, 1)[0], children)
    remembered.write_text(made[0].rpartition(":")[2], encoding="ascii")
    return made


def _server(
    data: Path, port: int, children: ExitStack, *, may_move: bool = True
) -> tuple[str, str]:
    """Run the sync server; its address, and its claim token, empty once it was claimed."""

    def command(on: int) -> list[str]:
        return [
            *module("sync_server.cli"),
            *("serve", "--data", str(data), "--host", LOOPBACK, "--port", str(on)),
        ]

    server = Listener(command, dict(os.environ), port, may_move=may_move)
    children.callback(server.close)
    tokens = [line.partition(":")[2] for line in server.lines() if line.startswith(CLAIM_TOKEN)]
    return f"http://{LOOPBACK}:{server.port}", "".join(tokens).strip()


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
