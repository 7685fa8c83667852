"""開封 (unsealing): payloads as Temporal's page and command line send them to a codec endpoint, opened to be read."""

from __future__ import annotations

import json

from google.protobuf.json_format import MessageToDict, Parse, ParseError
from temporalio.api.common.v1 import Payload, Payloads

from engine.keys import KeyRing
from engine.secrecy import NOT_OURS, SecretCodec

_WAS = "minaoshi-encoding"
"""What a payload that can't be authenticated says of its own encoding: it is shown, and not as one of ours."""


class Unsealing:
    """開封する: with every key of the ring."""

    def __init__(self, keys: KeyRing) -> None:
        self._codec = SecretCodec(keys)

    async def __call__(self, content: bytes) -> tuple[int, bytes]:
        """Give how many there are, and all of them opened; what can't be authenticated as it came, with a marker.

        Raises ValueError for what is no list of payloads, and KeysError.
        """
        try:
            sealed = Parse(content, Payloads()).payloads
        except (ParseError, RecursionError) as error:
            raise ValueError("no payloads") from error
        read = await self._codec.decode(sealed)
        opened = [
            _marked(given) if one.metadata["encoding"] == NOT_OURS else one
            for given, one in zip(sealed, read, strict=True)
        ]
        return len(opened), json.dumps({"payloads": [MessageToDict(one) for one in opened]}).encode()


def _marked(payload: Payload) -> Payload:
    was = payload.metadata.get("encoding", b"")
    return Payload(metadata={**payload.metadata, "encoding": NOT_OURS, _WAS: was}, data=payload.data)
