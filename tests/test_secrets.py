"""秘密 (secrets): they come from variables or files, are shown by nothing, and are not those that everybody knows."""

from __future__ import annotations

import ast
import json
import re
import runpy
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from cli.main import app
from client.audit import Keeping
from engine.keys import key_ring
from engine.signing import prepared_signatures
from settings import Settings, SettingsError, load_settings

SECRET = "kokoro-42/himitsu"  # noqa: S105 # what must be seen nowhere
DATABASE = "postgresql+psycopg://writer:kokoro-42%2Fhimitsu@127.0.0.1:1/minaoshi"
MAIL = "smtps://writer:kokoro-42%2Fhimitsu@127.0.0.1:1"


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Set every secret there is."""
    monkeypatch.setenv("MINAOSHI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MINAOSHI_DATABASE_URL", DATABASE)
    monkeypatch.setenv("MINAOSHI_SMTP_URL", MAIL)
    monkeypatch.setenv("MINAOSHI_MAIL_FROM", "minaoshi@example.jp")
    monkeypatch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:1")
    monkeypatch.setenv("TEMPORAL_API_KEY", SECRET)


def helps(group: typer.Typer) -> Iterator[str]:
    """Give what each command says of itself, without the frames that take long to draw."""
    ahead: list[Any] = [typer.main.get_command(group)]
    for command in ahead:
        command.rich_markup_mode = None
        yield command.get_help(command.make_context(command.name, [], resilient_parsing=True))
        ahead.extend(getattr(command, "commands", {}).values())


@pytest.mark.usefixtures("told")
def test_no_command_shows_a_secret_in_its_help() -> None:
    every = list(helps(app))
    assert len(every) > 60
    every.append(CliRunner().invoke(app, ["--help"]).output)
    assert all("--help" in one for one in every)
    assert [one for one in every if shows_a_secret(one)] == []


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize("words", [("doctor",), ("doctor", "--json"), ("inbox", "--as", "desk")], ids=" ".join)
def test_what_does_not_work_is_told_without_a_secret(words: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(app, list(words))
    assert shown.exit_code != 0
    assert not shows_a_secret(shown.output + str(shown.exception))


@pytest.mark.usefixtures("told")
def test_the_settings_do_not_show_their_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load_settings()
    assert settings.register_url == DATABASE
    assert not shows_a_secret(f"{settings!r} {settings}")
    monkeypatch.setenv("MINAOSHI_TEMPORAL_PORT", "x")
    with pytest.raises(SettingsError) as refused:
        load_settings()
    assert not shows_a_secret(f"{refused.value} {refused.value.__cause__}")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://u:kokoro-42/himitsu@db/minaoshi",
        "postgresql://u:kokoro-42@[db/x",
        "mysql://u:kokoro-42@db",
    ],
)
def test_a_database_that_can_t_be_read_is_refused_without_its_password(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("MINAOSHI_DATABASE_URL", url)
    with pytest.raises(SettingsError, match=r"postgresql\+psycopg:// で始まる") as refused:
        load_settings()
    assert not shows_a_secret(f"{refused.value} {refused.value.__cause__}")


def shows_a_secret(text: str) -> bool:
    return "kokoro" in text or "himitsu" in text


@pytest.mark.parametrize(("name", "value"), [("database_url", DATABASE), ("smtp_url", MAIL)])
def test_each_secret_may_stand_in_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str
) -> None:
    (tmp_path / "secret").write_text(f"{value}\n", "utf-8")
    monkeypatch.setenv("MINAOSHI_MAIL_FROM", "minaoshi@example.jp")
    monkeypatch.setenv(f"MINAOSHI_{name.upper()}_FILE", str(tmp_path / "secret"))
    settings = load_settings()
    assert getattr(settings, name) == value
    assert not shows_a_secret(repr(settings))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "のファイルを読めません（No such file or directory）"),
        (b"\xff", "のファイルを読めません（文字として読めません）"),
        (b" \n", "のファイルに何も書かれていません"),
    ],
    ids=["ない", "文字でない", "空"],
)
def test_a_file_without_a_secret_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None, says: str
) -> None:
    if content is not None:
        (tmp_path / "secret").write_bytes(content)
    monkeypatch.setenv("MINAOSHI_DATABASE_URL_FILE", str(tmp_path / "secret"))
    with pytest.raises(SettingsError, match=f"MINAOSHI_DATABASE_URL_FILE {says}"):
        load_settings()


@pytest.mark.usefixtures("told")
def test_a_secret_stands_in_one_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MINAOSHI_DATABASE_URL_FILE", str(tmp_path / "secret"))
    with pytest.raises(SettingsError, match="どちらか一つ"):
        load_settings()


OPEN = [{"MINAOSHI_PUBLIC_URL": "https://minaoshi.example.jp"}, {"MINAOSHI_WEB_ADDRESS": "0.0.0.0:8000"}]
KNOWN = [
    "postgresql+psycopg://writer:@db/minaoshi",
    "postgresql+psycopg://writer:PostgreS@db/minaoshi",
    "postgresql+psycopg://minaoshi:minaoshi@db/minaoshi",
    "postgresql+psycopg://writer:writer@db/minaoshi",
    "postgresql+psycopg://db/minaoshi?user=writer&password=change%6De",
    "postgresql+psycopg://db/minaoshi?password=",
]
OWN = [DATABASE, "postgresql+psycopg://writer@db/minaoshi", "sqlite:////var/lib/minaoshi/register.db"]


@pytest.mark.parametrize("url", KNOWN)
@pytest.mark.parametrize("opened", OPEN, ids=["公の番地", "ほかの機械から"])
def test_where_others_may_come_a_password_that_everybody_knows_is_refused(
    monkeypatch: pytest.MonkeyPatch, opened: dict[str, str], url: str
) -> None:
    for name, value in opened.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("MINAOSHI_DATABASE_URL", url)
    with pytest.raises(SettingsError, match="MINAOSHI_DATABASE_URL（台帳のデータベース）の合い言葉は"):
        load_settings()


@pytest.mark.parametrize("opened", OPEN, ids=["公の番地", "ほかの機械から"])
def test_where_others_may_come_the_mail_server_s_too(monkeypatch: pytest.MonkeyPatch, opened: dict[str, str]) -> None:
    monkeypatch.setenv("MINAOSHI_MAIL_FROM", "minaoshi@example.jp")
    monkeypatch.setenv("MINAOSHI_SMTP_URL", "smtps://writer:password@mail.example.jp")
    assert load_settings().smtp_url
    for name, value in opened.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match="MINAOSHI_SMTP_URL（"):
        load_settings()


@pytest.mark.parametrize("url", KNOWN)
def test_on_this_machine_alone_anything_may_be_tried(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("MINAOSHI_DATABASE_URL", url)
    monkeypatch.setenv("MINAOSHI_PUBLIC_URL", "http://localhost:8000")
    assert load_settings().pages_are_local


@pytest.mark.parametrize("url", OWN)
def test_a_password_of_one_s_own_or_none_is_taken(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("MINAOSHI_DATABASE_URL", url)
    monkeypatch.setenv("MINAOSHI_PUBLIC_URL", "https://minaoshi.example.jp")
    assert not load_settings().pages_are_local


def test_no_installation_has_the_keys_of_another(tmp_path: Path) -> None:
    """There is no default secret: each is made at the first start."""
    made = []
    for name in ("one", "other"):
        settings = Settings(home=tmp_path / name)
        prepared_signatures(settings)
        Keeping(settings.checkpoints_path, settings.checkpoint_keys_path).keys.ensure(at=datetime.now(UTC))
        key_ring(settings).current()
        files = (settings.keys_path, settings.signing_key_path, settings.checkpoint_keys_path)
        assert all(one.stat().st_mode & 0o077 == 0 for one in files)
        made.append({text for one in files for text in strings_in(json.loads(one.read_text("utf-8")))})
    assert all(len(one) >= 3 for one in made)
    assert made[0].isdisjoint(made[1])


def strings_in(data: object) -> Iterator[str]:
    """Give what a file of keys holds, ids and keys: texts long enough to be made by chance."""
    if isinstance(data, dict):
        for name, value in data.items():
            yield from strings_in(name)
            yield from strings_in(value)
    elif isinstance(data, str) and len(data) >= 16:
        yield data


ROOT = Path(__file__).resolve().parent.parent
_OF_SECRETS = re.compile(r"token|secret|password|passphrase", re.IGNORECASE)
_DIGESTS = re.compile(r"[a-z_.]*token_digest")
_NO_SECRET_HERE = {
    ("identity.py", "'client_secret_basic'"),  # the name of a method
    # Found by the database's index, and by it alone is nobody signed in.
    ("sessions.py", "sessions.c.form_token"),
    ("sessions.py", "form_token"),
}


def compared_in(path: Path) -> Iterator[str]:
    """Give what is compared by a plain comparison, whose time tells how much of it agrees."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Compare) and any(isinstance(one, (ast.Eq, ast.NotEq, ast.In)) for one in node.ops):
            yield from (ast.unparse(one) for one in (node.left, *node.comparators))


