"""読めないもの (unread): what comes to a worker and can't be authenticated is counted with what is refused.

A stranger's update in clear never comes to a validator, for its argument can't be read: so it is counted here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from temporalio.api.common.v1 import Payload
from temporalio.client import Client
from temporalio.converter import PayloadCodec
from temporalio.runtime import Runtime

from engine.refusal_count import RefusalCount
from engine.secrecy import NOT_OURS


class _Counting(PayloadCodec):
    def __init__(self, codec: PayloadCodec, counted: RefusalCount, runtime: Runtime) -> None:
        self._codec = codec
        self._counted = counted
        self._runtime = runtime

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return await self._codec.encode(payloads)

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        read = await self._codec.decode(payloads)
        number = sum(one.metadata.get("encoding") == NOT_OURS for one in read)
        if number:
            self._counted.count_unread(number, lambda: self._runtime.metric_meter)
        return read


def counting(temporal: Client, counted: RefusalCount) -> Client:
    """Give the same connection, for a worker: what it can't read is counted. One without a codec stays as it is."""
    config = temporal.config()
    codec = config["data_converter"].payload_codec
    if codec is None:
        return temporal
    runtime = temporal.service_client.config.runtime or Runtime.default()
    config["data_converter"] = replace(config["data_converter"], payload_codec=_Counting(codec, counted, runtime))
    return Client(**config)
