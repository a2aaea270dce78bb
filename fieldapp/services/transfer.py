"""Export and import: the one door through which content leaves in clear, and the way in for rows.

Laws:
  * An export is ordered by a person with the PIN; who wrote a record leaves as a stable code
    unless identities were asked for and the role allows it.
  * The consolidated store stays on the machines of offices only; a phone's is removed again.
  * Restricted records never enter the store as documents; they leave as counts, small ones
    suppressed.
  * An import seals its good rows, as many at once as one batch carries, and reports the bad ones
    by row and column. Whatever stops a row, a full disk included, is reported with that row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Final

from fieldapp.domain.record_type import RecordType
from fieldapp.domain.record_types import record_type
from fieldapp.errors import ConfigError, FieldAppError, NoRightError
from fieldapp.protocol.ids import DeviceId, text_to_id
from fieldapp.protocol.limits import MAX_BATCH_ENTRIES
from fieldapp.services.access import AccessService
from fieldapp.services.import_rows import BadRow, ImportRow, read_csv, read_jsonl
from fieldapp.services.problems import ProblemsError
from fieldapp.services.records import RecordService
from fieldapp.services.views import ExportReport, ImportProblem, ImportReport
from fieldapp.services.workspace import Workspace
from fieldapp.storage.failures import disk_errors
from fieldapp.storage.files import overwrite_and_remove
from fieldapp.storage.hq.documents import Reader
from fieldapp.storage.hq.export import Names, StableCodes, export_csv, export_jsonl
from fieldapp.storage.hq.refresh import refresh
from fieldapp.storage.hq.store import HqStore

Export = Callable[[HqStore, Path, StableCodes | None, Names | None], dict[str, int]]
FORMATS: Final[dict[str, Export]] = {"csv": export_csv, "jsonl": export_jsonl}
IDENTITY_ROLES: Final = frozenset({"hq_admin", "auditor", "county_desk", "dcc_admin"})
STORE_ROLES: Final = IDENTITY_ROLES | {"hq_analyst"}
"""Offices that work from the consolidated store; nobody else's machine keeps one."""
META_EXPORT_KEY: Final = "export_key"
EXPORT_KEY_BYTES: Final = 32


class TransferService:
    """Files out and files in."""

    def __init__(self, access: AccessService, records: RecordService) -> None:
        self._access = access
        self._records = records

    def refresh_store(self) -> HqStore:
        """Bring the consolidated store up to what this vault holds; the caller closes it."""
        work = self._access.workspace()
        store = HqStore(work.home.store)
        with ExitStack() as undo:
            undo.callback(store.close)
            refresh(store, work.vault, Reader(work.best_time_ms(), lambda at: _role(work, at)))
            undo.pop_all()
        return store

    def export(self, out: Path, file_format: str, *, identities: bool = False) -> ExportReport:
        """Write every record that this office may read into files.

        Raises:
            ConfigError: no such format.
            NoRightError: identities were asked for without the right.
            StorageError: the folder cannot be written.
        """
        work = self._access.workspace()
        write = FORMATS.get(file_format)
        if write is None:
            raise ConfigError("unknown_format", formats=", ".join(FORMATS))
        if identities and work.role not in IDENTITY_ROLES:
            raise NoRightError("identities_refused")
        with disk_errors():
            out.mkdir(parents=True, exist_ok=True)
        codes = None if identities else StableCodes(self._export_key(work))
        store = self.refresh_store()
        try:
            return ExportReport(write(store, out, codes, work.names))
        finally:
            store.close()
            if work.role not in STORE_ROLES:
                _remove_store(work)

    def _export_key(self, work: Workspace) -> bytes:
        """The key behind the stable codes; made once and kept in the vault."""
        with work.vault.transaction() as tx:
            key = tx.meta.get(META_EXPORT_KEY)
            if key is None:
                key = work.chance.token(EXPORT_KEY_BYTES)
                tx.meta.set(META_EXPORT_KEY, key)
        return key

    def import_file(self, type_key: str, file: Path) -> ImportReport:
        """Import a CSV or JSONL file.

        Raises:
            UnknownRecordTypeError: no such type.
            ConfigError: the file cannot be read, or is of another kind.
            InvalidRecordError: its heading names no such column.
        """
        declared = record_type(type_key)
        created: list[str] = []
        problems: list[ImportProblem] = []
        for rows in _chunks(_rows(declared, file)):
            bad = [row for row in rows if isinstance(row, BadRow)]
            problems += [ImportProblem(row.number, row.column, row.code, {}) for row in bad]
            good = [row for row in rows if isinstance(row, ImportRow)]
            answers = self._records.create_many(
                declared.key, [(row.unit, row.fields) for row in good]
            )
            for row, answer in zip(good, answers, strict=True):
                if isinstance(answer, str):
                    created.append(answer)
                else:
                    problems += _problems(row, answer)
        return ImportReport(created, sorted(problems, key=lambda problem: problem.row))


def _remove_store(work: Workspace) -> None:
    """Leave no content in clear behind, beyond the files that were asked for."""
    with disk_errors():
        for path in work.home.root.glob(f"{work.home.store.name}*"):
            overwrite_and_remove(path)


def _chunks(rows: Iterator[ImportRow | BadRow]) -> Iterator[list[ImportRow | BadRow]]:
    """As many rows at once as one batch carries."""
    while chunk := list(islice(rows, MAX_BATCH_ENTRIES)):
        yield chunk


def _problems(row: ImportRow, refused: FieldAppError) -> list[ImportProblem]:
    if isinstance(refused, ProblemsError):
        return [
            ImportProblem(row.number, one.path, one.code, dict(one.params))
            for one in refused.problems
        ]
    params = {name: str(value) for name, value in refused.params.items()}
    return [ImportProblem(row.number, "", refused.code, params)]


def _rows(declared: RecordType, file: Path) -> Iterator[ImportRow | BadRow]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as problem:
        raise ConfigError("file_unreadable", what=file.name) from problem
    except UnicodeDecodeError as problem:
        raise FieldAppError("file_not_text", file=file.name) from problem
    if file.suffix.lower() == ".csv":
        return read_csv(text, declared)
    if file.suffix.lower() in {".jsonl", ".ndjson"}:
        return read_jsonl(text)
    raise ConfigError("unknown_format", formats="csv, jsonl")


def _role(work: Workspace, device: str) -> str:
    """The role of a device's holder, empty where the directory does not know it."""
    cert = work.directory.device(DeviceId(text_to_id(device, 16)))
    return "" if cert is None else cert.role.value
