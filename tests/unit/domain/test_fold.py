"""The fold, by example; its laws are in tests/property."""

from __future__ import annotations

import pytest

from fieldapp.domain.clock import make_stamp
from fieldapp.domain.entries import Entry, Op, decode_entry, encode_entry
from fieldapp.domain.fold import RecordState, fold, from_json, outline, to_json, view
from fieldapp.domain.paths import flatten, item_id
from fieldapp.domain.record_types import record_type
from fieldapp.errors import DatabaseDamagedError, InvalidRecordError
from fieldapp.protocol.ids import RecordId, id_to_text
from tests.support.factories import AMINA, BRIAN, NOON_MS, SUB_COUNTY, seeded_records

RECORD = RecordId(bytes(16))
DAY_MS = 86_400_000


def entry(
    minute: int,
    *,
    op: Op = "s",
    sees: RecordState | None = None,
    officer: str = "",
    **fields: object,
) -> Entry:
    named = {path.replace("__", "/"): value for path, value in fields.items()}
    replaced = {} if sees is None else sees.refs(named)
    stamp = make_stamp(NOON_MS + 60_000 * minute)
    return Entry(RECORD, "meeting", SUB_COUNTY, stamp, op, named, replaced, officer)


def start() -> RecordState:
    return fold(None, entry(0, title="Baraza", status="open"), AMINA.device)


def test_a_first_entry_is_the_record() -> None:
    seen = view(start(), NOON_MS)
    assert seen.fields == {"title": "Baraza", "status": "open"}
    assert seen.author == id_to_text(AMINA.device)
    assert seen.created_at == seen.updated_at == NOON_MS
    assert not seen.conflicts
    assert not seen.deleted


def test_a_later_edit_that_saw_the_value_wins_without_conflict() -> None:
    state = fold(start(), entry(1, sees=start(), title="Baraza la chifu"), BRIAN.device)
    seen = view(state, NOON_MS)
    assert seen.fields["title"] == "Baraza la chifu"
    assert not seen.conflicts
    assert seen.author == id_to_text(AMINA.device)
    assert seen.updated_at == NOON_MS + 60_000


def test_two_edits_at_once_keep_the_loser_in_sight() -> None:
    base = start()
    mine, theirs = entry(1, sees=base, title="A"), entry(2, sees=base, title="B")
    state = fold(fold(base, mine, AMINA.device), theirs, BRIAN.device)
    seen = view(state, NOON_MS)
    assert seen.fields["title"] == "B"
    assert [(c.path, c.kept, c.lost) for c in seen.conflicts] == [("title", "B", "A")]
    assert seen.conflicts[0].lost_device == id_to_text(AMINA.device)


def test_an_edit_that_names_both_heads_settles_the_conflict() -> None:
    base = start()
    state = fold(base, entry(1, sees=base, title="A"), AMINA.device)
    state = fold(state, entry(2, sees=base, title="B"), BRIAN.device)
    state = fold(state, entry(3, sees=state, title="A"), BRIAN.device)
    assert view(state, NOON_MS).fields["title"] == "A"
    assert not view(state, NOON_MS).conflicts


def test_equal_values_are_no_conflict() -> None:
    base = start()
    state = fold(base, entry(1, sees=base, title="A"), AMINA.device)
    state = fold(state, entry(2, sees=base, title="A"), BRIAN.device)
    assert not view(state, NOON_MS).conflicts


def test_different_fields_do_not_disturb_each_other() -> None:
    base = start()
    state = fold(base, entry(1, sees=base, title="A"), AMINA.device)
    state = fold(state, entry(2, sees=base, status="closed"), BRIAN.device)
    assert view(state, NOON_MS).fields == {"title": "A", "status": "closed"}
    assert not view(state, NOON_MS).conflicts


def test_a_deleted_record_says_so_and_keeps_its_fields() -> None:
    state = fold(start(), entry(1, op="d"), AMINA.device)
    seen = view(state, NOON_MS)
    assert seen.deleted
    assert seen.fields["title"] == "Baraza"


def test_a_delete_may_arrive_first() -> None:
    deleted = fold(None, entry(1, op="d"), AMINA.device)
    assert view(deleted, NOON_MS).deleted
    both = fold(deleted, entry(0, title="Baraza", status="open"), AMINA.device)
    assert both == fold(start(), entry(1, op="d"), AMINA.device)


def test_words_written_into_a_removed_item_do_not_vanish_silently() -> None:
    base = fold(None, entry(0, items__00000001=1, items__00000001__text="x"), AMINA.device)
    state = fold(base, entry(1, sees=base, items__00000001=None), AMINA.device)
    state = fold(state, entry(2, sees=base, items__00000001__text="new words"), BRIAN.device)
    seen = view(state, NOON_MS)
    assert "items" not in seen.fields
    assert [(c.path, c.kept, c.lost) for c in seen.conflicts] == [
        ("items/00000001/text", None, "new words")
    ]


