"""対応策 in the terminal: from the finding that names one to its confirmation."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.cli.terminal import Terminal
from tests.cli.test_ways_back import TEAM, furnish, report

DRAFTER, MANAGER = "residents-drafter", "residents-manager"


def test_a_countermeasure_is_followed_in_the_terminal(running: Terminal, tmp_path: Path) -> None:
    furnish(running)
    review = report(running, "change/five")
    due_on = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    plan = {"text": "複数人で確かめる。", "owner": DRAFTER, "due_on": due_on}
    item = running.run("review", "checklist", review, "--as", TEAM, "--json").data[0]["item"]
    row = {"item": item, "agrees": True, "state": "一人で行う。", "answer": "issues_remain"}
    answers = tmp_path / "answers.json"
    answers.write_text(json.dumps([{**row, "countermeasure": plan}], ensure_ascii=False), encoding="utf-8")
    find = ("review", "find", review, "--course", "no_change", "--reason", "記載どおり。")
    assert running.run(*find, "--as", MANAGER, "--checklist", str(answers)).status == 0
    assert running.run(*find, "--as", TEAM).status == 0
    one = f"{review}/1"
    assert one in running.run("countermeasure", "list").out
    assert one in running.run("inbox", "--as", DRAFTER).out
    act = ("countermeasure",)
    assert running.run(*act, "progress", one, "--as", DRAFTER, "--text", "案を作った。").status == 0
    later = (datetime.now(UTC) + timedelta(days=60)).date().isoformat()
    postponed = running.run(*act, "postpone", one, "--as", TEAM, "--due-on", later, "--reason", "改修を待つ。")
    assert f"期限は {later}" in postponed.out
    done = (*act, "done", one, "--as", DRAFTER, "--text", "定めた。", "--evidence", f"手順書={'e' * 64}")
    assert running.run(*done).status == 0
    assert running.run(*act, "reject", one, "--as", TEAM, "--reason", "根拠が足りない。").status == 0
    assert running.run(*done).status == 0
    assert running.run(*act, "confirm", one, "--as", DRAFTER).status == 1
    following = report(running, "change/six")
    assert one in running.run("review", "checklist", following, "--as", TEAM).out
    filled = json.loads(running.run("review", "checklist", following, "--as", MANAGER, "--fill").out)
    assert [row["open_countermeasure"] for row in filled if row.get("open_countermeasure")] == [one]
    assert running.run(*act, "confirm", one, "--as", TEAM, "--json").data["status"] == "closed"
    page = running.run("countermeasure", "show", one).out
    assert "完了の確認" in page
    assert running.run("countermeasure", "show", one, "--json").data["state"]["closed_at"]
    listed = running.run("countermeasure", "list", "--all", "--json").data
    assert [row["status"] for row in listed if row["countermeasure_id"] == one] == ["closed"]
