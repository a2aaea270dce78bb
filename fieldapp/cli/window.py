"""Starting the app's local window: one home, one lock, one loopback address.

Decides where the window listens and whether a browser is opened; the screens and the guarding of
the address are the ui's. Never binds to anything but this machine.
"""

from __future__ import annotations

from pathlib import Path

import typer

from fieldapp.bootstrap import build_services, claim_window, read_settings
from fieldapp.errors import FieldAppError
from fieldapp.i18n import message


def run_window(home: Path | None, *, port: int | None, open_browser: bool) -> None:
    """Serve the app of a home to a browser on this machine until it is stopped."""
    language = "en"
    try:
        settings = read_settings(home=home, port=port)
        language = settings.language or "en"
        with claim_window(settings), build_services(settings) as services:
            from fieldapp.ui.web import serve

            serve(services, port=settings.port, open_browser=open_browser, announce=typer.echo)
    except FieldAppError as error:
        typer.echo(message(error.code, language, **error.params), err=True)
        raise typer.Exit(1) from error
