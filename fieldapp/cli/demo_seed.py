"""What the demo's people have done: a small organisation with realistic, invented records.

Laws:
  * Made by the same services that people use, never by writing into a vault or a server.
  * Seeded and dated back from today; only the golden meeting keeps its day of 2018.
  * Officials appear by office, named people are invented.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from fieldapp.bootstrap import build_services, demo_settings, seeded_chance
from fieldapp.cli import demo_media
from fieldapp.domain import sample_records as standing
from fieldapp.domain import samples
from fieldapp.domain.samples import Sample
from fieldapp.errors import FieldAppError
from fieldapp.services.facade import Services
from fieldapp.services.office_views import DeviceRow

DEMO_PIN: Final = "246810"
ORGANISATION: Final = "Baraza demonstration"
LAMU_WEST: Final = "KE-005-S022"
MALINDI: Final = "KE-003-S016"
MKOMANI_WARD: Final = "KE-005-W0105"
COMMITMENT_DAYS_AGO: Final = 45
UNANSWERED_DAYS: Final = 4
SEEDED: Final = "seeded"
RECORDS: Final = 36
SEED: Final = 2018


@dataclass(frozen=True, slots=True)
class Person:
    """One home of the demo; those with a title get a window."""

    key: str
    name: str
    title: str = ""


CHIEF = Person("chief", "Amina Bakari", "Chief, Mkomani location, Lamu West")
SUB_COUNTY = Person("sub_county", "Brian Otieno", "Sub-county administrator, Lamu West")
HQ = Person("hq", "Chebet Langat", "Headquarters")
MALINDI_DESK = Person("malindi", "Dalila Mwinyi")
PEOPLE = (CHIEF, SUB_COUNTY, HQ)
EVERYBODY = (HQ, SUB_COUNTY, MALINDI_DESK, CHIEF)


def is_seeded(folder: Path) -> bool:
    """Whether an earlier run finished making the records."""
    return (folder / SEEDED).exists()


def figures(folder: Path) -> str:
    """What headquarters computed from what reached it, in a sentence."""
    return (folder / SEEDED).read_text(encoding="utf-8")


def seed(folder: Path, server: str, token: str) -> None:
    """Make the organisation and its records; what an interrupted run left was removed before.

    Raises:
        FieldAppError: the server went away, or the disk is full.
    """
    with ExitStack() as stack:
        homes = {
            person.key: stack.enter_context(build_services(demo_settings(folder / person.key)))
            for person in EVERYBODY
        }
        mkomani = _organise(homes, folder, server, token)
        _record(homes, mkomani)
        computed = _compute(homes[HQ.key])
    (folder / SEEDED).write_text(computed, encoding="utf-8")


def _organise(homes: dict[str, Services], folder: Path, server: str, token: str) -> str:
    """Found the organisation, enrol everybody, confirm who needs it; returns Mkomani's id."""
    hq = homes[HQ.key]
    shares = folder / "shares"
    hq.organisation.init(server, token, ORGANISATION, shares, HQ.name, DEMO_PIN)
    mkomani = hq.organisation.add_unit(LAMU_WEST, "location", "Mkomani", MKOMANI_WARD)
    for unit in (LAMU_WEST, mkomani, MALINDI):
        hq.organisation.create_office(unit, "admin")
    for person, unit, role in (
        (SUB_COUNTY, LAMU_WEST, "dcc_admin"),
        (MALINDI_DESK, MALINDI, "dcc_admin"),
        (CHIEF, mkomani, "chief"),
    ):
        invite = hq.organisation.invite(unit, role)
        homes[person.key].access.enrol(invite.packet_text, person.name, DEMO_PIN)
    _sync(homes, (HQ, SUB_COUNTY, MALINDI_DESK, CHIEF, HQ))
    for row in hq.organisation.devices():
        _confirm(hq, row)
    _sync(homes, (HQ, *EVERYBODY))
    return mkomani


def _confirm(hq: Services, row: DeviceRow) -> None:
    """Compare words as two people would, for every device that has some."""
    if row.words is not None:
        hq.organisation.confirm(row.device, row.words)


