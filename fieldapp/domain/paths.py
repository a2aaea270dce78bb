"""Documents and flat paths: ``{"resolutions": [{...}]}`` beside ``resolutions/ab12cd34/text``.

Laws:
  * A path is ``field``, ``group/item`` or ``group/item/field``. Only groups nest, one level deep.
  * ``group/item`` holds the item's rank, a whole number, or None once the item was removed. The
    rank keeps the order that people gave; equal ranks fall back to the item's id.
  * Flattening and nesting are each other's inverse for documents whose items carry ids.
  * ``changes`` names what differs and nothing else, so that two officers who edit different
    fields never touch each other's words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from fieldapp.errors import InvalidFieldError

ITEM_ID_LENGTH = 8
_UNRANKED = 1 << 30
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_ITEM_ID = re.compile(f"[{_ALPHABET}]{{{ITEM_ID_LENGTH}}}")
_NAME = "[a-z][a-z0-9_]{0,40}+"
PATH_PATTERN = f"{_NAME}(?:/[{_ALPHABET}]{{8}}(?:/{_NAME})?+)?+"
_PATH = re.compile(PATH_PATTERN)

NewItemId = Callable[[], str]
Flat = dict[str, Any]


def item_id(random: bytes) -> str:
    """Spell an item id from at least 5 random bytes."""
    number = int.from_bytes(random[:5], "big")
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(35, -1, -5))


def is_item_id(text: object) -> bool:
    """Tell whether something is spelled like an item id."""
    return isinstance(text, str) and _ITEM_ID.fullmatch(text) is not None


def is_path(text: str) -> bool:
    """Tell whether a text is spelled like a path."""
    return _PATH.fullmatch(text) is not None


def is_group(value: object) -> bool:
    """Tell whether a value is a list of items (an empty list is not: it may be a choice list)."""
    return isinstance(value, list) and bool(value) and all(isinstance(v, dict) for v in value)


def _with_ids(items: list[Mapping[str, Any]], new_item_id: NewItemId) -> dict[str, Flat]:
    """Key the items by id, inventing ids where there are none; twins get a new one."""
    by_id: dict[str, Flat] = {}
    for item in items:
        key = item.get("id")
        if not isinstance(key, str) or key in by_id:
            key = new_item_id()
        by_id[key] = {name: value for name, value in item.items() if name != "id"}
    return by_id


def flatten(fields: Mapping[str, Any], *, new_item_id: NewItemId) -> Flat:
    """Write a document as flat paths, dropping what is empty."""
    flat: Flat = {}
    for name, value in fields.items():
        if is_group(value):
            _flatten_group(flat, name, _with_ids(value, new_item_id))
        elif value is not None and value not in ([], ""):
            flat[name] = value
    return flat


def _flatten_group(flat: Flat, name: str, items: Mapping[str, Flat]) -> None:
    for rank, (key, item) in enumerate(items.items(), start=1):
        flat[f"{name}/{key}"] = rank
        for inner, value in item.items():
            if value is not None and value not in ([], ""):
                flat[f"{name}/{key}/{inner}"] = value


def nest(flat: Mapping[str, Any]) -> dict[str, Any]:
    """Write flat paths as a document; removed items and cleared fields are gone."""
    fields: dict[str, Any] = {}
    ranks: dict[str, Any] = {}
    items: dict[str, Flat] = {}
    for path, value in flat.items():
        place, slash, name = path.rpartition("/")
        if not slash:
            if value is not None and path:
                fields[path] = value
        elif "/" not in place:
            ranks[path] = value
        else:
            item = items.setdefault(place, {})
            if value is not None:
                item[name] = value
    return fields | _groups(ranks, items)


def outermost(flat: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a document that are no list of items."""
    return {
        path: value
        for path, value in flat.items()
        if value is not None and path and "/" not in path
    }


def _groups(ranks: Mapping[str, Any], items: Mapping[str, Flat]) -> dict[str, Any]:
    """Order the living items by rank and id; an item nobody ranked comes last."""
    living = [(rank, place) for place, rank in ranks.items() if isinstance(rank, int)]
    living += [(_UNRANKED, place) for place in items if place not in ranks]
    groups: dict[str, Any] = {}
    for _, place in sorted(living):
        name, _, key = place.partition("/")
        groups.setdefault(name, []).append({"id": key, **items.get(place, {})})
    return groups


def changes(
    record_type: object,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    *,
    new_item_id: NewItemId,
) -> Flat:
    """Name what must be written to turn one document into another.

    Args:
        record_type: the declared type or its key; kept so that kinds may matter one day.
        old: the document as it stands; its items carry ids.
        new: the document as wanted; new items may lack ids.
        new_item_id: invents an id for an item.

    Returns:
        Path to value; None clears a field or removes an item.
    """
    del record_type
    before = flatten(old, new_item_id=new_item_id)
    after = flatten(new, new_item_id=new_item_id)
    _keep_ranks(before, after)
    changed = {path: value for path, value in after.items() if not _same(before.get(path), value)}
    gone = {path for path in before if path not in after}
    removed = {path for path in gone if path.count("/") == 1}
    for path in gone:
        if path in removed or path.rpartition("/")[0] not in removed:
            changed[path] = None
    return changed


def _same(old: object, new: object) -> bool:
    """Compare two values; true and 1 are different here, as they are in JSON."""
    return type(old) is type(new) and old == new


def _keep_ranks(before: Flat, after: Flat) -> None:
    """Reuse the old ranks while the order is unchanged; new items go behind them."""
    groups: dict[str, list[str]] = {}
    for path in after:
        if path.count("/") == 1:
            groups.setdefault(path.partition("/")[0], []).append(path)
    for paths in groups.values():
        known = [before[path] for path in paths if path in before]
        fresh_last = all(path in before for path in paths[: len(known)])
        if not fresh_last or known != sorted(set(known)):
            continue
        last = max([*known, *_ranks(before, paths[0])], default=0)
        for place, path in enumerate(paths):
            after[path] = known[place] if place < len(known) else last + place - len(known) + 1


def _ranks(before: Flat, path: str) -> list[int]:
    """List the ranks that a group used before."""
    prefix = path.partition("/")[0] + "/"
    return [v for p, v in before.items() if p.startswith(prefix) and p.count("/") == 1]


def set_path(fields: Mapping[str, Any], path: str, value: object) -> dict[str, Any]:
    """Return a copy of a document with one path set; None clears.

    Raises:
        InvalidFieldError: the path is misspelt, or names an item that does not exist.
    """
    if not is_path(path):
        raise InvalidFieldError("invalid_field", reason="path")
    name, _, rest = path.partition("/")
    copy = dict(fields)
    if not rest:
        copy[name] = value
        return copy
    key, _, inner = rest.partition("/")
    items = [dict(item) for item in copy.get(name) or []]
    found = next((item for item in items if item.get("id") == key), None)
    if found is None:
        raise InvalidFieldError("invalid_field", reason="item")
    if inner:
        found[inner] = value
    elif value is None:
        items.remove(found)
    copy[name] = items
    return copy
