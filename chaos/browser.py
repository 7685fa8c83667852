"""閲覧する者 (browser): one person at the pages; a form that is not answered is sent again as it stands."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

import httpx2

_FORM = re.compile(r'<form method="post"[^>]*class="act".*?</form>', re.DOTALL)
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
_PATIENCE_S = 75.0
_SIGN_IN = "/sign-in"


class AwayError(Exception):
    """応答なし (away): no answer, or one that says neither yes nor no."""


class BugError(Exception):
    """不具合 (bug): an answer that nobody should ever get."""


class SaidNoError(Exception):
    """受け付けない (said no): a rule, or what was typed."""


class Browser:
    """閲覧する者: signs in again where the session is over."""

    def __init__(self, address: str, person: str) -> None:
        self.person = person
        self._web = httpx2.AsyncClient(base_url=address, timeout=_PATIENCE_S)

    async def close(self) -> None:
        """Close what is open."""
        await self._web.aclose()

    async def form(self, address: str) -> dict[str, str]:
        """Open a form, and give what it carries along. Raises AwayError, BugError, SaidNoError."""
        answer = await self._asked("GET", address)
        found = _FORM.search(answer.text)
        if answer.status_code != httpx2.codes.OK or found is None:
            raise SaidNoError(f"{answer.status_code} at {address}")
        return {name: html.unescape(value) for name, value in _HIDDEN.findall(found[0])}

    async def send(self, address: str, fields: Mapping[str, str]) -> None:
        """Send a form once. Raises AwayError where it may be sent again, BugError, SaidNoError."""
        answer = await self._asked("POST", address, fields)
        if answer.status_code == httpx2.codes.CONFLICT and "Signed in anew" in answer.text:
            answer = await self._asked("POST", address, {**fields, **self._carried(answer.text)})
        if answer.status_code != httpx2.codes.SEE_OTHER:
            raise SaidNoError(f"{answer.status_code} {_told(answer.text)}")

    async def _asked(self, method: str, address: str, fields: Mapping[str, str] | None = None) -> httpx2.Response:
        answer = await self._once(method, address, fields)
        to = answer.headers.get("location", "")
        if answer.status_code == httpx2.codes.UNAUTHORIZED or to.startswith(_SIGN_IN):
            # What was sent is kept for the person, under the same act id, and can be sent again.
            await self._once("POST", _SIGN_IN, {"person": self.person})
            if method == "POST":
                raise AwayError("signed in anew")
            answer = await self._once(method, address, fields)
            if answer.headers.get("location", "").startswith(_SIGN_IN):
                raise AwayError("not signed in")
        return answer

    async def _once(self, method: str, address: str, fields: Mapping[str, str] | None) -> httpx2.Response:
        try:
            answer = await self._web.request(method, address, data=dict(fields) if fields is not None else None)
        except httpx2.TransportError as error:
            raise AwayError(type(error).__name__) from error
        if answer.status_code in (httpx2.codes.SERVICE_UNAVAILABLE, httpx2.codes.TOO_MANY_REQUESTS):
            raise AwayError(str(answer.status_code))
        if answer.status_code >= httpx2.codes.INTERNAL_SERVER_ERROR:
            raise BugError(f"{answer.status_code} at {method} {address}")
        return answer

    @staticmethod
    def _carried(page: str) -> dict[str, str]:
        found = _FORM.search(page)
        hidden = dict(_HIDDEN.findall(found[0])) if found else {}
        return {"form_token": html.unescape(hidden.get("form_token", ""))}


def _told(page: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    return re.sub(r"<[^>]+>|\s+", " ", found[1]).strip()[:80] if found else ""
