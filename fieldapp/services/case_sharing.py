"""Giving a newcomer of a desk one old case: by a person, one record at a time, and on record.

Laws:
  * Who may read a restricted record the routing table says; this gives its keys to the devices of
    those very offices that came after it was sealed, and to nobody else (decision 3).
  * Only a device of an office that reads the record gives it. Its author and administrators do not.
  * The keys and the deed that tells who gave what and why are one transaction; the deed is sealed
    for the desk alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from fieldapp.domain.fields import FieldProblem
from fieldapp.domain.text import Text
from fieldapp.errors import FieldAppError, NoRightError
from fieldapp.protocol.channels import DESK_CLASSES, Channel, OfficeRef
from fieldapp.protocol.ids import RecordId, UnitId, id_to_text
from fieldapp.services.access import AccessService
from fieldapp.services.device_deeds import MAX_REASON_CHARACTERS
from fieldapp.services.party_channels import readable_state
from fieldapp.services.problems import ProblemsError
from fieldapp.services.reading_window import refuse_received
from fieldapp.services.record_history import channel_of
from fieldapp.services.saying import saying
from fieldapp.services.sealing import Writer
from fieldapp.services.workspace import Workspace
from fieldapp.storage.vault import Transaction
from fieldapp.sync.case_keys import case_keys


class Shared(NamedTuple):
    """Who was given a record, and who must have a new key before; offices as ``UNIT/DESK``."""

    record: str
    offices: tuple[str, ...]
    left: tuple[str, ...]
    names: tuple[Text, ...]
    left_names: tuple[Text, ...]


class _Case(NamedTuple):
    record: RecordId
    channel: Channel


class CaseSharing:
    """What a desk gives to its newcomers."""

    def __init__(self, access: AccessService) -> None:
        self._access = access

    def lacking(self, record_id: str) -> tuple[Text, ...]:
        """Name the offices to whose new devices this one may give a record that they lack."""
        work = self._work()
        try:
            case = self._case(work, record_id)
        except FieldAppError:
            return ()
        with work.lock, work.vault.reading() as tx:
            keys = case_keys(tx, case.channel, case.record)
            found = work.device.duties.grants.lacking(tx, case.channel, keys)
        return _named(work, (office.ref for office, _ in found))

    def share(self, record_id: str, reason: str) -> Shared:
        """Give the devices that came later a restricted record, whole as it is read here.

        Raises:
            UnknownRecordError: nothing has this id.
            NoRightError: it is not restricted, not readable here or not as a desk, nobody lacks
                it, or the office of those who do has no key that only they hold.
            ProblemsError: no reason was given.
        """
        work, words = self._work(), " ".join(reason.split())
        if not words:
            raise ProblemsError([FieldProblem("reason", "required")])
        case = self._case(work, record_id)
        with saying(work) as tx:
            keys = case_keys(tx, case.channel, case.record)
            done = work.device.duties.hand_on(tx, case.channel, keys)
            if not done.given:
                code = "share_no_key" if done.left else "share_nobody"
                raise NoRightError(code, offices=", ".join(_spelled(done.left)))
            _log(work, tx, case.record, done.given, words)
        return Shared(
            id_to_text(case.record),
            _spelled(done.given),
            _spelled(done.left),
            _named(work, done.given),
            _named(work, done.left),
        )

    def _case(self, work: Workspace, record_id: str) -> _Case:
        """Find a record of a desk's channel that our office reads.

        Raises:
            UnknownRecordError, NoRightError: as they say.
        """
        with work.lock, work.vault.reading() as tx:
            state = readable_state(tx, record_id)
            refuse_received(work, state.record)
            channel = channel_of(state.record, state.unit)
            if channel is None or channel.cls not in DESK_CLASSES:
                raise NoRightError("share_not_restricted")
            me, readers = work.certificate(), work.directory.readers_of(channel)
            if me is None or me.office not in {office.ref for office in readers}:
                raise NoRightError("share_not_desk")
            if not me.may_hold_history:
                raise NoRightError("not_confirmed")
        return _Case(state.record, channel)

    def _work(self) -> Workspace:
        work = self._access.workspace()
        work.catch_up()
        return work


def _log(
    work: Workspace, tx: Transaction, record: RecordId, given: Iterable[OfficeRef], words: str
) -> None:
    """Seal who was given which record, for the readers of the desk that gave it."""
    profile, writer = work.profile, Writer(work)
    fields = {
        "deed": "share",
        "record": id_to_text(record),
        "offices": ", ".join(_spelled(given)),
        "reason": words[:MAX_REASON_CHARACTERS],
        "desk": profile.desk,
    }
    writer.add(tx, writer.prepare("deed", UnitId(profile.unit), fields))


def _spelled(offices: Iterable[OfficeRef]) -> tuple[str, ...]:
    return tuple(f"{office.unit}/{office.desk}" for office in offices)


def _named(work: Workspace, offices: Iterable[OfficeRef]) -> tuple[Text, ...]:
    return tuple(work.places.office(office.unit, office.desk) for office in offices)
