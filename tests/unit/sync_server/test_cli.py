"""The operator's commands, as a person and a script meet them."""

from __future__ import annotations

import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner, Result

from fieldapp.errors import ConfigError, FieldAppError, SchemaTooNewError
from sync_server import app
from sync_server.app import listen, run_server
from sync_server.cli.commands import advice, main
from sync_server.config import KEY_FILE, LOG_FILE, Settings
from sync_server.errors import OperatorError
from tests.support.organisation import small_organisation
from tests.support.server import (
    SERVER_SECRET,
    HTTPService,
    ServerProcess,
    ServerThread,
    make_exchange,
    running,
)


def run(*arguments: str, environment: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(main, arguments, env=environment or {})


def data(folder: Path) -> tuple[str, str]:
    return "--data", str(folder)


# ---------------------------------------------------------------------- help and usage


@pytest.mark.parametrize("command", ["serve", "status", "migrate", "backup", "restore"])
def test_each_command_explains_itself(command: str) -> None:
    found = run(command, "--help")
    assert found.exit_code == 0
    assert "--data" in found.output
    assert "--database-url" in found.output


def test_the_version_is_shown() -> None:
    assert run("--version").output.startswith("sync-server, version ")


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["serve", "--port", "70000"], ["backup"], ["status", "--port", "1"]]
)
def test_wrong_usage_is_2(arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ["serve", "--data", ""],
        ["status", "--config", " "],
        ["migrate", "--database-url", ""],
        ["backup", ""],
        ["restore", ""],
    ],
)
def test_a_name_that_is_empty_is_wrong_usage_and_never_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    found = run(*arguments, environment={"XDG_DATA_HOME": str(tmp_path), "LOCALAPPDATA": ""})
    assert (found.exit_code, "without a value" in found.stderr) == (2, True)
    assert list(tmp_path.iterdir()) == []


# ---------------------------------------------------------------------- status, migrate


def test_migrate_makes_the_database_and_then_has_nothing_to_do(tmp_path: Path) -> None:
    first, second = (run("migrate", *data(tmp_path), "--json") for _ in range(2))
    assert [json.loads(found.output)["changed"] for found in (first, second)] == [True, False]


def test_status_prints_json_or_lines(tmp_path: Path) -> None:
    run("migrate", *data(tmp_path))
    found = json.loads(run("status", *data(tmp_path), "--json").output)
    assert (found["database"], found["batches"], found["claimed"]) == ("sqlite", 0, False)
    assert "head position: 0\n" in run("status", *data(tmp_path)).output


def test_settings_come_from_environment_and_file_too(tmp_path: Path) -> None:
    file = tmp_path / "server.toml"
    file.write_text(f'data = "{(tmp_path / "from-file").as_posix()}"')
    assert run("migrate", "--config", str(file)).exit_code == 0
    assert (tmp_path / "from-file" / "server.db").exists()
    run("migrate", environment={"SYNC_SERVER_DATA": str(tmp_path / "from-env")})
    assert (tmp_path / "from-env" / "server.db").exists()


def test_without_a_folder_the_platforms_own_is_used(tmp_path: Path) -> None:
    environment = {"XDG_DATA_HOME": str(tmp_path), "LOCALAPPDATA": ""}
    assert run("migrate", environment=environment).exit_code == 0
    assert (tmp_path / "baraza-server" / "server.db").exists()


# ---------------------------------------------------------------------- backup, restore


def test_a_backup_goes_round(tmp_path: Path) -> None:
    old, new, file = tmp_path / "old", tmp_path / "new", tmp_path / "backup.db"
    run("migrate", *data(old))
    assert old.stat().st_mode & 0o777 == 0o700
    (old / KEY_FILE).write_bytes(SERVER_SECRET)
    made = json.loads(run("backup", str(file), *data(old), "--json").output)
    copied = json.loads(run("restore", str(file), *data(new), "--json").output)
    assert copied == made
    assert (new / KEY_FILE).read_bytes() == SERVER_SECRET


