"""Sealing and opening on the device: rates of the format, of the vault and of headquarters.

Laws:
  * Product and raw model work on the same records, in turns.
  * A vault starts empty each time, but for the directory and the office's key.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fieldapp.crypto.rowcipher import RowCipher
from fieldapp.crypto.secret import Secret
from fieldapp.domain.entries import encode_entry
from fieldapp.protocol.batch import Batch
from fieldapp.protocol.channels import OfficeRef
from fieldapp.protocol.dictionaries import CURRENT_DICTIONARY, dictionary_bytes
from fieldapp.protocol.hashing import ZERO_HASH, feed_hash
from fieldapp.protocol.ids import ReaderId
from fieldapp.protocol.message_parts import RUNNING_HASH_BYTES, FeedItem
from fieldapp.storage.hq.documents import Reader
from fieldapp.storage.hq.refresh import refresh
from fieldapp.storage.hq.store import HqStore
from fieldapp.storage.vault import Vault
from fieldapp.sync.device import Device, Surroundings
from fieldapp.sync.directory_store import keep_directory
from fieldapp.sync.feed import FeedCursor, FeedReader, pages
from fieldapp.sync.runner import PAGE_ITEMS
from tests.benchmarks import raw_model
from tests.benchmarks.metrics import Report
from tests.benchmarks.timing import Scale, in_turns, seconds
from tests.benchmarks.workload import Writer, another, documents, organisation_of, unseen_documents
from tests.support.organisation import Member, Organisation

VAULT_KEY = Secret(bytes(range(32)))
LOG_ID = b"benchmark log id"
BATCH = 50


def run(report: Report, scale: Scale) -> None:
    """Measure everything of this module."""
    organisation, (writer, *_) = organisation_of(1)
    measure_bytes(report, writer)
    measure_sealing(report, scale, writer)
    measure_sealing_into_vault(report, scale, organisation, writer)
    measure_folding(report, scale, organisation, another(writer))


def measure_bytes(report: Report, writer: Writer) -> None:
    """Count bytes a record on the wire over the life of one sender key, its packet included."""
    for size in (50, 10, 1):
        fresh = another(writer)
        entries = fresh.entries(64 * size)
        wire = sum(len(batch.raw) for batch in fresh.sealed(entries, size)) / len(entries)
        report.add(f"sealed_bytes_per_record_{size}", wire, raw_model.deflated(entries, size))
    unseen = another(writer)
    entries = [encode_entry(unseen.entry(found)) for found in unseen_documents(64 * BATCH)]
    wire = sum(len(batch.raw) for batch in unseen.sealed(entries, BATCH)) / len(entries)
    report.add("sealed_bytes_per_record_50_unseen", wire, raw_model.deflated(entries, BATCH))
    entries = another(writer).entries(len(documents()))
    report.add("json_bytes_per_record", sum(map(len, entries)) / len(entries))


def measure_sealing(report: Report, scale: Scale, writer: Writer) -> None:
    """Encode and seal, against the raw model."""
    count = scale.records
    chosen = [documents()[at % len(documents())] for at in range(count)]
    made = another(writer)
    entries = [made.entry(fields) for fields in chosen]
    author = Ed25519PrivateKey.generate()
    keys = raw_model.Keys({b"": bytes(32)}, {}, dictionary_bytes(CURRENT_DICTIONARY) or b"")
    plain = [{"r": "0" * 26, "y": "concern", "f": fields} for fields in chosen]

    def product() -> float:
        fresh = another(writer)
        return count / seconds(
            lambda: list(fresh.sealed([encode_entry(entry) for entry in entries], BATCH))
        )

    def raw() -> float:
        return count / seconds(lambda: raw_model.seal(plain, BATCH, author, keys))

    report.add("seal_records_per_s", *in_turns(scale.repeats, product, raw))


def measure_sealing_into_vault(
    report: Report, scale: Scale, organisation: Organisation, writer: Writer
) -> None:
    """Seal batches of 50 as the app does, each in a durable transaction of its own."""
    entries = another(writer).entries(scale.records // 5)
    groups = [entries[at : at + BATCH] for at in range(0, len(entries), BATCH)]

    def product() -> float:
        with device_of(organisation, writer.member) as device:
            return len(entries) / seconds(lambda: _seal_all(device, writer, groups))

    report.add("seal_into_vault_records_per_s", *in_turns(scale.repeats, product))


def _seal_all(device: Device, writer: Writer, groups: Sequence[Sequence[bytes]]) -> None:
    for group in groups:
        with device.vault.transaction() as tx:
            device.sealer.seal_entries(tx, writer.channel, group)


def measure_folding(
    report: Report, scale: Scale, organisation: Organisation, writer: Writer
) -> None:
    """Check, open and fold the feed of one stream at headquarters, against the raw model."""
    batches = writer.batches(scale.records, BATCH)
    amina = organisation["amina"]
    items = feed_of(batches, ReaderId(OfficeRef(amina.unit, amina.desk).id))
    keys = raw_keys(writer)
    count = scale.records
    flat: list[float] = []

    def product() -> float:
        with device_of(organisation, amina) as device:
            vault_seconds = seconds(lambda: take_all(device, items, count))
            flat.append(count / (vault_seconds + _refresh_seconds(device, count)))
        return count / vault_seconds

    raws = [batch.raw for batch in batches]

    def raw() -> float:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "raw.db"
            return count / seconds(lambda: raw_model.check_open_fold(raws, keys, path))

    vault, limit = in_turns(scale.repeats, product, raw)
    report.add("check_open_fold_records_per_s_vault", vault, limit)
    report.add("check_open_fold_records_per_s_hq", sorted(flat)[len(flat) // 2], limit)


def _refresh_seconds(device: Device, count: int) -> float:
    reader = Reader(best_time_ms=device.best_time_ms(), role_of=lambda _: "chief")
    with tempfile.TemporaryDirectory() as folder:
        store = HqStore(Path(folder) / "hq.db")
        start = time.perf_counter()
        if refresh(store, device.vault, reader) != count:
            raise ValueError("records at headquarters")
        spent = time.perf_counter() - start
        store.close()
    return spent


def raw_keys(*writers: Writer) -> raw_model.Keys:
    """Hand the raw model what it would have unwrapped."""
    senders = {bytes(kid): key.reveal() for writer in writers for kid, key in writer.keys.items()}
    authors = {bytes(writer.member.device): writer.member.keys.public_ed25519 for writer in writers}
    return raw_model.Keys(senders, authors, dictionary_bytes(CURRENT_DICTIONARY) or b"")


def feed_of(batches: Sequence[Batch], reader: ReaderId) -> tuple[FeedItem, ...]:
    """Lay batches out as a server's feed of one reader."""
    items, running = [], ZERO_HASH
    for position, batch in enumerate(batches, start=1_000):
        items.append(FeedItem(position, reader, running[:RUNNING_HASH_BYTES], batch.raw))
        running = feed_hash(running, position, batch.hash)
    return tuple(items)


