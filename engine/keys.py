"""鍵 (keys): the keys with which payloads are encrypted, in one file that only its owner may read.

The present key encrypts; all keys decrypt. A key is kept as long as a history that was written with it.
"""

from __future__ import annotations

import base64
import json
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from engine.errors import KeysError
from engine.key_files import KeyFile

if TYPE_CHECKING:
    from settings import Settings

_BYTES = 32


class UnknownKeyError(LookupError):
    """知らない鍵: the ring has no key of that id, also not when it is read again."""


class _Keys(NamedTuple):
    current: str
    keys: dict[str, bytes]


class KeyRing:
    """鍵の束 (key ring): read from its file, and again when that has changed: a rotation needs no restart.

    With `makes` the first use makes the file where there is none: to look at an installation makes nothing.
    """

    def __init__(self, path: Path, *, makes: bool) -> None:
        self._path = path
        self._makes = makes
        self._file = KeyFile(path, _parsed, error=KeysError)

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
        self._file.replace(_content(key_id, {**ring.keys, key_id: secrets.token_bytes(_BYTES)}))
        return key_id

    def remove(self, key_id: str) -> None:
        """Take a key out: what was encrypted with it can't be read any more.

        Raises UnknownKeyError, and ValueError for the present key.
        """
        ring = self._ring()
        if key_id not in ring.keys:
            raise UnknownKeyError(key_id)
        if key_id == ring.current:
            raise ValueError(key_id)
        self._file.replace(_content(ring.current, {name: key for name, key in ring.keys.items() if name != key_id}))

    def _make(self) -> None:
        key_id = _new_id({})
        self._file.make(_content(key_id, {key_id: secrets.token_bytes(_BYTES)}))

    def _ring(self) -> _Keys:
        if self._makes and not self._file.is_there():
            self._make()
        self._makes = False  # a file that goes away later is missed, not made anew
        ring = self._file.content()
        if ring.current not in ring.keys or any(len(key) != _BYTES for key in ring.keys.values()):
            raise KeysError(self._path, reason=f"今の鍵がないか、{_BYTES} バイトでない鍵があります")
        return ring


def key_ring(settings: Settings) -> KeyRing:
    """Give the keys of an installation: of the file that is named, else of one in its folder, made at the first use."""
    return KeyRing(settings.keys_path, makes=settings.keys_file is None)


def _new_id(known: dict[str, bytes]) -> str:
    return f"k{len(known) + 1}-{secrets.token_hex(4)}"


def _content(current: str, keys: dict[str, bytes]) -> object:
    return {"current": current, "keys": {name: base64.b64encode(key).decode() for name, key in keys.items()}}


def _parsed(text: str) -> _Keys:
    content = json.loads(text)
    keys = {str(name): base64.b64decode(key, validate=True) for name, key in content["keys"].items()}
    return _Keys(content["current"], keys)
