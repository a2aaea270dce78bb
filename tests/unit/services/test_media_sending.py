"""Pictures on their way: counted, within a budget, through cuts, lies and full disks."""

from __future__ import annotations

import pytest

from fieldapp.errors import (
    DatabaseFullError,
    RemoteProtocolError,
    TransientSyncError,
    UnknownRecordError,
)
from fieldapp.services import media_sending
from fieldapp.services.facade import Services
from fieldapp.services.media_reading import SUPPOSED_BYTES_PER_SECOND
from fieldapp.storage import files
from fieldapp.sync.media import PIECE_BYTES
from tests.support.country import Country
from tests.support.failures import why
from tests.support.pictured_meetings import (
    FIELD,
    PHOTO,
    chunk_files,
    code_of,
    meeting,
    sealed_with_photo,
    states,
)

# ---------------------------------------------------------------------- sending


def test_what_waits_is_counted_with_a_time_at_the_last_measured_rate(
    country: Country, chief: Services
) -> None:
    sealed_with_photo(chief)
    sealed_with_photo(chief)
    waiting = chief.media.waiting()
    assert waiting.count == 2
    assert waiting.seconds == -(-waiting.bytes // SUPPOSED_BYTES_PER_SECOND)
    country.link.during = lambda: country.clock.wait(0.1)
    country.sync(chief)
    country.link.during = None
    sealed_with_photo(chief)
    assert 0 < chief.media.waiting().seconds < waiting.seconds / 2


def test_a_sync_moves_no_more_than_its_budget_and_goes_on_next_time(chief: Services) -> None:
    record, _ = sealed_with_photo(chief)
    whole = chief.media.waiting().bytes
    chief.syncing._environment.media_bytes = 2 * PIECE_BYTES  # type: ignore[misc]
    first = chief.syncing.sync()
    assert (first.media_sent, first.media_bytes) == (0, 2 * PIECE_BYTES)
    (view,) = chief.media.of_record(record)
    assert view.state == "sending"
    chief.syncing._environment.media_bytes = 10_000_000  # type: ignore[misc]
    last = chief.syncing.sync()
    assert (last.media_sent, first.media_bytes + last.media_bytes) == (1, whole)


def test_a_sync_without_room_for_media_sends_its_text(country: Country, chief: Services) -> None:
    sealed_with_photo(chief)
    chief.syncing._environment.media_bytes = 0  # type: ignore[misc]
    report = chief.syncing.sync()
    assert (report.error, report.sent, report.media_sent) == (None, 1, 0)
    assert "put_chunk" not in country.link.asked


def test_cancelling_stops_between_two_pieces(chief: Services) -> None:
    sealed_with_photo(chief)
    told: list[tuple[str, int, int]] = []
    report = chief.syncing.sync(
        lambda at: told.append((at.stage, at.done, at.total)),
        lambda: any(stage == "media" for stage, _, _ in told),
    )
    assert (report.error, report.media_sent, report.media_bytes) == (None, 0, PIECE_BYTES)
    stage, done, total = told[-1]
    assert (stage, done) == ("media", PIECE_BYTES)
    assert total > done


def test_headquarters_may_fetch_all_by_itself(
    country: Country, chief: Services, hq: Services
) -> None:
    record, _ = sealed_with_photo(chief)
    country.sync(chief)
    hq.syncing._environment.fetches_media = True  # type: ignore[misc]
    report = hq.syncing.sync()
    assert (report.media_error, report.media_received) == (None, 1)
    assert states(hq, record) == ["here"]


# ---------------------------------------------------------------------- faults


class Cuts:
    """Cuts a put: before it arrives, or after, losing the answer."""

    def __init__(self, country: Country, *, at: int, loses_answer: bool) -> None:
        self.sent: list[int] = []
        self._shelf, self._at, self._loses = country.shelf, at, loses_answer

    def put(self, ticket: bytes, piece: bytes) -> object:
        self.sent.append(len(piece))
        if len(self.sent) != self._at:
            return self._shelf.put_chunk(ticket, piece)
        if self._loses:
            self._shelf.put_chunk(ticket, piece)
        raise TransientSyncError("connection_cut")


@pytest.mark.parametrize("loses_answer", [False, True], ids=["request", "answer"])
@pytest.mark.parametrize("at", [1, 2, 5, 9])
def test_a_cut_anywhere_costs_one_piece_at_most(
    country: Country,
    chief: Services,
    dcc: Services,
    at: int,
    loses_answer: bool,
) -> None:
    record, media = sealed_with_photo(chief)
    whole = chief.media.waiting().bytes
    cuts = Cuts(country, at=at, loses_answer=loses_answer)
    real, country.link.media = country.link.media, _Forwarding(country, cuts)  # type: ignore[assignment]
    first = chief.syncing.sync()
    assert first.error is None
    assert first.media_error == ("connection_cut", {})
    assert chief.syncing.sync().media_sent == 1
    country.link.media = real
    assert whole <= sum(cuts.sent) <= whole + PIECE_BYTES
    country.sync(dcc)
    assert dcc.media.read(media) == chief.media.read(media)
    assert states(chief, record) == ["sent"]


class _Forwarding:
    def __init__(self, country: Country, cuts: Cuts) -> None:
        self.ask_chunk, self.get_chunk = country.shelf.ask_chunk, country.shelf.get_chunk
        self.put_chunk = cuts.put


def test_a_changed_chunk_is_named_and_not_kept(
    country: Country, chief: Services, dcc: Services
) -> None:
    record, media = sealed_with_photo(chief)
    country.sync(chief, dcc)
    honest = country.link.media
    bent = _Bent(country)
    country.link.media = bent
    with pytest.raises(RemoteProtocolError) as caught:
        dcc.media.read(media)
    assert caught.value.code == "media_changed"
    assert chunk_files(country, "dcc") == []
    assert states(dcc, record) == ["coming"]
    country.link.media = honest
    assert dcc.media.read(media) == chief.media.read(media)


class _Bent:
    """A server that changes what it gives."""

    def __init__(self, country: Country) -> None:
        self.ask_chunk, self.put_chunk = country.shelf.ask_chunk, country.shelf.put_chunk
        self._shelf = country.shelf

    def get_chunk(self, ticket: bytes) -> bytes:
        found = self._shelf.get_chunk(ticket)
        return found[:-1] + bytes((found[-1] ^ 1,))


def test_a_withheld_chunk_waits_and_is_shown_as_coming(
    country: Country, chief: Services, dcc: Services
) -> None:
    chief.syncing._environment.media_bytes = 0  # type: ignore[misc]
    record, media = sealed_with_photo(chief)
    country.sync(chief, dcc)
    assert code_of(lambda: dcc.media.read(media)) == "media_unknown"
    assert states(dcc, record) == ["coming"]
    chief.syncing._environment.media_bytes = 10_000_000  # type: ignore[misc]
    country.sync(chief)
    assert dcc.media.read(media) == chief.media.read(media)


def test_a_full_server_delays_pictures_and_no_text(country: Country, chief: Services) -> None:
    record, _ = sealed_with_photo(chief)
    country.shelf = country.exchange.open_shelf(country.folder / "media", 20_000)
    country.link.media = country.shelf
    report = chief.syncing.sync()
    assert (report.error, report.sent) == (None, 1)
    assert why(report.media_error) == "quota_exceeded"
    assert states(chief, record) == ["sending"]


def test_a_full_phone_says_so_and_keeps_the_draft(
    chief: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = meeting(chief)

    def full(*_: object) -> None:
        raise OSError(28, "no space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(files.os, "fsync", full)  # type: ignore[attr-defined]
        with pytest.raises(DatabaseFullError):
            chief.media.add_photo(draft, FIELD, PHOTO)
    assert FIELD not in chief.records.draft(draft).fields
    assert chief.media.add_photo(draft, FIELD, PHOTO).state == "here"


def test_a_file_that_rotted_is_fetched_again(
    country: Country, chief: Services, dcc: Services
) -> None:
    _, media = sealed_with_photo(chief)
    country.sync(chief, dcc)
    opened = dcc.media.read(media)
    (first, *_) = chunk_files(country, "dcc")
    first.write_bytes(b"rotten")
    assert dcc.media.read(media) == opened


def test_a_stranger_to_a_record_opens_none_of_its_media(chief: Services) -> None:
    with pytest.raises(UnknownRecordError):
        chief.media.read("0" * 26)


def test_a_server_without_media_is_no_trouble(country: Country, chief: Services) -> None:
    sealed_with_photo(chief)
    plan = media_sending.MediaPlan(1_000_000, fetches=True)
    work = chief.access.workspace()
    report = media_sending.move_media(
        chief.media, work, country.exchange, plan, None, lambda: False
    )
    assert (report.sent, report.error) == (0, None)
    assert chief.media.waiting().count == 1


def test_a_picture_that_rotted_before_it_left_is_told_as_gone(
    country: Country, chief: Services
) -> None:
    record, _ = sealed_with_photo(chief)
    rotten = chunk_files(country, "chief")[0]
    rotten.write_bytes(b"x" + rotten.read_bytes()[1:])
    assert chief.syncing.sync().media_sent == 0
    assert (states(chief, record), chief.media.waiting().count) == (["gone"], 0)
