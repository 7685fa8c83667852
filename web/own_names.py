"""自分の名 (own names): where one says oneself who one is, the pages answer only to this machine's own names.

A foreign site may let its own name lead to this machine (DNS rebinding); its scripts could then act in anybody's name.
"""

from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from sign_in_settings import is_loopback
from web.failures import Failure
from web.pages import page

_NOT_OURS = Failure(
    421,
    "この名前では、ページを開けません。",
    "この機械の中から http://127.0.0.1 か http://localhost で始まるアドレスで開いてください。",
)


class OwnNames:
    """自分の名: what is asked under another name is not answered."""

    def __init__(self, app: ASGIApp, *, pages_url: str) -> None:
        self._app = app
        self._own = urlsplit(pages_url).hostname

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it."""
        if scope["type"] != "http" or self._is_own(Headers(scope=scope).get("host", "")):
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        await page(request, "error.html", status=_NOT_OURS.status, failure=_NOT_OURS)(scope, receive, send)

    def _is_own(self, host: str) -> bool:
        try:
            name = urlsplit(f"//{host}").hostname
        except ValueError:
            return False
        return name is not None and (name == self._own or is_loopback(name))
