"""The ``fieldapp`` command: the same services as the screens, without a screen.

Decides nothing but which command runs; every command has ``--help`` and lists only what exists.
Exit codes: 0 done, 1 refused or not delivered, 2 wrong usage.
"""

from __future__ import annotations

from typing import Annotated

import typer

from fieldapp import __version__
from fieldapp.cli import asking, devices, minutes, organisation, records, syncing
from fieldapp.cli.console import HomeOption, running, say_output_is_lost, speak_utf8
from fieldapp.cli.demo import demo
from fieldapp.cli.forgetting import forget_pin
from fieldapp.cli.window import run_window

app = typer.Typer(
    name="fieldapp",
    help="Baraza: record meetings and concerns offline, sealed for their readers.",
    pretty_exceptions_enable=False,
    add_completion=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback(invoke_without_command=True)
def root(
    context: typer.Context,
    home: HomeOption = None,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Start the app when no command is given."""
    del version
    running.set(context.invoked_subcommand or "run")
    if context.invoked_subcommand is None:
        run_window(home, port=None, open_browser=True)


@app.command("run")
def run_app(
    home: HomeOption = None,
    web: Annotated[
        bool, typer.Option("--web", help="Serve to a browser; do not open one.")
    ] = False,
    port: Annotated[
        int | None, typer.Option("--port", min=0, max=65_535, help="Port on this machine.")
    ] = None,
) -> None:
    """Run the app in a window of the browser, on this machine only."""
    run_window(home, port=port, open_browser=not web)


app.command("demo")(demo)
app.add_typer(organisation.hq, name="hq")
app.add_typer(organisation.unit, name="unit")
app.add_typer(organisation.office, name="office")
app.command("invite")(organisation.invite)
app.command("enrol")(organisation.enrol)
app.command("forget-pin")(forget_pin)
asking.add_to(records.app)
minutes.add_to(records.app)
app.add_typer(records.app, name="record")
app.command("sync")(syncing.sync)
app.command("status")(syncing.status)
app.add_typer(devices.app, name="device")
app.command("verify")(syncing.verify)
app.command("export")(syncing.export)
app.command("diagnose")(syncing.diagnose)


def run() -> None:
    """Run the command line."""
    speak_utf8()
    try:
        app()
    except OSError:
        say_output_is_lost()
