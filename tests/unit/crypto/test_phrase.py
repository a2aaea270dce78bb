"""Words that people read to each other."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from fieldapp.crypto.passphrase_box import KdfParams
from fieldapp.crypto.phrase import (
    comparison_words,
    new_phrase,
    normalise_phrase,
    unwrap_with_phrase,
    wrap_with_phrase,
)
from fieldapp.crypto.secret import Secret
from fieldapp.crypto.wordlist import WORDS
from fieldapp.errors import InvalidCodeError, WrongPinError
from fieldapp.protocol.hashing import sha256
from fieldapp.protocol.ids import InviteId
from tests.support.people import AMINA, BRIAN

CHEAP = KdfParams(memory_kib=8, passes=1, lanes=1)
PHRASE = "acorn basket cinema daughter eagle falcon garden harvest"
INVITE = InviteId(b"invite01")


def test_there_are_2048_plain_words_in_order() -> None:
    assert len(WORDS) == len(set(WORDS)) == 2048
    assert all(re.fullmatch("[a-z]{3,8}", word) for word in WORDS)
    assert all(one < other for one, other in pairwise(WORDS))


def test_no_word_becomes_another_by_one_letter() -> None:
    known = set(WORDS)
    letters = "abcdefghijklmnopqrstuvwxyz"
    for word in WORDS:
        for at in range(len(word)):
            assert word[:at] + word[at + 1 :] not in known
            near = {word[:at] + letter + word[at + 1 :] for letter in letters} - {word}
            assert not near & known


def test_the_order_on_the_wire_never_changes() -> None:
    assert (
        sha256(" ".join(WORDS).encode()).hex()
        == "ed5e26367fabb0be1382f571affdb0c980a767a6ab6de6f290d7409ce3865446"
    )


def test_a_phrase_has_eight_words_and_is_new_each_time() -> None:
    phrases = {new_phrase() for _ in range(20)}
    assert len(phrases) == 20
    assert all(normalise_phrase(phrase) == phrase for phrase in phrases)


@pytest.mark.parametrize(
    "typed", [PHRASE.upper(), PHRASE.replace(" ", "-"), "  " + PHRASE.replace(" ", ", \n")]
)
def test_a_phrase_is_read_however_it_is_typed(typed: str) -> None:
    assert normalise_phrase(typed) == PHRASE


@pytest.mark.parametrize(
    ("typed", "params"),
    [
        (PHRASE.replace("cinema", "cinemax"), {"reason": "unknown_word", "word": 3}),
        (PHRASE.rsplit(" ", 1)[0], {"reason": "word_count", "count": 7}),
        (PHRASE + " acorn", {"reason": "word_count", "count": 9}),
        ("", {"reason": "word_count", "count": 0}),
    ],
)
def test_a_wrong_phrase_says_where_to_look_but_repeats_no_word(
    typed: str, params: dict[str, object]
) -> None:
    with pytest.raises(InvalidCodeError) as caught:
        normalise_phrase(typed)
    assert (caught.value.code, caught.value.params) == ("invalid_phrase", params)


def test_a_hand_over_opens_with_its_phrase_only() -> None:
    box = wrap_with_phrase(Secret(b"office key"), PHRASE, CHEAP)
    assert unwrap_with_phrase(box, PHRASE.title()) == Secret(b"office key")
    with pytest.raises(WrongPinError) as caught:
        unwrap_with_phrase(box, PHRASE.replace("acorn", "basket"))
    assert caught.value.code == "wrong_phrase"


def test_two_people_compare_four_words_of_the_devices_keys() -> None:
    words = comparison_words(AMINA.public_ed25519, AMINA.public_x25519, INVITE)
    assert len(words) == 4
    assert set(words) <= set(WORDS)
    comparison_words.cache_clear()
    assert words == comparison_words(AMINA.public_ed25519, AMINA.public_x25519, INVITE)


def test_each_key_and_the_invite_change_the_words() -> None:
    found = {
        comparison_words(AMINA.public_ed25519, AMINA.public_x25519, INVITE),
        comparison_words(BRIAN.public_ed25519, AMINA.public_x25519, INVITE),
        comparison_words(AMINA.public_ed25519, BRIAN.public_x25519, INVITE),
        comparison_words(AMINA.public_ed25519, AMINA.public_x25519, InviteId(b"invite02")),
    }
    assert len(found) == 4
