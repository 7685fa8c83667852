"""拒否の記録 (refusals noted): what a page refuses to whoever is signed in is in the trail before they read of it."""

from collections.abc import Awaitable, Callable

from fastapi import Request, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from client.refused import Refusals
from client.register_away import RegisterAway
from client.sessions import SignedIn
from web.failures import Failure

_STATE, _REFUSAL, _ME = "state", "refusal", "me"


def keep_refusal(request: Request, failure: object) -> None:
    """Keep what the answer refuses, so that it is noted; nothing where it is no refusal."""
    if isinstance(failure, Failure) and failure.code:
        setattr(request.state, _REFUSAL, failure)


class RefusalNoting:
    """拒否を記録する門: whatever page tells of a refusal, and however it came to it.

    Where it can't be noted, `away` gives what is answered instead.
    """

    def __init__(self, app: ASGIApp, away: Callable[[Request, Exception], Awaitable[Response]]) -> None:
        self._app = app
        self._away = away

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let an answer out after its refusal is noted: with the address, without what was asked or typed."""
        state = scope.setdefault(_STATE, {})
        is_replaced = False

        async def noting(message: Message) -> None:
            nonlocal is_replaced
            failure, me = state.get(_REFUSAL), state.get(_ME)
            if message["type"] == "http.response.start" and isinstance(failure, Failure) and isinstance(me, SignedIn):
                address = f"{scope['method']} {scope['path']}"
                try:
                    refusals: Refusals = scope["app"].state.minaoshi.refusals
                    await refusals.note(me.person, code=failure.code, act=failure.act, address=address)
                except RegisterAway as error:
                    is_replaced = True
                    answer = await self._away(Request(scope, receive), error)
                    await answer(scope, receive, send)
            if not is_replaced:
                await send(message)

        await self._app(scope, receive, noting)
