"""新規の評価と事務の終了: the same verbs in the terminal."""

from __future__ import annotations

import json

from tests.cli.terminal import Terminal, demo_file
from tests.cli.test_ways_back import furnish

REVIEW = "sample-nenkin-13/1"


def test_a_new_business_and_its_gates_in_the_terminal(running: Terminal) -> None:
    furnish(running)
    begun = running.run("report", "new-business", "-", "--as", "desk", given=demo_file("reports/new-business.json"))
    assert f"{REVIEW} 見直しが開きました" in begun.out, begun.err
    page = running.run("review", "show", REVIEW, "--as", "team-lead").out
    assert "段階: 起案" in page
    assert "【警告】要件定義の終了の予定日 2026-09-30" in page
    assert "規則第9条第1項・要確認" in page
    gate = ("review", "pass-gate", REVIEW, "--as", "residents-drafter", "--on", "2026-06-01", "--gate")
    refused = running.run(*gate, "hold_start", "--reason", "急ぐ。")
    assert refused.status == 1
    assert "規則第9条第2項" in refused.err
    passed = running.run(*gate, "requirements_end", "--reason", "設計と並行して評価する。")
    assert passed.status == 0, passed.err
    assert "2026-06-01 に通過" in running.run("review", "show", REVIEW, "--as", "team-lead").out
    shown = running.run("assessment", "show", "sample-nenkin-13").out
    assert "公表前" in shown
    assert "sample-nenkin-13" in running.run("assessment", "list").out
    assert "公表された版はまだありません" in running.run("assessment", "history", "sample-nenkin-13").out
    nothing_to_compare = running.run("assessment", "diff", "sample-nenkin-13")
    assert nothing_to_compare.status == 1
    assert "まだ公表されていません" in nothing_to_compare.err


def test_a_business_below_the_threshold_is_told_so_in_the_terminal(running: Terminal) -> None:
    furnish(running)
    few = {**json.loads(demo_file("reports/new-business.json")), "data_subjects": 999}
    refused = running.run("report", "new-business", "-", "--as", "desk", given=json.dumps(few).encode())
    assert refused.status == 1
    assert "規則第4条第3号" in refused.err


def test_an_amended_form_is_reported_of_all_in_the_terminal(running: Terminal) -> None:
    furnish(running)
    first = running.run("report", "form-amended", "--as", "team-lead")
    assert first.status == 0, first.err
    assert "様式2（2024-10）への改正を" in first.out
    again = running.run("report", "form-amended", "--as", "team-lead", "--json")
    assert again.data["reviews"] == []
    assert running.run("report", "form-amended", "--as", "desk").status == 1


def test_the_end_of_a_business_in_the_terminal(running: Terminal) -> None:
    furnish(running)
    content = demo_file("reports/end-of-business.json")
    reported = running.run("report", "end-of-business", "-", "--as", "desk", "--json", given=content)
    assert [one["review_id"] for one in reported.data] == ["sample-jidoteate-11/1"], reported.err
    page = running.run("review", "show", "sample-jidoteate-11/1", "--as", "team-lead").out
    assert "最低限 事務の終了" in page
