"""戻り口 (loopback): where the provider sends the browser back to, on this machine, at a port of its own (RFC 8252)."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from hmac import compare_digest
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

_HOST = "127.0.0.1"
_PATH = "/sign-in/return"
_LARGEST_REQUEST = 16_384
_PATIENCE_S = 10

_TEMPLATE = (
    '<!doctype html><html lang="ja"><head><meta charset="utf-8"><title>{title} | 見直し minaoshi</title></head>'
    "<body><h1>{title}</h1><p>{text}</p></body></html>"
)
_RECEIVED = _TEMPLATE.format(
    title="認証サーバーの答えを受け取りました", text="端末に戻ってください。この画面は閉じて構いません。"
)
_REFUSED = _TEMPLATE.format(title="この答えは受け付けません", text="端末で始めたサインインの答えではありません。")


class Loopback:
    """戻り口: it waits for one answer, and takes none but that of the sign-in that was begun here."""

    def __init__(self) -> None:
        self._server: asyncio.Server | None = None
        self._state = ""
        self._answer: asyncio.Future[dict[str, str]] = asyncio.get_running_loop().create_future()

    async def __aenter__(self) -> Self:
        """Listen."""
        self._server = await asyncio.start_server(self._serve, _HOST, 0, limit=_LARGEST_REQUEST)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Listen no more."""
        assert self._server is not None  # noqa: S101 # entered before
        self._server.close()
        await self._server.wait_closed()

    @property
    def redirect_uri(self) -> str:
        """The address that the provider is told."""
        assert self._server is not None  # noqa: S101 # entered before
        port: int = self._server.sockets[0].getsockname()[1]
        return f"http://{_HOST}:{port}{_PATH}"

    async def answer(self, *, state: str, within_s: float) -> dict[str, str]:
        """Give what the provider sent the browser back with; raises TimeoutError."""
        self._state = state
        async with asyncio.timeout(within_s):
            return await self._answer

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            async with asyncio.timeout(_PATIENCE_S):
                head = await reader.readuntil(b"\r\n\r\n")
                answer = self._read(head.split(b"\r\n", 1)[0].decode("latin-1"))
                status, text = ("403 Forbidden", _REFUSED) if answer is None else ("200 OK", _RECEIVED)
                writer.write(_response(status, text))
                await writer.drain()
            if answer is not None and not self._answer.done():
                self._answer.set_result(answer)
        writer.close()

    def _read(self, line: str) -> dict[str, str] | None:
        """Give the answer in a request; None where it is another one."""
        method, _, rest = line.partition(" ")
        try:
            target = urlsplit(rest.rpartition(" ")[0])
        except ValueError:
            return None
        answer = dict(parse_qsl(target.query, keep_blank_values=True))
        is_ours = bool(self._state) and compare_digest(answer.get("state", "").encode(), self._state.encode())
        return answer if method == "GET" and target.path == _PATH and is_ours else None


def _response(status: str, text: str) -> bytes:
    body = text.encode()
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
        "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\nX-Content-Type-Options: nosniff\r\n"
        "Referrer-Policy: no-referrer\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body
