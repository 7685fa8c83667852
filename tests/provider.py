"""認証サーバー (providers): one from a library, in a thread; and one that lies as a test tells it to."""

from __future__ import annotations

import hmac
import json
import time
import warnings
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx2
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from settings import Settings

ISSUER = "https://login.example.jp"
CLIENT = "minaoshi"

_TRUSTED = httpx2.create_ssl_context()


def settings_for(issuer: str, home: Path, **more: Any) -> Settings:
    return Settings(home=home, oidc_issuer=issuer, oidc_client_id=CLIENT, **more)


@contextmanager
def library_provider(**claims: dict[str, Any]) -> Iterator[str]:
    """Run the library's provider, which knows these people and asks for no password; give its issuer."""
    with warnings.catch_warnings(action="ignore"):  # it is built on what Authlib is about to drop
        import oidc_provider_mock  # noqa: PLC0415 # it brings a whole web framework

    people = [oidc_provider_mock.User(sub=sub, claims=known) for sub, known in claims.items()]
    with oidc_provider_mock.run_server_in_thread(user_claims=people) as server:
        yield f"http://localhost:{server.server_port}"


async def answer_of(address: str, person: str) -> str:
    """Sign in at the library's provider; give the address to which it sends the browser back."""
    async with httpx2.AsyncClient(verify=_TRUSTED) as there:
        answer = await there.post(address, data={"sub": person})
    assert answer.status_code == 302, answer.text
    return answer.headers["location"]


async def refusal_of(address: str) -> str:
    """Refuse to sign in there; give the address to which it sends the browser back."""
    async with httpx2.AsyncClient(verify=_TRUSTED) as there:
        answer = await there.post(address, data={"action": "deny"})
    assert answer.status_code == 302, answer.text
    return answer.headers["location"]


def query_of(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query, keep_blank_values=True))


class LyingProvider:
    """嘘をつく認証サーバー: it answers as it should, but for what a test has changed. It is no server: a transport."""

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "first", "use": "sig"})
        self.published: list[RSAKey] = [self.key]
        self.metadata: dict[str, Any] = {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
            "userinfo_endpoint": f"{ISSUER}/userinfo",
            "jwks_uri": f"{ISSUER}/jwks",
        }
        self.nonce = ""
        self.claims: dict[str, Any] = {}
        self.without: tuple[str, ...] = ()
        self.userinfo: dict[str, Any] = {}
        self.token_answer: httpx2.Response | None = None
        self.id_token: str | None = None
        self.asked: list[str] = []
        self.sent: list[dict[str, str]] = []
        self.down = False

    @property
    def transport(self) -> httpx2.MockTransport:
        return httpx2.MockTransport(self._answer)

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        path = request.url.path
        self.asked.append(path)
        if self.down:
            raise httpx2.ConnectError("no route")
        if path == "/.well-known/openid-configuration":
            return httpx2.Response(200, json=self.metadata)
        if path == "/jwks":
            return httpx2.Response(200, json=KeySet(list(self.published)).as_dict())
        if path == "/userinfo":
            return httpx2.Response(200, json=self.userinfo)
        assert path == "/token", path
        self.sent.append({name: value[0] for name, value in parse_qs(request.content.decode()).items()})
        return self.token_answer or httpx2.Response(200, json=self._tokens())

    def _tokens(self) -> dict[str, Any]:
        return {
            "access_token": "access",
            "token_type": "Bearer",
            "id_token": self.id_token or jwt.encode({"alg": "RS256", "kid": self.key.kid}, self.said(), self.key),
        }

    def said(self) -> dict[str, Any]:
        now = int(time.time())
        whole = {
            "iss": ISSUER,
            "aud": CLIENT,
            "sub": "manager",
            "iat": now,
            "exp": now + 300,
            "nonce": self.nonce,
            **self.claims,
        }
        return {name: value for name, value in whole.items() if name not in self.without}

    def unsigned(self, algorithm: str = "none") -> str:
        """Give a token that nobody signed."""
        return ".".join((_part({"alg": algorithm, "kid": self.key.kid}), _part(self.said()), ""))

    def signed_by_the_public_key(self) -> str:
        """Give a token signed as by a shared secret, which is our public key: everybody has that."""
        signed = ".".join((_part({"alg": "HS256", "kid": self.key.kid}), _part(self.said())))
        code = hmac.digest(self.key.as_pem(private=False), signed.encode(), "sha256")
        return f"{signed}.{urlsafe_b64encode(code).rstrip(b'=').decode()}"

    def signed_by(self, key: RSAKey, **header: Any) -> str:
        return jwt.encode({"alg": "RS256", **header}, self.said(), key)


def _part(content: dict[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()
