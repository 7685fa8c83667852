"""効いている設定: told by name, secrets by a digest alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import Field

from engine.configuration import effective
from engine.keys import KeyRing, key_ring
from settings import Settings

SECRET = {
    "database_url": "postgresql+psycopg://u:hunter2@db/register",
    "smtp_url": "smtps://u:swordfish@mail.example.jp",
}


@pytest.fixture
def ring(settings: Settings) -> KeyRing:
    return key_ring(settings)


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TEMPORAL_ADDRESS", "TEMPORAL_API_KEY"):
        monkeypatch.delenv(name, raising=False)


def test_every_setting_is_told_and_no_secret(settings: Settings, ring: KeyRing) -> None:
    told = effective(settings.model_copy(update=SECRET), ring, before={})
    assert told["task_queue"] == "minaoshi"
    assert set(told) >= set(SECRET)
    assert "public_url" not in told
    for word in ("hunter2", "swordfish", "mail.example.jp"):
        assert word not in str(told)


def test_where_there_is_no_secret_no_key_is_made(settings: Settings, ring: KeyRing) -> None:
    effective(settings, ring, before={})
    assert not settings.keys_path.exists()


def test_a_secret_that_stays_is_the_same_also_after_a_rotation(settings: Settings, ring: KeyRing) -> None:
    with_secrets = settings.model_copy(update=SECRET)
    before = effective(with_secrets, ring, before={})
    ring.rotate()
    assert effective(with_secrets, ring, before=before) == before
    assert effective(with_secrets, ring, before={}) != before


def test_another_secret_is_seen(settings: Settings, ring: KeyRing) -> None:
    before = effective(settings.model_copy(update=SECRET), ring, before={})
    other = {**SECRET, "smtp_url": "smtps://u:other@mail.example.jp"}
    after = effective(settings.model_copy(update=other), ring, before=before)
    assert [name for name in after if after[name] != before[name]] == ["smtp_url"]


def test_a_digest_of_a_key_that_is_gone_is_made_anew(settings: Settings, ring: KeyRing) -> None:
    with_secrets = settings.model_copy(update=SECRET)
    before = effective(with_secrets, ring, before={})
    old = ring.ids()[-1]
    ring.rotate()
    ring.remove(old)
    after = effective(with_secrets, ring, before=before)
    assert {name for name in after if after[name] != before[name]} == set(SECRET)


def test_temporals_own_variables_are_told_and_its_keys_are_not(
    settings: Settings, ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", "temporal.example.jp:7233")
    monkeypatch.setenv("TEMPORAL_API_KEY", "swordfish")
    monkeypatch.setenv("TEMPORAL_SOMETHING_NEW", "hunter2")
    told = effective(settings, ring, before={})
    assert told["TEMPORAL_ADDRESS"] == "temporal.example.jp:7233"
    assert told["TEMPORAL_API_KEY"].startswith("hmac:")
    assert "swordfish" not in str(told)
    assert "hunter2" not in str(told)


class WithFile(Settings):
    """ファイルの秘密のある設定."""

    password_file: Path | None = Field(default=None, repr=False)


def test_of_a_secret_in_a_file_what_stands_in_it_counts(tmp_path: Path, settings: Settings, ring: KeyRing) -> None:
    file = tmp_path / "password"
    with_file = WithFile(home=settings.home, password_file=file)
    told: list[dict[str, str]] = []
    for content in ("hunter2", "swordfish", "swordfish"):
        file.write_text(content)
        told.append(effective(with_file, ring, before=told[-1] if told else {}))
    assert told[0] != told[1] == told[2]
    assert "swordfish" not in str(told)
