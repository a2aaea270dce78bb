"""How many members of a body must be there for it to decide, and whether they were.

Laws:
  * A body's own rule counts before the usual one, which is more than half; the County Policing
    Authority's is half.
  * How many members there are, the meeting says; where it does not, the body's own record does.
  * Computed when it is read, never stored: a body may change its rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fieldapp.domain.fields import Fields
from fieldapp.domain.record_types.body import BODY
from fieldapp.domain.rules import count, items_of
from fieldapp.domain.text import Text

MAJORITY, HALF, THIRD = "majority", "half", "third"
_USUAL: Final = {"cpa": HALF}
_LABELS: Final = {
    option.key: option.label
    for spec in BODY.fields
    if spec.name == "quorum"
    for option in spec.options
}


@dataclass(frozen=True, slots=True)
class BodyRule:
    """What a body's record says of its quorum.

    Attributes:
        body: what people call the body; None where the meeting names none that is here.
        rule: majority, half or third.
        members: how many members it has, None where its record does not say.
        is_own: whether the body itself decided on the rule.
    """

    body: Text | None = None
    rule: str = MAJORITY
    members: int | None = None
    is_own: bool = False

    @property
    def label(self) -> Text:
        """The rule in words."""
        return _LABELS[self.rule]


@dataclass(frozen=True, slots=True)
class Quorum:
    """The numbers of one meeting."""

    here: int | None
    members: int | None
    needed: int
    by: BodyRule

    @property
    def is_met(self) -> bool | None:
        """Whether the body could decide; None where nobody counted."""
        return None if self.here is None or not self.members else self.here >= self.needed


def rule_of(body: Fields | None) -> BodyRule:
    """Read the rule from a body's record; the usual one where there is none."""
    if body is None:
        return BodyRule()
    own = body.get("quorum")
    rule = own if own in (MAJORITY, HALF, THIRD) else _USUAL.get(str(body.get("kind")), MAJORITY)
    return BodyRule(BODY.title(body), str(rule), _members(body), is_own=own == rule)


def needed_of(members: int, rule: str) -> int:
    """Return how many of so many members may decide.

    >>> [needed_of(15, rule) for rule in ("majority", "half", "third")]
    [8, 8, 5]
    >>> [needed_of(16, rule) for rule in ("majority", "half", "third")]
    [9, 8, 6]
    """
    if rule == MAJORITY:
        return members // 2 + 1
    return -(-members // (2 if rule == HALF else 3))


def quorum(meeting: Fields, by: BodyRule) -> Quorum:
    """Tell whether those present at a meeting could decide, by the rule of its body."""
    members = count(meeting.get("members_total")) or by.members
    here = count(meeting.get("members_present"))
    return Quorum(here, members, needed_of(members or 0, by.rule), by)


def _members(body: Fields) -> int | None:
    """Return how many members a body's record tells: counted, or the seats that are held."""
    cells = body.get("composition")
    total = count(cells.get("total")) if isinstance(cells, dict) else None
    held = sum(not item.get("until") for _, item in items_of(body, "seats"))
    return total or held or None
