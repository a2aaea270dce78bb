"""Judging claims, certificates, revocations and adoptions (PROTOCOL 7.4, 7.6, 9.3).

Laws:
  * A claim counts by the invite's key alone; whoever invites others, sits at a desk, comes late
    or is not the only claimant stays untrusted until words were compared (finding 14).
  * A second claim never harms a device whose words were compared: it is void and raises an
    alarm. Before, both wait for words. No date in a claim settles anything, as its author may
    choose it; a server lets no further claim in once the first is here for seven days.
  * The first device with a 16-byte id keeps it; another key under that id is void (finding 25).
  * A role change or transfer is a cut with a new certificate behind it (finding 16). Who brought
    a device in, and so its distance from the root, is settled once, at its admission.
"""

from dataclasses import replace
from typing import Final

from fieldapp.errors import CryptoError
from fieldapp.protocol.authority import refuse_adoption, refuse_member, refuse_over
from fieldapp.protocol.certificates import Certificate, State
from fieldapp.protocol.cuts import CutLine
from fieldapp.protocol.directory_case import Adoption, Case, RoleChange
from fieldapp.protocol.directory_state import Invite, Revocation
from fieldapp.protocol.ids import device_id
from fieldapp.protocol.judge_root import has_office
from fieldapp.protocol.roles import needs_words
from fieldapp.protocol.statements import (
    AdoptStatement,
    ClaimStatement,
    DeviceStatement,
    RevokeStatement,
)
from fieldapp.protocol.verdicts import AlarmCode, Reason

CONTEST_MS: Final = 7 * 24 * 60 * 60 * 1000
"""How long after a claim has come a server takes a second one, which puts it in doubt."""


def judge_claim(case: Case, invite: Invite, statement: ClaimStatement) -> Reason | None:
    """Judge a new device's own certificate under an invite that counts."""
    try:
        case.verify(invite.statement.key, statement.signing_bytes(), statement.sig)
    except CryptoError:
        return Reason.CLAIM_SIGNATURE
    rivals = [case.state.histories[rival][-1] for rival in invite.claims]
    if rivals:
        case.state.alarm(AlarmCode.SECOND_CLAIM, case.entry, statement.invite.hex())
    if any(rival.confirmed for rival in rivals):
        return Reason.INVITE_USED
    for rival in rivals:
        _contest(case, rival)
    device = case.entry.device
    state = _claim_state(invite, statement, has_rivals=bool(rivals))
    case.state.set_history(device, (_claimed(case, invite, statement, state),))
    invite.claims.append(device)
    return None


def _contest(case: Case, rival: Certificate) -> None:
    if rival.state is not State.REVOKED:
        history = tuple(
            replace(certificate, state=State.CONTESTED, granted=False, since=case.now)
            for certificate in case.state.histories[rival.device]
        )
        case.state.set_history(rival.device, history)


def _claim_state(invite: Invite, claim: ClaimStatement, *, has_rivals: bool) -> State:
    wanted = invite.statement
    if has_rivals:
        return State.CONTESTED
    if claim.created_ms > wanted.expires_ms:
        return State.UNCONFIRMED
    if invite.issuer is not None and needs_words(wanted.role, wanted.desk):
        return State.UNCONFIRMED
    return State.ACTIVE


def _claimed(case: Case, invite: Invite, claim: ClaimStatement, state: State) -> Certificate:
    return Certificate(
        device=case.entry.device,
        ed=claim.ed,
        x=claim.x,
        unit=invite.statement.unit,
        desk=invite.statement.desk,
        role=invite.statement.role,
        state=state,
        confirmed=invite.issuer is None and state is State.ACTIVE,
        granted=state is State.ACTIVE,
        issuer=invite.issuer,
        depth=invite.depth + 1,
        position=case.now,
        joined=case.now,
        since=case.now,
        knows=invite.knows,
        invite=claim.invite,
    )


def judge_device(case: Case, issuer: Certificate, statement: DeviceStatement) -> Reason | None:
    """Judge a certificate: a first admission, a confirmation, or another role or place."""
    if device_id(statement.ed) != statement.device:
        return Reason.ID_MISMATCH
    reason = refuse_member(issuer, statement.unit, statement.desk, statement.role)
    if reason is not None:
        return reason
    if not has_office(case, statement):
        return Reason.UNKNOWN_OFFICE
    known = case.state.certificate(statement.device)
    if known is None:
        first = _certified(case, issuer, statement)
        case.state.set_history(statement.device, (first,))
        return None
    return _judge_known(case, issuer, statement, known)


