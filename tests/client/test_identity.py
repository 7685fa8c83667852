"""本人の確認: what a provider says is taken only when all of it is right."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from joserfc.jwk import RSAKey

from client.identity import Identity, Question
from client.sign_in_refused import ProviderNotReachableError, SignInRefusedError, Why
from tests.provider import CLIENT, ISSUER, LyingProvider, query_of, settings_for

BACK = "https://pages.example.jp/sign-in/return"


@pytest.fixture
def provider() -> LyingProvider:
    return LyingProvider()


def identity_of(provider: LyingProvider, home: Path, **more: Any) -> Identity:
    settings = settings_for(ISSUER, home, public_url="https://pages.example.jp", **more)
    return Identity(settings, transport=provider.transport)


@pytest.fixture
def identity(provider: LyingProvider, tmp_path: Path) -> Identity:
    return identity_of(provider, tmp_path)


async def asked(identity: Identity, provider: LyingProvider) -> Question:
    question = await identity.ask(redirect_uri=BACK)
    provider.nonce = question.nonce
    return question


async def sign_in(identity: Identity, provider: LyingProvider, **answer: str) -> dict[str, Any]:
    question = await asked(identity, provider)
    return await identity.answered(
        {"code": "code", **answer}, nonce=question.nonce, verifier=question.verifier, redirect_uri=BACK
    )


async def test_the_question_has_state_nonce_and_a_challenge_and_never_the_verifier(
    identity: Identity, provider: LyingProvider
) -> None:
    one, other = [await asked(identity, provider) for _ in range(2)]
    query = query_of(one.address)
    assert query["code_challenge_method"] == "S256"
    assert (query["response_type"], query["client_id"], query["redirect_uri"]) == ("code", CLIENT, BACK)
    assert (query["state"], query["nonce"]) == (one.state, one.nonce)
    assert one.verifier not in one.address
    assert not {one.state, one.nonce, one.verifier} & {other.state, other.nonce, other.verifier}


async def test_what_is_right_gives_the_claims_and_the_verifier_was_sent(
    identity: Identity, provider: LyingProvider
) -> None:
    assert (await sign_in(identity, provider))["sub"] == "manager"
    assert provider.sent[0]["code_verifier"]
    assert provider.sent[0]["redirect_uri"] == BACK


NOW = int(time.time())
FAR = 10**8
"""Seconds: the tests may run long after they were collected."""


@pytest.mark.parametrize(
    ("claims", "told"),
    [
        pytest.param({"iss": "https://login.example.jp/"}, "iss", id="別の発行者"),
        pytest.param({"aud": "another"}, "aud", id="別の宛先"),
        pytest.param({"aud": 7}, "aud", id="宛先が文字でない"),
        pytest.param({"aud": [CLIENT, "another"]}, "azp", id="宛先が複数で、主な宛先がない"),
        pytest.param({"aud": [CLIENT, "another"], "azp": "another"}, "azp", id="主な宛先が別"),
        pytest.param({"azp": "another"}, "azp", id="宛先は一つで、主な宛先が別"),
        pytest.param({"exp": NOW - 120}, "exp", id="期限切れ"),
        pytest.param({"exp": "later"}, "exp", id="期限が数でない"),
        pytest.param({"iat": NOW + FAR}, "iat", id="未来に作られた"),
        pytest.param({"iat": True}, "iat", id="作られた時が数でない"),
        pytest.param({"nbf": NOW + FAR}, "nbf", id="まだ使えない"),
        pytest.param({"nonce": "another"}, "nonce", id="別の問いへの答え"),
        pytest.param({"nonce": None}, "nonce", id="問いの値がない"),
        pytest.param({"sub": ""}, "sub", id="だれのものでもない"),
        pytest.param({"sub": 7}, "sub", id="名が文字でない"),
    ],
)
async def test_a_token_with_a_wrong_claim_is_refused(
    identity: Identity, provider: LyingProvider, claims: dict[str, Any], told: str
) -> None:
    provider.claims |= claims
    with pytest.raises(SignInRefusedError) as refused:
        await sign_in(identity, provider)
    assert (refused.value.why, refused.value.told) == (Why.TOKEN, told)


@pytest.mark.parametrize("claim", ["exp", "iat", "nonce", "aud", "sub", "iss"])
async def test_a_token_without_a_claim_is_refused(identity: Identity, provider: LyingProvider, claim: str) -> None:
    provider.without = (claim,)
    with pytest.raises(SignInRefusedError) as refused:
        await sign_in(identity, provider)
    assert refused.value.told == claim


async def test_a_clock_that_is_half_a_minute_off_keeps_nobody_out(identity: Identity, provider: LyingProvider) -> None:
    provider.claims |= {"exp": int(time.time()) - 30, "iat": int(time.time()) + 30}
    assert (await sign_in(identity, provider))["sub"] == "manager"


_STRANGE = RSAKey.generate_key(2048)

_FORGERIES: dict[str, tuple[Callable[[LyingProvider], str], str]] = {
    "署名がない": (lambda one: one.unsigned(), "algorithm"),
    "署名がないと大文字で言う": (lambda one: one.unsigned("NONE"), "algorithm"),
    "公開鍵を共有の秘密として署名した": (lambda one: one.signed_by_the_public_key(), "algorithm"),
    "別の鍵で署名した": (lambda one: one.signed_by(_STRANGE, kid="first"), "signature"),
    "知らない鍵で署名した": (lambda one: one.signed_by(_STRANGE, kid="strange"), "signature"),
    "鍵を名のらず別の鍵で署名した": (lambda one: one.signed_by(_STRANGE), "signature"),
    "証明の形をしていない": (lambda _: "no token", "unreadable: DecodeError"),
}


@pytest.mark.parametrize("which", _FORGERIES)
async def test_a_forged_token_is_refused(identity: Identity, provider: LyingProvider, which: str) -> None:
    forge, told = _FORGERIES[which]
    provider.id_token = forge(provider)
    with pytest.raises(SignInRefusedError) as refused:
        await sign_in(identity, provider)
    assert (refused.value.why, refused.value.told) == (Why.TOKEN, told)


async def test_a_token_whose_claims_were_changed_is_refused(identity: Identity, provider: LyingProvider) -> None:
    whole = provider.signed_by(provider.key, kid="first").split(".")
    provider.claims["sub"] = "chief"
    other = provider.signed_by(provider.key, kid="first").split(".")
    provider.id_token = ".".join((whole[0], other[1], whole[2]))
    with pytest.raises(SignInRefusedError) as refused:
        await sign_in(identity, provider)
    assert refused.value.told == "signature"


async def test_a_key_that_the_provider_has_made_since_is_fetched(identity: Identity, provider: LyingProvider) -> None:
    await sign_in(identity, provider)
    provider.key = RSAKey.generate_key(2048, {"kid": "second", "use": "sig"})
    provider.published = [provider.key]
    assert (await sign_in(identity, provider))["sub"] == "manager"
    assert provider.asked.count("/jwks") == 2


async def test_a_token_that_names_no_key_is_taken_by_whichever_signed_it(
    identity: Identity, provider: LyingProvider
) -> None:
    provider.published = [_STRANGE, provider.key]
    question = await asked(identity, provider)
    provider.id_token = provider.signed_by(provider.key)
    claims = await identity.answered(
        {"code": "code"}, nonce=question.nonce, verifier=question.verifier, redirect_uri=BACK
    )
    assert claims["sub"] == "manager"


@pytest.mark.parametrize(
    ("supported", "answer", "is_taken"),
    [(False, {}, True), (True, {}, False), (True, {"iss": ISSUER}, True), (False, {"iss": "https://x.example"}, False)],
)
async def test_an_answer_that_names_another_issuer_is_refused(
    identity: Identity, provider: LyingProvider, supported: object, answer: dict[str, str], is_taken: object
) -> None:
    provider.metadata["authorization_response_iss_parameter_supported"] = supported
    if is_taken:
        assert await sign_in(identity, provider, **answer)
        return
    with pytest.raises(SignInRefusedError) as refused:
        await sign_in(identity, provider, **answer)
    assert refused.value.why is Why.OTHER_ISSUER
    assert "/token" not in provider.asked


async def test_what_the_token_leaves_out_is_asked_for_and_must_be_of_the_same_person(
    provider: LyingProvider, tmp_path: Path
) -> None:
    identity = identity_of(provider, tmp_path, oidc_person_claim="email")
    provider.userinfo = {"sub": "manager", "email": "manager@example.jp", "email_verified": True, "iss": "elsewhere"}
    claims = await sign_in(identity, provider)
    assert (claims["email"], claims["email_verified"], claims["iss"]) == ("manager@example.jp", True, ISSUER)
    provider.userinfo["sub"] = "chief"
    with pytest.raises(SignInRefusedError) as refused:
        await sign_in(identity, provider)
    assert refused.value.told == "userinfo"


@pytest.mark.parametrize(
    ("answer", "why", "told"),
    [
        ({"error": "access_denied"}, Why.CANCELLED, "access_denied"),
        ({"error": "<script>"}, Why.CANCELLED, "other"),
        ({"code": ""}, Why.NO_CODE, ""),
    ],
)
async def test_an_answer_without_a_code_is_refused(
    identity: Identity, provider: LyingProvider, answer: dict[str, str], why: Why, told: str
) -> None:
    with pytest.raises(SignInRefusedError) as refused:
        await sign_in(identity, provider, **answer)
    assert (refused.value.why, refused.value.told) == (why, told)


async def test_a_code_that_the_provider_refuses_is_told_by_its_reason(
    identity: Identity, provider: LyingProvider
) -> None:
    provider.token_answer = httpx2.Response(400, json={"error": "invalid_grant", "error_description": "x" * 5000})
    with pytest.raises(SignInRefusedError) as refused:
        await sign_in(identity, provider)
    assert (refused.value.why, refused.value.told) == (Why.EXCHANGE, "invalid_grant")


@pytest.mark.parametrize(
    "answer",
    [
        httpx2.Response(500, text="<html>"),
        httpx2.Response(200, text="<html>"),
        httpx2.Response(200, json=["no", "object"]),
    ],
)
async def test_what_no_provider_answers_is_told_as_one_that_is_not_there(
    identity: Identity, provider: LyingProvider, answer: httpx2.Response
) -> None:
    provider.token_answer = answer
    with pytest.raises((ProviderNotReachableError, SignInRefusedError)):
        await sign_in(identity, provider)


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://elsewhere.example"},
        {"token_endpoint": "http://login.example.jp/token"},
        {"jwks_uri": None},
        {"authorization_endpoint": 7},
    ],
)
async def test_a_provider_that_describes_itself_wrongly_is_not_used(
    identity: Identity, provider: LyingProvider, metadata: dict[str, Any]
) -> None:
    provider.metadata |= metadata
    with pytest.raises(ProviderNotReachableError):
        await identity.ask(redirect_uri=BACK)


async def test_a_provider_that_is_down_is_told_calmly(identity: Identity, provider: LyingProvider) -> None:
    provider.down = True
    with pytest.raises(ProviderNotReachableError, match="認証サーバーに、今つながりません"):
        await identity.ask(redirect_uri=BACK)


@pytest.mark.parametrize(
    ("offered", "in_body"), [(["client_secret_basic"], False), (["client_secret_post"], True), (None, False)]
)
async def test_the_secret_goes_as_the_provider_takes_it(
    provider: LyingProvider, tmp_path: Path, offered: list[str] | None, in_body: object
) -> None:
    (tmp_path / "secret").write_text("from-the-file\n", encoding="utf-8")
    if offered:
        provider.metadata["token_endpoint_auth_methods_supported"] = offered
    secrets = {"oidc_client_secret_file": tmp_path / "secret"}
    identity = identity_of(provider, tmp_path, **secrets)
    await sign_in(identity, provider)
    assert (provider.sent[0].get("client_secret") == "from-the-file") is in_body


async def test_the_way_out_of_the_provider_is_given_where_there_is_one(
    identity: Identity, provider: LyingProvider
) -> None:
    assert await identity.sign_out_address() is None
    provider.metadata["end_session_endpoint"] = f"{ISSUER}/out"
    identity = Identity(
        settings_for(ISSUER, Path("/nowhere"), public_url="https://pages.example.jp"), transport=provider.transport
    )
    address = await identity.sign_out_address(back_to="https://pages.example.jp/sign-in")
    assert address is not None
    assert query_of(address) == {"client_id": CLIENT, "post_logout_redirect_uri": "https://pages.example.jp/sign-in"}
