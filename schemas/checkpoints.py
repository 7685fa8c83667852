"""控え (checkpoints): a head of the audit trail, signed, to be kept outside the database; and the key that signs."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from schemas.base import Digest, Instant, Message
from schemas.canonical import canonical_bytes

KeyId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
"""鍵の番号: the beginning of the SHA-256 of the public key."""

Base64 = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]+={0,2}$")]


class Checkpoint(Message):
    """控え (checkpoint): the trail stood so at that instant, by the signature (Ed25519) of that key."""

    seq: int = Field(ge=0, title="証跡の番号")
    hash: Digest = Field(title="その値")
    at: Instant = Field(title="控えた日時")
    key_id: KeyId = Field(title="鍵の番号")
    signature: Base64 | None = Field(default=None, title="署名")

    @property
    def signed(self) -> bytes:
        """The bytes that the signature covers."""
        said = self.model_dump(mode="json", exclude={"signature"})
        return canonical_bytes({"minaoshi": "audit checkpoint 1", **said})


class PublicKey(Message):
    """公開鍵 (public key) by which checkpoints are verified; kept after its private key is gone."""

    key_id: KeyId = Field(title="鍵の番号")
    public_key: Base64 = Field(title="公開鍵（Ed25519）")
    made_at: Instant = Field(title="作った日時")
