"""リスク事案 in the terminal: from the report to the end; and what the rules of breach reports answer alone."""

from __future__ import annotations

import json
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from tests.cli.terminal import Terminal
from tests.cli.test_ways_back import ASSESSMENT, TEAM, furnish
from tests.house import today

DRAFTER, MANAGER = "residents-drafter", "residents-manager"
DEADLINES = ("breach", "deadlines", "--known-on", "2026-06-01")


def report(running: Terminal, act_id: str) -> str:
    content = {
        "assessments": [ASSESSMENT],
        "title": "誤送付",
        "facts": "別の者に通知を送った。",
        "known_on": today().isoformat(),
        "known_by_department": "resident-records",
    }
    given = json.dumps(content, ensure_ascii=False).encode()
    reported = running.run("report", "risk", "-", "--as", DRAFTER, "--act-id", act_id, given=given)
    assert reported.status == 0, reported.err
    return act_id


NONE = ("loss", "damage", "improper_purpose", "improper_use", "improper_provision", "seen_by_many")
FACTS = [
    *(f"{name}=none" for name in (*NONE, "unlawful_use", "unlawful_provision", "other_violation")),
    *(f"{name}=false" for name in ("network_system", "number_related_system", "retained")),
    *("leak=occurred", "holder=public_body", "in_file=true", "number_use_system=true", "persons_at_most=3"),
    "account.cause=宛名の取違え",
]


KNOWN_OF: dict[str, dict[str, object]] = {"data_items": {"entries": ["氏名"]}, "secondary_harm": {"presence": "none"}}
PAPER = ("--evidence", f"受付の控え={'e' * 64}")


def test_an_event_is_followed_in_the_terminal(running: Terminal, tmp_path: Path) -> None:
    furnish(running)
    act = ("event",)
    before = running.run(*act, "list", "--json").data
    event = report(running, "risk/terminal")
    assert event in running.run(*act, "list").out
    assert event in running.run("inbox", "--as", TEAM).out
    assert running.run(*act, "acknowledge", event, "--as", DRAFTER).status == 1
    assert running.run(*act, "acknowledge", event, "--as", TEAM).status == 0
    earlier = (today() - timedelta(days=1)).isoformat()
    knew = ("--department", "account-registration", "--known-on", earlier, "--reason", "窓口の記録。")
    assert "起算の日が" in running.run(*act, "knew", event, "--as", "desk", *knew).out
    facts = [word for fact in FACTS for word in ("--fact", fact)]
    updated = running.run(*act, "update", event, "--as", DRAFTER, *facts, "--reason", "調べた。")
    assert updated.status == 0, updated.err
    assert "報告の要否は「要する」" in updated.out
    draft = tmp_path / "report.json"
    for kind, number in (("preliminary", "1"), ("final", "2")):
        assert running.run("breach", "draft", event, "--kind", kind, "-o", str(draft)).status == 0
        document = json.loads(draft.read_text(encoding="utf-8"))
        assert document["cause"] == {"state": "known", "content": "宛名の取違え"}
        for item, part in document.items():
            if isinstance(part, dict) and part.get("state") == "unknown":
                document[item] = {"state": "known", **KNOWN_OF.get(item, {"content": "調べて分かった。"})}
        draft.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        approved = running.run(*act, "approve", event, str(draft), "--written-by", DRAFTER, "--as", TEAM)
        assert approved.status == 0, approved.err
        filed = ("--kind", kind, "--filed-on", today().isoformat(), "--number", number, "--digest", f"{kind}/1")
        bare = running.run(*act, "file", event, "--as", TEAM, *filed)
        assert "根拠資料が要ります" in bare.err
        assert running.run(*act, "file", event, "--as", TEAM, *filed, *PAPER).status == 0
    correct(running, event, draft)
    incomplete = running.run(*act, "close", event, "--as", TEAM)
    assert incomplete.status == 1
    assert "再発防止策" in incomplete.err
    told = ("--kind", "notice", "--done-on", today().isoformat(), "--evidence", f"通知={'e' * 64}")
    assert running.run(*act, "notify", event, "--as", MANAGER, *told).status == 0
    measure = ("--text", "宛名を二人で確かめる。", "--owner", DRAFTER, "--due-on", today().isoformat())
    assert running.run(*act, "measure", event, "--as", DRAFTER, *measure).status == 0
    page = running.run(*act, "show", event).out
    for line in ("account-registration", "第2条第1号ロに当たります", "以前の答え", "提出済み", "再発防止策", "見直し:"):
        assert line in page
    assert f"、{today()}に行った、期限内）" in page
    assert f"（期限 なし、{today()}に行った）" in page
    for line in (
        "final/2 確報 第2版",
        "final/1 を訂正しました: 公表の記載漏れ。",
        "final/2 により訂正されました",
        "対応策 event:",
        f"根拠資料: 受付の控え（{'e' * 64}）",
    ):
        assert line in page
    assert "終了までに要るもの" not in page
    assert running.run(*act, "close", event, "--as", TEAM, "--json").data["status"] == "closed"
    assert event in running.run(*act, "list", "--all").out
    assert running.run(*act, "list", "--json").data == before


