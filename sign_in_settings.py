"""サインインの設定 (settings of signing in): which OpenID Connect provider says who somebody is, and how we read it."""

from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings

from schemas.organisation import APPOINTED

PREFIX = "MINAOSHI_"

Name = Annotated[str, Field(min_length=1)]

_NEED_AN_ISSUER = (
    "client_id",
    "client_secret",
    "client_secret_file",
    "terminal_client_id",
    "roles_claim",
    "roles",
)


class SignInSettings(BaseSettings):
    """サインインの設定: without an issuer there is no provider, and one says oneself who one is (on this machine)."""

    oidc_issuer: str | None = Field(default=None, title="認証サーバー（OpenID Connect の issuer）")
    oidc_client_id: Name | None = Field(default=None, title="認証サーバーに登録したクライアントの識別子")
    oidc_client_secret: str | None = Field(default=None, title="クライアントの秘密", repr=False)
    oidc_client_secret_file: Path | None = Field(default=None, title="クライアントの秘密のファイル", repr=False)
    oidc_terminal_client_id: Name | None = Field(default=None, title="端末のクライアントの識別子")
    oidc_scopes: Name = Field(default="openid profile email", title="認証サーバーに求める範囲（scope）")
    oidc_person_claim: Name = Field(default="sub", title="職員を見分けるクレーム")
    oidc_roles_claim: Name | None = Field(default=None, title="役割を示すクレーム")
    oidc_roles: str | None = Field(default=None, title="クレームの値と役割の対応（値=役割,…）")
    session_file: Path | None = Field(default=None, title="端末のサインインを置くファイル")

    @field_validator("oidc_issuer")
    @classmethod
    def _is_an_issuer(cls, url: str | None) -> str | None:
        if url is not None and not (is_guarded(url) and not set("?#") & set(url)):
            raise PydanticCustomError(
                "no_issuer", "https:// で始まる URL を指定してください（http:// は、この機械の中のものに限ります）"
            )
        return url

    @field_validator("oidc_roles")
    @classmethod
    def _are_pairs(cls, value: str | None) -> str | None:
        for name, role in _pairs(value or ""):
            if not name or role not in APPOINTED:
                known = "、".join(sorted(APPOINTED))
                raise PydanticCustomError(
                    "no_pairs",
                    "値=役割 をコンマで区切って（例 pii-team=team_member,pii-audit=auditor）指定してください。"
                    f"役割は {known} のいずれかです",
                )
        return value

    @model_validator(mode="after")
    def _has_a_client(self) -> Self:
        if self.oidc_issuer is None:
            for name in _NEED_AN_ISSUER:
                if getattr(self, f"oidc_{name}") is not None:
                    raise PydanticCustomError(
                        "no_issuer_named",
                        f"{PREFIX}OIDC_{name.upper()} には、{PREFIX}OIDC_ISSUER（認証サーバー）の指定も要ります",
                    )
            return self
        if self.oidc_client_id is None:
            raise PydanticCustomError(
                "no_client",
                f"{PREFIX}OIDC_ISSUER には、{PREFIX}OIDC_CLIENT_ID（クライアントの識別子）の指定も要ります",
            )
        return self

    @property
    def signs_in_locally(self) -> bool:
        """Whether one says who one is and is believed: only where nobody but this machine can open the pages."""
        return self.oidc_issuer is None

    @property
    def roles_by_value(self) -> dict[str, str]:
        """Which role each value of the roles claim means; what is not in it is the name of a role."""
        return dict(_pairs(self.oidc_roles or ""))


def is_loopback(host: str) -> bool:
    """Say whether a name or address can be reached from this machine alone."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def is_guarded(url: str) -> bool:
    """Say whether what goes to an address is read by nobody on the way: by TLS, or because it stays on this machine."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
    )


def _pairs(value: str) -> list[tuple[str, str]]:
    parted = (one.rpartition("=") for one in value.split(",") if one.strip())
    return [(name.strip(), role.strip()) for name, _, role in parted]
