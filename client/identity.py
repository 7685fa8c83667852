"""本人の確認 (identity): OpenID Connect with the provider that the settings name, for pages and command line alike."""

from __future__ import annotations

import re
import secrets
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import httpx2
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from client.id_tokens import Expected, is_same, key_id_of, keys_for, verified
from client.sign_in_refused import ProviderNotReachableError, SignInRefusedError, Why
from sign_in_settings import is_guarded

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping
    from ssl import SSLContext

    from settings import Settings

FRESH = timedelta(minutes=10)
"""So long what the provider says of itself, and its keys, are taken as read."""

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"

_TIMEOUT_S = 5.0
_ERROR_CODE = re.compile(r"[a-z_]{1,40}")


@dataclass(frozen=True, kw_only=True)
class Question:
    """問い (question): what the provider is asked, where, and what its answer must fit."""

    address: str
    state: str
    nonce: str
    verifier: str
    redirect_uri: str


@dataclass(frozen=True, kw_only=True)
class Claims:
    """クレームの読み方 (how claims are read): which one names the person, and which one their roles, if any does."""

    person: str
    roles: str | None
    meaning: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class DeviceQuestion:
    """別の機械での問い (question of the device flow): what the person types in, where, and how often we may ask."""

    device_code: str
    user_code: str
    address: str
    interval_s: float
    until: datetime


def _now() -> datetime:
    return datetime.now(UTC)


