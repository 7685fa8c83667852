"""鍵 (keys): the keys with which payloads are encrypted, in one file that only its owner may read.

The present key encrypts; all keys decrypt. A key is kept as long as a history that was written with it.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from engine.errors import KeysError

if TYPE_CHECKING:
    from settings import Settings

_BYTES = 32
_PRIVATE = 0o600
_OTHERS = 0o077


class UnknownKeyError(LookupError):
    """知らない鍵: the ring has no key of that id, also not when it is read again."""


class _Keys(NamedTuple):
    current: str
    keys: dict[str, bytes]
    stamp: tuple[int, int]


class KeyRing:
    """鍵の束 (key ring): read from its file, and again when that has changed: a rotation needs no restart."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read: _Keys | None = None

    def current(self) -> tuple[str, bytes]:
        """Give the id of the present key, and the key. Raises KeysError when the file can't be used."""
        ring = self._ring()
        return ring.current, ring.keys[ring.current]

    def key(self, key_id: str) -> bytes:
        """Give the key of that id. Raises UnknownKeyError."""
        try:
            return self._ring().keys[key_id]
        except KeyError:
            raise UnknownKeyError(key_id) from None

    def ids(self) -> tuple[str, ...]:
        """Give the ids of all keys, the present one last."""
        ring = self._ring()
        return (*(one for one in ring.keys if one != ring.current), ring.current)

    def rotate(self) -> str:
        """Make a new key, and encrypt with it from now on; the others stay. Gives its id."""
        ring = self._ring()
        key_id = _new_id(ring.keys)
        _write(self._path, key_id, {**ring.keys, key_id: secrets.token_bytes(_BYTES)})
        return key_id

    def _ring(self) -> _Keys:
        try:
            found = self._path.stat()
        except OSError as error:
            raise KeysError(self._path, reason=error.strerror or str(error)) from error
        stamp = (found.st_mtime_ns, found.st_ino)
        if self._read is None or self._read.stamp != stamp:
            if found.st_mode & _OTHERS:
                raise KeysError(self._path, reason="ほかの人が読めます（chmod 600 にしてください）")
            self._read = _parsed(self._path, stamp)
        return self._read


def key_ring(settings: Settings) -> KeyRing:
    """Give the keys of an installation: of the file that is named, else of one in its folder, made at the first start.

    Raises KeysError when a file that is named is not there.
    """
    path = settings.keys_path
    if settings.keys_file is None and not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _make(path)
    return KeyRing(path)


def _make(path: Path) -> None:
    """Write the first key; where another process was quicker, its key stays."""
    key_id = _new_id({})
    own = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    _write(own, key_id, {key_id: secrets.token_bytes(_BYTES)})
    try:
        os.link(own, path)
    except FileExistsError:
        pass
    finally:
        own.unlink()


def _new_id(known: dict[str, bytes]) -> str:
    return f"k{len(known) + 1}-{secrets.token_hex(4)}"


def _write(path: Path, current: str, keys: dict[str, bytes]) -> None:
    """Write the file anew beside the old one, and put it in its place: a reader sees the old or the new, whole."""
    content = {"current": current, "keys": {name: base64.b64encode(key).decode() for name, key in keys.items()}}
    beside = path.with_name(f"{path.name}.new-{secrets.token_hex(4)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        json.dump(content, file)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def _parsed(path: Path, stamp: tuple[int, int]) -> _Keys:
    try:
        content = json.loads(path.read_text(encoding="ascii"))
        keys = {str(name): base64.b64decode(text, validate=True) for name, text in content["keys"].items()}
        current = content["current"]
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error) as error:
        raise KeysError(path, reason="鍵のファイルとして読めません") from error
    if current not in keys or any(len(key) != _BYTES for key in keys.values()):
        raise KeysError(path, reason=f"今の鍵がないか、{_BYTES} バイトでない鍵があります")
    return _Keys(current, keys, stamp)
