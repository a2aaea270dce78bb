"""Every category of concern, one row each, and how to look them up.

Laws:
  * Keys never change and are never reused; a category that is given up stays and is marked.
  * Words, urgency, tier and tell-list follow the domain reference; Kiswahili is Kenyan standard.
  * Never write "religious" beside extremism, and never an ethnic or clan name anywhere.
"""

from __future__ import annotations

from fieldapp.domain.categories.community import COMMUNITY, CONFLICT, HAZARDS, ORDER
from fieldapp.domain.categories.crimes import EXTREMISM, ORGANISED, PROPERTY, SUBSTANCES
from fieldapp.domain.categories.people import CHILDREN, OFFICIALS, SURVIVOR, VIOLENCE
from fieldapp.domain.fields import Option
from fieldapp.domain.record_type import Tier
from fieldapp.domain.taxonomy import Category, Form

CATEGORIES: tuple[Category, ...] = (
    *PROPERTY, *VIOLENCE, *SURVIVOR, *CHILDREN, *CONFLICT, *EXTREMISM, *ORGANISED, *SUBSTANCES,
    *ORDER, *OFFICIALS, *HAZARDS, *COMMUNITY,
)  # fmt: skip
_BY_KEY = {category.key: category for category in CATEGORIES}

SURVIVOR_KEYS = tuple(c.key for c in CATEGORIES if c.form is Form.SURVIVOR)
TIP_KEYS = tuple(c.key for c in CATEGORIES if c.form is Form.TIP)
RESTRICTED_KEYS = tuple(c.key for c in CATEGORIES if c.tier is Tier.RESTRICTED)
CONFIDENTIAL_KEYS = tuple(c.key for c in CATEGORIES if c.tier is Tier.CONFIDENTIAL)
MEDIATION_KEYS = tuple(c.key for c in CATEGORIES if c.mediation)
OVERSIGHT_KEYS = tuple(c.key for c in CATEGORIES if c.desk == "oversight")


def category(key: object) -> Category | None:
    """Return a category by its key, or None."""
    return _BY_KEY.get(key) if isinstance(key, str) else None


def category_options() -> tuple[Option, ...]:
    """Return all categories as the choices of a form."""
    return tuple(Option(c.key, c.label, help=c.note, group=c.group) for c in CATEGORIES)
