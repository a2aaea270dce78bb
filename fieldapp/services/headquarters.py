"""``init``: the steps that make a server and this device an organisation's headquarters.

Laws:
  * The vault and the share files are on disk before the server is claimed: a claim that the
    server took can never be lost with this process.
  * A claim whose answer was lost waits in the vault; the next sync makes it again with the same
    root, which the server takes as done.
  * A refused claim leaves neither vault nor share file behind.
  * The shares never lie inside the home, where a thief of the laptop would find them.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from fieldapp.crypto.invite_secret import invite_keys
from fieldapp.crypto.phrase import new_phrase, wrap_with_phrase
from fieldapp.crypto.sealing import BatchPlan, seal_plain
from fieldapp.crypto.secret import Secret
from fieldapp.errors import (
    AlreadyEnrolledError,
    ClaimRefusedError,
    ConfigError,
    FieldAppError,
    TransientSyncError,
)
from fieldapp.protocol.batch import Batch, Kind
from fieldapp.protocol.channels import Channel, ChannelClass, Desk
from fieldapp.protocol.hashing import ZERO_HASH
from fieldapp.protocol.ids import id_to_text
from fieldapp.protocol.invites import InviteCode, InvitePacket, encode_code, encode_packet
from fieldapp.protocol.roles import Role
from fieldapp.protocol.service import SyncService
from fieldapp.protocol.statements import encode_statements
from fieldapp.protocol.units import REPUBLIC
from fieldapp.services.access import AccessService
from fieldapp.services.founding import Founding, HandOver, found, share_text
from fieldapp.services.joining import hand_over_text, write_hand_over
from fieldapp.services.office_views import Organisation
from fieldapp.services.opening import Environment
from fieldapp.services.outgoing import make_folder
from fieldapp.services.pending import keep_claim, settle_claim
from fieldapp.services.views import HomeState
from fieldapp.services.workspace import META_DIRECTORY_KEY, META_FINGERPRINT, Profile
from fieldapp.storage.failures import disk_errors
from fieldapp.storage.files import write_whole
from fieldapp.storage.vault import Transaction
from fieldapp.sync.own_streams import DIRECTORY, append

MAX_ORG_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class SetUp:
    """What the person gave: where the server is, its token, names and the folder for shares."""

    server: str
    claim: str
    org: str
    shares: Path
    officer: str
    pin: str


class Headquarters:
    """Makes an organisation once."""

    def __init__(self, environment: Environment, access: AccessService) -> None:
        self._environment = environment
        self._access = access

    def init(self, given: SetUp) -> Organisation:
        """Make the organisation.

        Raises:
            AlreadyEnrolledError: this home has a vault.
            WeakPinError: the PIN is too weak.
            ConfigError: the name is empty, or the folder for shares is not usable.
            ClaimRefusedError: the token is wrong, or the server is another organisation's.
            SyncError: the server cannot be reached.
        """
        environment = self._environment
        self._check(given)
        token = _token(given.claim)
        server = environment.connect(given.server)
        info = server.info()
        if info.is_claimed:
            raise ClaimRefusedError("already_claimed")
        made = found(
            given.org.strip(),
            info.server_key,
            now_ms=environment.clock.now_ms(),
            chance=environment.chance,
        )
        root = _root_batch(made)
        files, phrases = _share_files(made, given, root)
        written = _write_shares(given.shares, files)
        now_ms = environment.clock.now_ms()
        try:
            self._access.found(
                given.pin,
                made.device_keys,
                _profile(given),
                lambda tx: _fill(tx, made, root, token, now_ms),
            )
            is_claimed = self._claim(server, token, root)
        except FieldAppError:
            with ExitStack() as undo:  # Each of these goes, also where another cannot.
                for path in written:
                    undo.callback(path.unlink, missing_ok=True)
                undo.callback(self._access.discard_vault)
            raise
        device = id_to_text(made.device_keys.device)
        names = tuple(path.name for path in written)
        return Organisation(made.document.org, device, names, phrases, is_claimed)

    def _check(self, given: SetUp) -> None:
        """Refuse early what would fail late."""
        if self._access.state() is not HomeState.NEW:
            raise AlreadyEnrolledError("already_initialised")
        self._access.check_new_pin(given.pin, _profile(given))
        if not 0 < len(given.org.strip()) <= MAX_ORG_CHARACTERS:
            raise ConfigError("org_name_missing")
        if given.shares.resolve().is_relative_to(self._environment.home.root.resolve()):
            raise ConfigError("shares_inside_home")
        self._access.check_introduction(_profile(given))

    def _claim(self, server: SyncService, token: bytes, root: Batch) -> bool:
        """Claim the server; False when its answer was lost and the next sync must ask again."""
        try:
            server.claim_server(token, root.raw)
        except TransientSyncError:
            return False
        settle_claim(self._access.workspace().vault)
        return True


def _root_batch(made: Founding) -> Batch:
    """The root as the first batch of headquarters' own directory stream."""
    plan = BatchPlan(
        kind=Kind.DIRECTORY,
        seq=1,
        prev=ZERO_HASH,
        channel=Channel(REPUBLIC, ChannelClass.DIRECTORY).id,
        directory_version=0,
    )
    return seal_plain(encode_statements([made.root]), keys=made.device_keys, plan=plan)


