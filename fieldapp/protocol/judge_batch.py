"""Judging one directory batch after another: the law of the directory (PROTOCOL 7.5, 7.6).

Laws:
  * Author, signature, chain and standing are judged for the batch, authority for each statement.
    What fails first names the reason.
  * The author's key comes from the directory itself, or from the claim or root document that the
    batch carries, which vouch for themselves.
  * A statement is judged against what was accepted before it, and against ``Reach``: later
    statements that reach back to it. Beyond a cut nothing counts, but what an issuer with
    authority over the device adopted, and a revocation by a device nearer to the root of the very
    device that revoked it.
  * The judge never takes anything back. It names the statements that reach into the past, and
    the called ones that failed; the directory then folds again.
"""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from fieldapp.protocol.authority import refuse_over
from fieldapp.protocol.certificates import Certificate, covering
from fieldapp.protocol.checks import Verify
from fieldapp.protocol.cuts import CutLine
from fieldapp.protocol.directory_case import CallKey, Case, Effect, Reach
from fieldapp.protocol.directory_chain import Link, extend, link
from fieldapp.protocol.directory_log import Entry
from fieldapp.protocol.directory_state import DirectoryState, Revocation, WaitKey, directory_channel
from fieldapp.protocol.judge_devices import (
    judge_adopt,
    judge_claim,
    judge_device,
    judge_revoke,
    revoke,
)
from fieldapp.protocol.judge_root import (
    install_root,
    judge_invite,
    judge_office,
    read_root,
    refuse_root,
)
from fieldapp.protocol.root_document import RootDocument
from fieldapp.protocol.statements import (
    AdoptStatement,
    ClaimStatement,
    DeviceStatement,
    InviteStatement,
    OfficeStatement,
    RevokeStatement,
    RootStatement,
    Statement,
    Unknown,
)
from fieldapp.protocol.units import REPUBLIC
from fieldapp.protocol.verdicts import Reason


@dataclass(frozen=True, slots=True)
class Standing:
    """Whose authority a batch has; with a reason when it has none."""

    certificate: Certificate
    reason: Reason | None = None
    cutting: tuple[Revocation, ...] = ()


