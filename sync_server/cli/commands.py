"""The operator's commands: serve, status, migrate, backup, restore.

Laws:
  * Exit code 0 is done, 1 refused, 2 wrong usage; an error is one line that says what to do.
  * The claim token goes to standard output alone, never into the log file.
  * A data folder that is made here can be entered by its owner only.
  * Nothing that is printed holds a key, a password of an address or a body.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import wraps
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import click

from fieldapp import __version__
from fieldapp.errors import (
    ConfigError,
    DatabaseDamagedError,
    DatabaseFullError,
    FieldAppError,
    HomeBusyError,
    SchemaTooNewError,
    StorageError,
)
from sync_server.config import DATABASE_FILE, KEY_FILE, Settings, default_folder, load_settings
from sync_server.errors import OperatorError
from sync_server.storage.database import Database

Command = TypeVar("Command", bound=Callable[..., Any])

REFUSED: Final = 1
OWNER_ONLY_FOLDER: Final = 0o700
_UNWRITABLE: Final = "the data folder cannot be written; choose another with --data"
_NO_DATA: Final = "no server's data lies in this folder; name the right one with --data"
_NO_KEY: Final = "no server's key lies in this folder; name the server's own with --data"
_ADVICE: Final[tuple[tuple[type[FieldAppError], str, str], ...]] = (
    (ConfigError, "invalid_setting", "setting {setting}: {reason}"),
    (ConfigError, "file_exists", "the {what} exists already and is not empty; name a new one"),
    (ConfigError, "file_unreadable", "the {what} file cannot be read or is damaged"),
    (ConfigError, "folder_unwritable", "the {what} cannot be written there; name another folder"),
    (SchemaTooNewError, "", "a newer sync-server made this database; install that version"),
    (DatabaseFullError, "", "no space is left for the database; nothing stored was lost"),
    (DatabaseDamagedError, "", "the database is damaged or not a sync server's; restore a backup"),
    (HomeBusyError, "", "another program holds the database; stop it and try again"),
    (StorageError, "", "the database does not answer; check its address and that it runs"),
)


def advice(problem: FieldAppError) -> str:
    """Say what is wrong and what to do about it."""
    for cls, code, text in _ADVICE:
        if isinstance(problem, cls) and code in {"", problem.code}:
            return text.format_map({"setting": "", "reason": "", "what": "", **problem.params})
    return f"refused: {problem.code}"


def refusing(command: Command) -> Command:
    """Turn an error of ours into one line and exit code 1."""

    @wraps(command)
    def run(*args: object, **options: object) -> None:
        try:
            command(*args, **options)
        except (FieldAppError, OperatorError) as problem:
            text = advice(problem) if isinstance(problem, FieldAppError) else str(problem)
            click.echo(f"sync-server: {text}", err=True)
            sys.exit(REFUSED)

    return cast("Command", run)


class Named(click.Path):
    """A file or folder as it was named; no name is refused, as it would mean another one."""

    def convert(
        self,
        value: str | os.PathLike[str],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> str | bytes | os.PathLike[str]:
        """Refuse a value that says nothing."""
        if not str(value).strip():
            self.fail("name one; this option was given without a value", param, ctx)
        return super().convert(value, param, ctx)


def settings_options(command: Command) -> Command:
    """Add the options that every command takes."""
    for option in (
        click.option(
            "--config", type=Named(path_type=Path, readable=False), help="TOML file with settings."
        ),
        click.option(
            "--database-url",
            type=Named(readable=False),
            metavar="URL",
            help="postgresql:// address; without it SQLite is used.",
        ),
        click.option(
            "--data",
            type=Named(readable=False),
            help="Folder of the database, the signing key and the log.",
        ),
    ):
        command = option(command)
    return command


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def read_settings(config: Path | None, **flags: object) -> Settings:
    """Merge flags, environment, file and defaults.

    Raises:
        ConfigError: a setting is wrong.
    """
    text = ""
    if config is not None:
        try:
            text = config.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as problem:
            raise ConfigError("file_unreadable", what="settings") from problem
    settings = load_settings(flags=flags, environment=os.environ, toml_text=text)
    if not settings.data:
        folder = str(default_folder(os.environ, Path.home()))
        settings = load_settings(
            flags={**flags, "data": folder}, environment=os.environ, toml_text=text
        )
    return settings


def settings_to_fill(config: Path | None, **flags: object) -> Settings:
    """Read the settings of a command that may begin a server, and make its data folder.

    Raises:
        ConfigError: a setting is wrong.
        OperatorError: the data folder cannot be written.
    """
    settings = read_settings(config, **flags)
    try:
        settings.folder.mkdir(mode=OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
    except OSError as problem:
        raise OperatorError(_UNWRITABLE) from problem
    if not os.access(settings.folder, os.W_OK | os.X_OK):
        raise OperatorError(_UNWRITABLE)
    return settings


def settings_of_data(config: Path | None, **flags: object) -> Settings:
    """Read the settings of a command that needs a server's data; a mistyped folder is not made.

    Raises:
        ConfigError: a setting is wrong.
        OperatorError: no database lies in the folder.
    """
    settings = read_settings(config, **flags)
    if not settings.database_url and not (settings.folder / DATABASE_FILE).exists():
        raise OperatorError(_NO_DATA)
    return settings


@contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """Open the database for one command."""
    database = Database(settings.url, max_bytes=settings.max_database_bytes)
    try:
        yield database
    finally:
        database.close()


def show(facts: dict[str, Any], *, as_json: bool) -> None:
    """Print facts for a program, or a line each for a person."""
    lines = (f"{name.replace('_', ' ')}: {value}" for name, value in facts.items())
    click.echo(json.dumps(facts) if as_json else "\n".join(lines))


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="sync-server")
def main() -> None:
    """Keep and hand on sealed batches that nobody here can read."""


@main.command()
@settings_options
@click.option("--host", help="Address to listen on.  [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65_535), help="Port to listen on.  [default: 8400]")
@refusing
def serve(config: Path | None, **flags: object) -> None:
    """Run the server until it is stopped."""
    from sync_server.app import run_server

    run_server(settings_to_fill(config, **flags), click.echo)


@main.command()
@settings_options
@json_option
@refusing
def status(config: Path | None, *, as_json: bool, **flags: object) -> None:
    """Show what the database holds."""
    from sync_server.storage.status import read_status

    with opened(settings_of_data(config, **flags)) as database:
        show(asdict(read_status(database)), as_json=as_json)


@main.command()
@settings_options
@json_option
@refusing
def migrate(config: Path | None, *, as_json: bool, **flags: object) -> None:
    """Bring the database up to date; serve does this by itself at each start."""
    from sync_server.auth import new_log_id
    from sync_server.storage.schema import REVISIONS
    from sync_server.storage.schema import migrate as bring_up_to_date

    with opened(settings_to_fill(config, **flags)) as database:
        changed = bring_up_to_date(database, new_log_id())
    show({"changed": changed, "schema": REVISIONS[-1]}, as_json=as_json)


@main.command()
@click.argument("file", type=Named(path_type=Path, readable=False))
@settings_options
@json_option
@refusing
def backup(file: Path, config: Path | None, *, as_json: bool, **flags: object) -> None:
    """Copy everything, the signing key included, into a new FILE; the server may be running."""
    from sync_server.auth import load_key, new_log_id
    from sync_server.storage.backup import write_backup
    from sync_server.storage.chunks import ChunkFolder

    settings = settings_of_data(config, **flags)
    if settings.database_url and not (settings.folder / KEY_FILE).exists():
        # A key that is made here would be no server's: devices refuse what is restored with it.
        raise OperatorError(_NO_KEY)
    key = load_key(settings.folder / KEY_FILE)
    with opened(settings) as database:
        copied = write_backup(
            database,
            file,
            private_key=key.to_private_bytes(),
            log_id=new_log_id(),
            chunks=ChunkFolder(settings.media_folder),
        )
    show(asdict(copied), as_json=as_json)


@main.command()
@click.argument("file", type=Named(path_type=Path, readable=False))
@settings_options
@json_option
@refusing
def restore(file: Path, config: Path | None, *, as_json: bool, **flags: object) -> None:
    """Bring a backup FILE into an empty database; stop the server first.

    Devices notice that it is another log, read it again from the start, and send again what it
    lacks.
    """
    from sync_server.auth import new_log_id, restore_key
    from sync_server.storage.backup import read_backup, read_key
    from sync_server.storage.chunks import ChunkFolder
    from sync_server.storage.schema import migrate as bring_up_to_date

    settings = settings_to_fill(config, **flags)
    restore_key(settings.folder / KEY_FILE, read_key(file))
    with opened(settings) as database:
        bring_up_to_date(database, new_log_id())
        folder = ChunkFolder(settings.media_folder)
        copied = read_backup(file, database, log_id=new_log_id(), chunks=folder)
    show(asdict(copied), as_json=as_json)


def run() -> None:
    """Run the operator's commands; what the system refuses is one line too."""
    try:
        main()
    except OSError as problem:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        text = f"{problem.strerror}; check the disk, and where the output goes"
        click.echo(f"sync-server: the system refused: {text}", err=True)
        sys.exit(REFUSED)
