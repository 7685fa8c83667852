"""鍵のファイル (key files): written whole, and read again when they have changed: a rotation needs no restart."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from engine.errors import CheckpointKeysError, KeysError, SigningKeysError

PRIVATE = 0o600
PUBLIC = 0o644

_T = TypeVar("_T")


class _Read(NamedTuple, Generic[_T]):
    content: _T
    stamp: tuple[int, int]


class KeyFile(Generic[_T]):
    """鍵のファイル: what is in it is `parsed`; one that is more open than its `mode` is refused."""

    def __init__(
        self,
        path: Path,
        parsed: Callable[[str], _T],
        *,
        error: type[KeysError | SigningKeysError | CheckpointKeysError],
        mode: int = PRIVATE,
    ) -> None:
        self._path = path
        self._parsed = parsed
        self._error = error
        self._mode = mode
        self._read: _Read[_T] | None = None

    def content(self) -> _T:
        """Give what is in the file now. Raises the file's error when it can't be used."""
        try:
            found = self._path.stat()
            stamp = (found.st_mtime_ns, found.st_ino)
            read = self._read
            if read is None or read.stamp != stamp:
                self._refuse_open(found.st_mode)
                read = self._read = _Read(self._parsed(self._path.read_text(encoding="ascii")), stamp)
        except OSError as error:
            raise self._error(self._path, reason=error.strerror or str(error)) from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise self._error(self._path, reason="鍵のファイルとして読めません") from error
        return read.content

    def is_there(self) -> bool:
        """Say whether there is such a file."""
        return self._path.exists()

    def make(self, content: object) -> None:
        """Write the first content; where another process was quicker, its content stays."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        own = self._path.with_name(f"{self._path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        self._write(own, content)
        try:
            os.link(own, self._path)
        except FileExistsError:
            pass
        finally:
            own.unlink()

    def replace(self, content: object) -> None:
        """Write the file anew beside the old one, and put it in its place: a reader sees the old or the new, whole."""
        beside = self._path.with_name(f"{self._path.name}.new-{secrets.token_hex(4)}")
        try:
            self._write(beside, content)
            beside.replace(self._path)
        except OSError as error:
            raise self._error(self._path, reason=error.strerror or str(error)) from error

    def _write(self, path: Path, content: object) -> None:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, self._mode)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            json.dump(content, file)
            file.flush()
            os.fsync(file.fileno())

    def _refuse_open(self, mode: int) -> None:
        # To read what is public harms nobody; to write it would let anybody be trusted.
        if self._mode == PRIVATE and mode & 0o077:
            raise self._error(self._path, reason="ほかの人が読めます（chmod 600 にしてください）")
        if mode & 0o022:
            raise self._error(self._path, reason="ほかの人が書き込めます（chmod 644 にしてください）")
