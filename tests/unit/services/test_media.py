"""Pictures and voice notes: from a phone to the offices that read its records, nobody else."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from fieldapp.errors import (
    InvalidFieldError,
)
from fieldapp.services.facade import Services
from fieldapp.services.problems import ProblemsError
from tests.support.country import PIN, Country
from tests.support.factories import concern_fields, golden_fields
from tests.support.pictured_meetings import (
    FIELD,
    PHOTO,
    chunk_files,
    code_of,
    meeting,
    sealed_with_photo,
    states,
)
from tests.support.pictures import MARKER, SOUND, photo

# ---------------------------------------------------------------------- the whole way


def test_a_picture_reaches_the_sub_county_and_hq_after_the_text(
    country: Country, chief: Services, dcc: Services, hq: Services
) -> None:
    record, media = sealed_with_photo(chief)
    assert states(chief, record) == ["sending"]
    report = chief.syncing.sync()
    assert (report.error, report.media_error, report.media_sent) == (None, None, 1)
    assert country.link.asked.index("sync") < country.link.asked.index("put_chunk")
    assert states(chief, record) == ["sent"]
    for reader in (dcc, hq):
        country.sync(reader)
        (seen,) = reader.media.of_record(record)
        assert (seen.state, seen.kind) == ("coming", "photo")
        assert Image.open(io.BytesIO(seen.thumb or b"")).format == "JPEG"
        assert reader.media.read(media) == chief.media.read(media)
        assert states(reader, record) == ["here"]
        asked = list(country.link.asked)
        reader.media.read(media)
        assert country.link.asked == asked, "what is here is not fetched again"


def test_a_voice_note_of_a_concern_is_heard_where_it_is_read(
    country: Country, chief: Services, dcc: Services
) -> None:
    fields = concern_fields(category="land", confidential=None)
    draft = chief.records.new_draft("concern", None, fields).id
    added = chief.media.add_audio(draft, "voice_note", SOUND, 41)
    assert (added.kind, added.seconds, added.state) == ("audio", 41, "here")
    record = chief.records.seal(draft)
    country.sync(chief, dcc)
    assert dcc.media.read(added.id) == SOUND
    assert dcc.media.of_record(record)[0].seconds == 41


def test_neither_server_nor_disk_nor_table_learns_what_is_seen_or_heard(
    country: Country, chief: Services, hq: Services, tmp_path: Path
) -> None:
    record, media = sealed_with_photo(chief)
    concern = chief.records.new_draft("concern", None, concern_fields(category="land")).id
    chief.media.add_audio(concern, "voice_note", SOUND, 41)
    chief.records.seal(concern)
    country.sync(chief, hq)
    opened = chief.media.read(media)
    hq.transfer.export(tmp_path / "out", "jsonl", pin=PIN)
    with chief.access.workspace().vault.reading() as tx:
        key = json.loads(next(iter(tx.media.in_state("sent"))).item)["key"]
    shown = json.dumps(dict(chief.records.show(record).fields)).encode()
    places = [path for path in country.folder.rglob("*") if path.is_file()]
    places += [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert len(places) > 10
    for raw in (shown, *(path.read_bytes() for path in places)):
        assert MARKER not in raw
        assert key.encode() not in raw
        assert opened[600:640] not in raw
        assert b"/key" not in shown


# ---------------------------------------------------------------------- what is taken


def test_a_picture_is_small_and_says_nothing_of_where_it_was_taken(chief: Services) -> None:
    draft = meeting(chief)
    added = chief.media.add_photo(draft, FIELD, photo(3_000, 2_000))
    opened = chief.media.read(added.id)
    assert len(opened) == added.bytes <= 200_000
    assert not Image.open(io.BytesIO(opened)).getexif()
    assert MARKER not in opened


def test_a_draft_holds_a_name_and_no_key(chief: Services) -> None:
    draft = meeting(chief)
    added = chief.media.add_photo(draft, FIELD, PHOTO)
    (value,) = chief.records.draft(draft).fields[FIELD]
    assert value == {
        "id": added.id[:8], "file": added.id, "kind": "photo", "bytes": added.bytes,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"category": "gbv"}, "pictures"),
        ({"category": "terror_tip"}, "pictures"),
        ({"category": "land", "about_official": True}, "pictures"),
        ({"category": "land"}, "narrative"),
        ({"category": "land"}, "nothing"),
        ({"category": "land"}, "voice_note"),
    ],
    ids=str,
)
def test_a_field_that_takes_no_picture_refuses_it(
    country: Country, chief: Services, changed: dict[str, Any], path: str
) -> None:
    draft = chief.records.new_draft("concern", None, changed).id
    assert code_of(lambda: chief.media.add_photo(draft, path, PHOTO)) == "media_not_allowed"
    assert chunk_files(country, "chief") == []


def test_a_picture_leaves_a_concern_that_becomes_restricted(chief: Services) -> None:
    draft = chief.records.new_draft("concern", None, concern_fields(category="land")).id
    chief.media.add_photo(draft, "pictures", PHOTO)
    restricted = {"category": "gang", "pictures": chief.records.draft(draft).fields["pictures"]}
    with pytest.raises(ProblemsError) as caught:
        chief.records.create("concern", None, concern_fields(**restricted))
    assert ("pictures", "field_not_allowed_here") in {
        (one.path, one.code) for one in caught.value.problems
    }


def test_a_field_takes_so_many_and_no_more(chief: Services) -> None:
    draft = meeting(chief)
    for _ in range(3):
        chief.media.add_photo(draft, FIELD, PHOTO)
    with pytest.raises(InvalidFieldError) as caught:
        chief.media.add_photo(draft, FIELD, PHOTO)
    assert (caught.value.code, caught.value.params["limit"]) == ("media_too_many", 3)


@pytest.mark.parametrize(
    ("sound", "seconds", "code"),
    [
        (b"no sound", 3, "not_a_sound"),
        (SOUND, 61, "sound_too_long"),
        (SOUND, 0, "sound_too_long"),
        (SOUND + bytes(600_000), 60, "sound_too_long"),
    ],
    ids=["text", "long", "nothing", "large"],
)
def test_a_voice_note_is_a_sound_of_at_most_a_minute(
    chief: Services, sound: bytes, seconds: int, code: str
) -> None:
    draft = chief.records.new_draft("concern", None, {"category": "land"}).id
    assert code_of(lambda: chief.media.add_audio(draft, "voice_note", sound, seconds)) == code


def test_a_name_of_somebody_elses_picture_is_not_sealed(chief: Services) -> None:
    stolen = {"file": "0" * 26, "kind": "photo", "bytes": 9}
    with pytest.raises(ProblemsError) as caught:
        chief.records.create("meeting", None, golden_fields() | {FIELD: [stolen]})
    assert [one.code for one in caught.value.problems] == ["media_not_here"]


# ---------------------------------------------------------------------- removing


def test_what_is_removed_from_a_draft_leaves_nothing(country: Country, chief: Services) -> None:
    draft = meeting(chief)
    added = chief.media.add_photo(draft, FIELD, PHOTO)
    chief.media.remove(draft, FIELD, added.id)
    assert chunk_files(country, "chief") == []
    assert chief.media.of_record(draft) == []
    assert code_of(lambda: chief.media.read(added.id)) == "unknown_record"


@pytest.mark.parametrize("how", ["discarded", "cleared"])
def test_what_no_record_names_goes_at_the_next_sync(
    country: Country, chief: Services, how: str
) -> None:
    draft = meeting(chief)
    chief.media.add_photo(draft, FIELD, PHOTO)
    if how == "discarded":
        chief.records.discard_draft(draft)
    else:
        chief.records.save_draft(draft, golden_fields())
        chief.records.seal(draft)
    country.sync(chief)
    assert chunk_files(country, "chief") == []
    assert chief.media.waiting().count == 0


def test_a_picture_added_to_a_sealed_record_goes_with_its_amendment(
    country: Country, chief: Services, dcc: Services
) -> None:
    record, first = sealed_with_photo(chief)
    country.sync(chief, dcc)
    added = chief.media.add_photo(record, FIELD, photo(200, 200, seed=2))
    country.sync(chief)
    listed = [
        *chief.records.show(record).fields[FIELD],
        {"file": added.id, "kind": "photo", "bytes": added.bytes},
    ]
    chief.records.change(record, {FIELD: listed}, "The second page of the sheet.")
    country.sync(chief, dcc)
    assert [one.id for one in dcc.media.of_record(record)] == [first, added.id]
    assert dcc.media.read(added.id) == chief.media.read(added.id)


def test_history_tells_that_a_picture_came_and_none_of_its_keys(chief: Services) -> None:
    record, _ = sealed_with_photo(chief)
    changes = [one for item in chief.records.show(record).history for one in item.changes]
    paths = [one.path for one in changes if one.path.startswith(FIELD)]
    assert paths
    assert not any(path.endswith(("/key", "/chunks", "/chunk", "/thumb")) for path in paths)
