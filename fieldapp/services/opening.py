"""The vault of a home: made whole or not at all, opened into a workspace.

Laws:
  * A new vault is filled beside its place and moved there last, after its key: whenever the
    process dies, the home has a whole vault or none.
  * The wrapped key lies alone in its file.
  * A full disk shows nothing whose day has come: what should go and cannot keeps the vault shut.
  * Nothing here knows a PIN's text for longer than it takes to stretch it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import Protocol

from fieldapp.crypto.keys import DeviceKeys, SigningKey
from fieldapp.crypto.keystore import new_vault_key
from fieldapp.crypto.rowcipher import RowCipher
from fieldapp.crypto.secret import Secret
from fieldapp.errors import DatabaseFullError, StorageError
from fieldapp.services.keeping import carry_out
from fieldapp.services.key_guard import KeyGuard, Opened, Protection
from fieldapp.services.left_behind import remove_cut_exports
from fieldapp.services.patience import let_go
from fieldapp.services.places import Places
from fieldapp.services.ports import Chance, Log, ServerFactory
from fieldapp.services.withdrawal import drop_note
from fieldapp.services.workspace import (
    META_DEVICE_KEYS,
    META_DIRECTORY_KEY,
    META_FINGERPRINT,
    META_PROFILE,
    Profile,
    Workspace,
    load_profile,
)
from fieldapp.storage.failures import disk_errors
from fieldapp.storage.vault import Transaction, Vault
from fieldapp.sync.device import Device, Surroundings
from fieldapp.sync.folding import give_up_due

ROW_PURPOSE = "vault"
RECORD_PURPOSE = "record"
NEW_VAULT = "vault.new"


class Environment(Protection, Protocol):
    """What bootstrap chose for this home."""

    @property
    def chance(self) -> Chance:
        """Random bytes."""

    @property
    def connect(self) -> ServerFactory:
        """The way to a server."""

    @property
    def log(self) -> Log:
        """The app's own log."""

    @property
    def pull_bytes(self) -> int:
        """Most bytes that one answer of the server may carry."""

    @property
    def media_bytes(self) -> int:
        """Most bytes of pictures and sounds that one sync moves; 0 for none."""

    @property
    def fetches_media(self) -> bool:
        """Whether each sync fetches the pictures and sounds of what was received."""

    def wait(self, seconds: float) -> None:
        """Let time pass between two tries."""

    def new_places(self) -> Places:
        """Names of the shipped places, to be filled with the vault's."""


class VaultDoor:
    """Makes, opens and discards the vault of one home."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._guard = KeyGuard(environment)

    def make(
        self, pin: str, keys: DeviceKeys, profile: Profile, fill: Callable[[Transaction], None]
    ) -> Workspace:
        """Make the vault of a new home, fill it in one transaction, and open it.

        Raises:
            StorageError: the disk refused; there is no vault.
        """
        home = self._environment.home
        home.make()
        drop_note(home)
        self._remove(NEW_VAULT)
        vault_key = new_vault_key()
        fresh = home.root / NEW_VAULT
        with ExitStack() as undo:
            undo.callback(self.discard)
            with closing(self._vault(fresh, vault_key)) as vault, vault.transaction() as tx:
                tx.meta.set(META_DEVICE_KEYS, keys.to_secret().reveal())
                tx.meta.set(META_PROFILE, profile.to_json())
                fill(tx)
            self._guard.wrap(vault_key, pin)
            with disk_errors():
                fresh.replace(home.vault)
            undo.pop_all()
        return self.open(Opened(vault_key, self._guard.is_pin_only(pin)))

    def discard(self) -> None:
        """Remove a vault that never became anybody's."""
        home = self._environment.home
        self._guard.destroy()
        self._remove(NEW_VAULT)
        self._remove(home.vault.name)

    def open(self, opened: Opened, *, may_freeze: bool = False) -> Workspace:
        """Open the vault.

        Args:
            opened: what the PIN unwrapped.
            may_freeze: on a full disk, open it for reading only.

        Raises:
            StorageError: it is damaged, busy, or of a newer version.
        """
        environment = self._environment
        vault = self._vault(environment.home.vault, opened.vault_key, may_freeze=may_freeze)
        with ExitStack() as undo:
            undo.callback(vault.close)
            self._give_up_what_is_due(vault)
            work = self._workspace(vault, is_pin_only=opened.is_pin_only)
            with suppress(StorageError):  # The next unlocking and the next sync try again.
                remove_cut_exports(environment.home, work.role)
                carry_out(work)
            undo.pop_all()
        return work

    def _give_up_what_is_due(self, vault: Vault) -> None:
        """Drop the keys of restricted records whose day has come, with a server or without."""
        now_ms = self._environment.clock.now_ms()
        if vault.database.is_frozen:
            with vault.reading() as tx:
                if tx.record_keys.is_any_due(now_ms):
                    raise DatabaseFullError
            return
        with vault.transaction() as tx:
            give_up_due(tx, now_ms)

    def _workspace(self, vault: Vault, *, is_pin_only: bool) -> Workspace:
        environment = self._environment
        with vault.reading() as tx:
            profile = load_profile(tx)
            keys = DeviceKeys.from_secret(Secret(tx.meta.get(META_DEVICE_KEYS) or b""))
            fingerprint = tx.meta.get(META_FINGERPRINT)
            signer = tx.meta.get(META_DIRECTORY_KEY)
        lock = threading.RLock()

        def wait(seconds: float) -> None:
            with let_go(lock):
                environment.wait(seconds)

        surroundings = Surroundings(
            environment.clock.now_ms,
            environment.chance.token,
            wait,
            pull_bytes=environment.pull_bytes,
        )
        device = Device(
            vault,
            keys,
            surroundings,
            fingerprint=fingerprint,
            directory_signer=None if signer is None else SigningKey(Secret(signer)),
        )
        return Workspace(
            home=environment.home,
            device=device,
            profile=profile,
            places=environment.new_places(),
            clock=environment.clock,
            chance=environment.chance,
            lock=lock,
            is_pin_only=is_pin_only,
        )

    def _vault(self, path: Path, vault_key: Secret, *, may_freeze: bool = False) -> Vault:
        with disk_errors():
            return Vault.open(
                path,
                RowCipher(vault_key, ROW_PURPOSE),
                record_cipher=lambda key: RowCipher(Secret(key), RECORD_PURPOSE),
                may_freeze=may_freeze,
            )

    def _remove(self, name: str) -> None:
        with disk_errors():
            for path in self._environment.home.root.glob(f"{name}*"):
                if path.name in {name, f"{name}-wal", f"{name}-shm", f"{name}-journal"}:
                    path.unlink(missing_ok=True)
