"""A phone, and the server beside it, killed between any two pieces of a picture.

Both live in one child process and die together; what is on their disks goes on afterwards.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fieldapp.services.media_reading import UNSAVED_MS
from fieldapp.sync.media import PIECE_BYTES
from tests.support.children import child, next_line
from tests.support.country import Country, copied, make_template
from tests.support.factories import concern_fields, golden_fields
from tests.support.pictures import photo

KILLED_AT_A_PIECE = """
import os, signal, sys
from pathlib import Path
from tests.support.country import Country

folder, at, after = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "True"
country = Country(folder)
chief = country.unlocked("chief")
shelf, count = country.shelf, 0

class Dying:
    ask_chunk, get_chunk = shelf.ask_chunk, shelf.get_chunk

    def put_chunk(self, ticket, piece):
        global count
        count += 1
        if count == at and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        held = shelf.put_chunk(ticket, piece)
        print(len(piece), flush=True)
        if count == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return held

country.link.media = Dying()
chief.syncing.sync()
print("not killed", flush=True)
"""

KILLED_WHILE_ADDING = """
import os, signal, sys
from pathlib import Path
from fieldapp.storage import chunk_files
from tests.support.country import Country
from tests.support.pictures import photo

country = Country(Path(sys.argv[1]))
chief = country.unlocked("chief")
real, left = chunk_files.write_whole, int(sys.argv[3])

def dying(path, content):
    global left
    left -= 1
    if left == 0:
        path.with_name(path.name + ".part").write_bytes(content[:9])
        os.kill(os.getpid(), signal.SIGKILL)
    real(path, content)

chunk_files.write_whole = dying
chief.media.add_photo(sys.argv[2], "attachments", photo(900, 700))
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An organisation whose chief has a meeting with a picture to send."""
    folder = make_template(tmp_path_factory.mktemp("country"))
    country = Country(folder)
    chief = country.unlocked("chief")
    draft = chief.records.new_draft("meeting", None, golden_fields()).id
    media = chief.media.add_photo(draft, "attachments", photo(900, 700)).id
    facts = {
        "record": chief.records.seal(draft),
        "media": media,
        "opened": chief.media.read(media).hex(),
        "bytes": chief.media.waiting().bytes,
    }
    (folder / "media.json").write_text(json.dumps(facts))
    country.close()
    return folder


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", [1, 4, 7])
def test_a_killed_phone_and_server_go_on_behind_the_last_piece(
    template: Path, tmp_path: Path, at: int, after: bool
) -> None:
    country = copied(template, tmp_path / "country")
    country.close()
    with child(KILLED_AT_A_PIECE, str(country.folder), str(at), str(after)) as process:
        lines = list(iter(lambda: next_line(process), ""))
    assert "not killed" not in lines
    facts = json.loads((country.folder / "media.json").read_text())
    again = Country(country.folder)
    chief, dcc = again.unlocked("chief"), again.unlocked("dcc")
    report = chief.syncing.sync()
    again.sync(dcc)
    assert (report.media_error, report.media_sent) == (None, 1)
    sent = sum(map(int, lines)) + report.media_bytes
    assert facts["bytes"] <= sent <= facts["bytes"] + PIECE_BYTES
    assert dcc.media.read(facts["media"]).hex() == facts["opened"]
    again.close()


@pytest.mark.parametrize("left", [1, 2, 3, 99])
def test_a_phone_killed_while_a_picture_is_added_has_it_whole_or_not_at_all(
    template: Path, tmp_path: Path, left: int
) -> None:
    country = copied(template, tmp_path / "country")
    chief = country.unlocked("chief")
    draft = chief.records.new_draft("meeting", None, golden_fields()).id
    country.close()
    with child(KILLED_WHILE_ADDING, str(country.folder), draft, str(left)) as process:
        process.wait()
    again = Country(country.folder)
    again.environment("chief")  # Draws other chances than the child did.
    chief = again.unlocked("chief")
    held = chief.records.draft(draft).fields.get("attachments", [])
    views = chief.media.of_record(draft)
    assert [one.id for one in views] == [one["file"] for one in held]
    assert all(len(chief.media.read(one.id)) == one.bytes for one in views)
    assert chief.media.add_photo(draft, "attachments", photo(200, 200)).state == "here"
    chief.records.seal(draft)
    again.sync(chief)
    again.close()


KILLED_WHILE_RAISING = """
import os, signal, sys
from pathlib import Path
from fieldapp.services import sealing
from tests.support.country import Country

country = Country(Path(sys.argv[1]))
chief = country.unlocked("chief")
sealing.leave_behind = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
chief.records.change(sys.argv[2], {"confidential": True}, "It was worse")
print("not killed", flush=True)
"""


@pytest.mark.parametrize("again_at_once", [True, False])
def test_a_raise_that_was_killed_leaves_the_old_pictures_whole_and_no_others_for_long(
    template: Path, tmp_path: Path, again_at_once: bool
) -> None:
    country = copied(template, tmp_path / "country")
    chief = country.unlocked("chief")
    draft = chief.records.new_draft("concern", None, concern_fields(category="land")).id
    media = chief.media.add_photo(draft, "pictures", photo(600, 400)).id
    record, opened = chief.records.seal(draft), chief.media.read(media)
    country.close()
    folder = country.folder / "chief" / "media"
    before = set(folder.iterdir())
    with child(KILLED_WHILE_RAISING, str(country.folder), record) as process:
        assert list(iter(lambda: next_line(process), "")) == []
    left = set(folder.iterdir()) - before
    assert left, "it was killed before it wrote"
    again = Country(country.folder)
    again.environment("chief")  # Draws other chances than the child did.
    chief = again.unlocked("chief")
    assert chief.media.waiting().count == 2
    if again_at_once:
        edited = chief.records.change(record, {"confidential": True}, "It was worse")
        (view,) = chief.media.of_record(edited.id)
    else:
        again.clock.advance(UNSAVED_MS + 1)
        (view,) = chief.media.of_record(record)
    assert left.isdisjoint(folder.iterdir())
    assert chief.media.read(view.id) == opened
    again.sync(chief)
    assert chief.media.waiting().count == 0
    again.close()
