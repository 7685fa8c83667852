"""端末: a backup beside a running `minaoshi up`, looked through, and restored into a new home, which then goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.terminal import MakeSettings, Terminal
from tests.cli.test_ways_back import furnish, report

pytestmark = pytest.mark.sqlite("a file is copied here; PostgreSQL is copied by its own programs")


@pytest.mark.whole
def test_a_running_installation_is_backed_up_and_goes_on_elsewhere(
    alone: Terminal, settings_in: MakeSettings, tmp_path: Path
) -> None:
    furnish(alone)
    report(alone, "change/backed-up")
    file, whole = str(tmp_path / "backup.tar.gz"), str(tmp_path / "whole.tar.gz")
    taken = alone.run("backup", "-o", file)
    assert taken.status == 0, taken.err
    assert "鍵は入っていません" in taken.out
    assert str(alone.settings.keys_path) in taken.out
    told = alone.run("backup", "-o", whole, "--with-keys", "--json")
    assert {"engine.db", "register.db", "keys/keys.json"} <= {one["name"] for one in told.data["members"]}
    elsewhere = Terminal(settings_in(tmp_path / "elsewhere"))
    checked = elsewhere.run("restore", file, "--check")
    assert (checked.status, "証跡: ✓ 正しい" in checked.out) == (0, True), checked.err
    refused = elsewhere.run("restore", file)
    assert (refused.status, str(elsewhere.settings.keys_path) in refused.err) == (1, True)
    restored = elsewhere.run("restore", whole)
    assert (restored.status, "minaoshi up" in restored.out) == (0, True), restored.err
    assert elsewhere.run("restore", whole).status == 1
    process = elsewhere.start("up")
    assert process.stdout is not None
    assert "動いています" in process.stdout.readline().decode()
    assert elsewhere.run("audit", "verify").status == 0
    reconciled = elsewhere.run("reconcile")
    assert (reconciled.status, "履歴と台帳は合っています" in reconciled.out) == (0, True), reconciled.err
    assert elsewhere.run("schedule", "show").status == alone.run("schedule", "show").status
    process.terminate()
    assert process.wait(timeout=30) == 0
    process.stdout.close()


def test_what_can_not_be_backed_up_or_restored_is_told(bare: Terminal, tmp_path: Path) -> None:
    refused = bare.run("backup", "-o", str(tmp_path / "backup.tar.gz"))
    assert (refused.status, "台帳がありません" in refused.err) == (1, True)
    missing = bare.run("restore", str(tmp_path / "nothing.tar.gz"))
    assert (missing.status, "がありません" in missing.err) == (2, True)
    nowhere = bare.run("restore", __file__)
    assert (nowhere.status, "壊れています" in nowhere.err) == (1, True)
