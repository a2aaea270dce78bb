"""The data files that ship with the app: the units of Kenya.

Laws:
  * A wheel carries them inside the package, a source tree and the phone's build beside it; both
    places hold the same files.
  * They are read as text and given away whole; what they mean is the domain's business.
"""

from __future__ import annotations

from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

UNITS = "units.csv"


def _folder() -> Traversable:
    inside = resources.files("fieldapp") / "assets"
    return inside if inside.is_dir() else Path(str(inside)).parent.parent / "assets"


def asset_text(name: str) -> str:
    """Return the text of a data file, such as ``UNITS``."""
    return (_folder() / name).read_text(encoding="utf-8")
