"""What administrators do to devices: confirm, move, revoke, and adopt what a cut left outside.

Laws:
  * Every deed is a statement; the directory decides on every replica whether it counts. Rights
    are checked here too, for a clear answer.
  * Nobody ends, moves or adopts his own device.
  * A device is moved by a cut and a certificate: what this vault holds of it keeps the old rights.
  * Sealed work beyond a cut is adopted batch by batch as it is known here; statements of a cut-off
    administrator only when they are named one by one.
  * The directory shows a word of a closed list. The reason in words is a sealed record of the
    office that acts, written in the same transaction, after keys were changed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final, NamedTuple

from fieldapp.crypto.phrase import comparison_words
from fieldapp.errors import FieldAppError, NoRightError, UnknownDeviceError, WordsDifferError
from fieldapp.protocol.authority import may_adopt, refuse_over
from fieldapp.protocol.batch import Kind
from fieldapp.protocol.causes import Cause
from fieldapp.protocol.certificates import Certificate, State
from fieldapp.protocol.channels import Desk
from fieldapp.protocol.ids import DeviceId, InviteId, UnitId, id_to_text, text_to_id
from fieldapp.protocol.roles import Role, fits
from fieldapp.protocol.units import is_at_or_above
from fieldapp.services.office_views import Adopted, DeviceRow
from fieldapp.services.saying import saying
from fieldapp.services.sealing import Writer
from fieldapp.services.workspace import Workspace
from fieldapp.storage.search import Query
from fieldapp.storage.vault import Transaction
from fieldapp.sync.kept_apart import KeptApart, kept_apart
from fieldapp.sync.office_duties import Post

MAX_REASON_CHARACTERS: Final = 200
DEVICE_BYTES: Final = 16
_ALL: Final = 1 << 30


class Why(NamedTuple):
    """Why something is done: a word that the server reads, and words that it never does."""

    because: Cause
    words: str


class DeviceDeeds:
    """Deeds of one unlocked home on devices of its subtree."""

    def __init__(self, work: Workspace) -> None:
        self._work = work

    def rows(self) -> list[DeviceRow]:
        """The devices of this office's subtree, by place."""
        work = self._work
        own = work.certificate()
        seen = _last_seen(work)
        with work.lock, work.vault.reading() as tx:
            times, troubled = _times(tx), {one.device for one in tx.batches.in_state("quarantined")}
            return [
                replace(
                    self._row(cert, own),
                    last_seen_at_ms=seen.get(id_to_text(cert.device)),
                    since_ms=times.get(cert.since, times.get(None)),
                    kept_apart=len(left),
                    adoptable=sum(self._is_ours(tx, cert, one) for one in left),
                )
                for cert in sorted(work.directory.certificates(), key=_by_place)
                if own is not None and is_at_or_above(own.unit, cert.unit)
                for left in [self._left(tx, cert).work if cert.device in troubled else ()]
            ]

    def confirm(self, device: str, words: str) -> None:
        """Confirm a device whose words its holder read out; see ``OrganisationService``."""
        cert = self._certificate(device)
        if cert.state is State.REVOKED:
            raise NoRightError("device_is_revoked")
        typed = words.lower().replace("-", " ").split()
        if cert.invite is not None and typed != _words(cert).split():
            raise WordsDifferError
        with saying(self._work) as tx:
            self._work.device.duties.confirm(tx, cert.device)

    def revoke(self, device: str, why: Why) -> None:
        """Revoke a device; see ``OrganisationService``."""
        cert = self._other(device, "cannot_revoke_self")
        if cert.state is State.REVOKED:
            raise NoRightError("device_is_revoked")
        with saying(self._work) as tx:
            self._work.device.duties.revoke(tx, cert.device, why.because)
            self._log(tx, "revoke", cert, why)

    def change(self, device: str, post: Post, why: Why) -> None:
        """Give a device another post; see ``OrganisationService``."""
        work, cert = self._work, self._other(device, "cannot_change_self")
        if cert.state is State.REVOKED:
            raise NoRightError("device_is_revoked")
        if not cert.is_active:
            raise NoRightError("not_confirmed_device")
        if post == post_of(cert):
            raise NoRightError("nothing_to_change")
        office = f"{post.unit}/{post.desk}"
        if not fits(post.role, post.unit, post.desk):
            raise NoRightError("role_does_not_fit", role=post.role.value, unit=post.unit)
        if work.directory.office(post.unit, post.desk) is None:
            raise NoRightError("office_missing", office=office, unit=post.unit, desk=post.desk)
        with saying(work) as tx:
            work.device.duties.change(tx, cert.device, post, why.because)
            self._log(tx, "change", cert, why)

    def adopt(self, device: str, why: Why, batch: str | None) -> Adopted:
        """Take over what a cut left outside; see ``OrganisationService``."""
        work, cert = self._work, self._other(device, "cannot_adopt_self")
        with saying(work) as tx:
            hashes = self._adoptable(tx, cert, batch)
            work.device.duties.adopt(tx, hashes, why.because)
            self._log(tx, "adopt", cert, why)
            changes = work.device.opener.retry(tx)
            left = self._left(tx, cert)
        work.catch_up()
        statements = tuple(one.hex() for one in left.statements)
        return Adopted(len(hashes), changes, len(left.work), statements)

    def post(self, device: str) -> Post:
        """Where a device serves now.

        Raises:
            UnknownDeviceError: no such device.
        """
        return post_of(self._certificate(device))

    # ------------------------------------------------------------------ parts

    def _log(self, tx: Transaction, deed: str, cert: Certificate, why: Why) -> None:
        """Seal the reason in words, for the readers of the office that acts."""
        profile = self._work.profile
        fields = {
            "deed": deed,
            "device": id_to_text(cert.device),
            "because": why.because.value,
            "reason": " ".join(why.words.split())[:MAX_REASON_CHARACTERS],
            "desk": "" if profile.desk == Desk.ADMIN else profile.desk,
        }
        filled = {name: value for name, value in fields.items() if value}
        writer = Writer(self._work)
        writer.add(tx, writer.prepare("deed", profile.unit, filled))

    def _adoptable(
        self, tx: Transaction, cert: Certificate, batch: str | None
    ) -> tuple[bytes, ...]:
        """Name what is to be adopted: all sealed work that is ours to adopt, or the one batch.

        Raises:
            NoRightError: there is nothing, it is not this office's, or not such a batch.
        """
        found = self._left(tx, cert)
        if batch is not None:
            return (_named(found, batch),)
        if not found.work:
            raise NoRightError("nothing_to_adopt")
        ours = tuple(one for one in found.work if self._is_ours(tx, cert, one))
        if not ours:
            raise NoRightError("not_yours_to_adopt")
        return ours

    def _is_ours(self, tx: Transaction, cert: Certificate, batch_hash: bytes) -> bool:
        own, row = self._work.certificate(), tx.batches.by_hash(batch_hash)
        if own is None or row is None:
            return False
        return may_adopt(own, cert, row.channel, self._work.directory.offices())

    def _left(self, tx: Transaction, cert: Certificate) -> KeptApart:
        return kept_apart(tx, self._work.directory, cert.device)

    def _row(self, cert: Certificate, own: Certificate) -> DeviceRow:
        device = id_to_text(cert.device)
        is_own, is_ended = cert.device == own.device, cert.state is State.REVOKED
        return DeviceRow(
            device=device,
            unit=cert.unit,
            unit_name=self._work.places.name(cert.unit),
            role=cert.role.value,
            state=cert.state.value,
            last_seen_at_ms=None,
            words=None if cert.confirmed or not cert.invite else _words(cert),
            desk=cert.desk,
            holder=self._work.names.get(device, ""),
            is_own=is_own,
            may_act=not (is_own or is_ended) and refuse_over(own, cert) is None,
        )

    def _other(self, device: str, refusal: str) -> Certificate:
        """Find another device than our own."""
        cert = self._certificate(device)
        if cert.device == self._work.keys.device:
            raise NoRightError(refusal)
        return cert

    def _certificate(self, device: str) -> Certificate:
        try:
            known = DeviceId(text_to_id(device.strip().lower(), DEVICE_BYTES))
        except FieldAppError as problem:
            raise UnknownDeviceError from problem
        cert = self._work.directory.device(known)
        if cert is None:
            raise UnknownDeviceError
        return cert


