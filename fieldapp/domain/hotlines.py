"""Numbers to ring: which service, what it is for, and when somebody last verified the number.

Laws:
  * Numbers change. Each row carries the month in which it was last seen in an official or public
    source; a row without one is shown as not verified.
  * A service whose number nobody knows stands here without one and is filled in locally; it is
    never given a button to call.
  * Whom to tell is the category's own list; here it is only told which numbers belong to it.
"""

from __future__ import annotations

from dataclasses import dataclass

from fieldapp.domain.taxonomy import Category
from fieldapp.domain.text import Text


@dataclass(frozen=True, slots=True)
class Hotline:
    """One number.

    Attributes:
        number: as it is dialled, in readable groups; empty when it must be filled in locally.
        verified: the month (``YYYY-MM``) in which the number was last seen published, or None.
        note: what else the caller should know.
    """

    key: str
    number: str
    service: Text
    verified: str | None = None
    note: Text | None = None


_FREE_DAY_AND_NIGHT = Text("Free, day and night.", "Bila malipo, usiku na mchana.")
_FREE = Text("Free.", "Bila malipo.")
_SEEN = "2026-02"

HOTLINES = (
    Hotline("police", "999", Text("Police emergency", "Dharura ya polisi"), _SEEN, _FREE),
    Hotline("police_mobile", "112", Text("Police emergency", "Dharura ya polisi"), _SEEN, _FREE),
    Hotline(
        "gbv",
        "1195",
        Text("Gender-based violence helpline", "Nambari ya msaada wa dhuluma za kijinsia"),
        _SEEN,
        Text(
            "Free, day and night. Also by dialling *483*306#.",
            "Bila malipo, usiku na mchana. Pia kwa kupiga *483*306#.",
        ),
    ),
    Hotline("child", "116", Text("Child helpline", "Nambari ya msaada kwa watoto"), _SEEN, _FREE),
    Hotline(
        "missing_child",
        "0800 223 344",
        Text("Missing children", "Watoto waliopotea"),
        _SEEN,
        _FREE,
    ),
    Hotline(
        "dci",
        "0800 722 203",
        Text("Criminal investigations (DCI)", "Upelelezi wa jinai (DCI)"),
        _SEEN,
        Text(
            "Free, day and night; no name is asked.",
            "Bila malipo, usiku na mchana; hakuna anayeulizwa jina.",
        ),
    ),
    Hotline(
        "red_cross", "1199", Text("Kenya Red Cross", "Msalaba Mwekundu wa Kenya"), _SEEN, _FREE
    ),
    Hotline(
        "trafficking",
        "0733 721 566",
        Text("Counter-trafficking line", "Nambari ya kupinga ulanguzi wa binadamu"),
        _SEEN,
    ),
    Hotline(
        "nacada",
        "1192",
        Text("Alcohol and drugs helpline (NACADA)", "Msaada wa pombe na dawa (NACADA)"),
    ),
    Hotline("ipoa", "1559", Text("Police oversight (IPOA)", "Mamlaka ya kuangalia polisi (IPOA)")),
    Hotline(
        "eacc",
        "1551",
        Text("Anti-corruption commission (EACC)", "Tume ya kupambana na ufisadi (EACC)"),
    ),
    Hotline(
        "gvrc",
        "0800 720 565",
        Text("Gender Violence Recovery Centre", "Kituo cha kuwasaidia manusura (GVRC)"),
    ),
    Hotline("kws", "", Text("Kenya Wildlife Service", "Huduma ya Wanyamapori (KWS)")),
    Hotline("ncic", "", Text("Cohesion commission (NCIC)", "Tume ya uwiano (NCIC)")),
    Hotline("ntsa", "", Text("Transport safety authority (NTSA)", "Mamlaka ya barabara (NTSA)")),
    Hotline("coast_guard", "", Text("Kenya Coast Guard", "Walinzi wa Pwani ya Kenya")),
)
_BY_KEY = {row.key: row for row in HOTLINES}

EMERGENCY = ("police", "police_mobile")
_SURVIVORS = ("gbv", "gvrc")
_OF_CATEGORY: dict[str, tuple[str, ...]] = {
    "dom_violence": _SURVIVORS,
    "gbv": _SURVIVORS,
    "rape": (*_SURVIVORS, *EMERGENCY),
    "elder_abuse": ("gbv",),
    "defilement": ("child", *_SURVIVORS, *EMERGENCY),
    "fgm": ("child", "gbv"),
    "child_marriage": ("child", "gbv"),
    "child_abuse": ("child",),
    "child_labour": ("child",),
    "child_missing": (*EMERGENCY, "missing_child", "child"),
    "suicide_risk": ("red_cross",),
    "ve_concern": (),
    "returnee": (),
    "ve_recruit": ("dci", *EMERGENCY),
    "terror_tip": (*EMERGENCY, "dci"),
    "suspicious_object": (*EMERGENCY, "dci"),
    "abduction": (*EMERGENCY, "dci"),
    "gang": ("dci",),
    "small_arms": ("dci",),
    "trafficking": (*EMERGENCY, "trafficking", "child"),
    "border_crossing": (),
    "corruption": ("eacc",),
    "police_conduct": ("ipoa",),
    "drugs": ("dci", "nacada"),
    "illicit_brew": ("nacada",),
    "wildlife": ("kws",),
    "hate_speech": ("ncic",),
    "road": (*EMERGENCY, "ntsa"),
    "disaster": (*EMERGENCY, "red_cross"),
    "marine": (*EMERGENCY, "coast_guard"),
}


def hotline(key: str) -> Hotline:
    """Return a number by its key.

    Raises:
        KeyError: there is none.
    """
    return _BY_KEY[key]


def hotlines_of(category: Category) -> tuple[Hotline, ...]:
    """Return the numbers for a category, the first to ring first."""
    preset = EMERGENCY if category.urgency == "U1" else ()
    return tuple(_BY_KEY[key] for key in _OF_CATEGORY.get(category.key, preset))
