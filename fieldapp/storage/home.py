"""The folder of one officer: what lies where, who may enter, and which app holds it.

    vault.db       the vault, and its -wal and -shm while it is open
    vault.key      the wrapped vault key, alone
    vault.half     the half of its wrapping that only the platform's key store can unwrap
    vault.tries    the count of wrong PINs; vault.tries.turn lets one process try at a time
    aside-N.db     sealed records of a vault whose PIN was forgotten, until they are delivered
    damaged-N.db   a vault that was given up and that no database can read, for whoever may mend it
    mark           the colour under which a lock screen lists this vault; no name, ever
    withdrawn      how many changes a revoked phone delivered before it gave up its key
    vault.new      a vault that is being made; it is moved to vault.db when it is whole
    officers/N/    the vault of the Nth officer on a shared phone, a home like this one
    home.lock      held by the one app that serves this home; home.pid says which
    hq.db          the consolidated store, on machines of offices
    export.db      the store of one export where none may stay; removed with the export
    export.lock    held by the export that has export.db
    media/         sealed chunks of pictures and sounds; their keys are in the vault
    logs/          app.jsonl and two older ones: codes and counts only

Laws:
  * The folder can be entered, and its files read, by their owner only.
  * One app serves a home at a time. The lock is the operating system's own (through SQLite), so
    that it ends with the process, however that ends. The command line may read and sync beside it
    and takes no lock.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from fieldapp.errors import HomeBusyError
from fieldapp.storage.database import held_alone
from fieldapp.storage.failures import disk_errors
from fieldapp.storage.files import make_private_folder

_APP_FOLDER = "baraza"
_ASIDE = "aside-"
_DAMAGED = "damaged-"


@dataclass(frozen=True, slots=True)
class Home:
    """The paths of one home folder."""

    root: Path

    @property
    def vault(self) -> Path:
        """Return the vault's path."""
        return self.root / "vault.db"

    @property
    def key(self) -> Path:
        """Return the path of the wrapped vault key."""
        return self.root / "vault.key"

    @property
    def half(self) -> Path:
        """Return the path of the half that the platform's key store wrapped."""
        return self.root / "vault.half"

    @property
    def tries(self) -> Path:
        """Return the path of the count of wrong PINs."""
        return self.root / "vault.tries"

    @property
    def withdrawn(self) -> Path:
        """Return the path of the note that a revoked phone leaves."""
        return self.root / "withdrawn"

    @property
    def mark(self) -> Path:
        """Return the path of the colour that a lock screen lists this vault by."""
        return self.root / "mark"

    @property
    def store(self) -> Path:
        """Return the path of the HQ store."""
        return self.root / "hq.db"

    @property
    def export_store(self) -> Path:
        """Return the path of the store that lives for one export only."""
        return self.root / "export.db"

    @property
    def media(self) -> Path:
        """Return the folder of sealed chunks."""
        return self.root / "media"

    @property
    def logs(self) -> Path:
        """Return the folder of the logs."""
        return self.root / "logs"

    def make(self) -> None:
        """Make the folders.

        Raises:
            StorageError: the disk is full or refuses.
        """
        with disk_errors():
            make_private_folder(self.root)
            make_private_folder(self.logs)

    def set_aside(self) -> list[Path]:
        """Return the vaults whose PIN was forgotten, the oldest first."""
        found = ((_number(path), path) for path in self.root.glob(f"{_ASIDE}*.db"))
        return [path for number, path in sorted(found) if number]

    def next_aside(self) -> Path:
        """Return where the next vault is set aside."""
        return self._next(_ASIDE)

    def next_damaged(self) -> Path:
        """Return where the next vault that nothing can read is kept."""
        return self._next(_DAMAGED)

    def _next(self, name: str) -> Path:
        last = max(map(_number, self.root.glob(f"{name}*.db")), default=0)
        return self.root / f"{name}{last + 1}.db"

    def has_vault(self) -> bool:
        """Tell whether a vault lies here, with its key or without."""
        return self.vault.exists()

    def has_key(self) -> bool:
        """Tell whether there is a key file; one of zeros was being destroyed.

        An empty one is damaged: nothing here ever cuts it, and its vault may have a copy of it.
        """
        with disk_errors():
            try:
                content = self.key.read_bytes()
            except FileNotFoundError:
                return False
        return not content or any(content)

    @contextmanager
    def held(self, pid: int) -> Iterator[None]:
        """Hold the home for one app.

        Args:
            pid: the number of this process, for the message that a second app shows.

        Raises:
            HomeBusyError: another app holds it; ``pid`` says which, 0 if that is not known.
        """
        self.make()
        with ExitStack() as lock:
            self._take(lock)
            try:
                with disk_errors():
                    self._pid_file.write_text(str(pid), encoding="ascii")
                yield
            finally:
                self._pid_file.unlink(missing_ok=True)

    @contextmanager
    def exporting(self) -> Iterator[None]:
        """Hold the store of one export, so that nobody takes it for one that was left behind.

        Raises:
            HomeBusyError: another export has it.
        """
        with held_alone(self.root / "export.lock"):
            yield

    def _take(self, lock: ExitStack) -> None:
        try:
            lock.enter_context(held_alone(self.root / "home.lock"))
        except HomeBusyError as problem:
            raise HomeBusyError("home_busy", pid=self._holder()) from problem

    @property
    def _pid_file(self) -> Path:
        return self.root / "home.pid"

    def _holder(self) -> int:
        try:
            return int(self._pid_file.read_text(encoding="ascii"))
        except (OSError, ValueError):
            return 0


def _number(path: Path) -> int:
    """Return the number of a vault that was set aside, 0 for a file of somebody else's."""
    digits = path.stem.removeprefix(_ASIDE).removeprefix(_DAMAGED)
    return int(digits) if digits.isdecimal() else 0


def default_root(platform: str, environment: Mapping[str, str], user_home: Path) -> Path:
    """Return where the home lies when nobody said.

    Args:
        platform: ``sys.platform``.
        environment: the process environment.
        user_home: the folder of the logged-in user.

    >>> default_root("linux", {}, Path("/home/amina")).as_posix()
    '/home/amina/.local/share/baraza'
    """
    if storage := environment.get("FLET_APP_STORAGE_DATA"):
        return Path(storage) / _APP_FOLDER
    if platform == "win32":
        return Path(environment.get("LOCALAPPDATA") or user_home / "AppData/Local") / "Baraza"
    if platform == "darwin":
        return user_home / "Library/Application Support/Baraza"
    return Path(environment.get("XDG_DATA_HOME") or user_home / ".local/share") / _APP_FOLDER
