"""The error tree: stable codes, and text that cannot leak."""

from __future__ import annotations

import ast
import copy
import pickle
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from fieldapp import errors
from fieldapp.errors import (
    FieldAppError,
    InvalidFieldError,
    MalformedMessageError,
    TransientSyncError,
    WrongPinError,
    all_codes,
    error_classes,
)
from fieldapp.i18n import translate
from tests.support.texts import placeholders

ROOT = Path(__file__).resolve().parents[2]
# Other files may refine a class for their own use; the tree is what its file draws.
TREE = [cls for cls in error_classes() if cls.__module__.startswith(errors.__name__)]
CLASSES = {cls.__name__: cls for cls in TREE}


class Raised(NamedTuple):
    """One `SomeError("code", name=...)` in the product."""

    file: str
    error: str
    code: str
    params: frozenset[str | None]


def raised_codes() -> list[Raised]:
    """Each error that the product makes with a code of its own or by default."""
    found = []
    for package in ("fieldapp", "sync_server"):
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    first = node.args[0] if node.args else ast.Constant(None)
                    if node.func.id in CLASSES and isinstance(first, ast.Constant):
                        code = first.value or CLASSES[node.func.id].codes[0]
                        params = frozenset(word.arg for word in node.keywords)
                        found.append(Raised(path.name, node.func.id, str(code), params))
    return found


@pytest.mark.parametrize("cls", TREE, ids=lambda cls: cls.__name__)
def test_each_class_names_its_codes_itself(cls: type[FieldAppError]) -> None:
    assert "codes" in vars(cls)
    assert cls().code == cls.codes[0]
    assert all(code.replace("_", "").isalnum() and code.islower() for code in cls.codes)


def test_each_code_raised_in_the_product_is_listed_by_its_class() -> None:
    raised = raised_codes()
    assert len(raised) > 200
    assert [one for one in raised if one.code not in CLASSES[one.error].codes] == []


def test_each_error_brings_what_its_words_speak_of() -> None:
    bare = [
        (one.file, one.code, sorted(missing))
        for one in raised_codes()
        if None not in one.params
        and (missing := placeholders(translate(f"error.{one.code}")) - one.params)
    ]
    assert bare == []


def test_no_class_lists_a_code_twice() -> None:
    for cls in TREE:
        assert max(Counter(cls.codes).values()) == 1


def test_each_class_stands_in_the_drawn_tree() -> None:
    drawing = errors.__doc__ or ""
    assert [name for name in CLASSES if name not in drawing] == []


def test_text_shows_numbers_and_reason_words_but_no_other_value() -> None:
    error = InvalidFieldError(path="meeting/title", value="Amina Hassan", limit=80, reason="long")
    assert str(error) == "invalid_field (limit=80, reason=long)"
    assert "Amina" not in repr(error)


def test_text_without_params_is_the_code() -> None:
    assert str(MalformedMessageError()) == "malformed_message"


@pytest.mark.parametrize("clone", [copy.copy, lambda error: pickle.loads(pickle.dumps(error))])  # noqa: S301
def test_an_error_survives_a_copy_with_its_params(clone: object) -> None:
    assert callable(clone)
    found = clone(WrongPinError("wrong_pin_wait", retry_after_seconds=4))
    assert (type(found), found.code, found.retry_after_seconds) == (
        WrongPinError,
        "wrong_pin_wait",
        4,
    )


def test_waiting_times_are_read_from_the_params() -> None:
    assert WrongPinError().retry_after_seconds == 0
    assert WrongPinError(retry_after_seconds="soon").retry_after_seconds == 0
    assert TransientSyncError("server_busy", retry_after=2).retry_after == 2.0
    assert TransientSyncError().retry_after is None


def test_all_codes_come_from_the_classes() -> None:
    assert {"offline", "wrong_pin", "waiting_for_update"} <= all_codes()