@dataclass(slots=True)
class BatchJudge:
    """Judges entries in order into one state.

    Attributes:
        called: statements that reach back to accepted ones.
        failed: called statements that did not count where they had been called.
        released: hashes of batches that no longer wait.
    """

    state: DirectoryState
    reach: Reach
    verify: Verify
    fingerprint: bytes | None
    called: dict[CallKey, Effect] = field(default_factory=dict)
    failed: list[CallKey] = field(default_factory=list)
    released: list[bytes] = field(default_factory=list)
    _counted: set[CallKey] = field(default_factory=set)
    _now: int = 0
    _queue: deque[Entry] = field(default_factory=deque)

    def take(self, entry: Entry) -> None:
        """Judge a batch, and then what had waited for it."""
        self._now = entry.position
        self._judge(entry)
        while self._queue:
            waited = self._queue.popleft()
            self._now = max(entry.position, waited.position)
            self._judge(waited)
            if waited.hash not in self.state.waiting:
                self.released.append(waited.hash)
        self.failed = [key for key in self.reach.due_at(entry.position) if key not in self._counted]

    def _release(self, *keys: WaitKey) -> None:
        for key in keys:
            self._queue.extend(self.state.release(key))

    def _judge(self, entry: Entry) -> None:
        vouching = (RootStatement, ClaimStatement)
        own = next((row for row in entry.statements if isinstance(row, vouching)), None)
        if own is None:
            self._judge_issued(entry)
        elif len(entry.statements) > 1:
            self._void(entry, None, Reason.NOT_ALONE)
        elif isinstance(own, RootStatement):
            self._judge_root(entry, own)
        else:
            self._judge_claim(entry, own)

    # -- the root ------------------------------------------------------------------------------

    def _judge_root(self, entry: Entry, statement: RootStatement) -> None:
        document = read_root(statement)
        if document is None:
            self._void(entry, None, Reason.MALFORMED)
            return
        author = self._root_author(entry, document)
        if author is None:
            self._void(entry, None, Reason.UNKNOWN_ISSUER)
        elif not entry.is_signed_by(author, self.verify):
            self._void(entry, None, Reason.BAD_SIGNATURE)
        elif entry.channel != directory_channel(REPUBLIC):
            self._void(entry, None, Reason.WRONG_CHANNEL)
        else:
            self._judge_document(entry, statement, document)

    def _root_author(self, entry: Entry, document: RootDocument) -> bytes | None:
        known = self.state.certificate(entry.device)
        if known is not None:
            return known.ed
        named = (row.ed for row in document.devices if row.device == entry.device)
        return next(named, None)

    def _judge_document(
        self, entry: Entry, statement: RootStatement, document: RootDocument
    ) -> None:
        case = self._case(entry, 0, None)
        reason = refuse_root(case, statement, document)
        # The author of a refused first document is nobody: it takes no place in any chain.
        has_place = self._is_next(entry) if self.state.root or reason is None else True
        if has_place and reason is not None:
            self._void(entry, 0, reason)
        elif has_place:
            self._install(entry, case, document)

    def _install(self, entry: Entry, case: Case, document: RootDocument) -> None:
        install_root(case, document)
        self.state.heard.add(entry.hash)
        for index, row in enumerate(document.revokes):
            if row.device in self.state.histories and row.device not in self.state.revocations:
                case = self._case(entry, index, None)
                revoke(case, row)
                self._note_call(case)
        self._release(
            *(("invite", row.invite) for row in document.invites),
            *(("device", row.device) for row in document.devices),
        )

    # -- claims --------------------------------------------------------------------------------

    def _judge_claim(self, entry: Entry, statement: ClaimStatement) -> None:
        invite = self.state.invites.get(statement.invite)
        if not entry.is_signed_by(statement.ed, self.verify):
            self._void(entry, None, Reason.BAD_SIGNATURE)
        elif entry.device in self.state.histories:
            self._judge_vain_claim(entry)
        elif invite is None:
            keys = ("invite", bytes(statement.invite)), ("device", bytes(entry.device))
            self.state.park(entry, Reason.UNKNOWN_INVITE, *keys)
        elif entry.channel != directory_channel(invite.unit):
            self._void(entry, None, Reason.WRONG_CHANNEL)
        elif self._is_next(entry):
            reason = judge_claim(self._case(entry, 0, None), invite, statement)
            if reason is not None:
                self._void(entry, 0, reason)
            else:
                self.state.heard.add(entry.hash)
                self._release(("device", entry.device))

    def _judge_vain_claim(self, entry: Entry) -> None:
        """Let a claim of a device that is certified already take its place in the chain."""
        history = self.state.histories[entry.device]
        if entry.channel not in {directory_channel(old.unit) for old in history}:
            self._void(entry, None, Reason.WRONG_CHANNEL)
        elif self._is_next(entry):
            self._void(entry, 0, Reason.ALREADY_CLAIMED)

    # -- statements of certified devices -------------------------------------------------------

    def _judge_issued(self, entry: Entry) -> None:
        history = self.state.histories.get(entry.device)
        if history is None:
            self.state.park(entry, Reason.UNKNOWN_ISSUER, ("device", entry.device))
        elif not entry.is_signed_by(history[0].ed, self.verify):
            self._void(entry, None, Reason.BAD_SIGNATURE)
        elif entry.channel not in {directory_channel(old.unit) for old in history}:
            self._void(entry, None, Reason.WRONG_CHANNEL)
        elif not any(old.granted for old in history):
            self.state.park(entry, Reason.ISSUER_UNCONFIRMED, ("confirm", entry.device))
        elif self._is_next(entry):
            self._judge_statements(entry, history)

    def _is_next(self, entry: Entry) -> bool:
        """Give a batch its place in its stream, if it has one; park or void it otherwise."""
        found = link(self.state, entry)
        if found is Link.GAP:
            self.state.park(entry, Reason.CHAIN_GAP, ("prev", entry.prev))
        elif found is Link.FORK:
            self._void(entry, None, Reason.FORKED)
        else:
            extend(self.state, entry)
            self._release(("prev", entry.hash))
        return found is Link.NEXT

    def _judge_statements(self, entry: Entry, history: tuple[Certificate, ...]) -> None:
        if entry.unreadable is not None:
            self._void(entry, None, entry.unreadable)
            return
        standing = self._standing(entry, history)
        accepted = False
        for index, statement in enumerate(entry.statements):
            case = self._case(entry, index, standing.certificate)
            reason = self._refuse(case, standing, statement)
            if reason is None:
                accepted = True
                self._note_call(case)
            else:
                self._void(entry, index, reason)
        if accepted:
            self.state.heard.add(entry.hash)
            self.state.issued.setdefault(entry.device, []).append(entry)

    def _standing(self, entry: Entry, history: tuple[Certificate, ...]) -> Standing:
        """Decide under whose authority a batch stands."""
        place = entry.channel, entry.seq, entry.hash, entry.position
        certificate = covering(history, *place)
        for change in self.reach.changes_of(entry.device):
            if CutLine(change.after, change.position).excludes(*place):
                certificate = change
        adopter = self._adopter(entry, history[0])
        if adopter is not None:
            return Standing(adopter)
        cutting = tuple(cut for cut in self._revocations(entry) if cut.line.excludes(*place))
        if cutting:
            return Standing(certificate, Reason.ISSUER_REVOKED, cutting)
        if directory_channel(certificate.unit) != entry.channel:
            return Standing(certificate, Reason.WRONG_CHANNEL)
        return Standing(certificate)

    def _adopter(self, entry: Entry, subject: Certificate) -> Certificate | None:
        accepted = self.state.adoptions.get(entry.hash, [])
        for adopter in accepted + self.reach.adopters_of(entry.hash):
            if adopter.device != subject.device and refuse_over(adopter, subject) is None:
                return adopter
        return None

    def _revocations(self, entry: Entry) -> list[Revocation]:
        found = self.reach.revocations_of(entry.device)
        accepted = self.state.revocations.get(entry.device)
        return found if accepted is None else [*found, accepted]

    def _refuse(
        self, case: Case, standing: Standing, statement: Statement | Unknown
    ) -> Reason | None:
        if isinstance(statement, Unknown):
            return Reason.WAITING_FOR_UPDATE
        if self.reach.is_exhausted(case.place.key):
            return Reason.CUTS_OWN_ISSUER
        if standing.reason is not None and not _prevails(case, standing, statement):
            return standing.reason
        reason = _JUDGES[type(statement)](case, standing.certificate, statement)
        if reason is None:
            self._release(*_releases(statement))
        return reason

    # -- bookkeeping ---------------------------------------------------------------------------

    def _case(self, entry: Entry, index: int, issuer: Certificate | None) -> Case:
        return Case(
            self.state, self.reach, self.verify, self.fingerprint, entry, index, self._now, issuer
        )

    def _note_call(self, case: Case) -> None:
        key = case.place.key
        if key in self.reach.effects:
            self._counted.add(key)
        elif case.called is not None:
            self.called[key] = case.called

    def _void(self, entry: Entry, index: int | None, reason: Reason) -> None:
        self.state.void(entry, index, reason)


