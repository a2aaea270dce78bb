"""Finding a category: by any word people use for it, or because this phone reports it often.

Laws:
  * Every typed word must begin a word of the category's label in either language, of its group
    or of its further words. Marks and capitals do not count: ``ngombe`` is ``Ng'ombe``.
  * Only where nothing fits, words that were mistyped by a letter or two are understood as well.
  * What a phone reports often is never shown for restricted categories: whoever looks over a
    shoulder must not learn from the order that such a case was reported here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from fieldapp.domain.categories import CATEGORIES
from fieldapp.domain.record_type import Tier
from fieldapp.domain.taxonomy import GROUPS, Category

MOST_OFTEN = 4
_SILENT = re.compile("['\N{RIGHT SINGLE QUOTATION MARK}\N{LEFT SINGLE QUOTATION MARK}`]")
_BREAK = re.compile(r"[\W_]+")
_SLIP_FROM = 4
_SLIP_CLOSE = 0.75


def plain(words: str) -> str:
    """Return words as they are compared: small, without marks, with single spaces.

    >>> plain("Ng'ombe, Mbuzi")
    'ngombe mbuzi'
    """
    return " ".join(_BREAK.sub(" ", _SILENT.sub("", words.casefold())).split())


@dataclass(frozen=True, slots=True)
class _Known:
    """The words of one category, ready to be compared."""

    category: Category
    labels: tuple[str, str]
    words: frozenset[str]


@cache
def _known() -> tuple[_Known, ...]:
    groups = {option.key: option.label for option in GROUPS}
    found = []
    for row in CATEGORIES:
        group = groups[row.group]
        labels = (plain(row.label.en), plain(row.label.sw))
        every = " ".join((*labels, plain(group.en), plain(group.sw), plain(row.also)))
        found.append(_Known(row, labels, frozenset(every.split())))
    return tuple(found)


def find_categories(typed: str) -> tuple[Category, ...]:
    """Return the categories that fit what was typed, the closest first; all for nothing typed."""
    wanted = plain(typed)
    if not wanted:
        return CATEGORIES
    parts = wanted.split()
    fitting = _fitting(parts, _begins) or _fitting(parts, _nearly)
    return tuple(known.category for known in sorted(fitting, key=lambda k: _distance(k, wanted)))


def _fitting(parts: list[str], fits: Callable[[str, Iterable[str]], bool]) -> list[_Known]:
    """Return what has, for every typed word, a word that fits it."""
    return [known for known in _known() if all(fits(part, known.words) for part in parts)]


def _begins(part: str, words: Iterable[str]) -> bool:
    return any(word.startswith(part) for word in words)


def _nearly(part: str, words: Iterable[str]) -> bool:
    if len(part) < _SLIP_FROM:
        return part in words
    return bool(get_close_matches(part, list(words), n=1, cutoff=_SLIP_CLOSE))


def _distance(known: _Known, wanted: str) -> int:
    """Tell how far the search is from the label: the label itself is nearest."""
    if wanted in known.labels:
        return 0
    if any(label.startswith(wanted) for label in known.labels):
        return 1
    parts = wanted.split()
    in_label = any(_all_begin(parts, label.split()) for label in known.labels)
    return 2 if in_label else 3


def _all_begin(parts: list[str], words: list[str]) -> bool:
    return all(_begins(part, words) for part in parts)


def often_first(labels: Iterable[str]) -> tuple[Category, ...]:
    """Return the categories that reports with these English titles are about, most used first."""
    counted = Counter(labels)
    seen = [row for row in CATEGORIES if counted[row.label.en] and row.tier is not Tier.RESTRICTED]
    return tuple(sorted(seen, key=lambda row: -counted[row.label.en])[:MOST_OFTEN])
