"""The refusal of a document: every field that is wrong, and why.

Decides nothing; it carries what ``domain.validation`` found to whoever shows it.
"""

from __future__ import annotations

from collections.abc import Sequence

from fieldapp.domain.fields import FieldProblem
from fieldapp.errors import InvalidRecordError


class ProblemsError(InvalidRecordError, codes=("invalid_record",)):
    """A record was refused; ``problems`` names every field and why."""

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        super().__init__("invalid_record", count=len(problems))
        self.problems = tuple(problems)
