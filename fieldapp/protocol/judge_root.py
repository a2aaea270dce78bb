"""Judging the root, offices and invites (PROTOCOL 7.2, 7.3).

Laws:
  * Nothing counts before a root document with two signatures and the expected fingerprint.
  * The root's own devices, offices and invites count without further authority.
  * An office's epochs follow each other by one; the first statement of an epoch wins.
  * A new office of a restricted desk raises a notice, although it counts.
"""

from fieldapp.errors import LimitExceededError, MalformedMessageError, UnsupportedVersionError
from fieldapp.protocol.authority import refuse_member, refuse_office
from fieldapp.protocol.certificates import Certificate, State
from fieldapp.protocol.channels import Desk, OfficeRef
from fieldapp.protocol.directory_case import Case
from fieldapp.protocol.directory_state import Invite
from fieldapp.protocol.ids import device_id
from fieldapp.protocol.root_document import (
    RootDocument,
    parse_root_document,
    signed_by_threshold,
)
from fieldapp.protocol.statements import (
    DeviceStatement,
    InviteStatement,
    OfficeStatement,
    RootStatement,
)
from fieldapp.protocol.verdicts import AlarmCode, Reason


def read_root(statement: RootStatement) -> RootDocument | None:
    """Read a root document, None when it is misspelled."""
    try:
        return parse_root_document(statement.doc)
    except (MalformedMessageError, LimitExceededError, UnsupportedVersionError):
        return None


def refuse_root(case: Case, statement: RootStatement, document: RootDocument) -> Reason | None:
    """Name why a root document does not count; None when it does."""
    known = case.state.root
    if document.version != (known.version + 1 if known else 1):
        return Reason.ROOT_VERSION
    if known is None and case.fingerprint not in {None, document.fingerprint}:
        return Reason.FORGED_ROOT
    vouching = [document.keys, known.keys] if known else [document.keys]
    if not all(signed_by_threshold(statement, keys, case.verify) for keys in vouching):
        return Reason.ROOT_SIGNATURES
    if any(device_id(row.ed) != row.device for row in document.devices):
        return Reason.ID_MISMATCH
    return None


def install_root(case: Case, document: RootDocument) -> None:
    """Take a root document's devices, offices and invites into the tables."""
    state = case.state
    state.root = document
    for device in document.devices:
        if device.device not in state.histories:
            state.set_history(device.device, (_root_certificate(case, device),))
    for office in document.offices:
        ref = OfficeRef(office.unit, office.desk)
        if office.epoch == state.offices.next_epoch(ref):
            state.offices.add(ref, office.x, case.now)
    for invite in document.invites:
        if invite.invite not in state.invites:
            state.invites[invite.invite] = Invite(invite, None, 0, case.now, case.now)


def _root_certificate(case: Case, row: DeviceStatement) -> Certificate:
    return Certificate(
        device=row.device,
        ed=row.ed,
        x=row.x,
        unit=row.unit,
        desk=row.desk,
        role=row.role,
        state=State.ACTIVE,
        confirmed=True,
        granted=True,
        issuer=None,
        depth=1,
        position=case.now,
        joined=case.now,
        since=case.now,
        knows=case.now,
    )


def judge_office(case: Case, issuer: Certificate, statement: OfficeStatement) -> Reason | None:
    """Judge a new office or a new epoch of one."""
    ref = OfficeRef(statement.unit, statement.desk)
    reason = refuse_office(issuer, statement.unit, statement.desk)
    if reason is not None:
        return reason
    if statement.epoch != case.state.offices.next_epoch(ref):
        return Reason.EPOCH_NOT_NEXT
    case.state.offices.add(ref, statement.x, case.now)
    if statement.epoch == 1 and statement.desk not in {Desk.ADMIN, Desk.ALL}:
        subject = f"{statement.unit}/{statement.desk}"
        case.state.alarm(AlarmCode.DESK_OFFICE_CREATED, case.entry, subject)
    return None


def judge_invite(case: Case, issuer: Certificate, statement: InviteStatement) -> Reason | None:
    """Judge an invite."""
    reason = refuse_member(issuer, statement.unit, statement.desk, statement.role)
    if reason is not None:
        return reason
    if not has_office(case, statement):
        return Reason.UNKNOWN_OFFICE
    if statement.invite in case.state.invites:
        return Reason.INVITE_EXISTS
    knows = case.entry.directory_version
    invite = Invite(statement, issuer.device, issuer.depth, case.now, knows)
    case.state.invites[statement.invite] = invite
    return None


def has_office(case: Case, statement: InviteStatement | DeviceStatement) -> bool:
    """Tell whether there is an office to become a member of.

    A field device may stand at a unit without an office of its own (a cluster has one phone);
    a restricted desk has members only where it has an office.
    """
    ref = OfficeRef(statement.unit, statement.desk)
    return statement.desk == Desk.ADMIN or ref in case.state.offices.by_ref
