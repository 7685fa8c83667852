"""行為の署名 (signed acts): an act is heard only where a key that is trusted has signed it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guideline.refusals import refuse
from schemas.signatures import signed_bytes

if TYPE_CHECKING:
    from schemas.signatures import SignedMessage, Trusted

FORGED = frozenset({"not_signed", "unknown_signer", "bad_signature"})
"""署名による拒否: the refusals that speak of somebody who acts past the gateway."""


def check_signed(act: SignedMessage, *, trusted: Trusted | None) -> None:
    """See that a trusted key has signed the act as it is. Raises RefusedError."""
    signature = act.signature
    if signature is None:
        raise refuse("not_signed")
    if trusted is None or not trusted.knows(signature.key_id):
        raise refuse("unknown_signer", given=signature.key_id)
    content = signed_bytes(act.model_dump(mode="json"))
    if not trusted.verifies(content, key_id=signature.key_id, value=signature.value):
        raise refuse("bad_signature", given=signature.key_id)
