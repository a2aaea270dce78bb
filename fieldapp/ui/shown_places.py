"""Which places a record shows: their ids, so that their names can be read before it is drawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fieldapp.domain.fields import Fields, FieldSpec, Kind
from fieldapp.domain.link_tiers import linked_keys
from fieldapp.domain.record_type import RecordType
from fieldapp.services.views import FieldChange, RecordView


def places_in(declared: RecordType, fields: Fields) -> Iterator[str]:
    """Give the units and wards of a document, those inside items included."""
    for spec in declared.fields:
        yield from _places(spec, fields.get(spec.name))
        inner = [sub for sub in spec.subfields if _is_place(sub)]
        for item in fields.get(spec.name) or () if inner else ():
            for sub in inner:
                yield from _places(sub, item.get(sub.name))


def places_of(declared: RecordType, record: RecordView) -> Iterator[str]:
    """Give the units and wards of a record, of its history and of its conflicts."""
    yield from places_in(declared, record.fields)
    for item in record.history:
        yield from places_changed(declared, item.changes)
    for one in record.conflicts:
        yield from _places_at(declared, one.path, (one.kept, one.lost))


def places_changed(declared: RecordType, changes: Iterable[FieldChange]) -> Iterator[str]:
    """Give the units and wards that changes name, before and after."""
    for change in changes:
        yield from _places_at(declared, change.path, (change.old, change.new))


def _places_at(declared: RecordType, path: str, values: Iterable[object]) -> Iterator[str]:
    if (spec := declared.spec_at(path)) is not None:
        for value in values:
            yield from _places(spec, value)


def _is_place(spec: FieldSpec) -> bool:
    return spec.kind in {Kind.UNIT, Kind.WARD}


def _places(spec: FieldSpec, value: object) -> list[str]:
    return linked_keys(value) if _is_place(spec) else []
