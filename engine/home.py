"""データのフォルダー (Home folder): made when missing, and used by one living process at a time."""

import fcntl
import os
from pathlib import Path

from engine.errors import HomeInUseError
from engine.patience import comes_true
from settings import Settings

_PRIVATE = 0o700

# A holder that was killed a moment ago may not be quite gone.
_PATIENCE_SECONDS = 1.0


class HomeLock:
    """フォルダーの錠 (Lock of the home folder): it goes with the process that holds it, however that ends."""

    def __init__(self, settings: Settings) -> None:
        self._home = settings.home
        self._path: Path = settings.lock_path
        self._descriptor: int | None = None

    async def acquire(self) -> None:
        """Make the folder if need be, and take the lock.

        Raises:
            HomeInUseError: a living process holds it.

        """
        if not await comes_true(self._try_to_acquire, within=_PATIENCE_SECONDS):
            owner = self._path.read_text(encoding="ascii", errors="replace").strip()
            raise HomeInUseError(self._home, owner=owner or None)

    def _try_to_acquire(self) -> bool:
        self._home.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
        # Not inherited by children (PEP 446): an orphaned server must not keep the lock.
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode("ascii"))
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        # The file stays: removing it would let two processes lock two files of one name.
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
