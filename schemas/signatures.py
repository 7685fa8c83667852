"""署名 (signatures): by which an act is known to come through our own gateway, over its canonical bytes."""

from __future__ import annotations

from typing import Annotated, Any, Protocol, TypeVar

from pydantic import Field, StringConstraints

from schemas.base import Message
from schemas.canonical import canonical_bytes

SigningKeyId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
"""署名鍵の番号."""

SignatureValue = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]{86}==$")]
"""署名の値: 64 bytes of Ed25519 in base64."""


class Signature(Message):
    """署名 (signature): of which key, and its value."""

    key_id: SigningKeyId = Field(title="署名鍵の番号")
    value: SignatureValue = Field(title="署名の値（Ed25519、base64）")


class SignedMessage(Message):
    """署名される行為 (what is signed). What a workflow does by its own timers carries no signature."""

    signature: Signature | None = Field(default=None, title="署名")


class Signer(Protocol):
    """署名する者 (signer): who holds a private key."""

    def sign(self, content: bytes) -> tuple[str, str]:
        """Give the id of the key, and the signature in base64."""


class Trusted(Protocol):
    """信頼する公開鍵 (trusted public keys)."""

    def knows(self, key_id: str) -> bool:
        """Say whether the key of that id is trusted."""

    def verifies(self, content: bytes, *, key_id: str, value: str) -> bool:
        """Say whether the content was signed with that key."""


class Signatures(Signer, Trusted, Protocol):
    """署名 (signatures): both at once, as an installation has them."""


S = TypeVar("S", bound=SignedMessage)


def signed(act: S, signer: Signer) -> S:
    """Give the act with its signature; one that it had is replaced."""
    key_id, value = signer.sign(signed_bytes(act.model_dump(mode="json")))
    return act.model_copy(update={"signature": Signature(key_id=key_id, value=value)})


def signed_bytes(content: dict[str, Any]) -> bytes:
    """Give what is signed: the canonical bytes of the act, plain JSON data, without its signature."""
    return canonical_bytes({name: value for name, value in content.items() if name != "signature"})
