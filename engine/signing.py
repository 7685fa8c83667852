"""署名鍵 (signing keys): acts are signed with the private key of the gateway, and verified with all that are trusted.

Ed25519. The private key is in a file that only its owner may read; the public ones are beside it, or in a file that
is named. A public key is trusted until somebody removes it.
"""

from __future__ import annotations

import base64
import json
import secrets
from typing import TYPE_CHECKING, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from engine.errors import SigningKeysError
from engine.key_files import PUBLIC, KeyFile

if TYPE_CHECKING:
    from settings import Settings


class _Private(NamedTuple):
    key_id: str
    key: Ed25519PrivateKey


class Signatures:
    """署名 (signatures): of one installation; its files are read again when they have changed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._private = KeyFile(settings.signing_key_path, _private, error=SigningKeysError)
        self._public = KeyFile(settings.public_keys_path, _public, error=SigningKeysError, mode=PUBLIC)
        self._is_ready = False

    def prepare(self) -> None:
        """Make the keys at the first start, and see that they can be used.

        A file that is named is not made. Raises SigningKeysError.
        """
        if self._settings.signing_key_file is None and not self._private.is_there():
            self._private.make(_private_content(_new_id(), Ed25519PrivateKey.generate()))
        private = self._private.content()
        if self._settings.public_keys_file is None and not self._public.is_there():
            self._public.make(_public_content({private.key_id: private.key.public_key()}))
        self._public.content()
        self._is_ready = True

    def sign(self, content: bytes) -> tuple[str, str]:
        """Give the id of the present key, and the signature in base64. Raises SigningKeysError."""
        if not self._is_ready:
            self.prepare()
        private = self._private.content()
        return private.key_id, base64.b64encode(private.key.sign(content)).decode()

    def knows(self, key_id: str) -> bool:
        """Say whether the key of that id is trusted; where the file can't be read, none is."""
        return key_id in self._trusted()

    def verifies(self, content: bytes, *, key_id: str, value: str) -> bool:
        """Say whether the content was signed with that key, which is trusted."""
        key = self._trusted().get(key_id)
        if key is None:
            return False
        try:
            key.verify(base64.b64decode(value), content)
        except (InvalidSignature, ValueError):
            return False
        return True

    def current(self) -> str:
        """Give the id of the present key. Raises SigningKeysError."""
        return self._private.content().key_id

    def ids(self) -> tuple[str, ...]:
        """Give the ids of the trusted keys. Raises SigningKeysError."""
        return tuple(self._public.content())

    def rotate(self) -> str:
        """Make a new key, and sign with it from now on; the public ones of the others stay. Gives its id.

        It is trusted before it signs. Raises SigningKeysError.
        """
        trusted = self._public.content()
        key_id, key = _new_id(), Ed25519PrivateKey.generate()
        self._public.replace(_public_content({**trusted, key_id: key.public_key()}))
        self._private.replace(_private_content(key_id, key))
        return key_id

    def distrust(self, key_id: str) -> bool:
        """Trust that key no longer; False where it was not trusted. Raises SigningKeysError."""
        trusted = self._public.content()
        if key_id not in trusted:
            return False
        self._public.replace(_public_content({name: key for name, key in trusted.items() if name != key_id}))
        return True

    def _trusted(self) -> dict[str, Ed25519PublicKey]:
        try:
            return self._public.content()
        except SigningKeysError:
            return {}


def prepared_signatures(settings: Settings) -> Signatures:
    """Give the signatures of an installation, whose keys are made at the first start. Raises SigningKeysError."""
    signatures = Signatures(settings)
    signatures.prepare()
    return signatures


def _new_id() -> str:
    return f"s-{secrets.token_hex(6)}"


def _private_content(key_id: str, key: Ed25519PrivateKey) -> object:
    return {"id": key_id, "private": base64.b64encode(key.private_bytes_raw()).decode()}


def _public_content(keys: dict[str, Ed25519PublicKey]) -> object:
    return {"keys": {name: base64.b64encode(key.public_bytes_raw()).decode() for name, key in keys.items()}}


def _private(text: str) -> _Private:
    content = json.loads(text)
    key = base64.b64decode(content["private"], validate=True)
    return _Private(str(content["id"]), Ed25519PrivateKey.from_private_bytes(key))


def _public(text: str) -> dict[str, Ed25519PublicKey]:
    keys = json.loads(text)["keys"].items()
    return {str(name): Ed25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True)) for name, key in keys}
