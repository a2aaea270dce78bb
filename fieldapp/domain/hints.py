"""Gentle hints before sealing: words that may point at a person, and a room without women.

Laws:
  * A hint never blocks and never leaves the device: the officer rewrites, raises the tier, or goes
    on.
  * A hint says what kind of words were found and in which field, never the words.
  * The lists of communities exist only here, to warn when one stands beside an accusation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fieldapp.domain.fields import FieldProblem, Fields, FieldSpec, Kind
from fieldapp.domain.given_names import GIVEN_NAMES
from fieldapp.domain.record_types import record_type
from fieldapp.domain.rules import items_of

_PHONE = re.compile(r"(?<!\d)(?:\+?254|0)[ -]?[17]\d{2}[ -]?\d{3}[ -]?\d{3}(?!\d)")
_ID_NUMBER = re.compile(r"(?<![\d/-])\d{7,9}(?![\d/-])")
_KIN = re.compile(
    r"\b(?:son|daughter|wife|husband) of\b|\b(?:mtoto|mke|mume|binti) wa\b", re.IGNORECASE
)
_TITLED = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Dr|Bw|Bwana|Bi|Mzee|Mama|Baba|Sheikh|Imam|Pastor|Fr|Ustadh)"
    r"\b\.? [A-Z][a-z'’]+\b(?! (?:Street|Road|School|Hospital|Market|Location)\b)"
)
_CALLED = re.compile(
    r"\b(?i:called|named|known as|anaitwa|aitwaye|jina lake(?: ni)?|jina ni)\s+[A-Z][a-z'’]+"
)
_CAPITALISED = re.compile(r"\b[A-Z][a-z]+\b")
_OF_A_PLACE = re.compile(
    r"(?:'s)? (?:[A-Z][a-z]+ )?(?:Street|Road|School|Hospital|Market|Bridge|Church|Mosque|Primary"
    r"|Secondary|Estate|Village)\b"
)
_COMMUNITY = re.compile(
    r"\b(?:wa|m)?(?:somali|kikuyu|luo|luhya|kalenjin|kamba|kisii|meru|mijikenda|giriama|pokot|turkana"
    r"|maasai|samburu|borana|gabra|rendille|orma|pokomo|bajuni|swahili|embu|taita|digo|teso|nandi"
    r"|kipsigis|tugen|marakwet|muslims?|christians?|islam\w*|kristo|hindus?)\b",
    re.IGNORECASE,
)
_ACCUSATION = re.compile(
    r"\b(?:thie(?:f|ves)|terrorists?|criminals?|suspects?|steal\w*|stole|kill\w*|attack\w*|gang\w*"
    r"|raid\w*|burn\w*|rape\w*|wezi|mwizi|majambazi|wavamizi|walivamia|wamevamia|wameiba"
    r"|magaidi|gaidi|wahalifu|mhalifu|washukiwa|mshukiwa|waliiba|aliiba|waliua|aliua)\b",
    re.IGNORECASE,
)
_NEAR = 80


def hints_in_text(text: str) -> tuple[str, ...]:
    """Return the codes of what a text may give away.

    >>> hints_in_text("Call 0722 123 456 about the borehole.")
    ('hint.phone_number',)
    """
    patterns = {
        "hint.phone_number": _PHONE,
        "hint.id_number": _ID_NUMBER,
        "hint.kinship": _KIN,
        "hint.titled_name": _TITLED,
    }
    found = [code for code, pattern in patterns.items() if pattern.search(text)]
    if "hint.titled_name" not in found and (_CALLED.search(text) or _holds_a_name(text)):
        found.append("hint.person_name")
    if _accuses_a_community(text):
        found.append("hint.community_accused")
    return tuple(found)


def _holds_a_name(text: str) -> bool:
    """Tell whether a common given name stands there, unless it is the name of a place."""
    return any(
        word[0].lower() in GIVEN_NAMES and not _OF_A_PLACE.match(text, word.end())
        for word in _CAPITALISED.finditer(text)
    )


def _accuses_a_community(text: str) -> bool:
    """Tell whether a community's name stands near a word of accusation."""
    for named in _COMMUNITY.finditer(text):
        around = text[max(0, named.start() - _NEAR) : named.end() + _NEAR]
        if _ACCUSATION.search(around):
            return True
    return False


def hints(type_key: str, fields: Fields) -> list[FieldProblem]:
    """Return what an officer should read again before sealing.

    Raises:
        UnknownRecordTypeError: no type has this key.
    """
    declared = record_type(type_key)
    if not declared.is_listed:
        return []
    found = list(_in_fields(declared.fields, fields, ""))
    for group in declared.fields:
        if group.kind is Kind.GROUP and not group.may_name:
            for path, item in items_of(fields, group.name):
                found += _in_fields(group.subfields, item, path + "/")
    return [*found, *declared.hints(fields)]


def _in_fields(specs: tuple[FieldSpec, ...], fields: Fields, prefix: str) -> Iterator[FieldProblem]:
    for spec in specs:
        value = fields.get(spec.name)
        if spec.kind in {Kind.TEXT, Kind.LONG_TEXT} and isinstance(value, str):
            yield from (FieldProblem(prefix + spec.name, code) for code in hints_in_text(value))
