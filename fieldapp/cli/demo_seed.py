"""What the demo's people have done: a small organisation with realistic, invented records.

Laws:
  * Made by the same services that people use, never by writing into a vault or a server.
  * Seeded and dated back from today; only the golden meeting keeps its day of 2018.
  * Officials appear by office, named people are invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

DEMO_PIN = "246810"


@dataclass(frozen=True, slots=True)
class Person:
    """One window of the demo."""

    key: str
    title: str


PEOPLE = (
    Person("chief", "Chief, Mkomani location, Lamu West"),
    Person("sub_county", "Sub-county administrator, Lamu West"),
    Person("hq", "Headquarters"),
)


def is_seeded(folder: Path) -> bool:
    """Whether an earlier run finished making the records."""
    return (folder / "seeded").exists()


def seed(folder: Path, server: str, token: str) -> None:
    """Make the organisation and its records."""
