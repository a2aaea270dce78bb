"""Export and import: the one door through which content leaves in clear, and the way in for rows.

Laws:
  * An export is ordered by a person who gives the PIN anew, and is said upwards in a sealed entry
    of counts before a file is written: where that cannot be sealed, nothing is exported.
  * Who wrote a record leaves as a stable code unless identities were asked for and the role
    allows it.
  * The consolidated store stays on the machines of offices only; a phone's is removed again, and
    if the export was cut off, when the phone is next unlocked.
  * Restricted records never enter the store as documents; they leave as counts, small ones
    suppressed. Their text leaves only from the desk that reads them, when it is asked for, by way
    of a store that is removed with the export.
  * An import seals its good rows, as many at once as one batch carries, and reports the bad ones
    by row and column. Whatever stops a row, a full disk included, is reported with that row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, Final

from fieldapp.domain.record_type import RecordType
from fieldapp.domain.record_types import record_type
from fieldapp.errors import ConfigError, FieldAppError, NoRightError
from fieldapp.protocol.ids import DeviceId, text_to_id
from fieldapp.protocol.limits import MAX_BATCH_ENTRIES
from fieldapp.services.access import AccessService
from fieldapp.services.import_rows import BadRow, ImportRow, read_csv, read_jsonl
from fieldapp.services.left_behind import STORE_ROLES, remove_store
from fieldapp.services.media import MediaService
from fieldapp.services.media_export import named_by, write_media
from fieldapp.services.outgoing import make_folder
from fieldapp.services.problems import ProblemsError
from fieldapp.services.reading_window import WINDOW_DAYS, is_closed
from fieldapp.services.records import RecordService
from fieldapp.services.transfer_views import ExportReport, ImportProblem, ImportReport
from fieldapp.services.workspace import Workspace
from fieldapp.storage.hq.analytics import ResponseTimes, response_times
from fieldapp.storage.hq.documents import Reader
from fieldapp.storage.hq.export import (
    Names,
    StableCodes,
    count_documents,
    export_csv,
    export_jsonl,
    exported_ids,
    foreign_file,
)
from fieldapp.storage.hq.refresh import refresh
from fieldapp.storage.hq.store import HqStore

Export = Callable[[HqStore, Path, StableCodes | None, Names | None], dict[str, int]]
FORMATS: Final[dict[str, Export]] = {"csv": export_csv, "jsonl": export_jsonl}
IDENTITY_ROLES: Final = frozenset({"hq_admin", "auditor", "county_desk", "dcc_admin"})
TEXT_ROLES: Final = frozenset({"referral_desk"})
"""Who may take restricted records out of protection."""
META_EXPORT_KEY: Final = "export_key"
EXPORT_KEY_BYTES: Final = 32


class TransferService:
    """Files out and files in."""

    def __init__(self, access: AccessService, records: RecordService, media: MediaService) -> None:
        self._access = access
        self._records = records
        self._media = media

    def response_times(self, sub_county: str, since: date) -> ResponseTimes:
        """Compare how long the police took to come before a day with how long from it on.

        Raises:
            NoRightError: the window for received records is closed.
            StorageError: the disk refuses.
        """
        work = self._access.workspace()
        _check_right(work, identities=False, with_text=False)
        with self._consolidated(work) as store:
            return response_times(store, sub_county, since)

    @contextmanager
    def _consolidated(self, work: Workspace, *, with_text: bool = False) -> Iterator[HqStore]:
        """Open the store as this vault has it now; it stays only where an office keeps one."""
        is_kept = work.role in STORE_ROLES and not with_text
        path = work.home.store if is_kept else work.home.export_store
        with ExitStack() as after:
            if not is_kept:
                after.enter_context(work.home.exporting())
                remove_store(path)
                after.callback(remove_store, path)
            store = self._filled(work, path, with_text=with_text)
            after.callback(store.close)
            yield store

    @staticmethod
    def _filled(work: Workspace, path: Path, *, with_text: bool = False) -> HqStore:
        store = HqStore(path)
        reader = Reader(work.best_time_ms(), lambda at: _role(work, at), with_restricted=with_text)
        with ExitStack() as undo:
            undo.callback(store.close)
            refresh(store, work.vault, reader)
            undo.pop_all()
        return store

    def export(
        self,
        out: Path,
        file_format: str,
        *,
        pin: str,
        identities: bool = False,
        with_text: bool = False,
        media: bool = False,
    ) -> ExportReport:
        """Write every record that this office may read into files, after saying so upwards.

        Args:
            out: the folder for the files.
            file_format: a key of ``FORMATS``.
            pin: the officer's own, asked anew.
            identities: names instead of codes.
            with_text: restricted records as they are, for the desk that reads them.
            media: the pictures and voice notes of the exported records too.

        Raises:
            ConfigError: no such format, the folder takes no files, or one that no export wrote
                lies in the way.
            WrongPinError: the PIN is wrong.
            NoRightError: identities or restricted text without the right, or the window for
                received records is closed.
            StorageError: the disk is full or refuses.
        """
        work = self._access.workspace()
        write = FORMATS.get(file_format)
        if write is None:
            raise ConfigError("unknown_format", formats=", ".join(FORMATS))
        _check_right(work, identities=identities, with_text=with_text)
        self._access.check_pin(pin)
        make_folder(out)
        codes = None if identities else StableCodes(self._export_key(work))
        with self._consolidated(work, with_text=with_text) as store:
            if (name := foreign_file(store, out, codes)) is not None:
                raise ConfigError("file_not_exported", file=name)
            count = count_documents(store, codes)
            said = {"format": file_format, "identities": identities, "with_text": with_text}
            named = named_by(work, exported_ids(store, codes)) if media else []
            counts = {"records": count, **({"media": len(named)} if media else {})}
            self._say(work, {**said, **counts, "scope": work.profile.unit})
            files = write(store, out, codes, work.names)
            return ExportReport(files | write_media(work, named, out, self._media.open_item))

    def _say(self, work: Workspace, said: Mapping[str, Any]) -> None:
        """Seal who exports what, before a file is written: no entry, no export."""
        self._records.create("export_log", work.profile.unit, said)
        self._access.log.note("export", records=said["records"])

    def _export_key(self, work: Workspace) -> bytes:
        """The key behind the stable codes; made once and kept in the vault."""
        with work.vault.transaction() as tx:
            key = tx.meta.get(META_EXPORT_KEY)
            if key is None:
                key = work.chance.token(EXPORT_KEY_BYTES)
                tx.meta.set(META_EXPORT_KEY, key)
        return key

    def import_file(
        self, type_key: str, file: Path, cancelled: Callable[[], bool] = lambda: False
    ) -> ImportReport:
        """Import a CSV or JSONL file.

        Args:
            type_key: the type of its rows.
            file: the file.
            cancelled: asked before each batch; the report names the first row that is left.

        Raises:
            UnknownRecordTypeError: no such type.
            ConfigError: the file cannot be read, or is of another kind.
            InvalidRecordError: its heading names no such column.
        """
        declared = record_type(type_key)
        created: list[str] = []
        problems: list[ImportProblem] = []
        for rows in _chunks(_rows(declared, file)):
            if cancelled():
                problems.append(ImportProblem(rows[0].number, "", "import_stopped", {}))
                break
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


def _check_right(work: Workspace, *, identities: bool, with_text: bool) -> None:
    """Refuse what the role may not take out of protection.

    Raises:
        NoRightError: it says which right is missing, or that received records are shut.
    """
    if is_closed(work):
        raise NoRightError("reading_closed", days=WINDOW_DAYS)
    if identities and work.role not in IDENTITY_ROLES:
        raise NoRightError("identities_refused")
    if with_text and work.role not in TEXT_ROLES:
        raise NoRightError("with_text_refused")


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
        raise ConfigError("file_unreadable", file=file.name) from problem
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
