"""What an import or an export tells of itself: counts, files, and refusals row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fieldapp.services.views import Params


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """One refused row of an import file; ``row`` counts from 1 after the heading."""

    row: int
    path: str
    code: str
    params: Params


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, row by row."""

    created: Sequence[str]
    problems: Sequence[ImportProblem]


@dataclass(frozen=True, slots=True)
class ExportReport:
    """Files written by an export with the number of rows in each."""

    files: Mapping[str, int]
