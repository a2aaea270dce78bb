import json
import stat
from pathlib import Path
from typing import Any

import pytest

from fieldapp.domain.fold import to_json
from fieldapp.domain.record_types import record_types
from fieldapp.protocol.channels import ChannelClass
from fieldapp.protocol.ids import UnitId, id_to_text
from fieldapp.storage.hq import refresh as refreshing
from fieldapp.storage.hq.refresh import refresh
from fieldapp.storage.hq.store import HqStore
from fieldapp.storage.rows import RecordPut
from fieldapp.storage.vault import Vault
from tests.support.stores import MKOMANI, READER, amended, folded, keep, record_id, table_rows
from tests.support.vaults import device, open_vault, record

GOLDEN: dict[str, Any] = {
    "meeting_type": "workshop",
    "date": "2018-10-11",
    "venue": "Lamu Museum Hall",
    "place": {"lat": -2.27, "lon": 40.9},
    "areas": ["KE-005-S021", "KE-005-S022"],
    "attendance": {"total": 79, "female": 8, "male": 71},
    "agencies": ["nctc", "eacc"],
    "previous_confirmed": True,
    "resolutions": [{"text": "Patrols"}, {"text": "Lights", "due": "2018-11-01"}],
}


def meeting(name: str = "golden", **fields: Any) -> Any:
    return folded(name, "meeting", {**GOLDEN, **fields})


def concern(name: str, category: str, **rest: Any) -> Any:
    fields = {"category": category, "urgency": "U3", "date": "2023-11-05", **rest.pop("fields", {})}
    return folded(name, "concern", fields, **rest)


def test_an_open_record_fills_its_columns(store: HqStore, vault: Vault) -> None:
    keep(vault, meeting())
    assert refresh(store, vault, READER) == 1
    (row,) = table_rows(store, "meeting")
    assert {
        "id": id_to_text(record_id("golden")),
        "unit": MKOMANI,
        "county": "KE-005",
        "sub_county": "KE-005-S022",
        "author": id_to_text(device("amina")),
        "author_role": "chief",
        "officer": "Amina",
        "tier": "ordinary",
        "created_at": "2023-11-15T01:13:20+03:00",
        "conflicts": 0,
        "venue": "Lamu Museum Hall",
        "place_lat": -2.27,
        "attendance_total": 79,
        "attendance_female": 8,
        "attendance_pwd": None,
        "previous_confirmed": 1,
        "title": None,
    }.items() <= row.items()


def test_repeats_and_choices_have_tables_of_their_own(store: HqStore, vault: Vault) -> None:
    keep(vault, meeting())
    refresh(store, vault, READER)
    resolutions = table_rows(store, "meeting_resolutions")
    assert [(row["rank"], row["text"], row["due"]) for row in resolutions] == [
        (1, "Patrols", None),
        (2, "Lights", "2018-11-01"),
    ]
    assert [row["value"] for row in table_rows(store, "meeting_agencies")] == ["nctc", "eacc"]
    assert len(table_rows(store, "meeting_areas")) == 2


def test_the_document_is_kept_as_it_was_entered(store: HqStore, vault: Vault) -> None:
    keep(vault, meeting(field_of_a_newer_version="kept"))
    refresh(store, vault, READER)
    fields = json.loads(table_rows(store, "meeting")[0]["document"])
    without_ids = [
        {name: value for name, value in item.items() if name != "id"}
        for item in fields["resolutions"]
    ]
    assert {**fields, "resolutions": without_ids} == {**GOLDEN, "field_of_a_newer_version": "kept"}


def test_only_what_changed_is_taken_over(store: HqStore, vault: Vault) -> None:
    first = meeting("a")
    keep(vault, first, meeting("b"))
    assert refresh(store, vault, READER) == 2
    assert refresh(store, vault, READER) == 0
    keep(vault, amended(first, {"venue": "Town hall", "agencies": None}))
    assert refresh(store, vault, READER) == 1
    venues = {row["id"]: row["venue"] for row in table_rows(store, "meeting")}
    assert venues == {
        id_to_text(record_id("a")): "Town hall",
        id_to_text(record_id("b")): "Lamu Museum Hall",
    }
    assert {row["record"] for row in table_rows(store, "meeting_agencies")} == {
        id_to_text(record_id("b"))
    }


