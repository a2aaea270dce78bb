"""What the README tells an operator to type sets up an organisation, word for word."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync_server.app import now_ms
from sync_server.config import Settings
from tests.support.commands import Commands
from tests.support.server import ServerThread, make_exchange

README = Path(__file__).resolve().parents[2] / "README.md"
TEXT = README.read_text(encoding="utf-8")
SERVE, *COMMANDS = TEXT.partition("## Set up an organisation")[2].split("```")[1].splitlines()[1:]
MEETING = re.findall(r"`meeting\.json` holds at least `(.+?)`", TEXT)
EXAMPLE_UNIT = "KE-005-S022-L7F3A"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The address and the claim token of a server that nobody claimed."""
    exchange = make_exchange(f"sqlite:///{tmp_path / 'server.db'}", clock=now_ms)
    thread = ServerThread(Settings(data=str(tmp_path)), exchange)
    yield thread.url, exchange.claim_token()
    thread.stop()


def test_the_commands_of_the_readme_found_an_organisation_and_deliver_a_record(
    server: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert SERVE.startswith("sync-server serve --data ")
    monkeypatch.chdir(tmp_path)
    Path("meeting.json").write_text(MEETING[0], encoding="utf-8")
    commands, unit, answer = Commands(tmp_path / "unused"), EXAMPLE_UNIT, {}
    address, token = server
    for line in COMMANDS:
        said = line.replace(EXAMPLE_UNIT, unit).replace("http://127.0.0.1:8400", address)
        program, *words = shlex.split(said.replace("TOKEN", token), comments=True)
        assert program == "fieldapp"
        answer = commands.good(*words)
        if words[:2] == ["unit", "add"]:
            unit = answer["id"]
    assert (answer["waiting"], answer["error"]) == (0, None)
    assert answer["sent"] > 1
    assert not (tmp_path / "unused").exists()
