"""生の要求 (raw requests): the application asked byte for byte, with what no client library would send."""

from __future__ import annotations

import re
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import unquote

from fastapi import FastAPI

Header = tuple[bytes, bytes]

_TAG = re.compile(
    r"<(?:input|textarea|select|button)\b([^>]*)>(?:\s*<option[^>]*>)*?(?:\s*<option value=\"([^\"]+)\")?"
)
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')


@dataclass(frozen=True)
class Asked:
    """要求 (request), as it goes over the wire."""

    method: str
    path: bytes
    query: bytes = b""
    headers: tuple[Header, ...] = ()
    body: bytes = b""

    def told(self) -> str:
        """Say it so that it can be sent again."""
        return f"{self.method} {self.path!r} ?{self.query!r}\n  {self.headers!r}\n  {self.body[:2000]!r}"


@dataclass(frozen=True)
class Answered:
    """答え (answer): `failed` is the trace of what the application raised."""

    status: int
    headers: dict[str, str]
    cookies: tuple[str, ...]
    body: bytes
    failed: str = ""

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")


async def ask(application: FastAPI, asked: Asked, *, client: str = "127.0.0.1") -> Answered:
    """Send a request as a server would hand it on."""
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": asked.method,
        "scheme": "http",
        "path": unquote(asked.path.decode("latin-1")),
        "raw_path": asked.path,
        "query_string": asked.query,
        "root_path": "",
        "headers": [*asked.headers, (b"host", b"127.0.0.1")],
        "client": (client, 50000),
        "server": ("127.0.0.1", 80),
    }
    sent: list[Any] = []
    waiting = [{"type": "http.request", "body": asked.body, "more_body": False}]

    async def receive() -> Any:
        return waiting.pop() if waiting else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    failed = ""
    try:
        await application(scope, receive, send)
    except Exception:  # noqa: BLE001 # whatever it is, it is told with the request that brought it about
        failed = traceback.format_exc()
    start = next(one for one in sent if one["type"] == "http.response.start")
    pairs = [(name.decode().lower(), value.decode("latin-1")) for name, value in start["headers"]]
    body = b"".join(one.get("body", b"") for one in sent if one["type"] == "http.response.body")
    cookies = tuple(value for name, value in pairs if name == "set-cookie")
    return Answered(start["status"], dict(pairs), cookies, body, failed)


def fields_in(page: str) -> dict[str, str]:
    """Give the fields that the forms of a page send, with what stands in them."""
    found: dict[str, str] = {}
    for attributes, option in _TAG.findall(page):
        named = dict(_ATTRIBUTE.findall(attributes))
        if "name" in named:
            found.setdefault(unescape(named["name"]), unescape(named.get("value") or option))
    return found


def operations(application: FastAPI) -> list[tuple[str, str]]:
    """Give every method and address of the application, those of its routes alone."""
    paths = application.openapi()["paths"]
    return [(method.upper(), path) for path, methods in paths.items() for method in methods]


def asked_in(application: FastAPI, forms: Mapping[str, Mapping[str, str]]) -> dict[str, list[str]]:
    """Give what an address may ask for, by its template: what the route reads, and what a form on a page asks."""
    asked: dict[str, list[str]] = {address: list(fields) for address, fields in forms.items()}
    for path, methods in application.openapi()["paths"].items():
        for one in methods.get("get", {}).get("parameters", ()):
            if one["in"] == "query":
                asked.setdefault(path, []).append(one["name"])
    return asked


def faults_of(answer: Answered) -> list[str]:
    """Say what an answer lacks that every answer has."""
    told = answer.headers
    faults = [
        name
        for name, words in PROMISED.items()
        if words not in told.get(name, "") and told.get(name) != STRICTER.get(name)
    ]
    if (
        answer.status >= 400
        and answer.body
        and not told.get("content-type", "").startswith(("text/html", "application/json"))
    ):
        faults.append("content-type")
    return [*faults, *(["trace"] if "Traceback (most" in answer.text else [])]


PROMISED = {
    "content-security-policy": "default-src 'self'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=()",
}
"""Headers of every answer."""

STRICTER = {"referrer-policy": "no-referrer"}
"""What an answer may say instead: where its address is a key, it is told to nobody."""