def test_deleted_and_erased_records_leave_every_table(store: HqStore, vault: Vault) -> None:
    gone, erased = meeting("a"), meeting("b")
    keep(vault, gone, erased)
    refresh(store, vault, READER)
    keep(vault, amended(gone, {}, op="d"))
    with vault.transaction() as tx:
        tx.records.erase(erased.record)
    refresh(store, vault, READER)
    for table in ("meeting", "meeting_resolutions", "meeting_agencies"):
        assert table_rows(store, table) == []


def test_progress_is_told_after_each_chunk(
    store: HqStore, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refreshing, "CHUNK", 2)
    keep(vault, *(meeting(str(number)) for number in range(5)))
    told: list[tuple[int, int]] = []
    refresh(store, vault, READER, progress=lambda done, total: told.append((done, total)))
    assert told == [(2, 5), (4, 5), (5, 5)]
    assert store.position() == 5


def test_a_store_of_another_vault_is_built_anew(
    store: HqStore, vault: Vault, tmp_path: Path
) -> None:
    keep(vault, meeting("a"), meeting("b"))
    refresh(store, vault, READER)
    other = open_vault(tmp_path / "other.db")
    keep(other, meeting("c"))
    refresh(store, other, READER)
    assert [row["id"] for row in table_rows(store, "meeting")] == [id_to_text(record_id("c"))]
    other.close()


def test_rebuilding_comes_to_the_same_rows(store: HqStore, vault: Vault) -> None:
    keep(vault, meeting("a"), concern("c", "cattle_theft"))
    refresh(store, vault, READER)
    before = table_rows(store, "meeting"), table_rows(store, "concern")
    store.rebuild()
    assert table_rows(store, "meeting") == []
    refresh(store, vault, READER)
    assert (table_rows(store, "meeting"), table_rows(store, "concern")) == before


def test_a_reopened_store_goes_on_where_it_stood(store: HqStore, vault: Vault) -> None:
    keep(vault, meeting("a"))
    refresh(store, vault, READER)
    store.close()
    again = HqStore(store.database.path)
    assert again.position() == 1
    assert len(table_rows(again, "meeting")) == 1
    again.close()


def test_tables_of_other_declarations_are_made_anew(store: HqStore, vault: Vault) -> None:
    keep(vault, meeting("a"))
    refresh(store, vault, READER)
    with store.database.writing() as connection:
        connection.exec_driver_sql("UPDATE hq_state SET value = 'older' WHERE key = 'tables'")
    store.close()
    again = HqStore(store.database.path)
    assert (again.position(), table_rows(again, "meeting")) == (0, [])
    again.close()


def test_only_the_owner_may_read_the_store(store: HqStore) -> None:
    assert stat.S_IMODE(store.database.path.stat().st_mode) == 0o600


def test_a_type_of_a_newer_app_stays_out(store: HqStore, vault: Vault) -> None:
    keep(vault, folded("a", "not_yet_declared", {"title": "secret words"}))
    assert refresh(store, vault, READER) == 1
    assert b"secret words" not in on_disk(store)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("venue", 7),
        ("attendance", ["not", "cells"]),
        ("attendance", {"total": True}),
        ("attendance", {"total": 1.5}),
        ("attendance", {"total": 10**30}),
        ("place", "here"),
        ("previous_confirmed", "yes"),
        ("agencies", {"a": 1}),
        ("agencies", [7, None]),
        ("resolutions", "none"),
        ("resolutions", ["x"]),
        ("areas", "KE-005"),
    ],
)
def test_a_value_of_the_wrong_shape_breaks_nothing(
    store: HqStore, vault: Vault, name: str, value: object
) -> None:
    keep(vault, meeting("good"))
    keep(vault, folded("odd", "meeting", {name: value}))
    refresh(store, vault, READER)
    rows = {row["id"]: row for row in table_rows(store, "meeting")}
    odd = rows[id_to_text(record_id("odd"))]
    assert (len(rows), odd["venue"], odd["attendance_total"]) == (2, None, None)
    assert json.loads(odd["document"]) == {name: value}


def test_every_declared_field_has_a_place(store: HqStore) -> None:
    for declared in record_types():
        shape = store.shapes[declared.key]
        placed = {cell.name for cell in shape.cells}
        placed |= set(shape.values) | set(shape.groups)
        assert placed == {spec.name for spec in declared.fields}


