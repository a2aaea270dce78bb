"""Starting the app's local window: one home, one lock, one loopback address.

Decides where the window listens and whether a browser is opened; the screens and the guarding of
the address are the ui's. Never binds to anything but this machine.
"""

from __future__ import annotations

import errno
import logging
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import Never

import typer

from fieldapp.bootstrap import build_phone, claim_window, read_settings
from fieldapp.cli.demo import look_around
from fieldapp.errors import ConfigError, FieldAppError, StorageFailedError
from fieldapp.i18n import message
from fieldapp.services.phone import FIRST_OFFICER
from fieldapp.services.ports import Log


def run_window(home: Path | None, *, port: int | None, open_browser: bool) -> None:
    """Serve the app of a home to a browser on this machine until it is stopped."""
    language = "en"
    try:
        settings = read_settings(home=home, port=port)
        language = settings.language or "en"
        signal.signal(signal.SIGTERM, _leave)
        with (
            claim_window(settings),
            ExitStack() as children,
            build_phone(settings) as phone,
        ):
            from fieldapp.ui.web import open_in_browser, serve

            services = phone.services(FIRST_OFFICER)
            services.log.note("start")
            children.enter_context(_faults_into(services.log))

            def announce(link: str) -> None:
                typer.echo(link)
                if open_browser:
                    open_in_browser(link)

            serve(
                services,
                port=settings.port,
                announce=announce,
                demo=lambda: look_around(children),
                phone=phone,
                lasting_link=settings.lasting_link,
            )
    except FieldAppError as error:
        _refuse(error, language)
    except OSError as problem:
        if problem.errno == errno.EADDRINUSE:
            _refuse(ConfigError("port_taken", port=port or 0), language)
        _refuse(StorageFailedError(), language)


@contextmanager
def _faults_into(log: Log) -> Iterator[None]:
    """Bring the codes of the screens' own faults into the home's log, never their words."""
    handler = FaultHandler(log)
    screens = logging.getLogger("fieldapp.ui")
    screens.addHandler(handler)
    try:
        yield
    finally:
        screens.removeHandler(handler)


class FaultHandler(logging.Handler):
    """Takes the code and the place of a fault that the screens reported."""

    def __init__(self, log: Log) -> None:
        super().__init__()
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Note one fault; the log keeps only what has the form of a code and of a place."""
        words = record.args if isinstance(record.args, tuple) else ()
        code, _kind, places = (*map(str, words), "", "", "")[:3]
        self._log.note("fault", code=code or "internal", place=places.split(" < ")[0])


def _refuse(error: FieldAppError, language: str) -> Never:
    typer.echo(message(error.code, language, **error.params), err=True)
    raise typer.Exit(1) from error


def _leave(_number: int, _frame: FrameType | None) -> Never:
    """End like any command, so that whatever the window started ends with it."""
    raise SystemExit(0)