@pytest.mark.parametrize("package", ["web", "client", "register", "engine", "cli", "hotline", "notices"])
def test_no_secret_is_compared_in_a_time_that_tells_of_it(package: str) -> None:
    """Tokens are found by their SHA-256, which nobody can steer; what stands in a form is compared by `hmac`."""
    paths = sorted((ROOT / package).rglob("*.py"))
    found = {(one.name, said) for one in paths for said in compared_in(one) if _OF_SECRETS.search(said)}
    assert {one for one in found if not _DIGESTS.fullmatch(one[1])} - _NO_SECRET_HERE == set()


def test_it_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("me.form_token == typed\n", "utf-8")
    assert list(compared_in(tmp_path / "a.py")) == ["me.form_token", "typed"]


@pytest.mark.parametrize(
    ("name", "content", "is_one"),
    [
        ("signing-key.json", "{}", True),
        ("server.pem", "-----BEGIN " + "EC PRIVATE KEY-----", True),
        ("server.pem", "-----BEGIN CERTIFICATE-----", False),
        ("public-keys.json", "{}", False),
    ],
    ids=str,
)
def test_no_private_key_comes_into_the_repository(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, content: str, *, is_one: bool
) -> None:
    monkeypatch.chdir(ROOT)
    (tmp_path / name).write_text(content, "utf-8")
    found = list(runpy.run_path(str(ROOT / ".ci" / "check_tree.py"))["complaints"](tmp_path / name))
    assert any("private key" in one for one in found) is is_one
