"""The exchange, the counts and the gap proof, as screens and commands ask for them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import event

from fieldapp.crypto.sealing import open_batch
from fieldapp.crypto.secret import Secret
from fieldapp.errors import PermanentSyncError, TransientSyncError
from fieldapp.i18n import message
from fieldapp.protocol.batch import Batch
from fieldapp.services import counting
from fieldapp.services.facade import Services
from fieldapp.services.patience import Yielding
from fieldapp.storage.batches import Batches
from fieldapp.storage.drafts import Drafts
from fieldapp.storage.receipts import Receipts
from fieldapp.storage.rows import BatchRow, BatchState
from fieldapp.sync.commands import SyncFailure
from fieldapp.sync.key_packets import note_alarms
from fieldapp.sync.report import SyncReport
from fieldapp.sync.runner import Runner
from tests.support.country import Country
from tests.support.factories import meeting_fields
from tests.support.failures import why


def record(services: Services, count: int = 1) -> None:
    for number in range(count):
        services.records.create("meeting", None, meeting_fields(venue=f"Place {number}"))


def test_what_waits_is_counted_in_changes_and_so_is_what_was_sent(
    country: Country, chief: Services
) -> None:
    document = meeting_fields()
    chief.records.create_many("meeting", [(None, document)] * 60)
    assert chief.syncing.status().waiting == 60
    report = chief.syncing.sync()
    assert (report.sent, report.waiting) == (60, 0)
    status = chief.syncing.status()
    assert (status.waiting, status.oldest_waiting_at_ms) == (0, None)
    assert status.sent == 61
    assert status.last_delivered_at_ms == country.clock.now_ms()
    assert country.unlocked("chief").syncing.status().sent == 61


def test_a_restricted_record_that_waits_counts_as_one(chief: Services) -> None:
    chief.records.create("concern", None, {"category": "gbv"})
    assert chief.syncing.status().waiting == 1


def test_offline_is_a_report_and_everything_waits(country: Country, chief: Services) -> None:
    record(chief)
    country.link.failure = TransientSyncError("offline")
    report = chief.syncing.sync()
    assert (why(report.error), report.waiting) == ("offline", 1)
    assert chief.syncing.status().waiting == 1
    assert country.clock.waited, "it tries again by itself"


def test_a_refusal_is_not_tried_again(country: Country, chief: Services) -> None:
    country.link.failure = PermanentSyncError("wrong_server")
    report = chief.syncing.sync()
    assert (why(report.error), country.clock.waited) == ("wrong_server", [])


def test_progress_is_told_and_a_person_may_stop_it(chief: Services) -> None:
    record(chief)
    told: list[str] = []
    report = chief.syncing.sync(progress=lambda step: told.append(step.stage))
    assert report.error is None
    assert told[0] == "sending"
    assert told[-1] == "done"
    stopped = chief.syncing.sync(cancelled=lambda: True)
    assert why(stopped.error) == "cancelled"


def test_a_wrong_clock_is_corrected_by_the_server_and_blocks_nothing(country: Country) -> None:
    chief = country.unlocked("chief")
    server_now = country.clock.ms
    country.exchange._now_ms = lambda: server_now
    country.clock.advance(-3 * 60 * 60 * 1000)
    country.sync(chief)
    record(chief)
    row = chief.records.find(type_key="meeting")[0][0]
    assert abs(row.updated_at_ms - server_now) < 60_000
    assert chief.syncing.diagnose()["clock_offset_ms"] == 3 * 60 * 60 * 1000


def test_received_records_are_counted_at_the_office(country: Country, chief: Services) -> None:
    hq = country.unlocked("hq")
    record(chief, 2)
    country.sync(chief, hq)
    assert hq.syncing.status().received == 2
    assert chief.syncing.status().received == 0


def test_the_gap_proof_names_what_is_missing(country: Country, chief: Services) -> None:
    hq = country.unlocked("hq")
    record(chief, 3)
    country.sync(chief, hq)
    assert hq.syncing.verify().complete
    with hq.access.workspace().vault.database.writing() as connection:
        connection.exec_driver_sql(
            "DELETE FROM batches WHERE rowid IN (SELECT rowid FROM batches WHERE kind = 1 "
            "AND seq = 2 AND state = 'received' LIMIT 1)"
        )
    proof = hq.syncing.verify()
    assert not proof.complete
    assert [line.missing for line in proof.streams if line.missing] == [(2,)]


def test_the_report_to_share_holds_counts_only(country: Country, chief: Services) -> None:
    record(chief)
    facts = chief.syncing.diagnose()
    assert facts["records"] == 2
    assert facts["version"] == "0.1.0"
    shown = str(facts)
    assert "Amina" not in shown
    assert country.mkomani not in shown


@pytest.mark.parametrize("role", ["chief", "hq"])
def test_only_headquarters_is_asked_for_the_hand_over(country: Country, role: str) -> None:
    assert country.unlocked(role).syncing.status().handover_pending is (role == "hq")


def test_whoever_waits_for_the_network_lets_go_of_the_home(
    country: Country, chief: Services
) -> None:
    work = chief.access.workspace()
    held: list[bool] = []
    country.link.during = lambda: held.append(work.lock._is_owned())  # type: ignore[attr-defined]
    service = Yielding(country.link, work.lock)
    with work.lock:
        assert service.info().is_claimed
        for call in (
            lambda: service.get_invite(bytes(8), bytes(32)),
            lambda: service.put_invite(bytes(8), bytes(32), b""),
            lambda: service.claim_server(bytes(16), b""),
            lambda: service.sync(b""),
        ):
            with pytest.raises(Exception, match=r"\w"):
                call()
        assert work.lock._is_owned()  # type: ignore[attr-defined]
    assert held == [False] * 5


def test_what_was_wrong_with_readers_is_in_the_status(chief: Services) -> None:
    work = chief.access.workspace()
    with work.vault.transaction() as tx:
        note_alarms(tx, work.keys.device, ("office_left_out",))
        note_alarms(tx, work.keys.device, ("office_left_out", "broken_wrap"))
    notes = [note.code for note in chief.syncing.status().notes]
    assert notes[-2:] == ["note.broken_wrap", "note.office_left_out"]


def test_a_status_opens_no_draft_no_receipt_and_no_batch_twice(
    country: Country, chief: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(chief, 5)
    chief.records.new_draft("meeting")
    chief.records.new_draft("meeting")
    country.sync(chief)
    record(chief, 2)
    chief.access.lock()
    fresh = country.unlocked("chief")
    opened: list[bytes] = []

    def counted(batch: Batch, key: Secret) -> list[bytes]:
        opened.append(batch.hash)
        return list(open_batch(batch, key))

    def never(*_args: object) -> None:
        raise AssertionError("a status needs no such row")

    in_state = Batches.in_state

    def troubled_only(self: Batches, state: BatchState) -> Iterator[BatchRow]:
        assert state in {"refused", "forked"}, "batches that are well are counted, not read"
        return in_state(self, state)

    monkeypatch.setattr(counting, "open_batch", counted)
    monkeypatch.setattr(Drafts, "_opened", never)
    monkeypatch.setattr(Receipts, "all", never)
    monkeypatch.setattr(Batches, "in_state", troubled_only)
    first = fresh.syncing.status()
    assert (first.drafts, first.waiting, first.sent) == (2, 2, 6)
    assert len(opened) == 2, "what was sent before the last sync is counted already"
    assert fresh.syncing.status() == first
    assert len(opened) == 2


def test_the_statements_of_a_status_do_not_grow_with_the_records(
    country: Country, chief: Services
) -> None:
    def statements() -> int:
        seen: list[str] = []

        def note(_connection: object, _cursor: object, text: str, *_rest: object) -> None:
            seen.append(text)

        engine = chief.access.workspace().vault.database._engine
        event.listen(engine, "before_cursor_execute", note)
        chief.syncing.status()
        event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    record(chief, 2)
    country.sync(chief)
    chief.syncing.status()
    few = statements()
    record(chief, 20)
    country.sync(chief)
    chief.syncing.status()
    assert statements() == few


def test_damaged_counts_are_made_again(country: Country, chief: Services) -> None:
    record(chief, 3)
    country.sync(chief)
    with chief.access.workspace().vault.transaction() as tx:
        tx.meta.set("entry_counts", b"torn")
    chief.access.lock()
    assert country.unlocked("chief").syncing.status().sent == 4


def test_what_the_last_sync_found_wrong_is_said_by_the_status_until_the_next(
    country: Country, chief: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    lying = SyncReport(alarms=(SyncFailure("feed_reordered"), SyncFailure("Amina Bakari")))
    monkeypatch.setattr(Runner, "run", lambda _self: lying)
    chief.syncing.sync()
    monkeypatch.undo()
    codes = [note.code for note in country.unlocked("chief").syncing.status().notes]
    assert "feed_reordered" in codes
    assert "Amina Bakari" not in codes
    for language in ("en", "sw"):
        assert message("feed_reordered", language) != "feed_reordered"
    country.sync(chief)
    assert "feed_reordered" not in {note.code for note in chief.syncing.status().notes}