def _record(homes: dict[str, Services], mkomani: str) -> None:
    """Let each of them record and deliver; one is overdue, one in conflict, one unsent."""
    chance = seeded_chance(SEED)
    chief, sub_county = homes[CHIEF.key], homes[SUB_COUNTY.key]
    today = chief.access.workspace().today()
    _create(chief, [samples.golden_meeting(mkomani)])
    _create(chief, samples.records(chance, mkomani, today, RECORDS))
    _report_with_media(chief, unanswered_concern(mkomani, today))
    _create(chief, [samples.restricted_concern(chance, mkomani, today) for _ in range(2)])
    _stand(chief, mkomani, today)
    commitment = _commitment(today)
    malindi = homes[MALINDI_DESK.key]
    _create(malindi, [samples.commitment_meeting(commitment, MALINDI)])
    _create(malindi, samples.slow_responses(chance, commitment, MALINDI))
    _sync(homes, (CHIEF, MALINDI_DESK, SUB_COUNTY, HQ))
    _disagree(chief, sub_county)
    _sync(homes, (CHIEF, SUB_COUNTY, HQ, CHIEF))
    _create(chief, [samples.concern(chance, mkomani, today)])


def _commitment(today: date) -> date:
    """The day on which Malindi's police promised to come sooner."""
    return today - timedelta(days=COMMITMENT_DAYS_AGO)


def _compute(hq: Services) -> str:
    """Let headquarters say whether the promise was kept."""
    since = _commitment(hq.access.workspace().today())
    times = hq.transfer.response_times(MALINDI, since)
    before, after = times.before, times.after
    return (
        f"Police response in Malindi, computed at headquarters: {before.mean} minutes on average "
        f"before the commitment of {since:%d/%m/%Y} ({before.shown} responses), {after.mean} after "
        f"it ({after.shown})."
    )


def unanswered_concern(unit: str, today: date) -> Sample:
    """Return an urgent concern of some days ago on which nobody has acted: it is overdue."""
    fields = {
        "category": "stock_theft",
        "urgency": "U2",
        "date": (today - timedelta(days=UNANSWERED_DAYS)).isoformat(),
        "time": "22:30",
        "landmark": "Water point",
        "narrative": "Eleven goats were driven off at night towards the river. "
        "The tracks were lost at the ford.",
        "source": "resident",
        "status": "open",
    }
    return Sample("concern", unit, fields)


def _stand(chief: Services, unit: str, today: date) -> None:
    """Record what stands in an area: bodies, a cluster, talks, alerts, a problem solved."""
    concerns = _create(chief, [standing.break_in(unit, today, days) for days in (150, 141)])
    made = (standing.area_committee, standing.peace_committee, standing.cluster,
        standing.mediation, standing.tension, standing.response)  # fmt: skip
    _create(chief, [make(unit, today) for make in made])
    _create(chief, [standing.tension(unit, today, days_ago=30)])
    _create(chief, [standing.problem(unit, today, concerns)])


def _create(services: Services, made: Iterable[Sample]) -> list[str]:
    return [services.records.create(one.type, one.unit, one.fields) for one in made]


def _report_with_media(services: Services, made: Sample) -> str:
    """Record something with a picture and a voice note."""
    draft = services.records.create(made.type, made.unit, made.fields, draft=True)
    services.media.add_photo(draft, "pictures", demo_media.tracks_at_the_ford(seeded_chance(SEED)))
    services.media.add_audio(draft, "voice_note", demo_media.chime(), demo_media.SECONDS)
    return services.records.seal(draft)


def _disagree(chief: Services, sub_county: Services) -> None:
    """Amend the same field in two places before either has heard of the other."""
    rows, _ = chief.records.find(type_key="meeting", limit=2)
    record = rows[-1].id
    for services, aims in (
        (chief, "Trust between police and people"),
        (sub_county, "Safer places"),
    ):
        services.records.edit(record, {"aims": aims}, reason="Corrected after the meeting")


def _sync(homes: dict[str, Services], order: Iterable[Person]) -> None:
    for person in order:
        report = homes[person.key].syncing.sync()
        if report.error is not None:
            raise FieldAppError(report.error.code, **report.error.params)
