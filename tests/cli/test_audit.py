"""証跡 in the terminal: a checkpoint, an export, and its verification in an empty home."""

from __future__ import annotations

import json
from pathlib import Path

from sqlalchemy import select

from register.tables import occurrences
from tests.cli.terminal import MakeSettings, Terminal, demo_file
from tests.tampering import administering


def test_what_was_written_out_here_is_verified_elsewhere(
    terminal: Terminal, tmp_path: Path, settings_in: MakeSettings
) -> None:
    terminal.run("organisation", "apply", "-", given=demo_file("organisation.toml"))
    kept = terminal.run("audit", "checkpoint", "--json").data
    assert terminal.run("audit", "verify").out.splitlines()[1] == "照らした控え: 1件"
    (tmp_path / "keys").write_text(terminal.run("audit", "keys").out)
    export = str(tmp_path / "audit.zip")
    assert "書き出しました" in terminal.run("audit", "export", "-o", export).out
    assert terminal.run("audit", "rotate", "--json").data["key_id"] != kept["key_id"]
    elsewhere = Terminal(settings_in(tmp_path / "elsewhere"))
    verified = elsewhere.run(
        *("audit", "verify", "--file", export, "--keys", str(tmp_path / "keys"), "--expect", kept["hash"])
    )
    assert verified.status == 0
    assert "✓ 正しい" in verified.out
    assert kept["key_id"] in verified.out
    assert not elsewhere.settings.register_path.exists()
    public = tmp_path / "public-keys.json"
    unusable = elsewhere.run("audit", "verify", "--file", export, "--signers", str(public))
    assert unusable.status != 0
    assert "public-keys.json" in unusable.out + unusable.err
    terminal.run("keys", "list")
    signers = str(terminal.settings.public_keys_path)
    assert "確かめていません" not in elsewhere.run("audit", "verify", "--file", export, "--signers", signers).out
    assert "確かめていません" in verified.out
    # What was kept later knows of more than this export holds.
    later = elsewhere.run(
        *("audit", "verify", "--file", export, "--checkpoints", str(terminal.settings.checkpoints_path), "--json")
    )
    assert later.status == 1
    assert "切り詰められています" in json.dumps(later.data, ensure_ascii=False)


def test_retention_is_shown_and_grants_are_printed(terminal: Terminal) -> None:
    terminal.run("organisation", "apply", "-", given=demo_file("organisation.toml"))
    assert "有効な保存期間はありません" in terminal.run("audit", "retention", "show").out
    given = ("--until", "2099-03-31", "--reason", "文書管理規則", "--as", "team-lead", "--json")
    number = terminal.run("audit", "retention", "propose", *given).data["number"]
    assert "確認待ち" in terminal.run("audit", "retention", "show").out
    assert terminal.run("audit", "retention", "confirm", number, "--as", "auditor").status == 1
    with administering(terminal.settings.register_url) as engine, engine.connect() as connection:
        refused = select(occurrences.c.person, occurrences.c.detail)
        [(person, detail)] = connection.execute(refused.where(occurrences.c.kind == "person:page:refused"))
    assert (person, detail["address"]) == ("auditor", "minaoshi audit retention confirm")
    assert terminal.run("audit", "retention", "confirm", number, "--as", "chief").status == 0
    assert "有効　" in terminal.run("audit", "retention", "show").out
    assert 'GRANT SELECT, INSERT ON acts TO "writer";' in terminal.run("register", "grants", "--role", "writer").out
