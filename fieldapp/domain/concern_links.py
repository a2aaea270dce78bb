"""What other records may be made of a concern, and of which none may.

Laws:
  * A concern that is restricted, by its category or because it is about an official, is linked by
    no record that more people read.
  * Mediation is begun from a concern only where its category allows talks.
"""

from __future__ import annotations

from fieldapp.domain.categories import category
from fieldapp.domain.fields import Fields
from fieldapp.domain.record_type import LinkRule, Tier
from fieldapp.domain.text import Text


def is_restricted(concern: Fields) -> bool:
    """Tell whether only a desk may read a concern."""
    found = category(concern.get("category"))
    return concern.get("about_official") is True or (
        found is not None and found.tier is Tier.RESTRICTED
    )


def forbids_talks(concern: Fields) -> bool:
    """Tell whether the law keeps a concern from being settled by talks."""
    found = category(concern.get("category"))
    return is_restricted(concern) or found is None or not found.mediation


def no_restricted(field: str) -> LinkRule:
    """Make the rule that a field links no restricted concern."""
    return LinkRule(
        "linked_concern_restricted",
        Text(
            "A restricted concern stays with its desk. Take it out of the list.",
            "Suala lenye usiri mkubwa hubaki na dawati lake. Liondoe kwenye orodha.",
        ),
        field,
        is_restricted,
    )


TALKS_FORBIDDEN = LinkRule(
    "mediation_not_lawful",
    Text(
        "The law does not let this kind of concern be mediated. Report it to the police or the "
        "desk that helps.",
        "Sheria hairuhusu suala la aina hii kupatanishwa. Liripoti kwa polisi au dawati "
        "linalosaidia.",
    ),
    "concern",
    forbids_talks,
)
