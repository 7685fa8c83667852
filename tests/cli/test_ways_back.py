"""取下げ・異議・裁定・呼戻し・改訂と、評価書の追加・確認表: the same verbs in the terminal."""

from __future__ import annotations

import json

from tests.cli.terminal import Terminal, demo_file

ASSESSMENT = "sample-juki-1"
TEAM, CHIEF = "team-lead", "chief"


def furnish(running: Terminal) -> None:
    assert running.run("organisation", "apply", "-", given=demo_file("organisation.toml")).status == 0
    for number in (8, 9, 10):
        assert running.run("assessment", "add", "-", given=demo_file(f"assessments/sample-{number}.json")).status == 0


def report(running: Terminal, act_id: str) -> str:
    content = json.dumps(
        {
            "assessments": [ASSESSMENT],
            "kind": "environment",
            "title": "窓口の変更",
            "facts": "窓口を移した。",
            "known_on": "2026-05-01",
        }
    ).encode()
    reported = running.run("report", "change", "-", "--as", "desk", "--act-id", act_id, "--json", given=content)
    assert reported.status == 0, reported.err
    review_id: str = reported.data[0]["review_id"]
    return review_id


def test_the_ways_back_in_the_terminal(running: Terminal) -> None:
    furnish(running)
    review = report(running, "change/one")
    report(running, "change/two")
    withdraw = ("review", "withdraw", review, "--ground", f"change/one/{ASSESSMENT}", "--reason", "誤って報告した。")
    assert running.run(*withdraw, "--as", "desk").status == 0
    refused = running.run("review", "consent", review, "--as", "desk", "--agree", "--reason", "よい。")
    assert refused.status == 1
    assert "対策チーム" in refused.err
    for line in ("行為: 取下げへの同意・不同意", "段階: 両者の検討", "今できること: 担当部署・対策チーム: 検討結果"):
        assert line in refused.err
    assert "取下げの申出" in running.run("review", "show", review, "--as", TEAM).out
    assert running.run("review", "consent", review, "--as", TEAM, "--refuse", "--reason", "事実である。").status == 0
    settled = running.run("review", "settle", review, "--as", CHIEF, "--ruling", "withdrawn", "--reason", "認める。")
    assert settled.status == 0
    page = running.run("review", "show", review, "--as", TEAM).out
    assert "取下げ: 環境の変化: 窓口の変更" in page
    unknown = running.run("review", "settle", review, "--as", CHIEF, "--ruling", "later", "--reason", "未定。")
    assert unknown.status == 1
    for verb, reason in (("dispute", "当たらない。"), ("recall", "戻す。"), ("revise", "意見による。")):
        too_early = running.run("review", verb, review, "--as", CHIEF, "--reason", reason)
        assert too_early.status == 1
        assert "「両者の検討」の段階" in too_early.err


def test_the_team_adds_an_assessment_in_the_terminal(running: Terminal) -> None:
    furnish(running)
    report(running, "change/three")
    added = running.run("report", "add", "change/three", "sample-jidoteate-11", "--as", TEAM, "--json")
    assert [one["assessment_id"] for one in added.data] == ["sample-jidoteate-11"]
    refused = running.run("report", "add", "change/three", "sample-jidoteate-11", "--as", "desk")
    assert refused.status == 1


def test_the_checklist_is_shown_and_filled_in_the_terminal(running: Terminal) -> None:
    furnish(running)
    review = report(running, "change/four")
    rows = running.run("review", "checklist", review, "--as", TEAM, "--json").data
    assert {row["mark"] for row in rows} == {"new"}
    filled = json.loads(running.run("review", "checklist", review, "--as", TEAM, "--fill").out)
    assert [row["item"] for row in filled] == [row["item"] for row in rows]
    assert "新しい" in running.run("review", "checklist", review, "--as", TEAM).out
