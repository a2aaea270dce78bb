"""What can be done to a record, and the groups of roles that a declaration speaks of.

Laws:
  * A type declares who may do what to it in its own file, through ``granted``.
  * What is not granted is not allowed.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Action(StrEnum):
    """What can be done to a record."""

    CREATE = "create"
    EDIT = "edit"
    DELETE = "delete"
    ENROL = "enrol"


Actions = frozenset[Action]
Rights = Mapping[str, Actions]

WRITE: Final[Actions] = frozenset({Action.CREATE, Action.EDIT, Action.DELETE})
ADD: Final[Actions] = frozenset({Action.CREATE, Action.EDIT})
ANSWER: Final[Actions] = frozenset({Action.EDIT})
SAY: Final[Actions] = frozenset({Action.CREATE})
NOTHING: Final[Actions] = frozenset()

FIELD_ROLES: Final = ("nk_coordinator", "village_elder", "assistant_chief", "chief", "acc")
"""Those who record where things happen."""

LEAD_ROLES: Final = ("dcc_admin", "county_desk", "hq_admin")
"""Those who administer a sub-county, a county or the whole."""

OTHER_ROLES: Final = ("hq_analyst", "referral_desk", "auditor")


def granted(
    *, field: Actions = NOTHING, lead: Actions = NOTHING, other: Actions = NOTHING, **named: Actions
) -> Rights:
    """Declare who may do what: by group of roles, then by single role.

    >>> sorted(granted(lead=ADD, auditor=ANSWER)["auditor"])
    [<Action.EDIT: 'edit'>]
    """
    groups = ((FIELD_ROLES, field), (LEAD_ROLES, lead), (OTHER_ROLES, other))
    return {role: actions for roles, actions in groups for role in roles} | named
