"""The screens' only randomness: item ids and the window's tokens. Never a key."""

from __future__ import annotations

import secrets

from fieldapp.domain.paths import item_id


def new_token() -> str:
    """Return a text of 256 bits that nobody can guess."""
    return secrets.token_urlsafe(32)


def new_item_id() -> str:
    """Return an id for a new item of a group."""
    return item_id(secrets.token_bytes(5))