def test_a_restore_beside_another_servers_key_changes_nothing(tmp_path: Path) -> None:
    old, new, file = tmp_path / "old", tmp_path / "new", tmp_path / "backup.db"
    run("migrate", *data(old))
    run("backup", str(file), *data(old))
    new.mkdir()
    (new / KEY_FILE).write_bytes(SERVER_SECRET)
    found = run("restore", str(file), *data(new))
    assert (found.exit_code, found.stderr) == (
        1,
        "sync-server: the data folder holds another server's key; name an empty one with --data\n",
    )
    assert [path.name for path in new.iterdir()] == [KEY_FILE]
    assert (new / KEY_FILE).read_bytes() == SERVER_SECRET


def test_a_backup_that_exists_and_a_restore_of_nothing_are_refused(tmp_path: Path) -> None:
    run("migrate", *data(tmp_path))
    (tmp_path / "there").write_text("x")
    found = run("backup", str(tmp_path / "there"), *data(tmp_path))
    assert (found.exit_code, found.stderr) == (
        1,
        "sync-server: the backup exists already and is not empty; name a new one\n",
    )
    found = run("restore", str(tmp_path / "missing"), *data(tmp_path))
    assert found.exit_code == 1
    assert "backup file cannot be read" in found.stderr


@pytest.mark.parametrize("command", [["status"], ["status", "--json"], ["backup", "b"]])
def test_a_mistyped_folder_is_said_and_not_made(tmp_path: Path, command: list[str]) -> None:
    found = run(*command, *data(tmp_path / "typo"))
    assert (found.exit_code, found.output) == (
        1,
        "sync-server: no server's data lies in this folder; name the right one with --data\n",
    )
    assert not (tmp_path / "typo").exists()


def test_a_backup_never_makes_a_key_for_somebody_elses_database(tmp_path: Path) -> None:
    where = ("--database-url", f"postgresql://nobody@/none?host={tmp_path}")
    found = run("backup", str(tmp_path / "b"), *data(tmp_path / "typo"), *where)
    assert (found.exit_code, "no server's key lies in this folder" in found.stderr) == (1, True)
    assert list(tmp_path.iterdir()) == []


def test_a_backup_into_nowhere_says_so(tmp_path: Path) -> None:
    run("migrate", *data(tmp_path / "data"))
    found = run("backup", str(tmp_path / "missing" / "b"), *data(tmp_path / "data"))
    assert (found.exit_code, "cannot be written there" in found.stderr) == (1, True)


def test_an_answer_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    run("migrate", *data(tmp_path))
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "sync_server.cli", "status", *data(tmp_path)],
            check=False,
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
    assert done.returncode == 1
    assert done.stderr.startswith("sync-server: the system refused: No space left on device;")
    assert len(done.stderr.splitlines()) == 1


# ---------------------------------------------------------------------- refusals


def test_a_wrong_address_says_what_it_must_be_and_does_not_repeat_it(tmp_path: Path) -> None:
    found = run("status", *data(tmp_path), "--database-url", "mysql://u:secret@h/d")
    assert (found.exit_code, found.stderr) == (
        1,
        "sync-server: setting database_url: must start with postgresql://\n",
    )


def test_a_database_that_does_not_answer_is_named(tmp_path: Path) -> None:
    url = f"postgresql://nobody@/none?host={tmp_path}"
    found = run("status", *data(tmp_path), "--database-url", url)
    assert found.exit_code == 1
    assert "the database does not answer" in found.stderr


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "server.db").write_text("not a database" * 100)
    found = run("status", *data(tmp_path))
    assert found.exit_code == 1
    assert "not a sync server's" in found.stderr


def test_settings_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    found = run("status", "--config", str(tmp_path / "missing"))
    assert (found.exit_code, "settings file cannot be read" in found.stderr) == (1, True)


def test_a_folder_that_cannot_be_made_or_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    found = run("migrate", *data(tmp_path / "file" / "below"))
    assert (found.exit_code, "cannot be written" in found.stderr) == (1, True)
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert "cannot be written" in run("migrate", *data(tmp_path)).stderr


