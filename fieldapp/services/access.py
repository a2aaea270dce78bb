"""Enrolment, the PIN and the lock.

Laws:
  * The vault's key is wrapped by the PIN and lies alone in its file; a wrong PIN waits longer
    each time, also after a restart.
  * Enrolment can write at once: keys are made here, the claim goes into the outbox, and nothing
    waits for a network unless a bare code was given.
  * A failed enrolment leaves no half vault behind.
  * Unlocking is local; no certificate's age locks anybody out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from fieldapp.crypto.keys import DeviceKeys, generate_device_keys
from fieldapp.crypto.keystore import (
    check_pin_policy,
    new_vault_key,
    unwrap_vault_key,
    wrap_vault_key,
)
from fieldapp.crypto.passphrase_box import KdfParams
from fieldapp.crypto.phrase import comparison_words
from fieldapp.crypto.rowcipher import RowCipher
from fieldapp.crypto.sealing import BatchPlan, seal_plain
from fieldapp.crypto.secret import Secret
from fieldapp.errors import (
    AlreadyEnrolledError,
    LockedError,
    NotEnrolledError,
    WrongPinError,
)
from fieldapp.protocol.batch import Batch, Kind
from fieldapp.protocol.channels import Channel, ChannelClass
from fieldapp.protocol.hashing import ZERO_HASH
from fieldapp.protocol.ids import id_to_text
from fieldapp.protocol.statements import ClaimStatement, encode_statements
from fieldapp.services.joining import Joining, needs_phrase, open_invite, read_given
from fieldapp.services.places import Places
from fieldapp.services.ports import Chance, Clock, ServerFactory
from fieldapp.services.preferences import MAX_TEXT_SCALE, MIN_TEXT_SCALE, PreferenceFile
from fieldapp.services.views import Enrolled, HomeState, InvitePreview, Officer
from fieldapp.services.workspace import (
    META_DEVICE_KEYS,
    META_PROFILE,
    META_UNITS,
    Profile,
    Workspace,
    as_json,
    load_profile,
)
from fieldapp.storage.home import Home
from fieldapp.storage.key_file import KeyFile
from fieldapp.storage.pin_delay import PinDelay
from fieldapp.storage.search import SearchIndex
from fieldapp.storage.vault import Transaction, Vault
from fieldapp.sync.device import Device, Surroundings
from fieldapp.sync.directory_store import FINGERPRINT_KEY, keep_directory
from fieldapp.sync.own_streams import DIRECTORY, append

ROW_PURPOSE = "vault"
RECORD_PURPOSE = "record"


class Environment(Protocol):
    """What bootstrap chose for this home."""

    @property
    def home(self) -> Home:
        """The folder of the vault."""

    @property
    def clock(self) -> Clock:
        """The device's clock."""

    @property
    def chance(self) -> Chance:
        """Random bytes."""

    @property
    def connect(self) -> ServerFactory:
        """The way to a server."""

    @property
    def may_be_short(self) -> bool:
        """Whether six digits will do without a key store."""

    @property
    def kdf(self) -> KdfParams:
        """What one guess of a PIN costs."""

    @property
    def pull_bytes(self) -> int:
        """Most bytes that one answer of the server may carry."""

    def wait(self, seconds: float) -> None:
        """Let time pass between two tries."""

    def new_places(self) -> Places:
        """Names of the shipped places, to be filled with the vault's."""


