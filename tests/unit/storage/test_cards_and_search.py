from unittest.mock import Mock

import pytest

from fieldapp.domain.text import Text, same
from fieldapp.errors import DatabaseDamagedError
from fieldapp.protocol.ids import RecordId
from fieldapp.storage import search
from fieldapp.storage.cards import Card, card_from_json
from fieldapp.storage.search import Query, SearchIndex, fold_words
from tests.support.vaults import record


def card(title: str = "Cattle theft", **rest: object) -> Card:
    values = {"type": "concern", "unit": "KE-005-S022", "title": same(title), **rest}
    return Card(**values)  # type: ignore[arg-type]


def index(*cards: Card) -> SearchIndex:
    rows = [(record(str(number)), one.to_json()) for number, one in enumerate(cards)]
    return SearchIndex(rows)


def titles(found: SearchIndex, query: Query) -> list[str]:
    return [one.title.en for _, one in found.search(query).rows]


FULL = Card(
    type="meeting",
    unit="KE-005-S022-L7F3A",
    title=Text(en="Meeting", sw="Mkutano"),
    subtitle=Text(en="Market", sw="Soko"),
    words="water",
    state="open",
    updated_ms=17,
    urgency="u1",
    author="abc",
    mine=True,
    conflicted=True,
    extra={"seq": 4},
)


@pytest.mark.parametrize("one", [FULL, card()])
def test_a_card_comes_back_as_it_was(one: Card) -> None:
    assert card_from_json(one.to_json()) == one


def test_what_is_empty_takes_no_room() -> None:
    assert card().to_json() == (
        b'{"t":"concern","u":"KE-005-S022","n":["Cattle theft","Cattle theft"],'
        b'"k":"sealed","m":0,"a":""}'
    )


@pytest.mark.parametrize(
    "raw", [b"", b"[]", b"7", b"{}", b'{"t":"a","u":"b","n":["x"],"k":"","m":0,"a":""}']
)
def test_a_damaged_card_is_called_damaged(raw: bytes) -> None:
    with pytest.raises(DatabaseDamagedError):
        card_from_json(raw)


@pytest.mark.parametrize("raw", [b"", b"[]", b"{}", b'{"n":["x"],"m":"x"}'])
def test_an_index_refuses_a_damaged_card(raw: bytes) -> None:
    damaged = SearchIndex([(record("a"), raw)])
    for look in (lambda: damaged.get(record("a")), lambda: damaged.search(Query())):
        with pytest.raises(DatabaseDamagedError):
            look()


def test_a_card_is_parsed_when_somebody_first_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed = Mock(wraps=search._parsed)
    monkeypatch.setattr(search, "_parsed", parsed)
    found = index(card("a"), card("b"))
    found.put(record("0"), card("c"))
    found.remove(record("1"))
    assert (found.get(record("0")), found.get(record("1"))) == (card("c"), None)
    parsed.assert_not_called()
    assert titles(found, Query()) == titles(found, Query()) == ["c"]
    parsed.assert_called_once()


def test_newest_come_first_and_ties_by_id() -> None:
    found = index(card("a", updated_ms=1), card("b", updated_ms=3), card("c", updated_ms=2))
    assert titles(found, Query()) == ["b", "c", "a"]


@pytest.mark.parametrize(
    ("asked", "hits"),
    [
        ("cattle", True),
        ("CATT the", True),
        ("theft cattle", True),
        ("attle", False),
        ("cattle market", False),
        ("", True),
        ("  ", True),
        ("?!", True),
    ],
)
def test_every_word_must_begin_a_word(asked: str, *, hits: bool) -> None:
    assert bool(titles(index(card("Cattle theft")), Query(asked))) is hits


@pytest.mark.parametrize("asked", ["ngombe", "ng'ombe", "Ng’ombe", "cafe", "CAFÉ", "soko", "wat"])
def test_accents_and_apostrophes_do_not_hide_a_card(asked: str) -> None:
    one = card("Ng’ombe, Café", subtitle=Text(en="x", sw="Soko"), words="water")
    assert titles(index(one), Query(asked))


def test_both_languages_are_found() -> None:
    assert titles(index(FULL), Query("mkutano soko")) == titles(index(FULL), Query("meeting"))


def test_words_of_another_script_are_kept() -> None:
    assert fold_words("እንኳን") == " እንኳን"


def test_plain_letters_are_compared_alike_whatever_stands_beside_them() -> None:
    plain = "".join(map(chr, range(128)))
    assert fold_words(plain + " é") == fold_words(plain) + " e"


def test_filters_narrow_the_list() -> None:
    found = index(FULL, card("b", unit="KE-005-S0221"), card("c", state="open"))
    assert titles(found, Query(type="meeting")) == ["Meeting"]
    assert titles(found, Query(unit="KE-005-S022")) == ["Meeting", "c"]
    assert titles(found, Query(unit="KE-005-S022-L7F3A")) == ["Meeting"]
    assert titles(found, Query(state="open", type="concern")) == ["c"]


def test_types_and_own_records_can_be_passed_over() -> None:
    found = index(FULL, card("b"), card("c", mine=True))
    assert titles(found, Query(without=("concern",))) == ["Meeting"]
    assert titles(found, Query(mine=True)) == ["Meeting", "c"]
    assert titles(found, Query(mine=False)) == ["b"]


def test_a_page_tells_how_many_there_are() -> None:
    found = index(*(card(str(number), updated_ms=-number) for number in range(5)))
    page = found.search(Query(), offset=3, limit=10)
    assert ([one.title.en for _, one in page.rows], page.total) == (["3", "4"], 5)


def test_the_index_follows_changes() -> None:
    found = index(card("a"))
    found.put(record("0"), card("b", updated_ms=5))
    found.put(record("9"), card("c"))
    assert titles(found, Query()) == ["b", "c"]
    found.remove(record("0"))
    found.remove(RecordId(b"unknown"))
    assert (titles(found, Query()), len(found)) == (["c"], 1)
    assert found.get(record("9")) == card("c")
    assert found.get(record("0")) is None
