"""One document of each tier, as far as its tier depends on it."""

from __future__ import annotations

from typing import Any

from tests.support.country import LAMU_WEST

DAY = "2025-11-20"
OPEN: dict[str, dict[str, Any]] = {
    "theft": {"category": "theft", "date": DAY},
    "other": {"category": "other", "date": DAY},
    "stock_theft": {"category": "stock_theft", "date": DAY},
    "moto_theft": {"category": "moto_theft", "confidential": True, "date": DAY},
}
RESTRICTED: dict[str, dict[str, Any]] = {
    "gender": {"category": "gbv"},
    "children": {"category": "defilement"},
    "psychosocial": {"category": "suicide_risk"},
    "csic": {"category": "gang", "date": DAY},
    "nctc": {"category": "terror_tip", "date": DAY},
    "oversight": {
        "category": "corruption",
        "date": DAY,
        "about_official": True,
        "accused_unit": LAMU_WEST,
    },
}
MEETING: dict[str, Any] = {
    "meeting_type": "cpc_loc",
    "date": DAY,
    "attendance": {"total": 12},
}