def correct(running: Terminal, event: str, draft: Path) -> None:
    """Correct the 確報 that was filed, look at what that changed, and give the paper out."""
    document = json.loads(draft.read_text(encoding="utf-8"))
    document["publication"] = {"state": "known", "content": "窓口で公表した。"}
    draft.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    approved = running.run("event", "approve", event, str(draft), "--written-by", DRAFTER, "--as", TEAM)
    assert approved.status == 0, approved.err
    digest = running.run("event", "show", event, "--json").data["reports"][-1]["digest"]
    filed = ("--kind", "correction", "--filed-on", today().isoformat(), "--number", "3", "--digest", digest)
    why = ("--corrects", "final/1", "--reason", "公表の記載漏れ。")
    assert running.run("event", "file", event, "--as", TEAM, *filed, *why, *PAPER).status == 0
    compared = running.run("breach", "compare", event, "--versions", "final/1", "final/2")
    assert "final/1 から final/2 へ" in compared.out
    assert "  後: 窓口で公表した。" in compared.out
    paper = draft.with_suffix(".paper")
    out = ("-o", str(paper))
    assert running.run("breach", "export", event, "--as", "json", "--version", "2", *out).status == 0
    assert sha256(paper.read_bytes()).hexdigest() == digest
    assert "（案）" in running.run("breach", "export", event, "--as", "html", "--draft", "supplement").out


def test_two_reports_of_one_event_and_one_that_is_none_in_the_terminal(running: Terminal, tmp_path: Path) -> None:
    furnish(running)
    first, second = report(running, "risk/first"), report(running, "risk/second")
    act = ("event",)
    same = ("--other", second, "--reason", "同じ誤り。")
    assert running.run(*act, "join", first, "--as", TEAM, *same).status == 0
    for event in (first, second):
        assert running.run(*act, "acknowledge", event, "--as", TEAM).status == 0
    assert running.run(*act, "close", second, "--as", TEAM, "--same-as", first).status == 0
    assert "引き継いだ先" in running.run(*act, "show", second).out
    facts = tmp_path / "facts.json"
    facts.write_text(
        json.dumps(
            {
                **dict.fromkeys((*NONE, "leak", "unlawful_use", "unlawful_provision", "other_violation"), "none"),
                "account": {"other": "表示の誤りであった。"},
            },
            ensure_ascii=False,
        ),
        encoding="utf-8",
    )
    updated = running.run(*act, "update", first, "--as", TEAM, "--facts", str(facts), "--reason", "調べた。")
    assert updated.status == 0, updated.err
    assert running.run(*act, "no-report", first, "--as", TEAM, "--reason", "漏えいがない。").status == 0
    assert running.run(*act, "no-report", first, "--as", TEAM, "--confirm", "--reason", "よい。").status == 1
    assert running.run(*act, "no-report", first, "--as", MANAGER, "--confirm", "--reason", "確かめた。").status == 0
    page = running.run(*act, "show", first).out
    for line in (f"同じ事案: {second}", "報告を要しないとの判断", "終了までに要るもの"):
        assert line in page
    assert running.run(*act, "close", first, "--as", TEAM, "--without-measures", "誤りがない。").status == 0


BAD = [
    pytest.param(("--fact", "leak"), id="等号がない"),
    pytest.param(("--facts", "-"), id="JSONでない"),
]


@pytest.mark.parametrize("options", BAD)
def test_facts_that_can_not_be_read_are_wrong_usage(terminal: Terminal, options: tuple[str, ...]) -> None:
    ended = terminal.run("event", "update", "risk/1", "--as", TEAM, *options, "--reason", "。", given=b"{")
    assert ended.status == 2
    assert "書いてください" in ended.err or "読めません" in ended.err


DATES = [
    pytest.param(("1",), "2026-06-30", id="1号は30日"),
    pytest.param(("2",), "2026-07-30", id="2号は60日"),
    pytest.param(("3",), "2026-06-30", id="3号は30日"),
    pytest.param(("4",), "2026-06-30", id="4号は30日"),
    pytest.param(("4", "2"), "2026-07-30", id="2号と4号は60日"),
]


@pytest.mark.parametrize(("situations", "final"), DATES)
def test_the_deadlines_of_each_item(terminal: Terminal, situations: tuple[str, ...], final: str) -> None:
    options = [word for one in situations for word in ("--situation", one)]
    dates = terminal.run(*DEADLINES, *options, "--json").data
    assert (dates["preliminary_due_on"], dates["final_due_on"]) == ("2026-06-05", final)
    assert any("一日目として数えました" in reason for reason in dates["counted"])
    assert f"漏えい等報告規則第2条第{situations[0]}号" in dates["provisions"]
    assert final in terminal.run(*DEADLINES, *options).out


def test_what_can_not_be_counted_is_said(terminal: Terminal) -> None:
    for options, words in (
        (("--situation", "5"), "4以下の数"),
        (("--situation", "0"), "1以上の数"),
        (("--situation", "x"), "数を指定"),
        (("--known-on", "x", "--situation", "1"), "「x」は、日付"),
    ):
        wrong = terminal.run(*DEADLINES, *options)
        assert wrong.status == 2
        assert words in wrong.err
        assert "Input should" not in wrong.err
        assert "Value error" not in wrong.err
    before = terminal.run("breach", "deadlines", "--known-on", "2020-01-01", "--situation", "1")
    assert before.status == 1
    assert "2022-04-01以後" in before.err
    assert terminal.run("breach", "draft", "risk/9", "--kind", "final").status == 1


def test_facts_are_classified_without_a_register(terminal: Terminal) -> None:
    facts = b'{"leak": "occurred", "in_file": true, "number_use_system": true}'
    answer = terminal.run("breach", "classify", "-", "--json", given=facts).data
    assert answer["reportable"] == "yes"
    assert answer["questions"]
    assert "第2条第1号ロ" in terminal.run("breach", "classify", "-", given=facts).out
    wrong = terminal.run("breach", "classify", "-", given=b'{"leek": "occurred"}')
    assert wrong.status == 1
    assert "leek" in wrong.err
