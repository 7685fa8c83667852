"""指導と改善策 in the terminal: entered, reported on, approved by both sides."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.terminal import Terminal, demo_file

ONE, TEAM, CHIEF = "account-registration-2023", "team-lead", "chief"


def test_a_guidance_is_entered_reported_on_and_approved_in_the_terminal(running: Terminal, tmp_path: Path) -> None:
    assert running.run("organisation", "apply", "-", given=demo_file("organisation.toml")).status == 0
    guidance = ("guidance",)
    entered = running.run(*guidance, "enter", "-", "--as", TEAM, given=demo_file("guidance.toml"))
    assert "新たに28件を登録しました" in entered.out
    assert (
        running.run(*guidance, "enter", "-", "--as", TEAM, "--json", given=demo_file("guidance.toml")).data["entered"]
        == []
    )
    assert "18件の改善策を確認しました" in running.run(*guidance, "confirm", ONE, "--as", CHIEF).out
    assert ONE in running.run(*guidance, "list", "--as", TEAM).out
    shown = running.run(*guidance, "show", ONE, "--as", TEAM, "--on", "2024-02-03").out
    assert "予定・期限超過" in shown
    assert "34日" in shown
    for form, begins in (("xlsx", b"PK"), ("pdf", b"%PDF"), ("html", b"<!DOCTYPE"), ("json", b"{")):
        file = tmp_path / f"report.{form}"
        done = running.run(*guidance, "report", ONE, "--as", form, "--on", "2023-11-15", "-o", str(file))
        assert done.status == 0, done.err
        assert file.read_bytes().startswith(begins)
    report = (*guidance, "report", ONE, "--on", "2023-11-15")
    assert running.run(*report, "--as", "json", "--by", CHIEF).data["guidance"] == ONE
    hidden = running.run(*report, "--as", "json", "--by", "residents-drafter")
    assert (hidden.status, "この義務は、個人情報保護担当（対策チーム）のものです。" in hidden.err) == (1, True)
    unknown = running.run(*report, "--as", "docx", "-o", str(tmp_path / "report.docx"))
    assert (unknown.status, "のいずれかを書いてください" in unknown.err) == (1, True)
    nowhere = running.run(*report, "--as", "json", "-o", str(tmp_path / "no" / "report.json"))
    assert (nowhere.status, "に書けません" in nowhere.err) == (2, True)
    for person, words in ((TEAM, "総括保護管理者の承認を待っています"), (CHIEF, "承認済み")):
        assert words in running.run(*guidance, "approve", ONE, "--as", person, "--on", "2023-11-15").out
    page = running.run(*guidance, "report", ONE, "--as", "html", "--version", "1").out
    assert "承認済み（第1版）" in page
    measure = {"id": "1-9", "item": "1", "text": "令和5年度中に周知予定。", "department": "account-registration"}
    measure |= {"when": {"said": "令和5年度中", "latest_on": "2024-03-31"}}  # type: ignore[dict-item] # JSON
    given = json.dumps(measure).encode()
    assert "実施中（期限 2024-03-31）" in running.run(*guidance, "measure", ONE, "-", "--as", TEAM, given=given).out
    refused = running.run(*guidance, "close", ONE, "--as", "desk", "--evidence", f"控え={'e' * 64}")
    assert refused.status == 1
    closing = running.run(*guidance, "close", ONE, "--as", TEAM, "--evidence", f"控え={'e' * 64}")
    assert "確認待ち" in closing.out
    assert running.run(*guidance, "close", ONE, "--as", CHIEF).status == 1
