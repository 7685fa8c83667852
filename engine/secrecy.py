"""秘匿 (secrecy): what goes to the engine is encrypted, so that its database holds nothing that anybody may read.

AES-256-GCM, with the key's id in the associated data. Ids of workflows and search attributes are never encrypted by
Temporal: they carry nothing of a person.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from temporalio.api.common.v1 import Payload
from temporalio.contrib.pydantic import PydanticPayloadConverter
from temporalio.converter import (
    CompositePayloadConverter,
    DataConverter,
    DefaultFailureConverterWithEncodedAttributes,
    PayloadCodec,
)

from engine.keys import KeyRing, UnknownKeyError

ENCRYPTED = b"binary/minaoshi-aes-256-gcm"
NOT_OURS = b"binary/minaoshi-not-authenticated"
"""An encoding that no converter knows: what can't be authenticated is refused where it is read, and blocks nothing.

A codec that raised instead would stop the review that the message was sent to.
"""

_KEY_ID = "minaoshi-key"
_NONCE = 12


class SecretCodec(PayloadCodec):
    """秘匿の符号器: encrypts with the present key, decrypts with every key of the ring."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Encrypt each payload whole, with what it says of its own encoding."""
        key_id, key = self._keys.current()
        return [_encrypted(one, key_id, key) for one in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Decrypt each; what is in clear, of an unknown key, or changed, becomes a payload that nothing reads."""
        return [self._decrypted(one) for one in payloads]

    def _decrypted(self, payload: Payload) -> Payload:
        if payload.metadata.get("encoding") != ENCRYPTED:
            return _NOTHING
        key_id = payload.metadata.get(_KEY_ID, b"")
        try:
            key = self._keys.key(key_id.decode("ascii", "replace"))
            plain = AESGCM(key).decrypt(payload.data[:_NONCE], payload.data[_NONCE:], key_id)
        except (UnknownKeyError, InvalidTag, ValueError):
            return _NOTHING
        return Payload.FromString(plain)


_CONVERTERS = tuple(PydanticPayloadConverter().converters.values())


class PydanticOnce(CompositePayloadConverter):
    """pydantic の変換器: the SDK's, which builds how a message is read once, not once for each workflow."""

    def __init__(self) -> None:
        super().__init__(*_CONVERTERS)


_NOTHING = Payload(metadata={"encoding": NOT_OURS})


def secret_converter(keys: KeyRing) -> DataConverter:
    """Give the converter of a connection: pydantic messages, encrypted, and the texts of failures with them."""
    return DataConverter(
        payload_converter_class=PydanticOnce,
        payload_codec=SecretCodec(keys),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )


def _encrypted(payload: Payload, key_id: str, key: bytes) -> Payload:
    nonce = os.urandom(_NONCE)
    name = key_id.encode("ascii")
    sealed = AESGCM(key).encrypt(nonce, payload.SerializeToString(), name)
    return Payload(metadata={"encoding": ENCRYPTED, _KEY_ID: name}, data=nonce + sealed)