def test_each_error_has_words() -> None:
    assert "newer sync-server" in advice(SchemaTooNewError())
    assert advice(ConfigError("server_address_refused")) == "refused: server_address_refused"
    assert advice(FieldAppError("internal")) == "refused: internal"


def test_a_port_in_use_and_a_foreign_host_are_named() -> None:
    busy = pytest.raises(OperatorError, match="is in use; choose another with --port")
    with socket.create_server(("127.0.0.1", 0)) as taken, busy:
        listen("127.0.0.1", taken.getsockname()[1])
    with pytest.raises(OperatorError, match="choose others with --host"):
        listen("203.0.113.9", 0)


def test_serve_says_that_its_port_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        found = run("serve", *data(tmp_path), "--port", port)
    assert (found.exit_code, f"port {port} is in use" in found.stderr) == (1, True)


# ---------------------------------------------------------------------- serving


def test_serve_prints_the_token_until_it_is_claimed_and_never_logs_it(tmp_path: Path) -> None:
    organisation = small_organisation()
    server = ServerProcess(tmp_path)
    with running(server):
        token = server.claim_token
        service = HTTPService(server.url)
        service.claim_server(token, organisation.log[0][1].raw)
        service.close()
        assert server.stop() == 0
        server.start()
        assert [line for line in server.lines if "token" in line] == []
        assert server.stop() == 0
    logged = (tmp_path / LOG_FILE).read_text()
    assert token.hex() not in logged
    assert [json.loads(line)["event"] for line in logged.splitlines()] == ["start", "stop"] * 2


def test_a_server_in_this_process_ends_in_good_order_when_told(tmp_path: Path) -> None:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    lines: list[str] = []

    def say(line: str) -> None:
        lines.append(line)
        if line.startswith("listening"):
            threading.Thread(target=end, args=(line.rpartition(" ")[2],), daemon=True).start()

    def end(url: str) -> None:
        assert requests.get(url + "/healthz", timeout=30).ok
        os.kill(os.getpid(), signal.SIGTERM)

    run_server(Settings(data=str(tmp_path), port=0), say)
    for number, handler in before.items():
        signal.signal(number, handler)
    assert [line.split(":")[0] for line in lines] == ["claim token", "listening on http"]


def test_a_claimed_server_in_this_process_prints_no_token(tmp_path: Path) -> None:
    organisation, lines = small_organisation(), []
    (tmp_path / KEY_FILE).write_bytes(SERVER_SECRET)
    exchange = make_exchange(Settings(data=str(tmp_path)).url)
    exchange.claim_server(bytes.fromhex(exchange.claim_token()), organisation.log[0][1].raw)
    exchange.close()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def say(line: str) -> None:
        lines.append(line)
        os.kill(os.getpid(), signal.SIGTERM)

    run_server(Settings(data=str(tmp_path), port=0), say)
    for number, handler in before.items():
        signal.signal(number, handler)
    assert [line.split(":")[0] for line in lines] == ["listening on http"]


def test_the_module_runs_as_a_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["sync-server", "--version"])
    with pytest.raises(SystemExit) as caught:
        runpy.run_module("sync_server.cli", run_name="__main__")
    assert caught.value.code == 0


def test_the_application_opens_everything_by_itself(tmp_path: Path) -> None:
    settings = Settings(data=str(tmp_path))
    made = app.create_app(settings)
    assert made.title == "Baraza sync server"
    exchange = app.open_exchange(settings)
    server = ServerThread(settings, exchange)
    assert requests.get(server.url + "/readyz", timeout=30).ok
    server.stop()


def test_the_answers_carry_no_header_that_nobody_needs(tmp_path: Path) -> None:
    exchange = make_exchange(f"sqlite:///{tmp_path / 'server.db'}")
    server = ServerThread(Settings(data=str(tmp_path)), exchange)
    found = requests.get(server.url + "/healthz", timeout=30)
    server.stop()
    assert sorted(name.lower() for name in found.headers) == ["content-length", "content-type"]
