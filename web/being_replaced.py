"""入れ替え中 (being replaced): who still waits for an answer when the pages end is told that it is not known yet."""

import asyncio

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.register_away import to_be_sent_again

REPLACED = "ページの入れ替えのため、答えを待てませんでした。受け付けられたかどうかは、まだ分かりません。"


class BeingReplaced:
    """入れ替え中の答え: the server calls off what has not ended in time, and would call that a bug."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through; answer it where it is called off."""
        answered = False

        async def noting(message: Message) -> None:
            nonlocal answered
            answered = answered or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except asyncio.CancelledError:
            if scope["type"] == "http" and not answered:
                answer = await to_be_sent_again(Request(scope, receive), REPLACED)
                await answer(scope, receive, send)
            raise
