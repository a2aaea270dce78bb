"""The HQ store through kill -9: behind at most, never wrong."""

from pathlib import Path

import pytest

from fieldapp.storage.hq.refresh import refresh
from fieldapp.storage.hq.store import HqStore
from tests.support.children import child, next_line
from tests.support.stores import READER, folded, keep, table_rows
from tests.support.vaults import open_vault

MANY = 60

KILLED_IN_A_CHUNK = """
import sys
from pathlib import Path
from fieldapp.storage.hq import refresh as refreshing
from fieldapp.storage.hq.store import HqStore
from tests.support.stores import READER
from tests.support.vaults import open_vault

folder, last = Path(sys.argv[1]), int(sys.argv[2])
refreshing.CHUNK = 10
set_state = HqStore._set

def stop_before_the_position_is_written(self, connection, key, value):
    if key == "position" and int(value) == last:
        print("inside", flush=True)
        sys.stdin.readline()
    set_state(self, connection, key, value)

HqStore._set = stop_before_the_position_is_written
refreshing.refresh(HqStore(folder / "hq.db"), open_vault(folder / "vault.db"), READER)
"""

KILLED_AFTER_A_CHUNK = """
import sys
from pathlib import Path
from fieldapp.storage.hq import refresh as refreshing
from fieldapp.storage.hq.store import HqStore
from tests.support.stores import READER
from tests.support.vaults import open_vault

folder, last = Path(sys.argv[1]), int(sys.argv[2])
refreshing.CHUNK = 10

def stop(done, total):
    if done == last:
        print("inside", flush=True)
        sys.stdin.readline()

store = HqStore(folder / "hq.db")
refreshing.refresh(store, open_vault(folder / "vault.db"), READER, progress=stop)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    vault = open_vault(tmp_path / "vault.db")
    fields = {"venue": "Hall", "agencies": ["nctc"], "resolutions": [{"text": "Patrols"}]}
    keep(vault, *(folded(str(number), "meeting", fields) for number in range(MANY)))
    vault.close()
    return tmp_path


@pytest.mark.parametrize(
    ("source", "last", "kept"),
    [
        (KILLED_IN_A_CHUNK, 10, 0),
        (KILLED_IN_A_CHUNK, 30, 20),
        (KILLED_AFTER_A_CHUNK, 30, 30),
        (KILLED_AFTER_A_CHUNK, 60, 60),
    ],
)
def test_a_killed_refresh_goes_on_from_the_last_whole_chunk(
    folder: Path, source: str, last: int, kept: int
) -> None:
    with child(source, str(folder), str(last)) as process:
        assert next_line(process) == "inside"
        process.kill()
        process.wait()
    store, vault = HqStore(folder / "hq.db"), open_vault(folder / "vault.db")
    assert (store.position(), len(table_rows(store, "meeting"))) == (kept, kept)
    assert refresh(store, vault, READER) == MANY - kept
    for table in ("meeting", "meeting_agencies", "meeting_resolutions"):
        assert len(table_rows(store, table)) == MANY
    store.close()
    vault.close()
