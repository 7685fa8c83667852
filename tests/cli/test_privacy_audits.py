"""監査とログ分析 in the terminal: a programme, the plan, a report; the systems, a CSV, an anomaly as a risk event."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.terminal import Terminal
from tests.cli.test_duties import written
from tests.workflows.test_log_analyses import CSV

ITEM, FILE = "管理簿があるか", "住民基本台帳ファイル"
PROGRAMME = {
    "name": "terminal",
    "title": "監査",
    "inspection_begins_on": "2023-10-01",
    "inspection_due_on": "2023-10-30",
    "questions": [ITEM],
    "checklist": [ITEM],
    "audits": [
        {
            "name": "terminal",
            "file": FILE,
            "contractor": "運用会社",
            "department": "resident-records",
            "begins_on": "2023-11-01",
            "due_on": "2024-03-31",
        }
    ],
}
SYSTEMS = {
    "systems": [{"name": "residents", "system": "住民記録", "department": "resident-records", "first_month": "2023-11"}]
}
PLAN = {"audited_on": "2024-01-15", "auditors": ["auditor"], "scope": "全て", "method": "実地"}


def test_an_audit_in_the_terminal(furnished: Terminal, tmp_path: Path) -> None:
    terminal, one = furnished, "audit:terminal.2023"
    programme = written(tmp_path / "programme.json", PROGRAMME)
    assert "1件を始めました" in terminal.run("privacy-audit", "apply", programme, "--as", "auditor").out
    assert terminal.run("privacy-audit", "apply", programme, "--as", "auditor", "--json").data["there"] == [one]
    assert "期限を過ぎている" in terminal.run("privacy-audit", "plan", "--as", "auditor").out
    picture = tmp_path / "plan.svg"
    assert terminal.run("privacy-audit", "plan", "--as", "auditor", "--svg", str(picture)).status == 0
    assert "<svg" in picture.read_text(encoding="utf-8")
    plan = written(tmp_path / "plan.json", PLAN)
    assert "実施計画を定めました" in terminal.run("privacy-audit", "set-plan", one, plan, "--as", "auditor").out
    paper = {"findings": [{"item": ITEM, "grade": "conforms", "text": "ある。"}], "conclusion": "適合している。"}
    hand_in = ("duty", "hand-in", one, "--as", "auditor", "--text", "監査した。", "--evidence", f"調書={'a' * 64}")
    assert terminal.run(*hand_in, "--paper", written(tmp_path / "paper.json", paper)).status == 0
    report = tmp_path / "report.json"
    asked = ("privacy-audit", "report", one, "--by", "auditor", "-o", str(report))
    written_out = terminal.run(*asked, "--as", "json")
    assert "SHA-256" in written_out.out
    assert json.loads(report.read_text(encoding="utf-8"))["conclusion"] == "適合している。"
    unknown = terminal.run(*asked, "--as", "docx")
    assert (unknown.status, "pdf、xlsx、json のいずれか" in unknown.err) == (1, True)


def test_a_log_analysis_in_the_terminal(furnished: Terminal, tmp_path: Path) -> None:
    terminal, one = furnished, "log_analysis:residents.2023-11"
    listed = written(tmp_path / "systems.json", SYSTEMS)
    assert "以後は毎月始まります" in terminal.run("logs", "apply", listed, "--as", "auditor").out
    assert terminal.run("logs", "apply", listed, "--as", "auditor", "--json").data["there"] == [one]
    assert one in terminal.run("logs", "systems", "--as", "auditor").out
    assert terminal.run("logs", "systems", "--as", "auditor", "--json").data[0]["duty_id"] == one
    rows = tmp_path / "logs.csv"
    rows.write_bytes(CSV.encode("cp932"))
    said = ("--method", "抽出", "--conclusion", "調べる。", "--evidence", f"ログ={'b' * 64}")
    submitted = terminal.run("logs", "submit", one, "--as", "residents-drafter", "--csv", str(rows), *said)
    assert "状況は「確認待ち」" in submitted.out
    assert "1200" in terminal.run("logs", "months", one, "--as", "auditor").out
    picture = tmp_path / "months.svg"
    assert terminal.run("logs", "months", one, "--as", "auditor", "--svg", str(picture)).status == 0
    assert "▲1" in picture.read_text(encoding="utf-8")
    assert "深夜の閲覧" in terminal.run("logs", "anomalies", one, "--as", "auditor").out
    assert "として報告しました" in terminal.run("logs", "event", one, "1", "--as", "residents-drafter").out
    assert f"{one}/" in terminal.run("logs", "anomalies", one, "--as", "auditor").out
