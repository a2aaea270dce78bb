"""A device that syncs: its keys, its vault, its directory, and the parts that work on them.

Laws:
  * Built once at unlock; it holds no open transaction between calls.
  * Clock, chance and waiting are handed in.
  * The directory is replaced, never patched, when the server's log changed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fieldapp.crypto.keys import DeviceKeys, SigningKey
from fieldapp.protocol.directory import Directory
from fieldapp.storage.vault import Transaction, Vault
from fieldapp.sync.courier import Courier
from fieldapp.sync.directory_store import load_directory, unplace_directory
from fieldapp.sync.erasure import Erasure
from fieldapp.sync.exchange import PULL_BYTES, PUSH_BYTES, SERVER_TIME_KEY, Exchanger
from fieldapp.sync.feed import CURSOR_KEY
from fieldapp.sync.folding import Folder
from fieldapp.sync.gap_proof import prove
from fieldapp.sync.grants import Grants
from fieldapp.sync.keyring import Keyring
from fieldapp.sync.office_duties import OfficeDuties
from fieldapp.sync.opener import Opener
from fieldapp.sync.report import VerifyReport
from fieldapp.sync.sealer import Sealer
from fieldapp.sync.snapshots import Snapshots


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a device cannot decide for itself.

    Attributes:
        now_ms: its clock.
        chance: random bytes.
        wait: lets seconds pass; returns early when the person cancelled.
        push_bytes: how much one request carries.
        pull_bytes: how much one answer may carry.
    """

    now_ms: Callable[[], int]
    chance: Callable[[int], bytes]
    wait: Callable[[float], None]
    push_bytes: int = PUSH_BYTES
    pull_bytes: int = PULL_BYTES


class Device:
    """One unlocked vault with everything that seals, opens and answers for it."""

    def __init__(
        self,
        vault: Vault,
        keys: DeviceKeys,
        surroundings: Surroundings,
        *,
        fingerprint: bytes | None,
        directory_signer: SigningKey | None = None,
    ) -> None:
        self.vault = vault
        self.keys = keys
        self.surroundings = surroundings
        self._fingerprint = fingerprint
        self._directory_signer = directory_signer
        with vault.reading() as tx:
            self._server_time_ms = int.from_bytes(tx.meta.get(SERVER_TIME_KEY) or b"", "big")
        self.reload()

    def reload(self) -> None:
        """Make the directory anew from the vault: a transaction that changed it was dropped."""
        with self.vault.reading() as tx:
            self._build(load_directory(tx.batches, self._fingerprint))
        self.is_stale = False

    def _build(self, directory: Directory) -> None:
        keys, now_ms = self.keys, self.surroundings.now_ms
        self.directory = directory
        self.folder = Folder(keys.device, now_ms, self.best_time_ms, self.surroundings.chance)
        self.sealer = Sealer(keys, directory, self.folder, now_ms)
        self.keyring = Keyring(keys, directory, now_ms)
        grants = Grants(keys, directory, self.sealer)
        self.duties = OfficeDuties(keys, directory, self.sealer, self.keyring, grants)
        self.courier = Courier(keys, directory, self.sealer, self.duties, now_ms)
        self.snapshots = Snapshots(directory, now_ms, self._directory_signer)
        self.exchanger = Exchanger(
            keys, directory, self.surroundings.push_bytes, self.surroundings.pull_bytes
        )
        self.opener = Opener(
            directory=directory, keyring=self.keyring, folder=self.folder, now_ms=now_ms
        )
        self.erasure = Erasure(directory, self.keyring, self.sealer, self.opener)

    def best_time_ms(self) -> int:
        """Return the later of our clock and the last time that a server signed."""
        return max(self.surroundings.now_ms(), self._server_time_ms)

    @property
    def last_contact_ms(self) -> int:
        """Return when a server last signed an answer to us, by its own clock; 0 for never."""
        return self._server_time_ms

    def note_server_time(self, tx: Transaction, server_time_ms: int) -> None:
        """Remember the time that the server signed last.

        An earlier one counts as well: a single false time far ahead must not stay for ever, and
        one behind costs nothing, as our own clock is the other half of the best time.
        """
        if server_time_ms != self._server_time_ms:
            self._server_time_ms = server_time_ms
            tx.meta.set(SERVER_TIME_KEY, server_time_ms.to_bytes(8, "big"))

    def rewind(self, tx: Transaction) -> None:
        """Forget how far the feed was read, and where the server had placed the directory."""
        tx.meta.delete(CURSOR_KEY)
        unplace_directory(tx)
        self._build(load_directory(tx.batches, self._fingerprint))

    def verify(self) -> VerifyReport:
        """Prove which sealed batches are missing here."""
        with self.vault.reading() as tx:
            return prove(tx)
