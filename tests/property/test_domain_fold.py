"""The laws of the fold, over drawn histories of three devices."""

from __future__ import annotations

from functools import reduce

from hypothesis import given
from hypothesis import strategies as st

from fieldapp.domain.entries import Entry, decode_entry, dot_of, encode_entry
from fieldapp.domain.fold import RecordState, fold, from_json, to_json, view
from fieldapp.protocol.ids import DeviceId
from tests.support.strategies import MS, histories

History = list[tuple[Entry, DeviceId]]


def folded(history: History) -> RecordState:
    state = reduce(lambda known, step: fold(known, *step), history, None)
    assert state is not None
    return state


@given(histories(), st.data())
def test_three_replicas_fold_any_order_to_equal_bytes(
    history: History, data: st.DataObject
) -> None:
    replicas = [data.draw(st.permutations(history)) for _ in range(3)]
    states = [folded(replica) for replica in replicas]
    assert states[0] == states[1] == states[2]
    assert len({to_json(state) for state in states}) == 1


@given(histories(), st.data())
def test_folding_something_again_changes_nothing(history: History, data: st.DataObject) -> None:
    again = data.draw(st.lists(st.sampled_from(history), max_size=5))
    once = folded(history)
    assert folded([*history, *again]) == once
    assert to_json(folded([*again, *history])) == to_json(once)


@given(histories())
def test_a_stored_state_goes_on_like_the_folded_one(history: History) -> None:
    half = len(history) // 2 + 1
    stored = from_json(to_json(folded(history[:half])))
    assert stored == folded(history[:half])
    resumed = reduce(lambda known, step: fold(known, *step), history[half:], stored)
    assert resumed == folded(history)


@given(histories())
def test_a_value_is_gone_only_when_an_entry_names_it(history: History) -> None:
    state = folded(history)
    named = {
        (path, dot) for entry, _ in history for path, ds in entry.replaced.items() for dot in ds
    }
    for entry, device in history:
        dot = dot_of(entry.stamp, device)
        for path in entry.fields:
            assert (dot in state.heads_of(path)) is ((path, dot) not in named)


@given(histories())
def test_every_head_is_shown_as_winner_or_conflict(history: History) -> None:
    state = folded(history)
    seen = view(state, MS)
    for path in ("title", "status", "note"):
        heads = state.heads_of(path)
        if not heads:
            continue
        winner = heads[max(heads)]
        assert seen.fields.get(path) == winner
        losers = {repr(value) for value in heads.values() if value != winner}
        assert {repr(c.lost) for c in seen.conflicts if c.path == path} == losers


@given(histories())
def test_an_entry_survives_its_bytes(history: History) -> None:
    for entry, _ in history:
        raw = encode_entry(entry)
        assert decode_entry(raw) == entry._replace(raw=raw)
        assert encode_entry(decode_entry(raw)) == raw
