"""控えの鍵 (checkpoint keys): what signs checkpoints, in a file of its own that its owner alone may read.

Of keys that were rotated out only the public half stays, so that what they signed can be verified for ever.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import Field

from engine.errors import CheckpointKeysError
from engine.key_files import KeyFile
from schemas.base import Message
from schemas.canonical import sha256_of
from schemas.checkpoints import Base64, Checkpoint, PublicKey


class _Keys(Message):
    """鍵の綴り (the file): the private half of the newest key, and the public halves of all, the first one first."""

    private_key: Base64 = Field(repr=False)
    keys: tuple[PublicKey, ...] = Field(min_length=1)


class CheckpointKeys:
    """控えの鍵 (checkpoint keys) in the file at `path`, which is made when it is not there.

    Raises CheckpointKeysError when the file can't be used.
    """

    def __init__(self, path: Path) -> None:
        self._file = KeyFile(path, _Keys.model_validate_json, error=CheckpointKeysError)

    def public(self) -> tuple[PublicKey, ...]:
        """Give the public keys, the first one first; none where no key was made yet."""
        return self._file.content().keys if self._file.is_there() else ()

    def ensure(self, *, at: datetime) -> PublicKey:
        """Give the present key, made now if there is none: of two that make one at once the first counts."""
        if not self._file.is_there():
            private, public = _new_key(at=at)
            self._file.make(_content(private, public))
        return self._file.content().keys[-1]

    def sign(self, seq: int, head: str, *, at: datetime) -> Checkpoint:
        """Sign a head of the trail with the present key."""
        key = self.ensure(at=at)
        private = Ed25519PrivateKey.from_private_bytes(b64decode(self._file.content().private_key))
        checkpoint = Checkpoint(seq=seq, hash=head, at=at, key_id=key.key_id)
        signature = b64encode(private.sign(checkpoint.signed)).decode()
        return checkpoint.model_copy(update={"signature": signature})

    def prepare(self, *, at: datetime) -> NewKey:
        """Make a key that is not used before `NewKey.take_over` is called."""
        self.ensure(at=at)
        private, public = _new_key(at=at)
        return NewKey(self, public, private)

    def begin_after(self, earlier: tuple[PublicKey, ...], *, at: datetime) -> PublicKey:
        """Make the file with a new key where the private half of the earlier ones is gone; theirs verify still."""
        private, public = _new_key(at=at)
        self._file.make(_content(private, *earlier, public))
        return public

    def replace(self, private: str, public: PublicKey) -> None:
        """Put a new key in the place of the present one, of which the public half stays."""
        self._file.replace(_content(private, *self._file.content().keys, public))


class NewKey:
    """新しい鍵 (new key) that is made and not used yet: that it will be can be signed by the key before it."""

    def __init__(self, keys: CheckpointKeys, public: PublicKey, private: str) -> None:
        self.public = public
        self._keys = keys
        self._private = private

    def take_over(self) -> None:
        """Sign with this key from now on; the private half of the one before it is gone."""
        self._keys.replace(self._private, self.public)


def _new_key(*, at: datetime) -> tuple[str, PublicKey]:
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    key = PublicKey(key_id=sha256_of(public)[:16], public_key=b64encode(public).decode(), made_at=at)
    return b64encode(private.private_bytes_raw()).decode(), key


def _content(private: str, *keys: PublicKey) -> object:
    return _Keys(private_key=private, keys=keys).model_dump(mode="json")