def post_of(cert: Certificate) -> Post:
    """Where a certificate lets its device serve."""
    return Post(UnitId(cert.unit), cert.desk, Role(cert.role))


def _named(found: KeptApart, batch: str) -> bytes:
    named = (one for one in (*found.work, *found.statements) if one.hex() == batch.strip().lower())
    only = next(named, None)
    if only is None:
        raise NoRightError("no_such_batch")
    return only


def _words(cert: Certificate) -> str:
    return " ".join(comparison_words(cert.ed, cert.x, cert.invite or InviteId(bytes(8))))


def _by_place(cert: Certificate) -> tuple[str, str]:
    return cert.unit, cert.device.hex()


def _last_seen(work: Workspace) -> dict[str, int]:
    """The newest stamp of each device among the records here."""
    seen: dict[str, int] = {}
    for _, card in work.index.search(Query(), limit=_ALL).rows:
        seen[card.author] = max(seen.get(card.author, 0), card.updated_ms)
    return seen


def _times(tx: Transaction) -> dict[int | None, int]:
    """When each position of the directory came here; None stands for what has no position yet."""
    times: dict[int | None, int] = {}
    for row in tx.batches.of_kind(int(Kind.DIRECTORY)):
        times[row.position] = max(times.get(row.position, 0), row.created_ms)
    return times
