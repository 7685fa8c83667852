"""秘密の設定 (settings that are secret): shown by nothing, in a variable or in a file, and not what everybody knows."""

from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "MINAOSHI_"

CONSOLE = "console:"
"""As the mail server: letters are written where the worker writes."""

_ADDRESSES = ("database_url", "smtp_url")

SECRET = (*_ADDRESSES, "oidc_client_secret")
"""設定のうちの秘密: never shown, neither in repr nor in an error; each may stand in a file, named by `…_FILE`."""

_WELL_KNOWN = frozenset(
    (
        "",
        "admin",
        "changeme",
        "example",
        "minaoshi",
        "password",
        "postgres",
        "postgresql",
        "root",
        "secret",
        "test",
        "user",
    )
)
"""誰でも知っている合い言葉: what examples and first starts of servers use."""


class SecretSettings(BaseSettings):
    """秘密の設定: addresses of servers, which may hold a password."""

    model_config = SettingsConfigDict(hide_input_in_errors=True)

    database_url: str | None = Field(default=None, title="台帳のデータベース", repr=False)
    database_url_file: Path | None = Field(default=None, title="台帳のデータベースを書いたファイル")
    smtp_url: str | None = Field(default=None, title="メールを送るサーバー", repr=False)
    smtp_url_file: Path | None = Field(default=None, title="メールを送るサーバーを書いたファイル")

    @model_validator(mode="before")
    @classmethod
    def _takes_secrets_from_files(cls, values: dict[str, Any]) -> dict[str, Any]:
        return {**values, **_secrets_in_files(values)}

    @field_validator("database_url")
    @classmethod
    def _is_a_known_database(cls, url: str | None) -> str | None:
        try:
            is_one = url is None or (url.startswith(("sqlite", "postgresql")) and urlsplit(url).port != 0)
        except ValueError:  # with what would be a part of the password
            is_one = False
        if not is_one:
            raise PydanticCustomError(
                "unknown_database",
                "sqlite:// か postgresql+psycopg:// で始まる URL を指定してください（記号は %2F のように書きます）",
            )
        return url

    @field_validator("smtp_url")
    @classmethod
    def _is_a_mail_server(cls, url: str | None) -> str | None:
        if url is None or url == CONSOLE:
            return url
        try:
            address = urlsplit(url)
            is_one = address.scheme in ("smtp", "smtps") and bool(address.hostname) and address.port != 0
        except ValueError:
            is_one = False
        if not is_one:
            raise PydanticCustomError(
                "unknown_mail_server", "smtp:// か smtps:// で始まる URL（又は console:）を指定してください"
            )
        return url


def is_loopback(host: str) -> bool:
    """Say whether only this machine reaches a host."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _secrets_in_files(values: dict[str, Any]) -> dict[str, str]:
    """Read the secrets whose file is named."""
    found = {}
    for name in SECRET:
        path, where = values.get(f"{name}_file"), f"{PREFIX}{name.upper()}_FILE"
        if path is None:
            continue
        if name in values:
            raise PydanticCustomError(
                "two_secrets", f"{PREFIX}{name.upper()} と {where} は、どちらか一つを指定してください"
            )
        try:
            found[name] = Path(path).expanduser().read_text("utf-8").strip()
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else "文字として読めません"
            raise PydanticCustomError("no_secret", f"{where} のファイルを読めません（{reason}）") from None
        if not found[name]:
            raise PydanticCustomError("no_secret", f"{where} のファイルに何も書かれていません")
    return found


def is_well_known(name: str, secret: str | None) -> bool:
    """Say whether a secret is one that everybody tries: of an address its password, where it has one."""
    if secret is None:
        return False
    if name not in _ADDRESSES:
        return secret.casefold() in _WELL_KNOWN
    address = urlsplit(secret)
    named = parse_qs(address.query, keep_blank_values=True).get("password", [])
    passwords = [*named, *([] if address.password is None else [unquote(address.password)])]
    return any(one.casefold() in _WELL_KNOWN or one == address.username for one in passwords)