class Identity:
    """本人の確認: the protocol. What is verified of a person comes out as claims; whose they are, others say."""

    def __init__(
        self,
        settings: Settings,
        *,
        client_id: str | None = None,
        now: Callable[[], datetime] = _now,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        if settings.oidc_issuer is None or settings.oidc_client_id is None:
            raise ValueError("no provider is set")
        self.claims = Claims(
            person=settings.oidc_person_claim, roles=settings.oidc_roles_claim, meaning=settings.roles_by_value
        )
        self._issuer = settings.oidc_issuer
        self._scopes = settings.oidc_scopes
        self._client_id = client_id or settings.oidc_client_id
        # A client of another name is the terminal's, which has no secret.
        self._secret = settings.client_secret if self._client_id == settings.oidc_client_id else None
        self._now = now
        self._transport = transport
        self._metadata: dict[str, Any] = {}
        self._keys: KeySet | None = None
        self._read_at = datetime.min.replace(tzinfo=UTC)

    async def ask(self, *, redirect_uri: str, again: bool = False) -> Question:
        """Give the address at which a person signs in; `again` asks the provider not to take them as known.

        Raises ProviderNotReachableError.
        """
        metadata = await self._about_provider()
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        more = {"prompt": "login"} if again else {}
        async with self._client() as client:
            address, _ = client.create_authorization_url(
                metadata["authorization_endpoint"],
                state=state,
                nonce=nonce,
                code_verifier=verifier,
                redirect_uri=redirect_uri,
                **more,
            )
        return Question(address=address, state=state, nonce=nonce, verifier=verifier, redirect_uri=redirect_uri)

    async def answered(
        self, answer: Mapping[str, str], *, nonce: str, verifier: str, redirect_uri: str
    ) -> dict[str, Any]:
        """Give the claims of who signed in, from what the provider sent the browser back with.

        The state has been compared by whoever kept it. Raises SignInRefusedError and ProviderNotReachableError.
        """
        metadata = await self._about_provider()
        self._check_issuer(answer, metadata)
        if "error" in answer:
            raise SignInRefusedError(Why.CANCELLED, told=_code(answer["error"]))
        if not answer.get("code"):
            raise SignInRefusedError(Why.NO_CODE)
        try:
            tokens = await self._tokens(
                grant_type="authorization_code",
                code=answer["code"],
                code_verifier=verifier,
                redirect_uri=redirect_uri,
            )
        except OAuthError as error:
            raise SignInRefusedError(Why.EXCHANGE, told=_code(error.error)) from None
        return await self._claims(tokens, nonce=nonce)

    def _check_issuer(self, answer: Mapping[str, str], metadata: Mapping[str, Any]) -> None:
        said = answer.get("iss")
        if said is None and metadata.get("authorization_response_iss_parameter_supported") is not True:
            return
        if said is None or not is_same(said, self._issuer):
            raise SignInRefusedError(Why.OTHER_ISSUER)

    async def ask_for_device(self) -> DeviceQuestion | None:
        """Give what a person types in on another machine; None where the provider has no device flow.

        Raises SignInRefusedError and ProviderNotReachableError.
        """
        address = (await self._about_provider()).get("device_authorization_endpoint")
        if not isinstance(address, str):
            return None
        async with self._reaching() as client:
            shown = client.client_auth(self._method)
            response = await client.request(
                "POST", address, data={"scope": self._scopes}, withhold_token=True, auth=shown
            )
            data = _object(response)
            if response.is_client_error:
                raise SignInRefusedError(Why.EXCHANGE, told=_code(data.get("error")))
            return DeviceQuestion(
                device_code=str(data["device_code"]),
                user_code=str(data["user_code"]),
                address=str(data.get("verification_uri_complete") or data["verification_uri"]),
                interval_s=max(1.0, float(data.get("interval", 5))),
                until=self._now() + timedelta(seconds=float(data["expires_in"])),
            )

    async def answered_for_device(self, question: DeviceQuestion) -> dict[str, Any] | None:
        """Give the claims of who signed in; None while nobody has.

        Raises SlowDownError where it wants to be asked less often, SignInRefusedError and ProviderNotReachableError.
        """
        if self._now() >= question.until:
            raise SignInRefusedError(Why.TOO_LATE)
        try:
            tokens = await self._tokens(grant_type=DEVICE_GRANT, device_code=question.device_code)
        except OAuthError as error:
            if error.error == "authorization_pending":
                return None
            if error.error == "slow_down":
                raise SlowDownError from None
            why = {"access_denied": Why.CANCELLED, "expired_token": Why.TOO_LATE}.get(error.error, Why.EXCHANGE)
            raise SignInRefusedError(why, told=_code(error.error)) from None
        return await self._claims(tokens, nonce=None)

    async def sign_out_address(self, *, back_to: str | None = None) -> str | None:
        """Give where a person signs out of the provider too; None where it has no such page.

        Raises ProviderNotReachableError.
        """
        address = (await self._about_provider()).get("end_session_endpoint")
        if not (isinstance(address, str) and is_guarded(address)):
            return None
        back = {} if back_to is None else {"post_logout_redirect_uri": back_to}
        return f"{address}{'&' if '?' in address else '?'}{urlencode({'client_id': self._client_id, **back})}"

    async def _claims(self, tokens: Mapping[str, Any], *, nonce: str | None) -> dict[str, Any]:
        token = tokens.get("id_token")
        if not isinstance(token, str):
            raise SignInRefusedError(Why.TOKEN, told="missing")
        key_id = key_id_of(token)
        keys = keys_for(key_id, await self._known_keys())
        if not keys:  # the provider has made a new one since
            keys = keys_for(key_id, await self._read_keys())
        expected = Expected(self._issuer, self._client_id, nonce)
        claims = verified(token, keys, expected=expected, at=self._now())
        return {**await self._more_claims(tokens, claims), **claims}

    async def _more_claims(self, tokens: Mapping[str, Any], claims: Mapping[str, Any]) -> dict[str, Any]:
        """Ask for what the token leaves out, where we need it; it must be of the same person."""
        person, roles = self.claims.person, self.claims.roles
        wanted = {person} | ({roles} if roles else set()) | ({"email_verified"} if person == "email" else set())
        address, access = (await self._about_provider()).get("userinfo_endpoint"), tokens.get("access_token")
        if wanted <= claims.keys() or not (isinstance(address, str) and isinstance(access, str)):
            return {}
        found = await self._get(address, headers={"Authorization": f"Bearer {access}"})
        if found.get("sub") != claims["sub"]:
            raise SignInRefusedError(Why.TOKEN, told="userinfo")
        return found

    async def _tokens(self, **asked: str) -> dict[str, Any]:
        address = (await self._about_provider())["token_endpoint"]
        async with self._reaching() as client:
            return dict(await client.fetch_token(address, **asked))

    async def _about_provider(self) -> dict[str, Any]:
        if not self._metadata or self._now() - self._read_at > FRESH:
            found = await self._get(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
            endpoints = [found.get(f"{name}_endpoint") for name in ("authorization", "token")] + [found.get("jwks_uri")]
            if found.get("issuer") != self._issuer:
                raise ProviderNotReachableError(told="it names another issuer")
            if not all(isinstance(one, str) and is_guarded(one) for one in endpoints):
                raise ProviderNotReachableError(told="its endpoints are missing, or are not reached by TLS")
            self._metadata, self._read_at, self._keys = found, self._now(), None
        return self._metadata

    async def _known_keys(self) -> KeySet:
        return self._keys or await self._read_keys()

    async def _read_keys(self) -> KeySet:
        found = await self._get((await self._about_provider())["jwks_uri"])
        try:
            self._keys = KeySet.import_key_set(found)  # type: ignore[arg-type] # what it is no set of, it refuses
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise ProviderNotReachableError(told=f"its keys can't be read: {type(error).__name__}") from None
        return self._keys

    async def _get(self, address: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        async with self._reaching() as client:
            response = await client.request("GET", address, headers=headers, withhold_token=True)
            response.raise_for_status()
            return _object(response)

    @property
    def _method(self) -> str:
        """How we show the provider that it is us."""
        if self._secret is None:
            return "none"
        offered = self._metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        return "client_secret_basic" if "client_secret_basic" in offered else "client_secret_post"

    def _client(self) -> Any:
        return AsyncOAuth2Client(
            client_id=self._client_id,
            client_secret=self._secret,
            token_endpoint_auth_method=self._method,
            scope=self._scopes,
            code_challenge_method="S256",
            timeout=_TIMEOUT_S,
            verify=_trusted(),
            transport=self._transport,
        )

    @asynccontextmanager
    async def _reaching(self) -> AsyncIterator[Any]:
        """Give a client; what goes wrong on the way, and what can't be read, is the provider's."""
        try:
            async with self._client() as client:
                yield client
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, KeyError) as error:
            raise ProviderNotReachableError(told=type(error).__name__) from None


@cache
def _trusted() -> SSLContext:
    """Read the certificates of those who vouch for a server: it takes a tenth of a second, and is done once."""
    return httpx2.create_ssl_context()


class SlowDownError(Exception):
    """もっとゆっくり (slow down): the provider wants to be asked less often."""


def _object(response: Any) -> dict[str, Any]:
    """Read an answer; raises ValueError where it is none."""
    found = response.json()
    if not isinstance(found, dict):
        raise ValueError("no object")  # noqa: TRY004 # what came in is wrong, no argument is
    return found


def _code(error: object) -> str:
    """Give an error code of the provider's; what is none is nobody's to read."""
    return error if isinstance(error, str) and _ERROR_CODE.fullmatch(error) else "other"
