"""正準バイト列 (canonical bytes): the one byte form in which anything is hashed."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import BaseModel


def canonical_bytes(value: object) -> bytes:
    """Give JSON in UTF-8 with sorted keys, no white space, no escaped Japanese and no NaN.

    Raises ValueError for NaN and infinities, TypeError for what JSON can't hold.
    """
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8")


def sha256_of(data: bytes) -> str:
    """Give the SHA-256 of the bytes in lower-case hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def token_digest(token: str) -> str:
    """Give the digest by which a token is kept and found: no database holds a key by which somebody is let in.

    What no token of ours can be, such as half a character, is the digest of another that is none.
    """
    return sha256_of(token.encode(errors="replace"))


def digest_of(value: object) -> str:
    """Give the SHA-256 of the canonical bytes of plain JSON data."""
    return sha256_of(canonical_bytes(value))


def message_digest(message: BaseModel) -> str:
    """Give the SHA-256 of a message's canonical bytes."""
    return digest_of(message.model_dump(mode="json"))


def act_digest(message: BaseModel) -> str:
    """Give the SHA-256 of an act's canonical bytes without the organisation's revision and the signature.

    The same act sent again after a revision of the organisation, or signed with a newer key, is still the same act.
    """
    return content_digest(message.model_dump(mode="json"))


def content_digest(content: dict[str, Any]) -> str:
    """Give the `act_digest` of an act that is plain JSON data already."""
    actor = {name: value for name, value in content["actor"].items() if name != "organisation_revision"}
    rest = {name: value for name, value in content.items() if name != "signature"}
    return digest_of({**rest, "actor": actor})
