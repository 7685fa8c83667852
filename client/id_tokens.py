"""身元の証明 (ID tokens): a provider's word on who somebody is, taken only when everything about it is right."""

from __future__ import annotations

from datetime import datetime, timedelta
from hmac import compare_digest
from typing import TYPE_CHECKING, Any, NamedTuple

from joserfc import jws, jwt
from joserfc.errors import JoseError

from client.sign_in_refused import SignInRefusedError, Why

if TYPE_CHECKING:
    from collections.abc import Iterable

    from joserfc.jwk import Key, KeySet

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA")
"""認める署名の方式: asymmetric ones alone, so that nobody who can verify a token can make one."""

LEEWAY = timedelta(seconds=60)
"""So far the provider's clock may be from ours."""

_LONGEST = 50_000
_LONGEST_SUBJECT = 255


class Expected(NamedTuple):
    """待つ証明 (expected): by whom, for whom, and in answer to what; the device flow has no way to send a nonce."""

    issuer: str
    client_id: str
    nonce: str | None


def key_id_of(token: str) -> str | None:
    """Say by which key a token is signed; None where it does not. Raises SignInRefusedError for what is no such token.

    One that nobody signed, or that is signed by a shared secret, is none.
    """
    try:
        header = jws.extract_compact(token[:_LONGEST].encode()).headers()
    except (JoseError, ValueError) as error:
        raise _refused(f"unreadable: {type(error).__name__}") from None
    if header.get("alg") not in ALGORITHMS:
        raise _refused("algorithm")
    key_id = header.get("kid")
    return key_id if isinstance(key_id, str) else None


def keys_for(key_id: str | None, keys: KeySet) -> tuple[Key, ...]:
    """Give the keys that may have signed it: the one of that id, or any where the token names none."""
    return tuple(key for key in keys if key_id is None or key.kid == key_id)


def verified(token: str, keys: Iterable[Key], *, expected: Expected, at: datetime) -> dict[str, Any]:
    """Give the claims of a token once signature, issuer, audience, times and nonce are right.

    Raises SignInRefusedError.
    """
    claims = _signed_claims(token, keys)
    if claims.get("iss") != expected.issuer:
        raise _refused("iss")
    _check_audience(claims, expected.client_id)
    _check_times(claims, at)
    nonce = expected.nonce
    if nonce is not None and not is_same(str(claims.get("nonce", "")), nonce):
        raise _refused("nonce")
    subject = claims.get("sub")
    if not (isinstance(subject, str) and 0 < len(subject) <= _LONGEST_SUBJECT):
        raise _refused("sub")
    return claims


def _signed_claims(token: str, keys: Iterable[Key]) -> dict[str, Any]:
    for key in keys:
        try:
            return dict(jwt.decode(token, key, algorithms=ALGORITHMS).claims)
        except (JoseError, ValueError):
            continue
    raise _refused("signature")


def _check_audience(claims: dict[str, Any], client_id: str) -> None:
    audience = claims.get("aud")
    named = [audience] if isinstance(audience, str) else audience
    if not isinstance(named, list) or client_id not in named:
        raise _refused("aud")
    if (len(named) > 1 or "azp" in claims) and claims.get("azp") != client_id:
        raise _refused("azp")


def _check_times(claims: dict[str, Any], at: datetime) -> None:
    now, leeway = at.timestamp(), LEEWAY.total_seconds()
    expires, issued, begins = (_instant(claims.get(name)) for name in ("exp", "iat", "nbf"))
    if expires is None or expires <= now - leeway:
        raise _refused("exp")
    if issued is None or issued > now + leeway:
        raise _refused("iat")
    if "nbf" in claims and (begins is None or begins > now + leeway):
        raise _refused("nbf")


def is_same(one: str, other: str) -> bool:
    """Compare in constant time, whatever stands in either."""
    return compare_digest(*(text.encode(errors="surrogatepass") for text in (one, other)))


def _instant(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _refused(what: str) -> SignInRefusedError:
    return SignInRefusedError(Why.TOKEN, told=what)