class AccessService:
    """Who may come in; hands the unlocked workspace to the other services."""

    def __init__(self, environment: Environment, preferences: PreferenceFile) -> None:
        self._environment = environment
        self._preferences = preferences
        self._workspace: Workspace | None = None
        self.after_enrolment: Callable[[Workspace], None] = _nothing

    # ------------------------------------------------------------------ state

    def state(self) -> HomeState:
        """What lies in the home."""
        home = self._environment.home
        if self._workspace is not None:
            return HomeState.UNLOCKED
        if not home.has_vault():
            return HomeState.NEW
        return HomeState.LOCKED if home.has_key() else HomeState.WIPED

    def require_vault(self) -> None:
        """Refuse early where nobody enrolled yet.

        Raises:
            NotEnrolledError: there is no vault, or its key was destroyed.
        """
        if self.state() in {HomeState.NEW, HomeState.WIPED}:
            raise NotEnrolledError

    def workspace(self) -> Workspace:
        """The unlocked home.

        Raises:
            LockedError: it is locked.
        """
        if self._workspace is None:
            raise LockedError
        return self._workspace

    def officer(self) -> Officer:
        """Whose vault this is; the role is the certificate's where one is known."""
        work = self.workspace()
        profile = work.profile
        return Officer(
            name=profile.name,
            role=profile.role,
            unit=profile.unit,
            unit_name=work.places.name(profile.unit),
            device=id_to_text(work.keys.device),
            desk=profile.desk,
            org=profile.org,
        )

    # ------------------------------------------------------------------ PIN

    def unlock(self, pin: str) -> None:
        """Open the vault; also checks the PIN of an open one.

        Raises:
            WrongPinError: the PIN is wrong, or it is too early for another try.
            NotEnrolledError: there is no vault.
            StorageError: the vault cannot be opened.
        """
        self.require_vault()
        vault_key = self._try_pin(pin)
        if self._workspace is None:
            self._workspace = self._open(vault_key)

    def _try_pin(self, pin: str) -> Secret:
        environment = self._environment
        delay = PinDelay(environment.home.tries)
        wrapped = KeyFile(environment.home.key).read()
        wait = delay.begin(environment.clock.now_ms())
        try:
            vault_key = unwrap_vault_key(wrapped, pin)
        except WrongPinError as wrong:
            raise WrongPinError(wrong.code, retry_after_seconds=wait) from wrong
        delay.succeed()
        return vault_key

    def change_pin(self, old: str, new: str) -> None:
        """Wrap the vault's key with another PIN.

        Raises:
            WrongPinError: the old PIN is wrong.
            WeakPinError: the new one is too weak.
        """
        check_pin_policy(new, may_be_short=self._environment.may_be_short)
        vault_key = self._try_pin(old)
        wrapped = wrap_vault_key(vault_key, new, self._environment.kdf)
        KeyFile(self._environment.home.key).write(wrapped)

    def lock(self) -> None:
        """Close the vault and forget its keys."""
        work, self._workspace = self._workspace, None
        if work is not None:
            work.vault.close()

    # ------------------------------------------------------------------ enrolment

    def needs_phrase(self, code_or_text: str) -> bool:
        """Tell whether what was given is a hand-over file, which opens by its eight words."""
        return needs_phrase(code_or_text)

    def preview_invite(self, code_or_text: str) -> InvitePreview:
        """Read an invite without using it.

        Raises:
            InvalidCodeError: it does not parse.
        """
        handed = read_given(code_or_text)
        org = ""
        if handed.packet:
            org = open_invite(handed, self._environment.connect).packet.org
        return InvitePreview(
            org=org,
            server_url=handed.code.url,
            expires_at_ms=handed.code.expires_s * 1000,
            needs_network=not handed.packet,
        )

    def enrol(
        self, code_or_text: str, officer_name: str, pin: str, phrase: str | None = None
    ) -> Enrolled:
        """Use an invite: make keys, claim, and open the new vault.

        Raises:
            AlreadyEnrolledError: the home has a vault.
            WeakPinError: the PIN is too weak.
            InvalidCodeError: the code or file is wrong.
            SyncError: a bare code, and no link.
        """
        if self.state() is not HomeState.NEW:
            raise AlreadyEnrolledError
        check_pin_policy(pin, may_be_short=self._environment.may_be_short)
        handed = read_given(code_or_text, phrase)
        joining = open_invite(handed, self._environment.connect)
        keys = generate_device_keys()
        profile = _profile(joining, officer_name)
        self.create_vault(pin, keys, profile, lambda tx: self._claim(tx, joining, keys))
        work = self.workspace()
        self.after_enrolment(work)
        return Enrolled(
            device=id_to_text(keys.device),
            unit=profile.unit,
            unit_name=work.places.name(profile.unit),
            role=profile.role,
            words=" ".join(
                comparison_words(keys.public_ed25519, keys.public_x25519, joining.invite.invite)
            ),
        )

    def create_vault(
        self, pin: str, keys: DeviceKeys, profile: Profile, fill: Callable[[Transaction], None]
    ) -> None:
        """Make the vault of a new home, fill it in one transaction, and open it.

        A failure before the transaction is over leaves no vault behind.
        """
        home = self._environment.home
        home.make()
        vault_key = new_vault_key()
        try:
            vault = self._vault(vault_key)
            with vault.transaction() as tx:
                tx.meta.set(META_DEVICE_KEYS, keys.to_secret().reveal())
                tx.meta.set(META_PROFILE, profile.to_json())
                fill(tx)
            KeyFile(home.key).write(wrap_vault_key(vault_key, pin, self._environment.kdf))
        except BaseException:
            self.discard_vault()
            raise
        vault.close()
        self._workspace = self._open(vault_key)

    def discard_vault(self) -> None:
        """Remove a vault that never became anybody's."""
        self.lock()
        home = self._environment.home
        KeyFile(home.key).destroy()
        for path in home.root.glob("vault.db*"):
            path.unlink(missing_ok=True)

    def _claim(self, tx: Transaction, joining: Joining, keys: DeviceKeys) -> None:
        """Keep the invite's directory and queue our claim as the first of our own statements."""
        now_ms = self._environment.clock.now_ms()
        keep_directory(tx, joining.batches, now_ms=now_ms)
        tx.meta.set(FINGERPRINT_KEY, joining.code.root_fingerprint)
        tx.meta.set(META_UNITS, as_json(list(joining.packet.units)))
        if joining.office_key:
            office = joining.directory.office(joining.invite.unit, joining.invite.desk)
            if office is not None:
                tx.office_keys.put(office.id, 1, joining.office_key)
        append(tx, _claim_batch(joining, keys, now_ms), now_ms=now_ms, priority=DIRECTORY)

    # ------------------------------------------------------------------ opening

    def _vault(self, vault_key: Secret) -> Vault:
        return Vault.open(
            self._environment.home.vault,
            RowCipher(vault_key, ROW_PURPOSE),
            record_cipher=lambda key: RowCipher(Secret(key), RECORD_PURPOSE),
        )

    def _open(self, vault_key: Secret) -> Workspace:
        environment = self._environment
        vault = self._vault(vault_key)
        try:
            with vault.reading() as tx:
                profile = load_profile(tx)
                keys = DeviceKeys.from_secret(Secret(tx.meta.get(META_DEVICE_KEYS) or b""))
                fingerprint = tx.meta.get(FINGERPRINT_KEY)
            work = Workspace(
                home=environment.home,
                device=self._device(vault, keys, fingerprint),
                profile=profile,
                places=environment.new_places(),
                index=SearchIndex(),
                clock=environment.clock,
                chance=environment.chance,
            )
            work.refresh()
        except BaseException:
            vault.close()
            raise
        return work

    def _device(self, vault: Vault, keys: DeviceKeys, fingerprint: bytes | None) -> Device:
        environment = self._environment
        surroundings = Surroundings(
            environment.clock.now_ms,
            environment.chance.token,
            environment.wait,
            pull_bytes=environment.pull_bytes,
        )
        return Device(vault, keys, surroundings, fingerprint=fingerprint)

    # ------------------------------------------------------------------ choices

    def language(self) -> str:
        """The language code, empty while nobody chose."""
        return self._preferences.read().language

    def set_language(self, code: str) -> None:
        """Keep the language."""
        self._preferences.change(language=code)

    def theme(self) -> str:
        """The brightness: light, dark or system."""
        return self._preferences.read().theme

    def set_theme(self, name: str) -> None:
        """Keep the brightness."""
        self._preferences.change(theme=name)

    def text_scale(self) -> float:
        """The text size as a factor."""
        return self._preferences.read().text_scale

    def set_text_scale(self, factor: float) -> None:
        """Keep the text size, within what every screen can show."""
        self._preferences.change(text_scale=min(max(factor, MIN_TEXT_SCALE), MAX_TEXT_SCALE))

    def autolock_seconds(self) -> int:
        """The idle time before the app locks itself; 0 is never."""
        return self._preferences.read().autolock_seconds

    def set_autolock_seconds(self, seconds: int) -> None:
        """Keep the idle time."""
        self._preferences.change(autolock_seconds=max(0, seconds))


def _nothing(_work: Workspace) -> None:
    """Do nothing after enrolment until the facade says what."""


def _profile(joining: Joining, officer_name: str) -> Profile:
    invite = joining.invite
    return Profile(
        name=officer_name.strip(),
        role=invite.role.value,
        unit=invite.unit,
        desk=invite.desk,
        org=joining.packet.org,
        server_url=joining.packet.server_url,
        invite=invite.invite.hex(),
    )


def _claim_batch(joining: Joining, keys: DeviceKeys, now_ms: int) -> Batch:
    """The newcomer's own certificate, as the first batch of its directory stream."""
    invite = joining.invite
    claim = ClaimStatement(invite.invite, keys.public_ed25519, keys.public_x25519, now_ms)
    signed = replace(claim, sig=joining.keys.signing.sign(claim.signing_bytes()))
    plan = BatchPlan(
        kind=Kind.DIRECTORY,
        seq=1,
        prev=ZERO_HASH,
        channel=Channel(invite.unit, ChannelClass.DIRECTORY).id,
        directory_version=joining.directory.version,
    )
    return seal_plain(encode_statements([signed]), keys=keys, plan=plan)