def take_all(device: Device, items: tuple[FeedItem, ...], records: int) -> None:
    """Take a feed of so many records page by page, as a sync does."""
    reader, folded = FeedReader(FeedCursor(), LOG_ID), 0
    for page in pages(items, PAGE_ITEMS):
        with device.vault.transaction(durable=False) as tx:
            folded += device.opener.take(tx, reader, page)
    if folded != records:
        raise ValueError("entries folded")


@contextmanager
def device_of(organisation: Organisation, member: Member) -> Iterator[Device]:
    """Unlock a fresh vault that knows the directory and holds the office's key."""
    with tempfile.TemporaryDirectory() as folder:
        vault = open_vault(Path(folder) / "vault.db")
        fill_vault(vault, organisation, member)
        now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000  # noqa: E731
        surroundings = Surroundings(now_ms, bytes, lambda _: None)
        yield Device(vault, member.keys, surroundings, fingerprint=None)
        vault.close()


def open_vault(path: Path) -> Vault:
    """Open a vault under a known key with the app's own ciphers."""
    return Vault.open(
        path,
        RowCipher(VAULT_KEY, "vault"),
        record_cipher=lambda key: RowCipher(Secret(key), "record"),
    )


def fill_vault(vault: Vault, organisation: Organisation, member: Member) -> None:
    """Give a vault what enrolment would have left in it."""
    with vault.transaction() as tx:
        keep_directory(tx, organisation.log, now_ms=1)
        for key in organisation.office_keys[OfficeRef(member.unit, member.desk)]:
            tx.office_keys.put(key.office, key.epoch, key.to_secret().reveal())
