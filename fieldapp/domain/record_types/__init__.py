"""The registry: every record type that this version of Baraza knows.

Laws:
  * One module declares one type; types do not know each other.
  * A new type is one module and one row here; no other package changes.
"""

from __future__ import annotations

from fieldapp.domain.record_type import RecordType
from fieldapp.domain.record_types.activity import ACTIVITY
from fieldapp.domain.record_types.body import BODY
from fieldapp.domain.record_types.case_status import CASE_STATUS
from fieldapp.domain.record_types.cluster import CLUSTER
from fieldapp.domain.record_types.concern import CONCERN
from fieldapp.domain.record_types.deed import DEED
from fieldapp.domain.record_types.export_log import EXPORT_LOG
from fieldapp.domain.record_types.good_practice import GOOD_PRACTICE
from fieldapp.domain.record_types.indicator import INDICATOR
from fieldapp.domain.record_types.initiative import INITIATIVE
from fieldapp.domain.record_types.mediation import MEDIATION
from fieldapp.domain.record_types.meeting import MEETING
from fieldapp.domain.record_types.monthly_return import RETURN
from fieldapp.domain.record_types.notice import NOTICE
from fieldapp.domain.record_types.officer import OFFICER
from fieldapp.domain.record_types.partner import PARTNER
from fieldapp.domain.record_types.pillar import PILLAR
from fieldapp.domain.record_types.plan import PLAN
from fieldapp.domain.record_types.problem import PROBLEM
from fieldapp.domain.record_types.progress import PROGRESS
from fieldapp.domain.record_types.proposal import PROPOSAL
from fieldapp.domain.record_types.query import QUERY
from fieldapp.domain.record_types.response import RESPONSE
from fieldapp.domain.record_types.review import REVIEW
from fieldapp.domain.record_types.source import SOURCE
from fieldapp.domain.record_types.tally import TALLY
from fieldapp.domain.record_types.tension import TENSION
from fieldapp.domain.record_types.unit import UNIT
from fieldapp.domain.text import Text
from fieldapp.errors import UnknownRecordTypeError

_DECLARED = (
    MEETING, CONCERN, RESPONSE, MEDIATION, TENSION, PROBLEM, BODY, CLUSTER, RETURN, TALLY,
    PLAN, PILLAR, ACTIVITY, INDICATOR, PROGRESS, REVIEW,
    PARTNER, PROPOSAL, INITIATIVE, GOOD_PRACTICE,
    NOTICE, QUERY, CASE_STATUS, SOURCE,
    UNIT, OFFICER, EXPORT_LOG, DEED,
)  # fmt: skip
"""In the order that menus show."""

_REGISTRY = {declared.key: declared for declared in _DECLARED}


def rule_words(name: str) -> Text | None:
    """Return what a declared rule says, or None when no type has such a rule."""
    said = (declared.rule_words for declared in record_types())
    return next((words[name] for words in said if name in words), None)


def record_types() -> tuple[RecordType, ...]:
    """Return every declared type, in the order that menus show."""
    return tuple(_REGISTRY.values())


def find_record_type(key: str) -> RecordType | None:
    """Return a declared type, or None when this version knows none of that key."""
    return _REGISTRY.get(key)


def record_type(key: str) -> RecordType:
    """Return a declared type.

    Raises:
        UnknownRecordTypeError: no type has this key.
    """
    try:
        return _REGISTRY[key]
    except KeyError as problem:
        raise UnknownRecordTypeError("unknown_record_type") from problem
