"""Which places a record shows: their ids, so that their names can be read before it is drawn."""

from __future__ import annotations

from collections.abc import Iterator

from fieldapp.domain.fields import Fields, FieldSpec, Kind
from fieldapp.domain.link_tiers import linked_keys
from fieldapp.domain.record_type import RecordType
from fieldapp.services.views import RecordView


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
    changed = [
        (change.path, value)
        for item in record.history
        for change in item.changes
        for value in (change.old, change.new)
    ]
    changed += [(one.path, value) for one in record.conflicts for value in (one.kept, one.lost)]
    for path, value in changed:
        if (spec := declared.spec_at(path)) is not None:
            yield from _places(spec, value)


def _is_place(spec: FieldSpec) -> bool:
    return spec.kind in {Kind.UNIT, Kind.WARD}


def _places(spec: FieldSpec, value: object) -> list[str]:
    return linked_keys(value) if _is_place(spec) else []
