"""Files and functions stay small enough to read at one sitting, and each says what it decides."""

from __future__ import annotations

import ast
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULE_CEILING = 400
FUNCTION_CEILING = 50
FUNCTION_MEDIAN = 10
Function = ast.FunctionDef | ast.AsyncFunctionDef

# Tables that are read line by line, not followed: a word list, a taxonomy, a grammar of messages.
TABLES: frozenset[str] = frozenset()


def modules(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(path: Path) -> list[Function]:
    return [node for node in ast.walk(tree(path)) if isinstance(node, Function)]


def body_lines(function: Function) -> int:
    """Lines of a function without its docstring: what a reader has to follow."""
    first = function.body[1:] if ast.get_docstring(function) else function.body
    return (first[-1].end_lineno or 0) - first[0].lineno + 1 if first else 0


def is_table(path: Path) -> bool:
    return name(path) in TABLES


PRODUCT = modules("fieldapp", "sync_server")
EVERYTHING = modules("fieldapp", "sync_server", "tests")


@pytest.mark.parametrize("path", EVERYTHING, ids=name)
def test_a_module_fits_its_ceiling(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= MODULE_CEILING or is_table(path), f"{lines} lines"


@pytest.mark.parametrize("path", EVERYTHING, ids=name)
def test_a_function_fits_its_ceiling(path: Path) -> None:
    long = {f.name: body_lines(f) for f in functions(path) if body_lines(f) > FUNCTION_CEILING}
    assert not long


@pytest.mark.parametrize("path", PRODUCT, ids=name)
def test_a_module_opens_with_its_law(path: Path) -> None:
    assert ast.get_docstring(tree(path))


@pytest.mark.parametrize("path", PRODUCT, ids=name)
def test_a_public_name_says_what_it_is(path: Path) -> None:
    public = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    silent = [
        node.name
        for node in tree(path).body
        if isinstance(node, public) and not node.name.startswith("_")
        if not ast.get_docstring(node)
    ]
    assert not silent


def test_most_functions_are_short() -> None:
    lengths = [body_lines(function) for path in PRODUCT for function in functions(path)]
    assert median(lengths) <= FUNCTION_MEDIAN


def test_tables_exist() -> None:
    assert {table for table in TABLES if not (ROOT / table).exists()} == set()