def _judge_known(
    case: Case, issuer: Certificate, statement: DeviceStatement, known: Certificate
) -> Reason | None:
    if (known.ed, known.x) != (statement.ed, statement.x):
        return Reason.KEY_MISMATCH
    if known.state is State.REVOKED:
        return Reason.DEVICE_REVOKED
    reason = refuse_over(issuer, known)
    if reason is not None:
        return reason
    if (known.unit, known.desk, known.role) == (statement.unit, statement.desk, statement.role):
        _confirm(case, statement)
        return None
    if statement.after is None:
        return Reason.CUT_MISSING
    _change_role(case, issuer, statement, known)
    return None


def _confirm(case: Case, statement: DeviceStatement) -> None:
    if statement.confirmed:
        now = case.state.histories[statement.device][-1]
        since = now.since if now.is_active else case.now
        history = tuple(
            replace(certificate, state=State.ACTIVE, confirmed=True, granted=True, since=since)
            for certificate in case.state.histories[statement.device]
        )
        case.state.set_history(statement.device, history)


def _certified(case: Case, issuer: Certificate, statement: DeviceStatement) -> Certificate:
    trusted = statement.confirmed or not needs_words(statement.role, statement.desk)
    return Certificate(
        device=statement.device,
        ed=statement.ed,
        x=statement.x,
        unit=statement.unit,
        desk=statement.desk,
        role=statement.role,
        state=State.ACTIVE if trusted else State.UNCONFIRMED,
        confirmed=statement.confirmed,
        granted=trusted,
        issuer=issuer.device,
        depth=issuer.depth + 1,
        position=case.now,
        joined=case.now,
        since=case.now,
        knows=case.entry.directory_version,
    )


def _change_role(
    case: Case, issuer: Certificate, statement: DeviceStatement, known: Certificate
) -> None:
    confirmed = replace(statement, confirmed=statement.confirmed or known.confirmed)
    changed = replace(
        _certified(case, issuer, confirmed),
        after=statement.after or (),
        issuer=known.issuer,
        depth=known.depth,
        invite=known.invite,
    )
    if (changed.office, changed.may_hold_keys) == (known.office, known.may_hold_keys):
        changed = replace(changed, joined=known.joined)
    history = (*case.state.histories[statement.device], changed)
    case.state.set_history(statement.device, history)
    line = CutLine(changed.after, case.now)
    case.call_if_cutting(statement.device, line, RoleChange(changed))


def judge_revoke(case: Case, issuer: Certificate, statement: RevokeStatement) -> Reason | None:
    """Judge a revocation by a device."""
    known = case.state.certificate(statement.device)
    if known is None:
        return Reason.UNKNOWN_DEVICE
    if known.state is State.REVOKED:
        return Reason.DEVICE_REVOKED
    reason = refuse_over(issuer, known)
    if reason is None:
        revoke(case, statement)
    return reason


def revoke(case: Case, statement: RevokeStatement) -> None:
    """End a device beyond the cuts of a statement that counts."""
    device = statement.device
    line = CutLine(statement.cuts, case.now)
    revocation = Revocation(device, line, case.issuer_device, case.depth, case.place)
    case.state.revocations[device] = revocation
    history = tuple(
        replace(
            certificate,
            state=State.REVOKED,
            cuts=statement.cuts,
            revoked_at=case.now,
            since=case.now,
        )
        for certificate in case.state.histories[device]
    )
    case.state.set_history(device, history)
    case.call_if_cutting(device, line, revocation)


def judge_adopt(case: Case, issuer: Certificate, statement: AdoptStatement) -> Reason | None:
    """Judge an adoption; how far it carries depends on the adopter's authority."""
    reason = refuse_adoption(issuer)
    if reason is None:
        case.state.adoptions.setdefault(statement.hash, []).append(issuer)
        if statement.hash in case.state.reasons:
            case.called = Adoption(statement.hash, issuer)
    return reason
