"""A record type that nobody has heard of: what one file and one line in the registry would add.

Nothing else is told of it; whatever works for it works for every declared type.
"""

from __future__ import annotations

from fieldapp.domain import record_types as registry
from fieldapp.domain.actions import WRITE, granted
from fieldapp.domain.fields import FieldProblem, FieldSpec, Kind, Option, Section
from fieldapp.domain.record_type import (
    Facts,
    LinkRule,
    Menu,
    RecordType,
    Remark,
    Rule,
    Start,
    first_words,
)
from fieldapp.domain.text import Text

# fmt: off
_FIELDS = (
    FieldSpec("name", Kind.TEXT, Text("Name of the well", "Jina la kisima"), required=True,
        list_column=True),
    FieldSpec("state", Kind.CHOICE, Text("State of the well", "Hali ya kisima"), options=(
        Option("flows", Text("Flows", "Kinatoa maji")),
        Option("dry", Text("Dry", "Kimekauka")),
    ), default="flows", list_column=True),
    FieldSpec("metres", Kind.INTEGER, Text("Depth in metres", "Kina kwa mita"), max_value=400),
    FieldSpec("users", Kind.COUNT_MATRIX, Text("Users", "Watumiaji"), options=(
        Option("women", Text("Women", "Wanawake")), Option("men", Text("Men", "Wanaume")),
    )),
    FieldSpec("repairs", Kind.GROUP, Text("Repairs", "Ukarabati"), subfields=(
        FieldSpec("what", Kind.TEXT, Text("What was repaired", "Kilichokarabatiwa"),
            required=True),
    )),
    FieldSpec("concern", Kind.LINK, Text("Because of", "Kwa sababu ya"), link_type="concern"),
)
# fmt: on


def _find_depth(facts: Facts) -> list[FieldProblem]:
    dry = facts.fields.get("state") == "dry"
    return (
        [FieldProblem("metres", "dry_well_has_depth")] if dry and "metres" in facts.fields else []
    )


def _remarks(facts: Facts) -> list[Remark]:
    is_dry = facts.fields.get("state") == "dry"
    return (
        [Remark("state", Text("Nobody draws water here.", "Hakuna maji hapa."))] if is_dry else []
    )


WELL = RecordType(
    key="well",
    version=1,
    label=Text("Well", "Kisima"),
    plural=Text("Wells", "Visima"),
    icon="water_drop",
    menu=Menu.FIELD,
    about=Text("Where people draw water", "Watu wanapochota maji"),
    fields=_FIELDS,
    sections=(
        Section("what", Text("Which well?", "Kisima kipi?"), ("name", "state", "metres")),
        Section("use", Text("Use", "Matumizi"), ("users", "repairs", "concern")),
    ),
    rights=granted(field=WRITE, lead=WRITE),
    rules=(
        Rule(
            "dry_well_has_depth",
            Text("A dry well has no depth.", "Kisima kilichokauka hakina kina."),
            _find_depth,
        ),
    ),
    link_rules=(
        LinkRule(
            "well_of_a_theft",
            Text("No well is due to a theft.", "Kisima hakitokani na wizi."),
            "concern",
            lambda concern: concern.get("category") == "theft",
        ),
    ),
    starts=(
        Start(
            "concern",
            Text("Dig a well", "Chimba kisima"),
            lambda found: {"concern": next(iter(found))},
        ),
    ),
    remarks=_remarks,
    title=first_words(Text("Well", "Kisima"), "name"),
    subtitle=first_words(Text("No state", "Hakuna hali"), "state"),
)


def declare(monkeypatch: object) -> RecordType:
    """Put the type into the registry for one test, as its one line there would."""
    monkeypatch.setitem(registry._REGISTRY, WELL.key, WELL)  # type: ignore[attr-defined]
    return WELL