def _fill(tx: Transaction, made: Founding, root: Batch, token: bytes, now_ms: int) -> None:
    """Keep headquarters' keys, queue the root, and remember the claim until it is made."""
    keep_claim(tx, token)
    admin = made.admin_key
    tx.office_keys.put(admin.office, admin.epoch, admin.to_secret().reveal())
    tx.meta.set(META_DIRECTORY_KEY, made.directory_key.to_secret().reveal())
    tx.meta.set(META_FINGERPRINT, made.document.fingerprint)
    append(tx, root, now_ms=now_ms, priority=DIRECTORY)


def _share_files(
    made: Founding, given: SetUp, root: Batch
) -> tuple[dict[str, str], dict[str, str]]:
    """The texts of the three share files and the hand-over files, and the desks' phrases."""
    files = {
        f"root-key-{number}.json": share_text(number, share, made.document.org)
        for number, share in enumerate(made.shares, start=1)
    }
    phrases: dict[str, str] = {}
    for one in made.hand_overs:
        phrases[one.desk] = new_phrase()
        text = _hand_over(one, made, given, root, phrases[one.desk])
        files[f"hand-over-{one.desk}.json"] = text
    return files, phrases


def _token(text: str) -> bytes:
    try:
        return bytes.fromhex(text.strip())
    except ValueError as problem:
        raise ClaimRefusedError("wrong_claim_token") from problem


def _profile(given: SetUp) -> Profile:
    return Profile(
        name=given.officer.strip(),
        role=Role.HQ_ADMIN.value,
        unit=REPUBLIC,
        desk=Desk.ADMIN.value,
        org=given.org.strip(),
        server_url=given.server.rstrip("/"),
        invite="",
    )


def _hand_over(one: HandOver, made: Founding, given: SetUp, root: Batch, phrase: str) -> str:
    """The text of one desk's hand-over file, sealed under its phrase."""
    url = given.server.rstrip("/")
    code = InviteCode(
        invite=one.invite,
        secret=one.secret.reveal(),
        root_fingerprint=made.document.fingerprint,
        expires_s=one.expires_ms // 1000,
        url=url,
    )
    packet = InvitePacket(
        org=made.document.org,
        server_url=url,
        root_fingerprint=made.document.fingerprint,
        batches=((1, root.raw),),
        units=(),
    )
    sealed = invite_keys(one.invite, one.secret).seal_packet(encode_packet(packet))
    inside = write_hand_over(encode_code(code), sealed, one.office_key.to_secret().reveal())
    return hand_over_text(REPUBLIC, one.desk, wrap_with_phrase(Secret(inside), phrase))


def _write_shares(folder: Path, files: Mapping[str, str]) -> tuple[Path, ...]:
    """Write the share files, readable by their owner only; refuse to overwrite any.

    Raises:
        ConfigError: one of them exists, or the folder takes no files.
        StorageError: the disk refuses; none of them is left.
    """
    make_folder(folder, 0o700)
    paths = {folder / name: text for name, text in files.items()}
    with disk_errors(), ExitStack() as undo:
        if any(path.exists() for path in paths):
            raise ConfigError("file_exists", folder=folder.name)
        for path, text in paths.items():
            undo.callback(path.unlink, missing_ok=True)
            write_whole(path, text.encode())
        undo.pop_all()
    return tuple(paths)
