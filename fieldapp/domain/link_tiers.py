"""Which records may point to which: a link travels with the record that holds it.

Laws:
  * An id tells whose channel its record is in. So a link tells everybody who reads the record that
    holds it that the other one exists, and which desk has it.
  * A record of a desk is linked by records of the same desk alone.
  * A confidential record, which is read from the location upwards, is linked by no record that
    is read in a village or a cluster.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from fieldapp.domain.fields import Fields, FieldSpec, Kind
from fieldapp.domain.record_type import RecordType
from fieldapp.domain.routing import Routed
from fieldapp.domain.rules import items_of
from fieldapp.domain.text import Text
from fieldapp.protocol.channels import DESK_CLASSES, ChannelClass
from fieldapp.protocol.units import Level, level

RESTRICTED: Final = "linked_record_restricted"
CONFIDENTIAL: Final = "linked_record_confidential"
LINK_RULES: Final = {
    RESTRICTED: Text(
        "More people read this record than the restricted one that it points to. Take that one "
        "out of the field.",
        "Rekodi hii husomwa na watu wengi kuliko ile yenye usiri mkubwa inayoitaja. Iondoe "
        "kwenye sehemu hii.",
    ),
    CONFIDENTIAL: Text(
        "A village or cluster reads this record; the confidential one that it points to is not "
        "for them. Take that one out of the field.",
        "Rekodi hii husomwa na kijiji au kundi; ile ya siri inayoitaja si yao. Iondoe kwenye "
        "sehemu hii.",
    ),
}
_BELOW: Final = frozenset({Level.VILLAGE, Level.CLUSTER})


class Held(NamedTuple):
    """One link of a document: the path of its field, the declaration, and the record's id."""

    path: str
    spec: FieldSpec
    record: str


def link_refusal(own: Routed, linked: ChannelClass) -> str | None:
    """Say why a record that is routed like this may not point to one of a class; None if it may."""
    if linked in DESK_CLASSES:
        return None if own.cls is linked else RESTRICTED
    is_low = own.cls is ChannelClass.ORDINARY and level(own.unit) in _BELOW
    return CONFIDENTIAL if linked is ChannelClass.CONFIDENTIAL and is_low else None


def links_in(declared: RecordType, fields: Fields) -> Iterator[Held]:
    """Give every link of a document, those inside items included."""
    for spec in declared.fields:
        if spec.kind is Kind.LINK:
            yield from (Held(spec.name, spec, key) for key in linked_keys(fields.get(spec.name)))
        inner = [sub for sub in spec.subfields if sub.kind is Kind.LINK]
        if inner:
            for path, item in items_of(fields, spec.name):
                for sub in inner:
                    for key in linked_keys(item.get(sub.name)):
                        yield Held(f"{path}/{sub.name}", sub, key)


def named_in(declared: RecordType, fields: Fields) -> Iterator[str]:
    """Give the id of every record that a document names: its links, and what it is about."""
    yield from (one.record for one in links_in(declared, fields))
    for spec in declared.fields:
        if spec.is_about:
            yield from linked_keys(fields.get(spec.name))


def link_fields(declared: RecordType) -> Iterator[FieldSpec]:
    """Give the fields of a type that point to records."""
    for spec in declared.fields:
        yield from (one for one in (spec, *spec.subfields) if one.kind is Kind.LINK)


def linked_keys(value: object) -> list[str]:
    """Return the ids that a link field holds, one or several."""
    if isinstance(value, list | tuple):
        return [str(key) for key in value]
    return [value] if isinstance(value, str) and value else []
