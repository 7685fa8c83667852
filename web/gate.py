"""門 (gate): what is refused before any page reads it, and what every answer tells the browser."""

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.failures import Failure
from web.pages import page
from web.posted import LARGEST_REQUEST, TOO_LARGE, TooLargeError
from web.signed_in import recognise
from web.site import Site

_LONGEST_LENGTH = 20

_ASKED_FROM_ELSEWHERE = "/codec/"
"""Where the engine's own page asks; `web.codec` sees that it is that page."""

LARGEST_DROPPED = 4 * LARGEST_REQUEST
"""Bytes that are let pass unread before a form that is too large is answered."""

_FOREIGN = Failure(
    403, "別のサイトから送られた様式は受け付けません。", "このサイトのページを開き、そこから送ってください。"
)

_NOWHERE = Failure(404, "このページはありません。", "受信箱から入り直してください。")
"""What an address with a NUL leads to: nothing is called by one, and PostgreSQL does not even look for it."""

_SAFE = frozenset({"GET", "HEAD"})


class Gate:
    """門: it counts what comes in, since a sender need not say beforehand how much it is."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        site: Site = scope["app"].state.site
        method = scope["method"]
        answer = _answering(send, site.headers(scope["path"]), has_body=method != "HEAD")
        failure = _refusal(scope, Headers(scope=scope), site)
        if failure is not None:
            if failure is TOO_LARGE:
                await _drop(receive)
            request = Request(scope)
            await recognise(request)
            refused = page(request, "error.html", status=failure.status, failure=failure)
            await refused(scope, receive, answer)
            return
        # A value without its NULs is what `web.asked` would make of it.
        asked = {**scope, "query_string": scope["query_string"].replace(b"%00", b"")}
        if method == "HEAD":
            asked["method"] = "GET"
        await self._app(asked, _counted(receive), answer)


def _refusal(scope: Scope, headers: Headers, site: Site) -> Failure | None:
    if not site.has_host(headers.get("host", "")):
        return Failure(421, "このアドレスでは開けません。", f"{site.url} を開いてください。")
    if "\0" in scope["path"]:
        return _NOWHERE
    length = headers.get("content-length", "")
    if length.isdecimal() and (len(length) > _LONGEST_LENGTH or int(length) > LARGEST_REQUEST):
        return TOO_LARGE
    may_be_foreign = scope["method"] in _SAFE or scope["path"].startswith(_ASKED_FROM_ELSEWHERE)
    return None if may_be_foreign or site.sent(headers) else _FOREIGN


def _counted(receive: Receive) -> Receive:
    """Count what is received, and stop at the limit."""
    received = 0

    async def counted() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > LARGEST_REQUEST:
            if message.get("more_body", False):
                await _drop(receive)
            raise TooLargeError
        return message

    return counted


async def _drop(receive: Receive) -> None:
    """Let the rest pass unread, as far as it is bearable: a browser reads the answer after it has sent everything."""
    dropped, goes_on = 0, True
    while goes_on and dropped < LARGEST_DROPPED:
        message = await receive()
        dropped += len(message.get("body", b""))
        goes_on = message.get("more_body", False)


def _answering(send: Send, told: dict[str, str], *, has_body: bool) -> Send:
    """Add our headers; a HEAD is answered as a GET is, without what it would show."""

    async def answer(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in told.items():
                headers.setdefault(name, value)
        elif message["type"] == "http.response.body" and not has_body:
            message = {**message, "body": b""}
        await send(message)

    return answer
