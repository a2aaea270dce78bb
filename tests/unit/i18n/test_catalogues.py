"""The catalogues: complete, alike, sorted, and never silent."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib import resources
from typing import Any

import pytest

from fieldapp.domain.link_tiers import LINK_RULES
from fieldapp.domain.record_types import record_types, rule_words
from fieldapp.domain.schema import rules, schema
from fieldapp.errors import all_codes
from fieldapp.i18n import (
    FALLBACK,
    catalogue,
    has_text,
    languages,
    message,
    translate,
)
from fieldapp.i18n.assets import asset_text
from fieldapp.protocol.error_codes import error_codes
from tests.support.texts import placeholders

OTHERS = tuple(lang for lang in languages() if lang != FALLBACK)


def test_english_and_kiswahili_are_there() -> None:
    assert languages()[0] == "en"
    assert "sw" in languages()


def test_every_error_code_says_something() -> None:
    codes = set(all_codes()) | {row.name for row in error_codes()}
    codes |= {name for declared in record_types() for name in rules(declared)}
    declared_words = codes & set(LINK_RULES) | {code for code in codes if rule_words(code)}
    silent = {code for code in codes - declared_words if not has_text(f"error.{code}")}
    assert silent == set()


def test_a_rule_without_a_text_of_its_own_is_told_in_its_declared_words() -> None:
    assert message("plan_out_of_order") == "A plan ends after it begins."
    assert message("plan_out_of_order", "sw") == "Mpango huisha baada ya kuanza."


def test_every_problem_of_a_field_says_something() -> None:
    folder = resources.files("fieldapp.domain")
    sources = [(folder / name).read_text("utf-8") for name in ("values.py", "validation.py")]
    codes = set(re.findall(r'(?:found\(|FieldProblem\([^,\n]+, )"([a-z_]+)"', "".join(sources)))
    assert {"required", "too_long", "field_unknown", "not_a_list"} <= codes
    assert sorted(code for code in codes if not has_text(f"error.{code}")) == []


@pytest.mark.parametrize("lang", OTHERS)
def test_every_language_has_the_same_keys(lang: str) -> None:
    assert sorted(catalogue(lang).keys() ^ catalogue(FALLBACK).keys()) == []


@pytest.mark.parametrize("lang", OTHERS)
def test_every_text_has_the_same_placeholders(lang: str) -> None:
    english = catalogue(FALLBACK)
    wrong = [
        k for k, text in catalogue(lang).items() if placeholders(text) != placeholders(english[k])
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("word", "instead"),
    [
        (r"namba\b", "nambari"),
        (r"(ma)?furushi\b", "kifurushi, vifurushi"),
        (r"nakala ya akiba", "nakala rudufu"),
        (r"kifaa (hiki )?kimefutwa", "kimezuiwa"),
        (r"mkoa|wilaya|diwani|ulinzi shirikishi|jeshi la polisi", "the Kenyan word"),
        (r"itikadi kali za kidini", "itikadi kali yenye vurugu"),
        (r"mpelelezi", "mtoa taarifa"),
    ],
)
def test_kiswahili_keeps_to_the_words_of_the_glossary(word: str, instead: str) -> None:
    texts = dict(catalogue("sw"))
    for declared in record_types():
        found = _texts_of(schema(declared))
        texts |= {f"{declared.key} {number}": text for number, text in enumerate(found)}
    assert len(texts) > 1_200
    wrong = {key: text for key, text in texts.items() if re.search(rf"\b({word})", text.casefold())}
    assert wrong == {}, f"write {instead}"


def _texts_of(node: Any) -> Iterator[str]:
    """Every Kiswahili text of a schema."""
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    if isinstance(node, dict) and isinstance(node.get("sw"), str):
        yield node["sw"]
    for child in children:
        yield from _texts_of(child)


@pytest.mark.parametrize("lang", languages())
def test_a_catalogue_is_sorted_one_key_a_line(lang: str) -> None:
    path = resources.files("fieldapp.i18n") / "catalogues" / f"{lang}.json"
    texts = json.loads(path.read_text(encoding="utf-8"))
    wanted = json.dumps(texts, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    assert path.read_text(encoding="utf-8") == wanted
    assert all(text.strip() for text in texts.values())


@pytest.mark.parametrize("lang", languages())
def test_plurals_come_in_all_forms(lang: str) -> None:
    stems = {key.partition("#")[0] for key in catalogue(lang) if "#" in key}
    forms = {f"{stem}#{form}" for stem in stems for form in ("one", "other")}
    assert forms <= catalogue(lang).keys()


def test_placeholders_are_filled() -> None:
    assert message("too_long", "en", limit=200) == "Too long: at most 200 characters."
    assert message("too_long", "sw", limit=200) == "Ndefu mno: herufi 200 pekee."


def test_a_missing_parameter_stays_visible() -> None:
    assert "{limit}" in message("too_long", "en")


def test_an_unknown_key_comes_back_and_an_unknown_language_is_english() -> None:
    assert translate("no.such.key", "sw") == "no.such.key"
    assert message("required", "xx") == message("required", "en")
    assert message("never_heard_of") == "never_heard_of"


def test_a_plural_is_chosen_by_count(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {"x#one": "{count} record", "x#other": "{count} records"}
    monkeypatch.setattr("fieldapp.i18n.catalogue", lambda _lang: texts)
    assert translate("x", count=1) == "1 record"
    assert translate("x", count=0) == "0 records"
    assert has_text("x")


def test_shipped_files_are_found_from_the_source_tree() -> None:
    assert asset_text("units.csv").startswith("level,id,name")
