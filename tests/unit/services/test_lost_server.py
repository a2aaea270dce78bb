"""A server that lost something: the sync says so, the home screen says why, nothing is lost."""

from __future__ import annotations

from fieldapp.services.facade import Services
from fieldapp.sync.commands import SyncFailure
from fieldapp.sync.server_history import SHOWN_MS
from sync_server.storage.backup import read_backup, write_backup
from sync_server.storage.database import Database
from sync_server.storage.schema import migrate
from tests.support.country import Country
from tests.support.factories import golden_fields, meeting_fields
from tests.support.people import fixed_bytes
from tests.support.pictures import photo
from tests.support.server import SERVER_SECRET, make_exchange

LOG_ID = fixed_bytes("the restored log", 16)


def notes(services: Services) -> set[str]:
    return {note.code for note in services.syncing.status().notes}


def back_up(country: Country) -> None:
    """Keep the server as it is now."""
    source = Database(f"sqlite:///{country.folder / 'server.db'}")
    write_backup(source, country.folder / "b.db", private_key=SERVER_SECRET, log_id=LOG_ID)
    source.close()


def restore(country: Country) -> None:
    url = f"sqlite:///{country.folder / 'restored.db'}"
    target = Database(url)
    migrate(target, LOG_ID)
    read_backup(country.folder / "b.db", target, log_id=LOG_ID)
    target.close()
    country.exchange.close()
    country.exchange = make_exchange(url, clock=country.clock.now_ms)
    country.link.service = country.exchange
    country.link.media = country.exchange.open_shelf(country.folder / "restored-media", 0)


def test_a_restored_server_is_named_explained_for_a_week_and_filled_again(
    country: Country, chief: Services, dcc: Services
) -> None:
    back_up(country)
    made = chief.records.create("meeting", None, meeting_fields(venue="After the backup"))
    country.sync(chief)
    assert "note.server_restored" not in notes(chief)
    restore(country)
    report = chief.syncing.sync()
    assert (report.error, report.alarms) == (None, (SyncFailure("server_restored"),))
    assert "note.server_restored" in notes(chief)
    assert chief.syncing.status().waiting == 0
    country.sync(dcc)
    assert dcc.records.show(made).id == made
    assert chief.syncing.sync().alarms == ()
    country.clock.advance(SHOWN_MS)
    assert "note.server_restored" not in notes(chief)


def with_picture(country: Country, chief: Services) -> tuple[str, str]:
    """Deliver a meeting with a picture that the backup does not hold; return both."""
    back_up(country)
    draft = chief.records.new_draft("meeting", None, golden_fields()).id
    picture = chief.media.add_photo(draft, "attachments", photo(600, 400)).id
    record = chief.records.seal(draft)
    country.sync(chief)
    assert [one.state for one in chief.media.of_record(record)] == ["sent"]
    restore(country)
    return record, picture


def test_pictures_that_the_server_lost_go_to_it_again(
    country: Country, chief: Services, dcc: Services
) -> None:
    record, picture = with_picture(country, chief)
    report = chief.syncing.sync()
    assert (report.media_sent, report.media_error) == (1, None)
    assert [one.state for one in chief.media.of_record(record)] == ["sent"]
    country.sync(dcc)
    assert dcc.media.read(picture) == chief.media.read(picture)
    assert chief.syncing.sync().media_sent == 0


def test_a_picture_that_neither_holds_any_more_is_gone_and_waits_for_nothing(
    country: Country, chief: Services
) -> None:
    record, _ = with_picture(country, chief)
    for piece in (country.folder / "chief" / "media").glob("*"):
        piece.unlink()
    report = chief.syncing.sync()
    assert (report.media_sent, report.media_error) == (0, None)
    assert [one.state for one in chief.media.of_record(record)] == ["gone"]
    assert chief.media.waiting().count == 0


def test_a_picture_that_only_the_server_holds_needs_no_second_sending(
    country: Country, chief: Services
) -> None:
    record, picture = with_picture(country, chief)
    content = chief.media.read(picture)
    chief.syncing.sync()
    with chief.access.workspace().vault.transaction() as tx:
        tx.media.send_again()
    for piece in (country.folder / "chief" / "media").glob("*"):
        piece.unlink()
    report = chief.syncing.sync()
    assert (report.media_sent, report.media_error, report.media_bytes) == (1, None, 0)
    assert [one.state for one in chief.media.of_record(record)] == ["sent"]
    assert chief.media.read(picture) == content
