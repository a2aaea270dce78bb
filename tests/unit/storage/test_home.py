import os
import stat
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from fieldapp.errors import HomeBusyError, StorageFailedError
from fieldapp.storage import pin_delay
from fieldapp.storage.home import Home, default_root
from fieldapp.storage.pin_delay import PinDelay
from tests.support.children import child, next_line
from tests.support.vaults import open_vault

HOLD = """
import sys
from pathlib import Path
from fieldapp.storage.home import Home
with Home(Path(sys.argv[1])).held(4711):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    made.make()
    return made


def test_the_folders_are_private(home: Home) -> None:
    for folder in (home.root, home.logs):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_every_file_of_a_home_lies_inside_it(home: Home) -> None:
    for place in (home.vault, home.key, home.tries, home.store, home.logs):
        assert place.parent == home.root


def test_an_empty_home_has_neither_vault_nor_key(home: Home) -> None:
    assert (home.has_vault(), home.has_key()) == (False, False)


def test_a_vault_without_its_key_shows_as_such(home: Home) -> None:
    open_vault(home.vault).close()
    assert (home.has_vault(), home.has_key()) == (True, False)
    home.key.write_bytes(b"wrapped")
    assert home.has_key()


def test_a_file_in_the_way_is_a_failure_of_the_disk(tmp_path: Path) -> None:
    (tmp_path / "home").write_bytes(b"")
    with pytest.raises(StorageFailedError):
        Home(tmp_path / "home").make()


def test_a_second_app_learns_who_holds_the_home(home: Home) -> None:
    with home.held(17), pytest.raises(HomeBusyError) as caught, home.held(18):
        pass
    assert (caught.value.code, caught.value.params) == ("home_busy", {"pid": 17})


@pytest.mark.parametrize("content", [None, "not a number"])
def test_a_holder_without_a_number_is_still_a_holder(home: Home, content: str | None) -> None:
    with home.held(17):
        pid_file = home.root / "home.pid"
        pid_file.unlink()
        if content is not None:
            pid_file.write_text(content)
        with pytest.raises(HomeBusyError) as caught, home.held(18):
            pass
    assert caught.value.params == {"pid": 0}


def test_a_home_that_was_let_go_can_be_held_again(home: Home) -> None:
    with home.held(17):
        pass
    with home.held(18):
        assert (home.root / "home.pid").read_text() == "18"
    assert not (home.root / "home.pid").exists()


def test_the_command_line_reads_and_writes_beside_the_app(home: Home) -> None:
    with home.held(17):
        vault = open_vault(home.vault)
        with vault.transaction() as tx:
            tx.meta.set("cursor", b"1")
        vault.close()


def test_a_killed_app_holds_nothing(home: Home) -> None:
    with child(HOLD, str(home.root)) as app:
        assert next_line(app) == "held"
        with pytest.raises(HomeBusyError) as caught, home.held(os.getpid()):
            pass
        assert caught.value.params == {"pid": 4711}
        app.kill()
        app.wait()
        with home.held(os.getpid()):
            pass


@pytest.mark.parametrize(
    ("platform", "environment", "expected"),
    [
        ("linux", {}, "/home/amina/.local/share/baraza"),
        ("linux", {"XDG_DATA_HOME": "/data"}, "/data/baraza"),
        ("linux", {"FLET_APP_STORAGE_DATA": "/phone"}, "/phone/baraza"),
        ("darwin", {}, "/home/amina/Library/Application Support/Baraza"),
        ("win32", {}, "/home/amina/AppData/Local/Baraza"),
        ("win32", {"LOCALAPPDATA": "/local"}, "/local/Baraza"),
    ],
)
def test_each_platform_has_its_data_folder(
    platform: str, environment: dict[str, str], expected: str
) -> None:
    assert default_root(platform, environment, Path("/home/amina")).as_posix() == expected


@pytest.mark.parametrize("name", ["home.lock", "export.lock", "vault.tries.turn"])
def test_a_lock_file_that_is_damaged_locks_as_ever(
    home: Home, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hold() -> AbstractContextManager[None]:
        held = {"home.lock": home.held(17), "export.lock": home.exporting()}
        return held.get(name) or PinDelay(home.tries).turn()

    monkeypatch.setattr(pin_delay, "BUSY_MS", 0)
    (home.root / name).write_bytes(b"\xa5" * 5000)
    with hold(), pytest.raises(HomeBusyError), hold():
        pass
