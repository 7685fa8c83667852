"""本物の認証サーバー: npm's oidc-provider, which requires PKCE; people sign in on its own pages."""

from __future__ import annotations

import re
import secrets
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx2
import pytest

from engine.ports import free_port
from settings import Settings

FOLDER = Path(__file__).parent

OLDEST_NODE = 20

_NEEDED = f"Node {OLDEST_NODE} or later, with npm"
_MOST_STEPS = 20


@dataclass(frozen=True)
class Provider:
    """認証サーバー: where it is, and for which pages."""

    issuer: str
    pages_port: int
    secret: str

    def settings(self, home: Path, **more: object) -> Settings:
        """Give settings of pages with this provider."""
        known = {
            "oidc_issuer": self.issuer,
            "oidc_client_id": "minaoshi",
            "oidc_client_secret": self.secret,
            "oidc_terminal_client_id": "minaoshi-terminal",
            "web_address": f"127.0.0.1:{self.pages_port}",
        }
        return Settings.model_validate({"home": home, **known, **more})

    async def told(self, what: str) -> None:
        """Tell it to lie (`lie?as=…`), or to take new keys (`rotate`)."""
        async with httpx2.AsyncClient() as there:
            assert (await there.get(f"{self.issuer}/told/{what}")).status_code == 200


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    node = shutil.which("node")
    assert node, f"Node is not there: {_NEEDED}"
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    assert int(version.removeprefix("v").partition(".")[0]) >= OLDEST_NODE, f"Node {version.strip()}: {_NEEDED}"
    port, pages_port, secret = free_port(), free_port(), secrets.token_hex()
    process = subprocess.Popen(
        [node, "provider.js", str(port), f"http://127.0.0.1:{pages_port}", secret],
        cwd=FOLDER,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"listening\n", "it did not start: make test-oidc installs it"
    yield Provider(f"http://127.0.0.1:{port}", pages_port, secret)
    process.terminate()
    process.wait(timeout=30)
    process.stdout.close()


class Visitor:
    """訪れる者: goes through the provider's own pages, as a browser without scripts does, and fills their forms."""

    def __init__(self, web: httpx2.AsyncClient, person: str) -> None:
        self._web = web
        self._person = person

    async def go(self, address: str, *, until: str) -> str:
        """Give where the provider sends the browser in the end, or the text of its last page."""
        answer = await self._web.get(address)
        for _ in range(_MOST_STEPS):
            if answer.has_redirect_location:
                address = urljoin(address, answer.headers["location"])
                if urlsplit(address).path == until:
                    return address
                answer = await self._web.get(address)
            elif form := re.search(r'<form [^>]*action="([^"]+)".*?</form>', answer.text, re.DOTALL):
                address = urljoin(address, unescape(form[1]))
                answer = await self._web.post(address, data=self._filled(form[0]))
            else:
                return answer.text
        raise AssertionError("the provider's pages do not end")

    def _filled(self, form: str) -> dict[str, str]:
        inputs = re.findall(r"<input[^>]*>", form)
        values = {_attribute(one, "name"): _attribute(one, "value") for one in inputs if _attribute(one, "name")}
        typed = {"login": self._person, "password": "any"}
        return {name: typed.get(name, value) for name, value in values.items()}


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return unescape(found[1]) if found else ""


@asynccontextmanager
async def visiting(person: str) -> AsyncIterator[Visitor]:
    """Give somebody with a browser of their own."""
    async with httpx2.AsyncClient() as web:
        yield Visitor(web, person)
