"""用意 (readiness): nothing starts on a register that a newer program has brought forward."""

from __future__ import annotations

import json

import pytest

from engine.server import EmbeddedServer
from tests.cli.terminal import Terminal, demo_file
from tests.tampering import administering, tamper


@pytest.mark.parametrize("command", [("worker",), ("web",), ("inbox", "--as", "team-lead", "--json")])
def test_a_register_of_a_newer_program_is_refused_with_what_to_do(
    server: EmbeddedServer, terminal: Terminal, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    assert terminal.run("organisation", "apply", "-", given=demo_file("organisation.toml")).status == 0
    with administering(terminal.settings.register_url) as engine:
        tamper(engine, "UPDATE alembic_version SET version_num = '9999'")
    if command == ("worker",):
        monkeypatch.setenv("TEMPORAL_ADDRESS", server.settings.temporal_address)
    done = terminal.run_anew(*command)
    assert done.status == 1
    told = json.loads(done.err)["error"]["message"] if "--json" in command else done.err
    assert "台帳の表の版は 9999 で" in told
    assert "このプログラムを、台帳を進めたものと同じ版に更新してください" in done.err
