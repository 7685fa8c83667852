"""鍵のコマンド: which keys there are, new ones, and one that is trusted no longer."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli.keys import app
from register.register import open_register
from schemas.records import AuditAction, Occurrence
from settings import load_settings


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def listed() -> Any:
    return json.loads(run("list", "--json").output)


def noted(kind: AuditAction) -> tuple[Occurrence, ...]:
    async def of_kind() -> tuple[Occurrence, ...]:
        register = await open_register(load_settings().register_url)
        found = await register.occurrences(kind)
        await register.close()
        return found

    return asyncio.run(of_kind())


def test_keys_are_listed_rotated_and_distrusted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MINAOSHI_HOME", str(tmp_path / "home"))
    first = listed()
    assert first["keys"] == [first["current"]]
    assert first["signing"]["trusted"] == [first["signing"]["current"]]
    assert run("rotate", "--only", "signing").exit_code == 0
    then = listed()
    assert then["current"] == first["current"]
    assert then["signing"]["trusted"] == [first["signing"]["current"], then["signing"]["current"]]
    both = run("rotate")
    assert "暗号化します" in both.output
    assert "署名します" in both.output
    removed = first["signing"]["current"]
    assert [one.detail["of"] for one in noted(AuditAction.KEY_ROTATED)] == ["signing", "encryption", "signing"]
    assert run("distrust", removed).exit_code == 0
    again = run("distrust", removed)
    assert (again.exit_code, removed in again.output) == (1, True)
    assert [one.subject for one in noted(AuditAction.CONFIGURATION_CHANGED)] == [removed]
    last = listed()
    assert len(last["keys"]) == 2
    assert removed not in last["signing"]["trusted"]
    assert run("distrust", last["signing"]["current"]).exit_code == 0
    assert "信頼されていません" in run("list").output
