"""Enrolment, the PIN and the lock.

Laws:
  * The vault's key is wrapped by the PIN and lies alone in its file; a wrong PIN waits longer
    each time, also after a restart. Nobody pays for a try of another process that is under way.
  * Enrolment can write at once: keys are made here, the claim goes into the outbox, and nothing
    waits for a network unless a bare code was given.
  * A failed enrolment leaves no half vault behind.
  * Unlocking is local; no certificate's age locks anybody out.
  * The second PIN, wherever a PIN is asked for, gives the vault up and is answered as a wrong one.
  * Locking ends a running sync at its next step; nothing of the vault stays open behind it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from fieldapp.crypto.keys import DeviceKeys, generate_device_keys
from fieldapp.crypto.phrase import comparison_words
from fieldapp.domain.clock import kenya_date
from fieldapp.domain.validation import check
from fieldapp.errors import (
    AlreadyEnrolledError,
    FieldAppError,
    InviteExpiredError,
    LockedError,
    NotEnrolledError,
    WeakPinError,
)
from fieldapp.protocol.ids import id_to_text
from fieldapp.services.choices import Choices
from fieldapp.services.claims import introduction, invited_profile, queue_claim
from fieldapp.services.joining import Handed, Joining, needs_phrase, open_invite, read_given
from fieldapp.services.key_guard import KeyGuard, Opened, SecondPinError
from fieldapp.services.left_behind import quick_delete, set_aside, waiting_in
from fieldapp.services.opening import Environment, VaultDoor
from fieldapp.services.ports import Log
from fieldapp.services.preferences import PreferenceFile
from fieldapp.services.problems import ProblemsError
from fieldapp.services.second_pin import check_distance, look_locked
from fieldapp.services.views import Enrolled, HomeState, InvitePreview, Officer
from fieldapp.services.withdrawal import keep_note, read_note
from fieldapp.services.workspace import (
    Profile,
    Workspace,
)
from fieldapp.storage.vault import Transaction


class AccessService(Choices):
    """Who may come in; hands the unlocked workspace to the other services."""

    def __init__(self, environment: Environment, preferences: PreferenceFile) -> None:
        super().__init__(preferences)
        self._environment = environment
        self._door = VaultDoor(environment)
        self._guard = KeyGuard(environment)
        self._turn = threading.RLock()
        self._workspace: Workspace | None = None
        self.introduce: Callable[[Workspace], None] = _nothing
        self.seal_what_waits: Callable[[Workspace], object] = _nothing

    # ------------------------------------------------------------------ state

    def state(self) -> HomeState:
        """What lies in the home."""
        home = self._environment.home
        if self._workspace is not None:
            return HomeState.UNLOCKED
        if not home.has_vault():
            return HomeState.NEW
        return HomeState.LOCKED if home.has_key() else HomeState.WIPED

    @property
    def log(self) -> Log:
        """The app's own log."""
        return self._environment.log

    def require_vault(self) -> None:
        """Refuse early where nobody enrolled yet.

        Raises:
            NotEnrolledError: there is no vault, or its key was destroyed.
        """
        if (delivered := self.withdrawn()) is not None:
            raise NotEnrolledError("device_withdrawn", count=delivered)
        if self.state() in {HomeState.NEW, HomeState.WIPED}:
            raise NotEnrolledError

    def require_new(self) -> None:
        """Refuse early where somebody enrolled already.

        Raises:
            AlreadyEnrolledError: there is a vault that a PIN can open.
        """
        if self.state() not in {HomeState.NEW, HomeState.WIPED}:
            raise AlreadyEnrolledError

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
            role=work.role,
            unit=profile.unit,
            unit_name=work.places.name(profile.unit),
            device=id_to_text(work.keys.device),
            desk=profile.desk,
            org=profile.org,
        )

    # ------------------------------------------------------------------ PIN

    def unlock(self, pin: str, *, may_freeze: bool = False) -> None:
        """Open the vault; also checks the PIN of an open one.

        Args:
            pin: the officer's own.
            may_freeze: on a full disk, open it for one command that may only read.

        Raises:
            WrongPinError: the PIN is wrong, or it is too early for another try.
            NotEnrolledError: there is no vault.
            StorageError: the vault cannot be opened.
        """
        self.require_vault()
        with self._turn, self._noted("unlock"):
            opened = self._tried(pin)
            if self._workspace is None:
                self._enter(self._door.open(opened, may_freeze=may_freeze))

    def check_pin(self, pin: str) -> None:
        """Ask anew who is there, before something that leaves protection.

        Raises:
            LockedError: the vault is locked.
            WrongPinError: the PIN is wrong, or it is too early for another try.
        """
        self.workspace()
        with self._turn, self._noted("unlock"):
            self._tried(pin)

    def _tried(self, pin: str) -> Opened:
        """Try a PIN; the second one gives the vault up first, and is as wrong as any other."""
        try:
            return self._guard.open(pin)
        except SecondPinError as second:
            self._seal_and_lock()
            look_locked(self._environment.home, self._guard)
            raise second.refusal from None

    @contextmanager
    def _noted(self, event: str) -> Iterator[None]:
        """Note in the log how something ended, by its code."""
        try:
            yield
        except FieldAppError as problem:
            self._environment.log.note(event, code=problem.code)
            raise
        self._environment.log.note(event)

    def _enter(self, work: Workspace) -> None:
        """Take an open vault into use; an officer whom readers do not know yet is introduced."""
        self._workspace = work
        if work.own_name() is None:
            with suppress(FieldAppError):  # The next unlocking tries again.
                self.introduce(work)

    def change_pin(self, old: str, new: str) -> None:
        """Wrap the vault's key with another PIN.

        Raises:
            LockedError: the vault is locked; only an open one says what it must be protected by.
            WrongPinError: the old PIN is wrong.
            WeakPinError: the new one is too weak.
        """
        work = self.workspace()
        self._guard.check_new(new, role=work.role, desk=work.profile.desk)
        with self._turn:
            vault_key = self._tried(old).vault_key
            if self._guard.is_second(new):
                raise WeakPinError("pin_not_usable")
            self._guard.wrap(vault_key, new)
        work.is_pin_only = self._guard.is_pin_only(new)

    def set_duress_pin(self, pin: str, second: str | None) -> None:
        """Choose the PIN that gives the vault up; None takes it away.

        Raises:
            LockedError: the vault is locked.
            WrongPinError: the PIN is wrong.
            WeakPinError: the second one is too short, or too near to the PIN.
        """
        work = self.workspace()
        if second is not None:
            self._guard.check_new(second, role=work.role, desk=work.profile.desk)
            check_distance(pin, second)
        with self._turn:
            self._guard.set_second(self._tried(pin).vault_key, pin, second)

    def lock(self) -> None:
        """Close the vault and forget its keys; a running sync stops at its next step."""
        work, self._workspace = self._workspace, None
        if work is not None:
            work.is_closing = True
            work.vault.close()

    # ------------------------------------------------------------------ a forgotten PIN

    def require_some_vault(self) -> None:
        """Refuse where there is nothing to give up.

        Raises:
            NotEnrolledError: there is no vault.
        """
        if self.state() is HomeState.NEW:
            raise NotEnrolledError

    def sealed_waiting(self) -> int:
        """How many sealed batches of records a forgotten PIN would leave to be delivered.

        Raises:
            StorageError: the vault's file is damaged or busy.
        """
        return waiting_in(self._environment.home)

    def forget_pin(self) -> int:
        """Give up the vault: destroy its key for good, and keep its sealed outbox deliverable.

        The home is new afterwards and asks for an invite; what waits leaves with its first sync.

        Returns:
            How many sealed batches of records are kept.

        Raises:
            NotEnrolledError: there is no vault.
            StorageError: the disk refused; the next try goes on.
        """
        self.require_some_vault()
        with self._turn:
            self.lock()
            set_aside(self._environment.home, self._guard)
            kept = self.sealed_waiting()
            self._environment.log.note("forget_pin", kept=kept)
            return kept

    # ------------------------------------------------------------------ quick delete

    def quick_delete(self) -> None:
        """Give the vault up at once; no PIN is asked. It may be called again at any time.

        What is open is sealed first, for one second at most; then the key goes, then all else
        but the sealed records that wait.

        Raises:
            StorageError: the disk refused; the next try goes on.
        """
        with self._turn:
            self._seal_and_lock(self._guard.destroy)
            quick_delete(self._environment.home, self._guard)

    def _seal_and_lock(self, destroy: Callable[[], object] = lambda: None) -> None:
        work = self._workspace
        if work is not None:
            self.seal_what_waits(work)
        destroy()
        self.lock()

    # ------------------------------------------------------------------ a revoked phone

    def withdraw(self, delivered: int) -> None:
        """Give up the vault of a revoked phone whose work is delivered; see ``withdrawal``.

        Raises:
            StorageError: the disk refused; the next sync goes on.
        """
        with self._turn:
            keep_note(self._environment.home, delivered)
            self.lock()
            set_aside(self._environment.home, self._guard)
            self._environment.log.note("withdrawn", delivered=delivered)

    def withdrawn(self) -> int | None:
        """How many changes a phone delivered that was then withdrawn; None for any other."""
        if self.state() in {HomeState.NEW, HomeState.WIPED}:
            return read_note(self._environment.home)
        return None

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
            ProblemsError: the officer's name cannot stand.
            InvalidCodeError: the code or file is wrong.
            InviteExpiredError: its time is over.
            SyncError: a bare code, and no link.
        """
        self.require_new()
        joining = self._joining(read_given(code_or_text, phrase))
        profile = invited_profile(joining, officer_name)
        self.check_new_pin(pin, profile)
        self.check_introduction(profile)
        keys, now_ms = generate_device_keys(), self._environment.clock.now_ms()
        with self._noted("enrol"):
            self.found(pin, keys, profile, lambda tx: queue_claim(tx, joining, keys, now_ms))
        invite = joining.invite.invite
        return Enrolled(
            device=id_to_text(keys.device),
            unit=profile.unit,
            unit_name=self.workspace().places.name(profile.unit),
            role=profile.role,
            words=" ".join(comparison_words(keys.public_ed25519, keys.public_x25519, invite)),
        )

    def _joining(self, handed: Handed) -> Joining:
        joining = open_invite(handed, self._environment.connect)
        if joining.invite.expires_ms <= self._environment.clock.now_ms():
            raise InviteExpiredError
        return joining

    def check_new_pin(self, pin: str, profile: Profile) -> None:
        """Refuse a PIN that is too weak for the vault of this officer.

        Raises:
            WeakPinError: it says what would do.
        """
        self._guard.check_new(pin, role=profile.role, desk=profile.desk)

    def check_introduction(self, profile: Profile) -> None:
        """Refuse a name that could not be sealed, before anything is made.

        Raises:
            ProblemsError: it says what is wrong with the name.
        """
        today = kenya_date(self._environment.clock.now_ms())
        problems = check("officer", profile.unit, introduction(profile), today=today)
        if problems:
            raise ProblemsError(problems)

    def found(
        self, pin: str, keys: DeviceKeys, profile: Profile, fill: Callable[[Transaction], None]
    ) -> None:
        """Make the vault of a new home, fill it in one transaction, and open it.

        Raises:
            StorageError: the disk refused; there is no vault.
        """
        with self._turn:
            if self.state() is HomeState.WIPED:
                set_aside(self._environment.home, self._guard)
            self._enter(self._door.make(pin, keys, profile, fill))

    def discard_vault(self) -> None:
        """Remove a vault that never became anybody's."""
        self.lock()
        self._door.discard()


def _nothing(_work: Workspace) -> None:
    """Introduce nobody until the facade says how."""
