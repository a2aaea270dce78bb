"""The vault's change numbers: each put, drop or erasure of a record takes the next one.

A follower (the HQ store) that has seen every record up to a number asks for those above it. The
counter never goes back, also when the newest record is erased.
"""

from sqlalchemy import Connection, bindparam, select, update

from fieldapp.storage.tables import counters

_TAKE = (
    update(counters)
    .where(counters.c.name == "change")
    .values(value=counters.c.value + bindparam("n"))
    .returning(counters.c.value)
)
_LAST = select(counters.c.value).where(counters.c.name == "change")


def take_change_numbers(connection: Connection, count: int) -> int:
    """Take ``count`` consecutive numbers; return the first of them."""
    last: int = connection.execute(_TAKE, {"n": count}).scalar_one()
    return last - count + 1


def last_change_number(connection: Connection) -> int:
    """Return the newest number that was taken; 0 before the first."""
    last: int = connection.execute(_LAST).scalar_one()
    return last
