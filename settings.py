"""設定 (Settings): what one installation is told by environment variables beginning with MINAOSHI_."""

import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError
from pydantic_settings import SettingsConfigDict

from secret_settings import CONSOLE, PREFIX, SECRET, SecretSettings, is_loopback, is_well_known
from sign_in_settings import Name, SignInSettings, is_guarded

__all__ = ["CONSOLE", "PREFIX", "Settings", "SettingsError", "load_settings"]

_TOLD_BY_THEMSELVES = frozenset(
    {
        "not_a_folder",
        "unknown_database",
        "unknown_mail_server",
        "no_address",
        "no_networks",
        "no_page",
        "no_issuer",
        "no_pairs",
        "no_version",
    }
)

_LARGEST_PORT = 65535

_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,99}")
_DEPLOYMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")

Count = Annotated[int, Field(ge=1, le=_LARGEST_PORT)]
Port = Annotated[int, Field(ge=1, le=_LARGEST_PORT)]


class SettingsError(ValueError):
    """設定の誤り (Bad settings): a Japanese text that names each wrong variable. Exit status 2."""


class Settings(SignInSettings, SecretSettings):
    """設定 (Settings): every value has a default, so a first start needs none.

    Where Temporal is reached when it is not the embedded server is not told here but by Temporal's own variables
    (`TEMPORAL_ADDRESS`, `TEMPORAL_CONFIG_FILE` …); see `engine.connection`.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True)

    home: Path = Field(default=Path(".minaoshi"), title="データを置くフォルダー")
    temporal_port: Port = Field(default=7233, title="組み込み Temporal サーバーのポート")
    temporal_ui_port: Port = Field(default=8233, title="組み込み Temporal サーバーの画面のポート")
    temporal_namespace: Name = Field(default="default", title="Temporal の名前空間")
    task_queue: Name = Field(default="minaoshi", title="Temporal のタスクキュー")
    deployment: Name = Field(default="minaoshi", title="ワーカーの配備（Worker Deployment）の名前")
    build_id: Name | None = Field(default=None, title="ワーカーの版（build id）")
    keys_file: Path | None = Field(default=None, title="暗号鍵のファイル")
    signing_key_file: Path | None = Field(default=None, title="署名鍵のファイル")
    public_keys_file: Path | None = Field(default=None, title="信頼する公開鍵のファイル")

    forged_acts_alarm: Count = Field(default=10, title="偽の行為を知らせる数")
    forged_acts_window: Count = Field(default=600, title="偽の行為を数える期間（秒）")

    mail_from: str | None = Field(default=None, pattern=r"^[^@\s]+@[A-Za-z0-9.-]+$", title="メールの差出人")

    circular_pace: Annotated[float, Field(gt=0, le=1000)] = Field(default=10, title="事務連絡を送る速さ（一秒に何通）")

    web_address: str = Field(default="127.0.0.1:8000", title="ページを出す番地（host:port）")

    temporal_ui_url: str | None = Field(default=None, title="Temporal の画面のアドレス（https://…）")
    idle_minutes: int = Field(default=15, ge=5, le=60, title="操作がないときにサインアウトするまでの分")

    public_url: str | None = Field(default=None, title="職員がページを開くアドレス（https://…）")
    trusted_proxies: str = Field(default="127.0.0.0/8,::1/128", title="中継サーバー（リバースプロキシ）のネットワーク")
    # Where a mount takes what is written once and never changed, this names a file on it.
    checkpoints: Path | None = Field(default=None, title="証跡の控えを書くファイル")

    metrics_address: str | None = Field(default=None, title="計測値を出す番地（IP アドレス:ポート）")

    hotline_smtp: str | None = Field(default=None, title="ホットラインのメールを受ける番地（host:port）")
    hotline_department: Name | None = Field(default=None, title="ホットラインで受けた事案の部署")
    hotline_person: Name | None = Field(default=None, title="ホットラインで受けた事案を報告する職員")
    hotline_from: str = Field(default="127.0.0.0/8,::1/128", title="ホットラインに接続できるネットワーク")

    @field_validator("home")
    @classmethod
    def _is_a_folder(cls, home: Path) -> Path:
        path = home.expanduser().absolute()
        if path.exists() and not path.is_dir():
            raise PydanticCustomError("not_a_folder", "フォルダーではなく、ファイルです")
        return path

    @field_validator("deployment")
    @classmethod
    def _names_a_deployment(cls, name: str) -> str:
        # Temporal puts a dot or a colon between it and the build id.
        if not _DEPLOYMENT.fullmatch(name):
            raise PydanticCustomError("no_version", "英数字、-、_ で、100字までで指定してください")
        return name

    @field_validator("build_id")
    @classmethod
    def _names_a_version(cls, build_id: str | None) -> str | None:
        if build_id is not None and not _VERSION.fullmatch(build_id):
            raise PydanticCustomError("no_version", "英数字、.、_、+、- で、100字までで指定してください")
        return build_id

    @field_validator("public_url", "temporal_ui_url")
    @classmethod
    def _is_a_page(cls, url: str | None) -> str | None:
        if url is not None and not (urlsplit(url).scheme in ("http", "https") and urlsplit(url).hostname):
            raise PydanticCustomError("no_page", "https:// か http:// で始まる URL を指定してください")
        return url

    @model_validator(mode="after")
    def _has_a_sender(self) -> Self:
        if self.smtp_url not in (None, CONSOLE) and self.mail_from is None:
            raise PydanticCustomError(
                "no_sender", f"{PREFIX}SMTP_URL を指定するときは、{PREFIX}MAIL_FROM に差出人も指定してください"
            )
        return self

    @model_validator(mode="after")
    def _opens_guarded(self) -> Self:
        if self.oidc_issuer is not None and not is_guarded(self.pages_url):
            raise PydanticCustomError(
                "pages_in_clear",
                f"{PREFIX}OIDC_ISSUER を指定するときは、職員がページを開くアドレスを https:// で {PREFIX}PUBLIC_URL に"
                f"指定してください（今は {self.pages_url}。http:// は、この機械の中で開くときに限ります）",
            )
        return self

    @field_validator("hotline_smtp", "web_address", "metrics_address")
    @classmethod
    def _is_an_address(cls, value: str | None) -> str | None:
        host, _, port = (value or "localhost:1").rpartition(":")
        if not (host and port.isascii() and port.isdecimal() and 1 <= int(port) <= _LARGEST_PORT):
            raise PydanticCustomError(
                "no_address", "待ち受ける番地を host:port の形（例 127.0.0.1:2525）で指定してください"
            )
        return value

    @field_validator("hotline_from", "trusted_proxies")
    @classmethod
    def _are_networks(cls, value: str) -> str:
        try:
            _networks(value)
        except ValueError:
            raise PydanticCustomError(
                "no_networks", "ネットワークをコンマで区切って（例 127.0.0.0/8,10.1.2.3/32）指定してください"
            ) from None
        return value

    @model_validator(mode="after")
    def _has_a_desk(self) -> Self:
        if self.hotline_smtp is not None and None in (self.hotline_department, self.hotline_person):
            raise PydanticCustomError(
                "no_desk",
                f"{PREFIX}HOTLINE_SMTP を指定するときは、{PREFIX}HOTLINE_DEPARTMENT に部署、"
                f"{PREFIX}HOTLINE_PERSON に報告する職員も指定してください",
            )
        return self

    @model_validator(mode="after")
    def _has_two_ports(self) -> Self:
        if self.temporal_port == self.temporal_ui_port:
            raise PydanticCustomError(
                "same_port",
                f"{PREFIX}TEMPORAL_PORT と {PREFIX}TEMPORAL_UI_PORT には、別々の番号を指定してください",
            )
        return self

    @model_validator(mode="after")
    def _keeps_no_secret_that_everybody_knows(self) -> Self:
        known = [name for name in SECRET if is_well_known(name, getattr(self, name))]
        if known and not self.pages_are_local:
            raise PydanticCustomError(
                "well_known",
                f"{PREFIX}{known[0].upper()}（{type(self).model_fields[known[0]].title}）の合い言葉は、空か、誰でも知っているものです。"
                "ページをほかの機械から開けるようにするときは、推測できないものに変えてください",
            )
        return self

    @property
    def hotline_address(self) -> tuple[str, int]:
        """Where mails are taken in; raises ValueError when that is not set."""
        if self.hotline_smtp is None:
            raise ValueError("MINAOSHI_HOTLINE_SMTP is not set")
        return _host_and_port(self.hotline_smtp)

    @property
    def web_host_and_port(self) -> tuple[str, int]:
        """Where the pages are served."""
        return _host_and_port(self.web_address)

    @property
    def pages_url(self) -> str:
        """Under which address people open the pages: it stands in their mails."""
        return (self.public_url or f"http://{self.web_address}").rstrip("/")

    @property
    def pages_are_local(self) -> bool:
        """Whether the pages listen, and are opened, on this machine alone."""
        hosts = (self.web_host_and_port[0], urlsplit(self.pages_url).hostname or "")
        return all(is_loopback(host) for host in hosts)

    @property
    def hotline_networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """From where mails are taken in."""
        return _networks(self.hotline_from)

    @property
    def hotline_folder(self) -> Path:
        """Folder in which each mail to the hotline is kept."""
        return self.home / "hotline"

    @property
    def checkpoints_path(self) -> Path:
        """File of the signed heads of the audit trail."""
        return (self.checkpoints or self.home / "checkpoints.jsonl").expanduser().absolute()

    @property
    def checkpoint_keys_path(self) -> Path:
        """File of the keys that sign them."""
        return self.home / "checkpoint-keys.json"

    @property
    def temporal_address(self) -> str:
        return f"127.0.0.1:{self.temporal_port}"

    @property
    def ui_origin(self) -> str:
        """Whose question for payloads is heard: the engine's page as set, or that of the embedded server."""
        if self.temporal_ui_url is None:
            return f"http://127.0.0.1:{self.temporal_ui_port}"
        address = urlsplit(self.temporal_ui_url)
        return f"{address.scheme}://{address.netloc}".lower()

    @property
    def temporal_database_path(self) -> Path:
        return self.home / "temporal.db"

    @property
    def temporal_log_path(self) -> Path:
        return self.home / "temporal.log"

    @property
    def temporal_pid_path(self) -> Path:
        return self.home / "temporal.pid"

    @property
    def keys_path(self) -> Path:
        """File of the keys with which payloads are encrypted: as set, or in `home`."""
        return self.keys_file or self.home / "keys.json"

    @property
    def signing_key_path(self) -> Path:
        """File of the private key with which acts are signed: as set, or in `home`."""
        return self.signing_key_file or self.home / "signing-key.json"

    @property
    def public_keys_path(self) -> Path:
        """File of the public keys whose signatures are taken: as set, or in `home`."""
        return self.public_keys_file or self.home / "public-keys.json"

    @property
    def lock_path(self) -> Path:
        return self.home / "minaoshi.lock"

    @property
    def register_path(self) -> Path:
        """File of the register when `database_url` is not set."""
        return self.home / "register.db"

    @property
    def register_url(self) -> str:
        """Where the register lives: as set, or SQLite in `home`."""
        return self.database_url or f"sqlite:///{self.register_path}"


