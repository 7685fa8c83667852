"""履歴を読む (histories in clear): what the engine keeps, decrypted, as those see it who hold the key."""

from __future__ import annotations

from collections.abc import Iterator

from google.protobuf.message import Message
from temporalio.api.common.v1 import Payload
from temporalio.client import WorkflowHistory

from engine.secrecy import ENCRYPTED
from tests.house import House


async def history_of(house: House, workflow_id: str, *, run_id: str | None = None) -> WorkflowHistory:
    """Give a history with every payload decrypted."""
    history = await house.temporal.get_workflow_handle(workflow_id, run_id=run_id).fetch_history()
    codec = house.temporal.data_converter.payload_codec
    if codec is not None:
        for event in history.events:
            for payload in payloads_in(event):
                # What the SDK's core keeps for itself passes no codec.
                if payload.metadata["encoding"] == ENCRYPTED:
                    [plain] = await codec.decode([payload])
                    payload.CopyFrom(plain)
    return history


def text_of(history: WorkflowHistory) -> str:
    """Give all that the payloads of a history say."""
    return "\n".join(one.data.decode() for event in history.events for one in payloads_in(event))


def payloads_in(message: Message) -> Iterator[Payload]:
    """Give each payload in a message, but for search attributes and user metadata, which no codec touches."""
    for field, value in message.ListFields():
        if field.message_type is None or field.name in ("search_attributes", "user_metadata"):
            continue
        is_map = field.message_type.GetOptions().map_entry
        several = value.values() if is_map else value if field.is_repeated else [value]
        for one in several:
            if isinstance(one, Payload):
                yield one
            elif isinstance(one, Message):
                yield from payloads_in(one)
