"""A form being filled in: what was typed, what is wrong with it, and when it was last saved.

Laws:
  * ``set`` takes a value at once and synchronously; saving follows on its own, within a third of a
    second. Saves follow one another: an older one never lands on a newer one.
  * A field that is hidden keeps its value on the screen's side and is left out of what is saved.
  * Problems are shown only where the officer has already been: visited sections.
  * No page, no control: a resize, a lock or a crash of the screen loses nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import flet as ft

from fieldapp.domain.fields import FieldProblem, Fields, FieldSpec, Kind, Section
from fieldapp.domain.paths import changes, flatten
from fieldapp.domain.record_type import RecordType
from fieldapp.errors import FieldAppError
from fieldapp.services.views import DraftView, FieldChange, RecordView, UnitRow
from fieldapp.ui.chance import new_item_id
from fieldapp.ui.ports import RecordsPort

AUTOSAVE_SECONDS = 0.3
EMPTY: tuple[object, ...] = (None, "", [], {})


@dataclass(frozen=True, slots=True)
class Sources:
    """What a form's pickers of places choose from.

    ``own`` are the units that the officer may record for; ``units`` any place in the country.
    """

    own: Sequence[UnitRow] = ()
    units: Sequence[UnitRow] = ()
    wards: Sequence[UnitRow] = ()


def visible_only(specs: Sequence[FieldSpec], fields: Fields) -> dict[str, Any]:
    """Return the document without hidden and empty values."""
    kept: dict[str, Any] = {}
    for spec in specs:
        value = fields.get(spec.name)
        if value in EMPTY or not spec.is_visible(fields):
            continue
        if spec.kind is Kind.GROUP and isinstance(value, list):
            value = [
                {"id": item["id"], **visible_only(spec.subfields, item)}
                if "id" in item
                else visible_only(spec.subfields, item)
                for item in value
            ]
        kept[spec.name] = value
    return kept


class FormState(ft.Observable):
    """One draft, or one amendment of a sealed record, in a form."""

    def __init__(
        self,
        records: RecordsPort,
        record_type: RecordType,
        draft: DraftView,
        over: RecordView | None = None,
    ) -> None:
        self.records = records
        self.record_type = record_type
        self.over = over
        self.record_id = draft.id if over is None else over.id
        self.draft_id = draft.id
        """The draft's id; empty while nothing was typed over a sealed record."""
        self.kept_until_ms = draft.kept_until_ms
        self.unit = draft.unit
        self.section = 0
        self.shows_later = False
        self.reason = draft.reason
        self.is_saved = True
        self.failure: FieldAppError | None = None
        self.revision = 0
        self._fields = {name: _own_copy(value) for name, value in draft.fields.items()}
        began = draft.fields if over is None else over.fields
        self._original = {name: _own_copy(value) for name, value in began.items()}
        self._visited: set[int] = set()
        self._problems: tuple[FieldProblem, ...] = ()
        self._timer: asyncio.Task[None] | None = None
        self._saving = asyncio.Lock()
        self._number_texts: dict[str, str] = {}
        self._take_up(draft.section)

    # ------------------------------------------------------------------ what was typed

    @property
    def amends(self) -> bool:
        """Whether this is a form over a sealed record."""
        return self.over is not None

    @property
    def fields(self) -> Fields:
        """The document as typed, hidden values included."""
        return self._fields

    def document(self) -> dict[str, Any]:
        """Return the document as it is saved."""
        return visible_only(self.record_type.fields, self._fields)

    @property
    def sealed_unit(self) -> str:
        """The unit that the record is kept under, which may be coarser than the chosen one."""
        return self.record_type.sealed_unit(self.unit, self.document())

    @property
    def is_changed(self) -> bool:
        """Whether an amendment changes anything."""
        return self.document() != visible_only(self.record_type.fields, self._original)

    def changes(self) -> list[FieldChange]:
        """Return what an amendment changes, in the order of the declaration."""
        declared = self.record_type
        before = visible_only(declared.fields, self._original)
        changed = changes(declared, before, self.document(), new_item_id=new_item_id)
        known = flatten(before, new_item_id=new_item_id)
        order = [spec.name for spec in declared.fields]
        return [
            FieldChange(path, spec.label, known.get(path), value)
            for path, value in sorted(
                changed.items(), key=lambda one: order.index(one[0].partition("/")[0])
            )
            if (spec := declared.spec_at(path)) is not None
        ]

    def set(self, path: str, value: object) -> None:
        """Take a value for ``field``, ``field/cell`` or ``group/item/field``."""
        name, _, rest = path.partition("/")
        if not rest:
            self._fields[name] = value
            self._apply_presets()
        elif isinstance(held := self._fields.get(name), list):
            key, _, inner = rest.partition("/")
            for item in held:
                if item.get("id") == key:
                    item[inner] = value
        else:
            cells = dict(held or {})
            cells[rest] = value
            self._fields[name] = {cell: count for cell, count in cells.items() if count is not None}
        self._problems = tuple(p for p in self._problems if not _touches(p.path, path))
        self._touch()

    def set_reason(self, words: str) -> None:
        """Take why a sealed record is changed."""
        self.reason = words
        self._touch()

    def set_unit(self, unit: str) -> None:
        """Take another unit for the whole record."""
        self.unit = unit
        self._touch()

    def add_item(self, group: str) -> str:
        """Add an empty item to a group and return its id."""
        key = new_item_id()
        spec = self.record_type.field(group)
        defaults = {s.name: s.default for s in (spec.subfields if spec else ()) if s.default}
        self._fields[group] = [*(self._fields.get(group) or []), {"id": key, **defaults}]
        self._touch()
        return key

    def remove_item(self, group: str, key: str) -> None:
        """Take an item out of a group."""
        self._fields[group] = [i for i in self._fields.get(group) or [] if i.get("id") != key]
        self._problems = tuple(p for p in self._problems if f"{group}/{key}" not in p.path)
        self._touch()

    def value(self, path: str) -> Any:  # noqa: ANN401  JSON of any kind
        """Return the value at a path, or None."""
        name, _, rest = path.partition("/")
        held = self._fields.get(name)
        if not rest:
            return held
        if isinstance(held, list):
            key, _, inner = rest.partition("/")
            return next((item.get(inner) for item in held if item.get("id") == key), None)
        return held.get(rest) if isinstance(held, Mapping) else None

    def number_text(self, path: str) -> str:
        """Return a number as it was typed, which may not be a number yet."""
        if path in self._number_texts:
            return self._number_texts[path]
        value = self.value(path)
        return "" if value is None else str(value)

    def set_number(self, path: str, typed: str) -> None:
        """Take a typed number; what is no number is kept as text, so that the check names it."""
        digits = typed.strip().replace(" ", "").replace(",", "")
        self._number_texts[path] = typed
        if not digits:
            self.set(path, None)
        elif digits.isdecimal():
            self.set(path, int(digits))
        else:
            self.set(path, typed)

    def set_typed(self, path: str, typed: str, value: object) -> None:
        """Take a value together with how it was typed."""
        self._number_texts[path] = typed
        self.set(path, value)

    def _apply_presets(self) -> None:
        for name, value in self.record_type.presets(self.document()).items():
            if self._fields.get(name) in EMPTY:
                self._fields[name] = value

    def _touch(self) -> None:
        self.is_saved = False
        self.revision += 1
        if self._timer is None:
            self._timer = asyncio.get_running_loop().create_task(self._save_soon())

    # ------------------------------------------------------------------ saving

    async def _save_soon(self) -> None:
        await asyncio.sleep(AUTOSAVE_SECONDS)
        self._timer = None
        await self.save()

    async def save(self) -> None:
        """Keep what was typed in the vault's drafts; a failure is shown and tried again."""
        async with self._saving:
            if self.is_saved:
                return
            before = self.revision
            try:
                kept = await asyncio.to_thread(self._keep())
            except FieldAppError as failure:
                self.failure = failure
                return
            self.draft_id, self.kept_until_ms = kept.id, kept.kept_until_ms
            self.failure = None
            if self.revision == before:
                self.is_saved = True

    def _keep(self) -> Callable[[], DraftView]:
        document, over, reason = self.document(), self.over, self.reason
        if over is not None:
            return lambda: self.records.save_amendment(over, document, reason)
        unit, page = self.sealed_unit, self.section_key
        return lambda: self.records.save_draft(self.record_id, document, unit, page)

    # ------------------------------------------------------------------ sections and problems

    def sections(self) -> list[Section]:
        """Return the sections that have something to show, without those left for later."""
        shown = [section for section in self.record_type.sections if self.specs(section)]
        if self.amends or self.shows_later:
            return shown
        return [section for section in shown if not self._is_left(section)]

    def later_sections(self) -> list[Section]:
        """Return the sections that wait behind one button."""
        now = self.sections()
        shown = [section for section in self.record_type.sections if self.specs(section)]
        return [section for section in shown if section not in now]

    def show_later(self) -> None:
        """Show every section from now on, and turn to the first that was left."""
        following = len(self.sections())
        self.shows_later = True
        self.go_to(following)

    def _is_left(self, section: Section) -> bool:
        """A section is left for later while nothing but presets stands in it."""
        if not section.waits(self._fields):
            return False
        held = ((spec, self._fields.get(spec.name)) for spec in self.specs(section))
        return all(value in EMPTY or value == spec.default for spec, value in held)

    def specs(self, section: Section) -> list[FieldSpec]:
        """Return the fields of a section that are visible now."""
        found = (self.record_type.field(name) for name in section.names)
        return [spec for spec in found if spec is not None and spec.is_visible(self._fields)]

    def go_to(self, index: int) -> None:
        """Turn to a section; the one that is left counts as visited."""
        self._visited.add(self.section)
        self.section = max(0, min(index, len(self.sections()) - 1))
        if not self.amends:
            self._touch()

    @property
    def section_key(self) -> str:
        """The name of the open page, under which a draft is taken up again."""
        return self.sections()[self.section].key

    def _take_up(self, section: str) -> None:
        """Open the page that was open last; it may have gone since, or wait behind a button."""
        self.shows_later = any(later.key == section for later in self.later_sections())
        keys = [shown.key for shown in self.sections()]
        self.section = keys.index(section) if section in keys else 0

    def visit_all(self) -> None:
        """Show problems everywhere from now on."""
        self._visited.update(range(len(self.sections())))
        self.revision += 1

    def take_problems(self, problems: Sequence[FieldProblem]) -> None:
        """Take the outcome of a check."""
        self._problems = tuple(problems)
        left = {name for section in self.later_sections() for name in section.names}
        if any(found.path.partition("/")[0] in left for found in problems):
            self.shows_later = True
        self.revision += 1

    def problem(self, path: str) -> FieldProblem | None:
        """Return the problem to show at a path."""
        if self._section_of(path) not in self._visited:
            return None
        return next((found for found in self._problems if found.path == path), None)

    def problems_in(self, index: int) -> int:
        """Count the problems to show in a section."""
        if index not in self._visited:
            return 0
        return sum(self._section_of(found.path) == index for found in self._problems)

    def is_visited(self, index: int) -> bool:
        """Tell whether the officer has been in a section."""
        return index in self._visited

    def first_with_problem(self) -> int | None:
        """Return the first section with a problem."""
        indexes = sorted(self._section_of(found.path) for found in self._problems)
        return indexes[0] if indexes else None

    def problem_count(self) -> int:
        """Count all problems."""
        return len(self._problems)

    def _section_of(self, path: str) -> int:
        name = path.partition("/")[0]
        for index, section in enumerate(self.sections()):
            if name in section.names:
                return index
        return 0

    def close(self) -> None:
        """Stop the timer; ``save`` first."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _touches(problem_path: str, path: str) -> bool:
    return problem_path == path or path.startswith(f"{problem_path}/")


def _own_copy(value: Any) -> Any:  # noqa: ANN401  JSON of any kind
    """Copy a value; items of a group are given ids where they have none."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, list | tuple):
        return [_own_item(item) if isinstance(item, Mapping) else item for item in value]
    return value


def _own_item(item: Mapping[str, Any]) -> dict[str, Any]:
    return dict(item) if "id" in item else {"id": new_item_id(), **item}