def test_a_removed_item_is_gone_without_noise() -> None:
    base = fold(None, entry(0, items__00000001=1, items__00000001__text="x"), AMINA.device)
    state = fold(base, entry(1, sees=base, items__00000001=None), AMINA.device)
    assert "items" not in view(state, NOON_MS).fields
    assert not view(state, NOON_MS).conflicts


def test_a_held_back_value_shows_alone_but_loses_conflicts() -> None:
    far = 2 * DAY_MS // 60_000
    alone = fold(None, entry(far, title="future"), BRIAN.device)
    assert view(alone, NOON_MS).fields["title"] == "future"
    assert view(alone, NOON_MS).held == ("title",)
    both = fold(alone, entry(0, title="now"), AMINA.device)
    assert view(both, NOON_MS).fields["title"] == "now"
    assert view(both, NOON_MS).conflicts[0].lost == "future"
    assert view(both, NOON_MS + 2 * DAY_MS).fields["title"] == "future"


def test_any_later_edit_clears_a_held_back_value() -> None:
    alone = fold(None, entry(2 * DAY_MS // 60_000, title="future"), BRIAN.device)
    state = fold(alone, entry(1, sees=alone, title="corrected"), AMINA.device)
    seen = view(state, NOON_MS + 9 * DAY_MS)
    assert seen.fields["title"] == "corrected"
    assert not seen.held
    assert not seen.conflicts


def test_an_entry_of_another_record_is_refused() -> None:
    other = Entry(RecordId(b"\x01" * 16), "meeting", SUB_COUNTY, 1)
    with pytest.raises(InvalidRecordError):
        fold(start(), other, AMINA.device)


def test_one_dot_used_twice_ends_alike_in_any_order() -> None:
    one, two = entry(0, officer="Amina", title="A"), entry(0, officer="Zawadi", title="B")
    there = fold(fold(None, one, AMINA.device), two, AMINA.device)
    back = fold(fold(None, two, AMINA.device), one, AMINA.device)
    assert there == back
    assert there.officer == "Amina"


def test_a_record_with_one_entry_is_stored_as_that_entry() -> None:
    raw = encode_entry(entry(0, title="Baraza"))
    state = fold(None, decode_entry(raw), AMINA.device)
    assert to_json(state) == b'{"a":"' + id_to_text(AMINA.device).encode() + b'",' + raw[1:]
    assert from_json(to_json(state)) == state


def test_an_entry_with_blanks_around_it_is_stored_whole() -> None:
    raw = encode_entry(entry(0, title="Baraza"))
    state = fold(None, decode_entry(b"\n " + raw + b" "), AMINA.device)
    assert from_json(to_json(state)) == state == fold(None, decode_entry(raw), AMINA.device)


def test_no_key_of_an_entry_stands_in_for_its_author() -> None:
    raw = encode_entry(entry(0, title="Baraza"))
    claimed = id_to_text(BRIAN.device).encode()
    state = fold(None, decode_entry(raw[:-1] + b',"a":"' + claimed + b'"}'), AMINA.device)
    assert view(from_json(to_json(state)), NOON_MS).author == id_to_text(AMINA.device)


def test_unknown_fields_travel_through_storage() -> None:
    state = fold(start(), entry(1, sees=start(), from_the_future={"x": [1]}), BRIAN.device)
    assert view(from_json(to_json(state)), NOON_MS).fields["from_the_future"] == {"x": [1]}


@pytest.mark.parametrize("raw", [b"", b"[]", b'{"a":"x"}', b'{"r":"0"}', b'{"a":"' + b"\xff" * 40])
def test_damaged_storage_is_named(raw: bytes) -> None:
    with pytest.raises(DatabaseDamagedError):
        from_json(raw)


def test_a_changed_future_value_is_marked_as_held() -> None:
    far = 2 * DAY_MS // 60_000
    base = start()
    state = fold(base, entry(far, sees=base, title="future"), BRIAN.device)
    assert view(state, NOON_MS).held == ("title",)
    assert view(state, NOON_MS).fields["title"] == "future"


def test_titles_are_made_of_what_an_outline_shows() -> None:
    ids = iter(range(10_000))
    for sample in seeded_records(5, 60):
        declared = record_type(sample.type)
        flat = flatten(sample.fields, new_item_id=lambda: item_id(next(ids).to_bytes(5)))
        made = Entry(RECORD, sample.type, SUB_COUNTY, make_stamp(NOON_MS), fields=flat)
        state = fold(None, made, AMINA.device)
        whole, short = view(state, NOON_MS).fields, outline(state, NOON_MS).fields
        assert declared.title(short) == declared.title(whole)
        assert declared.subtitle(short) == declared.subtitle(whole)
        assert short == {name: whole[name] for name in short}
