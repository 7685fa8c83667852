"""端末でサインインしている人 (who is signed in at this terminal): whose acts these are, by `--as` or by a session.

On the embedded engine without a provider one says with `--as` who one is, as it is for trying out. Elsewhere nobody is
believed: `minaoshi sign-in` begins a session, whose token lies in a file of the user's own.
"""

from __future__ import annotations

import asyncio
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from client.sessions import SignedIn
    from settings import Settings

_PRIVATE = 0o600
_OPEN_TO_OTHERS = 0o077

_NOBODY = "サインインしていません。`minaoshi sign-in` でサインインしてください。"
_NO_PROVIDER = (
    "組み込みのサーバーの外では、認証サーバーでサインインして行為します。"
    "MINAOSHI_OIDC_ISSUER と MINAOSHI_OIDC_CLIENT_ID を指定し、`minaoshi sign-in` でサインインしてください。"
)


def acting(value: str | None) -> str:
    """Give the person who acts; raises BadParameter where nobody is named, or may not be."""
    person = viewing(value)
    if person is not None:
        return person
    settings = _settings()
    if not must_sign_in(settings):
        raise typer.BadParameter("行為する職員の識別子を指定してください。")
    raise typer.BadParameter(_NO_PROVIDER if settings.signs_in_locally else _NOBODY)


def viewing(value: str | None) -> str | None:
    """Give the person who looks, None where nobody says so; raises BadParameter where `--as` is not for use."""
    settings = _settings()
    if not must_sign_in(settings):
        return value
    if value is not None:
        raise typer.BadParameter(
            f"ここでは --as（MINAOSHI_AS）は使えません。{_NO_PROVIDER if settings.signs_in_locally else _NOBODY}",
        )
    me = asyncio.run(signed_in(settings))
    return None if me is None else me.person


def must_sign_in(settings: Settings) -> bool:
    """Say whether one must prove who one is: where a provider is set, and wherever the engine is not the embedded one.

    Raises ConnectionSettingsError.
    """
    from engine.connection import is_external

    return not settings.signs_in_locally or is_external()


async def signed_in(settings: Settings) -> SignedIn | None:
    """Give who is signed in at this terminal; None where nobody is, or no longer."""
    from cli.opening import facade

    token = token_of(settings)
    if token is None:
        return None
    async with facade(settings) as minaoshi:
        return await minaoshi.sessions.of(token)


def token_of(settings: Settings) -> str | None:
    """Give the token of this terminal's session; None where there is none.

    Raises BadParameter for a file that others can read, or that can't be read.
    """
    path = _path(settings)
    try:
        if path.stat().st_mode & _OPEN_TO_OTHERS:
            raise typer.BadParameter(
                f"サインインのファイル {path} を、ほかの人が読めます。`minaoshi sign-out` で終えてください。"
            )
        return path.read_text(encoding="ascii").strip() or None
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError):
        raise typer.BadParameter(f"サインインのファイル {path} を読めません。") from None


def keep(settings: Settings, token: str) -> None:
    """Keep the token, for this user alone: the file is whole, or the old one."""
    path = _path(settings)
    beside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(token)
        beside.replace(path)
    except OSError as error:
        raise typer.BadParameter(f"サインインのファイル {path} に書けません（{error.strerror}）。") from None


def forget(settings: Settings) -> str | None:
    """Take the file away; give the token that was in it, however open the file was."""
    path = _path(settings)
    try:
        token = path.read_bytes().strip()
        path.unlink()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise typer.BadParameter(f"サインインのファイル {path} を除けません（{error.strerror}）。") from None
    return token.decode("ascii", errors="ignore") or None


def _path(settings: Settings) -> Path:
    if settings.session_file is not None:
        return settings.session_file.expanduser().absolute()
    state = os.environ.get("XDG_STATE_HOME") or "~/.local/state"
    return Path(state).expanduser() / "minaoshi" / "session"


def _settings() -> Settings:
    from settings import load_settings

    return load_settings()
