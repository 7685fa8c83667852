"""義務 in the terminal: a measure from its opening to its confirmation, and a training with its roll."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.terminal import Terminal
from tests.cli.test_ways_back import TEAM
from tests.house import today

DRAFTER, CHIEF = "residents-drafter", "chief"


def written(path: Path, content: Any) -> str:
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return str(path)


def listed(terminal: Terminal) -> list[str]:
    """Name all duties that the team is shown; others of the shared installation are among them."""
    return sorted(state["duty_id"] for state in terminal.run("duty", "list", "--as", TEAM, "--all", "--json").data)


def test_a_measure_is_followed_in_the_terminal(furnished: Terminal, tmp_path: Path) -> None:
    terminal, one = furnished, "measure:terminal"
    before = listed(terminal)
    due_on, later = ((today() + timedelta(days=days)).isoformat() for days in (30, 60))
    content = written(tmp_path / "content.json", {"item": "1", "text": "事務連絡を発出する。"})
    place = ("--department", "resident-records", "--title", "運用面での対策", "--due-on", due_on)
    opened = terminal.run("duty", "open", one, "--as", TEAM, *place, "--content", content)
    assert "義務 measure:terminal の1番目の行為、状況は「実施中」" in opened.out
    assert one in terminal.run("duty", "list", "--as", DRAFTER, "--kind", "measure").out
    assert "実施し、完了を報告する" in terminal.run("inbox", "--as", DRAFTER).out
    assert terminal.run("duty", "progress", one, "--as", DRAFTER, "--text", "案を作った。").status == 0
    assert (
        f"期限は {later}"
        in terminal.run("duty", "postpone", one, "--as", TEAM, "--due-on", later, "--reason", "改修を待つ。").out
    )
    assert (
        terminal.run("duty", "amend", one, "--as", TEAM, "--owner", DRAFTER, "--reason", "担当を定めた。").status == 0
    )
    hand_in = ("duty", "hand-in", one, "--as", DRAFTER, "--text", "発出した。", "--done-on", today().isoformat())
    refused = terminal.run(*hand_in)
    assert (refused.status, "根拠資料が要ります" in refused.err) == (1, True)
    evidence = ("--evidence", f"事務連絡={'e' * 64}")
    assert terminal.run(*hand_in, *evidence).status == 0
    assert terminal.run("duty", "send-back", one, "--as", TEAM, "--reason", "写しが要る。").status == 0
    assert terminal.run(*hand_in, *evidence).status == 0
    assert terminal.run("duty", "confirm", one, "--as", DRAFTER).status == 1
    assert terminal.run("duty", "confirm", one, "--as", TEAM, "--json").data["status"] == "closed"
    page = terminal.run("duty", "show", one, "--as", DRAFTER).out
    assert all(words in page for words in ("改善策 measure:terminal", "差戻し", "写しが要る。", "完了の確認"))
    assert terminal.run("duty", "show", one, "--as", TEAM, "--json").data["state"]["closed_at"]
    assert listed(terminal) == sorted([*before, one])


def test_a_training_is_followed_in_the_terminal(furnished: Terminal, tmp_path: Path) -> None:
    terminal, one = furnished, "training:terminal.2026"
    content = written(tmp_path / "content.json", {"material": "研修資料"})
    roll = written(
        tmp_path / "roll.json",
        [
            {"member": DRAFTER, "name": "見本", "department": "resident-records"},
            {"member": "desk", "name": "窓口", "department": "account-registration"},
            {"member": "auditor", "name": "監査"},
        ],
    )
    due_on = (today() + timedelta(days=30)).isoformat()
    place = ("--department", "privacy", "--title", "研修", "--due-on", due_on, "--content", content)
    assert terminal.run("duty", "open", one, "--as", TEAM, *place).status == 0
    assert "名簿は3のうち3が未了" in terminal.run("duty", "enrol", one, "--as", TEAM, "--add", roll).out
    assert terminal.run("duty", "complete", one, "--as", DRAFTER, "--on", today().isoformat()).status == 0
    assert terminal.run("duty", "excuse", one, "--as", TEAM, "--member", "desk", "--reason", "休職中").status == 0
    assert terminal.run("duty", "enrol", one, "--as", TEAM, "--remove", "auditor", "--reason", "退職").status == 0
    page = terminal.run("duty", "roll", one, "--as", TEAM).out
    assert all(words in page for words in ("済", "休職中", "名簿から外した"))
    rows = terminal.run("duty", "roll", one, "--as", TEAM, "--status", "completed", "--json").data
    assert [row["member"] for row in rows] == [DRAFTER]
    assert "実施中（1/2）" in terminal.run("duty", "list", "--as", TEAM).out
    assert (
        terminal.run("duty", "cancel", one, "--as", CHIEF, "--reason", "延期する。", "--json").data["roll"]["total"]
        == 2
    )


BAD = [
    pytest.param(("list", "--as", TEAM, "--kind", "party"), "種類「party」を知りません", id="知らない種類"),
    pytest.param(("roll", "training:x", "--as", TEAM, "--status", "lost"), "--status は", id="知らない状況"),
    pytest.param(("show", "measure:none", "--as", TEAM), "台帳にありません", id="知らない義務"),
]


@pytest.mark.parametrize(("arguments", "words"), BAD)
def test_what_is_not_known_is_said(furnished: Terminal, arguments: tuple[str, ...], words: str) -> None:
    ended = furnished.run("duty", *arguments)
    assert ended.status != 0
    assert words in ended.err


def test_a_content_that_is_no_object_is_refused(furnished: Terminal, tmp_path: Path) -> None:
    content = written(tmp_path / "content.json", ["配列"])
    ended = furnished.run("duty", "open", "measure:x", "--as", TEAM, "--content", content)
    assert "オブジェクトではありません" in ended.err
