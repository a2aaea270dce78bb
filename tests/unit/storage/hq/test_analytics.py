from datetime import date, datetime, timedelta
from typing import Any

from fieldapp.protocol.channels import ChannelClass
from fieldapp.protocol.ids import UnitId, id_to_text
from fieldapp.storage.hq.analytics import Minutes, ResponseTimes, response_times
from fieldapp.storage.hq.refresh import refresh
from fieldapp.storage.hq.store import HqStore
from fieldapp.storage.vault import Vault
from tests.support.stores import READER, folded, keep

MALINDI = UnitId("KE-003-S015")
COMMITMENT = date(2023, 6, 1)
NOTHING = Minutes(None, "<5", None, None)


def slow_response(name: str, reported: str, minutes: int | None, **more: Any) -> Any:
    item: dict[str, Any] = {"reported_at": reported}
    if minutes is not None:
        arrived = datetime.fromisoformat(reported) + timedelta(minutes=minutes)
        item["arrived_at"] = arrived.isoformat()
    fields = {"category": "slow_response", "response_log": [item | more.pop("item", {})]}
    unit = more.pop("unit", MALINDI)
    return folded(name, "concern", fields, unit=unit, cls=ChannelClass.ORDINARY)


def before_and_after(times: list[int], day: str) -> list[Any]:
    return [
        slow_response(f"{day} {number}", f"{day}T08:00:00+03:00", minutes)
        for number, minutes in enumerate(times)
    ]


def figures(store: HqStore, vault: Vault, *states: Any) -> ResponseTimes:
    keep(vault, *states)
    refresh(store, vault, READER)
    return response_times(store, MALINDI, COMMITMENT)


def test_the_commitment_of_malindi_shows(store: HqStore, vault: Vault) -> None:
    before = before_and_after([30, 40, 50, 60, 70], "2023-05-31")
    after = before_and_after([10, 15, 22, 25, 40], "2023-06-01")
    found = figures(store, vault, *before, *after)
    assert found == ResponseTimes(Minutes(5, "5", 50.0, 50.0), Minutes(5, "5", 22.4, 22.0))


def test_mean_and_median_are_told_apart(store: HqStore, vault: Vault) -> None:
    found = figures(store, vault, *before_and_after([10, 10, 10, 10, 60, 20], "2023-07-01"))
    assert found.after == Minutes(6, "6", 20.0, 10.0)


def test_fewer_than_five_tell_nothing(store: HqStore, vault: Vault) -> None:
    found = figures(store, vault, *before_and_after([10, 20, 30, 40], "2023-07-01"))
    assert found == ResponseTimes(NOTHING, NOTHING)


def test_what_cannot_be_measured_does_not_count(store: HqStore, vault: Vault) -> None:
    odd = [
        slow_response("nobody came", "2023-07-01T08:00:00+03:00", None),
        slow_response("before the report", "2023-07-01T08:00:00+03:00", -5),
        slow_response("not a time", "2023-07-01T08:00:00+03:00", 5, item={"arrived_at": "soon"}),
        slow_response("elsewhere", "2023-07-01T08:00:00+03:00", 500, unit=UnitId("KE-003-S016")),
    ]
    measured = before_and_after([10, 10, 10, 10, 10], "2023-07-01")
    assert figures(store, vault, *odd, *measured).after == Minutes(5, "5", 10.0, 10.0)


def test_a_day_is_a_day_in_kenya(store: HqStore, vault: Vault) -> None:
    late = [slow_response(f"late {number}", "2023-05-31T22:30:00+00:00", 10) for number in range(5)]
    found = figures(store, vault, *late)
    assert (found.before, found.after.n) == (NOTHING, 5)


def test_a_station_s_own_log_counts_and_what_a_concern_noted_itself_counts_once(
    store: HqStore, vault: Vault
) -> None:
    noted = before_and_after([10, 20, 30, 40], "2023-07-01")
    times = {"reported_at": "2023-07-02T08:00:00+03:00", "arrived_at": "2023-07-02T09:40:00+03:00"}
    lines = [
        folded("by itself", "response", times | {"station": "Malindi"}, unit=MALINDI),
        folded(
            "the same",
            "response",
            times | {"station": "Malindi", "concern": id_to_text(noted[0].record)},
            unit=MALINDI,
        ),
    ]
    found = figures(store, vault, *noted, *lines)
    assert found.after == Minutes(5, "5", 40.0, 30.0)