def test_a_field_that_is_called_like_our_own_column_is_still_there(store: HqStore) -> None:
    assert {"unit", "field_unit"} <= set(store.shapes["unit"].table.columns.keys())


def test_restricted_records_are_only_counted(store: HqStore, vault: Vault) -> None:
    secret = {"narrative": "secret words", "week_of": "2023-11-06", "date": None}
    for number in range(6):
        keep(vault, concern(f"g{number}", "gbv", cls=ChannelClass.GENDER, fields=secret))
    for number in range(4):
        keep(vault, concern(f"v{number}", "ve_recruit", cls=ChannelClass.NCTC))
    keep(vault, concern("o", "theft", fields={"about_official": True}))
    refresh(store, vault, READER)
    assert table_rows(store, "concern") == []
    assert table_rows(store, "restricted_tally") == [
        tally("extremism", "2023-11", None, "<5"),
        tally("officials", "2023-11", None, "<5"),
        tally("survivor", "2023-11", 6, "6"),
    ]
    assert b"secret words" not in on_disk(store)
    assert id_to_text(record_id("g1", cls=ChannelClass.GENDER)).encode() not in on_disk(store)


def tally(group: str, month: str, n: int | None, shown: str) -> dict[str, object]:
    place = "KE-005-S022"
    return {
        "category_group": group,
        "month": month,
        "sub_county": place,
        "n": n,
        "shown": shown,
    }


def test_what_began_as_restricted_stays_out_whatever_it_says_later(
    store: HqStore, vault: Vault
) -> None:
    began = concern("a", "gbv", cls=ChannelClass.GENDER)
    keep(vault, amended(began, {"category": "theft", "narrative": "secret words"}))
    refresh(store, vault, READER)
    assert table_rows(store, "concern") == []
    assert b"secret words" not in on_disk(store)


def test_a_desk_above_the_unit_counts_as_its_channel(store: HqStore, vault: Vault) -> None:
    at_ke = record_id("a", UnitId("KE"), ChannelClass.GENDER)
    state = folded("a", "concern", {"category": "theft"})
    state.record = at_ke
    with vault.transaction() as tx:
        tx.records.put(RecordPut(at_ke, state_with_record(state), b"{}"))
    refresh(store, vault, READER)
    assert table_rows(store, "concern") == []


def state_with_record(state: Any) -> bytes:
    state.raw = None
    return to_json(state)


def test_a_month_is_taken_from_dates_only(store: HqStore, vault: Vault) -> None:
    keep(vault, concern("a", "gbv", cls=ChannelClass.GENDER, fields={"date": "secret words"}))
    refresh(store, vault, READER)
    assert table_rows(store, "restricted_tally") == [tally("survivor", "2023-11", None, "<5")]


def test_a_restricted_meeting_counts_in_no_category(store: HqStore, vault: Vault) -> None:
    restricted = {"meeting_type": "csic", "classification": "restricted", "date": "2023-11-05"}
    keep(vault, folded("a", "meeting", restricted, unit=UnitId("KE-005")))
    refresh(store, vault, READER)
    (row,) = table_rows(store, "restricted_tally")
    assert (row["category_group"], row["sub_county"]) == ("other", "KE-005")


def test_counts_follow_changes_and_fall_to_nothing(store: HqStore, vault: Vault) -> None:
    state = concern("a", "gbv", cls=ChannelClass.GENDER)
    keep(vault, state)
    refresh(store, vault, READER)
    assert not store.is_tally_due()
    keep(vault, amended(state, {}, op="d"))
    refresh(store, vault, READER)
    assert table_rows(store, "restricted_tally") == []


def test_a_dropped_key_takes_a_record_out(store: HqStore, vault: Vault) -> None:
    with vault.transaction() as tx:
        tx.records.put(RecordPut(record("a"), b"x", b"{}", key=bytes(32), delete_after_ms=1))
        tx.record_keys.drop(record("a"))
    assert refresh(store, vault, READER) == 1
    assert table_rows(store, "concern") == []


def on_disk(store: HqStore) -> bytes:
    folder = store.database.path.parent
    return b"".join(file.read_bytes() for file in folder.glob("hq.db*"))
