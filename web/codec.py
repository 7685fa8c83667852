"""エンジンの内容の窓口 (codec endpoint): Temporal's own page and command line read payloads here, signed in.

A page that lies on another port sends its question with the cookie of the sign-in. So three things are asked of it that
no form of a strange site can bring along: its origin, which is configured, JSON, and a header of its own. The browser
asks beforehand whether they may be sent. A terminal sends the token of a session instead.
"""

import json
from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Request, Response

from client.errors import CallerError
from client.minaoshi import Minaoshi
from client.payload_reading import PayloadReading
from client.sessions import SignedIn
from engine.errors import EngineError
from web.failures import Failure, failure_of
from web.refused import keep_refusal
from web.signed_in import COOKIE, Facade, cookie

LARGEST = 8_000_000
"""Bytes of one question: Temporal keeps 2 MiB of one payload, and several are asked for at once."""

_NAMESPACE, _JSON = "x-namespace", "application/json"
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "POST",
    "Access-Control-Allow-Headers": "authorization, content-type, x-namespace",
    "Access-Control-Max-Age": "600",
}
_FOREIGN = Failure(403, "この画面からは読めません。", "設定された Temporal の画面から開いてください。")
_NOT_SIGNED_IN = Failure(
    401, "サインインしていません。", "ページでサインインするか、サインインの番号（Bearer）を添えてください。"
)
_TOO_LARGE = Failure(413, "一度に読む内容が大きすぎます。", "範囲を狭めてください。")


class CodecEndpoint:
    """エンジンの内容の窓口: for the page of the engine at `ui_origin`, and for terminals."""

    def __init__(self, ui_origin: str, payloads: PayloadReading) -> None:
        self._ui_origin = ui_origin
        self._payloads = payloads

    def router(self) -> APIRouter:
        """Give the addresses at which it answers."""
        router = APIRouter(prefix="/codec")
        for name, do in (("decode", self._decode), ("encode", self._encode)):
            router.add_api_route(f"/{name}", self._preflight, methods=["OPTIONS"])
            router.add_api_route(f"/{name}", self._answering(do), methods=["POST"])
        return router

    async def _preflight(self, request: Request) -> Response:
        """Tell a browser that the page of the engine may ask, and no other."""
        if not self._is_from_the_ui(request):
            return self._told(request, _FOREIGN)
        return Response(status_code=204, headers={**self._allowed(request), **_PREFLIGHT})

    async def _decode(self, request: Request, me: SignedIn, content: bytes) -> bytes:
        namespace = request.headers.get(_NAMESPACE, "")
        return await self._payloads.decode(content, namespace=namespace, as_=me.person)

    async def _encode(self, _: Request, me: SignedIn, content: bytes) -> bytes:
        return await self._payloads.encode(content, as_=me.person)

    def _answering(
        self, do: Callable[[Request, SignedIn, bytes], Awaitable[bytes]]
    ) -> Callable[[Request, Minaoshi], Awaitable[Response]]:
        async def answer(request: Request, minaoshi: Facade) -> Response:
            me = await self._reader(request, minaoshi)
            if me is None:
                return self._told(request, _NOT_SIGNED_IN)
            request.state.me = me
            content = await request.body()
            if len(content) > LARGEST:
                return self._told(request, _TOO_LARGE)
            try:
                return self._response(request, await do(request, me, content), status=200)
            except (CallerError, EngineError) as error:
                return self._told(request, failure_of(error))

        return answer

    async def _reader(self, request: Request, minaoshi: Minaoshi) -> SignedIn | None:
        """Give who asks: by the token of a terminal, or by the cookie that came with the engine's own page."""
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        me = await minaoshi.sessions.of(token.strip()) if kind.lower() == "bearer" else None
        if me is None and (kept := cookie(request, COOKIE)) and _is_no_form(request) and self._is_from_the_ui(request):
            # The engine's page asks by itself, while nobody may sit before it.
            me = await minaoshi.sessions.look(kept)
        return me

    def _is_from_the_ui(self, request: Request) -> bool:
        return request.headers.get("origin") == self._ui_origin

    def _allowed(self, request: Request) -> dict[str, str]:
        allowed = {"Vary": "Origin"}
        if self._is_from_the_ui(request):
            allowed["Access-Control-Allow-Origin"] = self._ui_origin
            allowed["Access-Control-Allow-Credentials"] = "true"
        return allowed

    def _told(self, request: Request, failure: Failure) -> Response:
        keep_refusal(request, failure)
        content = json.dumps({"message": failure.message, "remedy": failure.remedy}, ensure_ascii=False).encode()
        return self._response(request, content, status=failure.status)

    def _response(self, request: Request, content: bytes, *, status: int) -> Response:
        headers = self._allowed(request) | ({"WWW-Authenticate": "Bearer"} if status == _NOT_SIGNED_IN.status else {})
        return Response(content, status_code=status, media_type=_JSON, headers=headers)


def _is_no_form(request: Request) -> bool:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind == _JSON and _NAMESPACE in request.headers
