"""Sharing a meeting's minutes: for the notice board, a message or a printer.

Laws:
  * Only a sealed meeting that is open to all has minutes; a confidential or restricted one is
    refused, whoever asks.
  * What leaves protection leaves by the door of every export: the PIN is asked anew, and a sealed
    entry says upwards that it happened, before a byte is handed out.
  * The file can be read by its owner only, and tells what the minutes tell: no device, program
    version, author's name or exact place.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from fieldapp.domain.fields import Fields
from fieldapp.domain.minutes import Named, minutes
from fieldapp.domain.minutes_blocks import Block, as_text
from fieldapp.domain.record_type import Tier
from fieldapp.domain.record_types import record_type
from fieldapp.errors import ConfigError, FieldAppError, NoRightError
from fieldapp.services.access import AccessService
from fieldapp.services.outgoing import make_folder, require_file, write_file
from fieldapp.services.records import RecordService
from fieldapp.services.views import RecordView

MEETING: Final = "meeting"
FORMATS: Final = ("pdf", "text")


class MinutesService:
    """The minutes of meetings."""

    def __init__(self, access: AccessService, records: RecordService) -> None:
        self._access = access
        self._records = records

    def text(self, record_id: str, language: str) -> str:
        """Write the minutes as plain text.

        Raises:
            UnknownRecordError: nothing has this id.
            NoRightError: it is no sealed meeting that is open to all.
        """
        return as_text(self._blocks(self._open_meeting(record_id), language))

    def pdf(self, record_id: str, language: str) -> bytes:
        """Write the minutes as a PDF of A4 pages.

        Raises:
            UnknownRecordError: nothing has this id.
            NoRightError: it is no sealed meeting that is open to all.
        """
        record = self._open_meeting(record_id)
        # Costs a second on a cheap phone, so it is paid by those who print.
        from fieldapp.services.minutes_pdf import as_pdf  # noqa: PLC0415

        return as_pdf(self._blocks(record, language), language, str(record.fields.get("date")))

    def share(self, record_id: str, language: str, file_format: str, *, pin: str) -> bytes:
        """Hand the minutes out after the PIN, and after saying so upwards.

        Args:
            record_id: the meeting.
            language: the language of the fixed words.
            file_format: one of ``FORMATS``.
            pin: the officer's own, asked anew.

        Raises:
            ConfigError: no such format.
            UnknownRecordError: nothing has this id.
            NoRightError: it is no sealed meeting that is open to all.
            WrongPinError: the PIN is wrong.
        """
        if file_format not in FORMATS:
            raise ConfigError("unknown_format", formats=", ".join(FORMATS))
        record = self._open_meeting(record_id)
        self._access.check_pin(pin)
        is_pdf = file_format == "pdf"
        made = self.pdf(record_id, language) if is_pdf else self.text(record_id, language).encode()
        said: dict[str, Any] = {"scope": record.unit, "format": file_format, "records": 1}
        self._records.create("export_log", self._access.workspace().profile.unit, said)
        self._access.log.note("export", records=1)
        return made

    def write(
        self, record_id: str, language: str, file_format: str, out: Path, *, pin: str
    ) -> None:
        """Do what ``share`` does, into a file; its folder is made first.

        Raises:
            ConfigError: its folder takes no files.
            FieldAppError: the file cannot be written. Where that is seen too late, on a disk that
                is full, it is said upwards all the same that minutes left.
        """
        make_folder(out.parent)
        require_file(out)
        write_file(out, [self.share(record_id, language, file_format, pin=pin)])

    def _open_meeting(self, record_id: str) -> RecordView:
        record = self._records.show(record_id)
        if record.type != MEETING or record.state != "sealed":
            raise NoRightError("minutes_of_meeting")
        if record.tier != Tier.ORDINARY:
            raise NoRightError("minutes_not_open")
        return record

    def _blocks(self, record: RecordView, language: str) -> tuple[Block, ...]:
        ward = record.fields.get("ward")
        wards = {row.id: row.name for row in self._records.wards(record.unit)} if ward else {}
        named = Named(
            place=record.unit_name,
            body=self._body(record.fields, language),
            ward=wards.get(str(ward), ""),
            rule=self._records.body_rule(record.fields.get("body")),
        )
        return minutes(record.fields, named, language)

    def _body(self, fields: Fields, language: str) -> str:
        """Name the body that met, where its record is here."""
        body = fields.get("body")
        if not isinstance(body, str):
            return ""
        try:
            shown = self._records.show(body)
        except FieldAppError:  # Not here, or not for this officer: the minutes do without.
            return ""
        return record_type(shown.type).title(shown.fields).in_language(language)