def _host_and_port(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    return host.strip("[]"), int(port)


def _networks(value: str) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(one.strip()) for one in value.split(","))


def load_settings() -> Settings:
    """Read the settings from the environment.

    Raises:
        SettingsError: a value is wrong; the text is in Japanese and ready to be printed.

    """
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError(_explain(error)) from error


def _explain(error: ValidationError) -> str:
    return "\n".join(["設定に誤りがあります。", *(f"  {_line(detail)}" for detail in error.errors())])


def _line(detail: ErrorDetails) -> str:
    if not detail["loc"]:
        return f"{detail['msg']}。"
    name = str(detail["loc"][0])
    title = Settings.model_fields[name].title
    value = "" if name in SECRET else f"「{detail['input']}」: "
    return f"{PREFIX}{name.upper()}（{title}）{value}{_reason(detail)}。"


def _reason(detail: ErrorDetails) -> str:
    if detail["loc"][0] == "idle_minutes":
        return "5 から 60 までの整数を指定してください"
    match detail["type"]:
        case "int_parsing" | "int_from_float" | "int_type" | "greater_than_equal" | "less_than_equal":
            return "1 から 65535 までの整数を指定してください"
        case kind if kind in _TOLD_BY_THEMSELVES:
            return detail["msg"]
        case "string_pattern_mismatch":
            return "名前@ドメイン の形で指定してください"
        case _:
            return f"値が正しくありません（{detail['msg']}）"
