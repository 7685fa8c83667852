"""サインイン (signing in) at a terminal: through a browser on this machine or, with `--device`, on another one."""

from __future__ import annotations

import asyncio
import webbrowser
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.opening import Json, facade
from cli.output import print_json, say
from cli.signed_in import forget, keep, must_sign_in, signed_in, token_of

if TYPE_CHECKING:
    from client.identity import DeviceQuestion, Identity
    from client.sessions import SignedIn
    from settings import Settings

_TOLD = {"person", "name", "body", "department", "department_name"}
"""示す項目: who it is, and nothing of the session."""

_NO_NEED = "ここでは、サインインは要りません。行為する職員を --as で指定してください。"


def sign_in(
    *,
    device: Annotated[bool, typer.Option("--device", help="別の機械のブラウザーでサインインする")] = False,
    open_: Annotated[bool, typer.Option("--open", help="この機械のブラウザーを開く")] = False,
) -> None:
    """認証サーバーで本人を確かめ、この端末からの行為をその職員のものとする。"""
    settings = _settings()
    if settings.signs_in_locally:
        raise typer.BadParameter(_words(settings))
    me = asyncio.run(_sign_in(settings, device=device, open_=open_))
    say(f"サインインしました: {_named(me)}")


def sign_out(
    *, everywhere: Annotated[bool, typer.Option("--everywhere", help="すべての端末とブラウザーで終える")] = False
) -> None:
    """この端末のサインインを終える。"""
    settings = _settings()
    token = forget(settings)
    if token is None:
        say("サインインしていません。")
        return
    address = asyncio.run(_sign_out(settings, token, everywhere=everywhere))
    say("すべての場所でサインアウトしました。" if everywhere else "サインアウトしました。")
    if address is not None:
        say(f"認証サーバーからもサインアウトするには、ブラウザーで開いてください: {address}")


def whoami(*, as_json: Json = False) -> None:
    """サインインしている職員を示す。"""
    settings = _settings()
    me = asyncio.run(signed_in(settings))
    if me is None:
        say("サインインしていません。" + ("" if must_sign_in(settings) else _NO_NEED))
        raise typer.Exit(1)
    if as_json:
        print_json(me.model_dump(mode="json", include=_TOLD))
    else:
        say(_named(me))


def _settings() -> Settings:
    from settings import load_settings

    return load_settings()


def _words(settings: Settings) -> str:
    if not must_sign_in(settings):
        return _NO_NEED
    return (
        "認証サーバーの設定がないので、サインインできません。MINAOSHI_OIDC_ISSUER に認証サーバー、"
        "MINAOSHI_OIDC_CLIENT_ID にクライアントの識別子を指定してください。"
    )


def _named(me: SignedIn) -> str:
    return f"{me.name}（{me.person}）　{me.department_name}"


def _identity(settings: Settings) -> Identity:
    """Give the protocol as a terminal speaks it: with a client of its own, where one is set."""
    from client.identity import Identity

    return Identity(settings, client_id=settings.oidc_terminal_client_id)


async def _sign_in(settings: Settings, *, device: bool, open_: bool) -> SignedIn:
    from client.sessions import Way

    identity = _identity(settings)
    old = token_of(settings)
    async with facade(settings, identity=identity) as minaoshi:
        through = _by_device(identity) if device else _by_browser(identity, open_=open_)
        claims = await minaoshi.signing_in.noted(through)
        way = Way.DEVICE if device else Way.TERMINAL
        token = await minaoshi.signing_in.enter(claims, by=way, ends=old)
        keep(settings, token)
        me = await minaoshi.sessions.of(token)
    assert me is not None  # noqa: S101 # it has just begun
    return me


async def _by_browser(identity: Identity, *, open_: bool) -> dict[str, Any]:
    from cli.loopback import Loopback
    from client.sign_in_refused import SignInRefusedError, Why
    from client.signing_in import LASTS

    async with Loopback() as loopback:
        asked = await identity.ask(redirect_uri=loopback.redirect_uri)
        say(f"この機械のブラウザーで開いて、サインインしてください（10分以内）:\n{asked.address}")
        if open_:
            webbrowser.open(asked.address)
        try:
            answer = await loopback.answer(state=asked.state, within_s=LASTS.total_seconds())
        except TimeoutError:
            raise SignInRefusedError(Why.TOO_LATE) from None
    return await identity.answered(answer, nonce=asked.nonce, verifier=asked.verifier, redirect_uri=asked.redirect_uri)


async def _by_device(identity: Identity) -> dict[str, Any]:
    from client.identity import SlowDownError
    from client.sign_in_refused import SignInRefusedError, Why

    asked = await identity.ask_for_device()
    if asked is None:
        raise SignInRefusedError(Why.NO_DEVICE_FLOW)
    _tell(asked)
    interval_s = asked.interval_s
    while True:
        await asyncio.sleep(interval_s)
        try:
            claims = await identity.answered_for_device(asked)
        except SlowDownError:
            interval_s += 5
            continue
        if claims is not None:
            return claims


def _tell(asked: DeviceQuestion) -> None:
    say(f"別の機械のブラウザーで開き、符号が同じことを確かめて、サインインしてください: {asked.address}")
    say(f"  符号: {asked.user_code}")


async def _sign_out(settings: Settings, token: str, *, everywhere: bool) -> str | None:
    async with facade(settings) as minaoshi:
        me = await minaoshi.sessions.of(token)
        if everywhere and me is not None:
            await minaoshi.sessions.end_all(me.person)
        await minaoshi.sessions.end(token)
    return await _way_out(settings)


async def _way_out(settings: Settings) -> str | None:
    """Give where one signs out of the provider too; it is told where that can be found out."""
    if settings.signs_in_locally:
        return None
    from client.sign_in_refused import ProviderNotReachableError

    try:
        return await _identity(settings).sign_out_address()
    except ProviderNotReachableError:
        return None