_JUDGES: Final[Mapping[type[Statement], Callable[..., Reason | None]]] = {
    OfficeStatement: judge_office,
    InviteStatement: judge_invite,
    DeviceStatement: judge_device,
    RevokeStatement: judge_revoke,
    AdoptStatement: judge_adopt,
}
"""The judge of each kind that a certified device says; root and claim are judged as batches."""


def _releases(statement: Statement) -> tuple[WaitKey, ...]:
    """Name what may have waited for a statement that counts."""
    if isinstance(statement, InviteStatement):
        return (("invite", statement.invite),)
    if isinstance(statement, DeviceStatement):
        return (("device", statement.device), ("confirm", statement.device))
    return ()


def _prevails(case: Case, standing: Standing, statement: Statement) -> bool:
    """Tell whether a revoked device's revocation of its revoker counts all the same.

    Of two devices that revoke each other the one nearer to the root wins; at equal distance the
    earlier position does, which is the one already in force.
    """
    if not isinstance(statement, RevokeStatement) or standing.reason is not Reason.ISSUER_REVOKED:
        return False
    line = CutLine(statement.cuts, case.now)
    return all(
        cut.issuer == statement.device
        and standing.certificate.depth < cut.depth
        and line.excludes(cut.place.channel, cut.place.seq, cut.place.hash, cut.place.position)
        for cut in standing.cutting
    )
