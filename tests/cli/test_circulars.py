"""事務連絡と規程等 in the terminal: recipients from a file, coverage, a question, and a version that is read."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from tests.cli.terminal import Terminal
from tests.cli.test_ways_back import TEAM
from tests.house import today
from tests.workflows.circular_samples import table

DUE_ON = (today() + timedelta(days=30)).isoformat()
ONE, TWO = "circular:terminal", "circular:terminal-again"


def test_a_circular_is_followed_in_the_terminal(furnished: Terminal, tmp_path: Path) -> None:
    terminal = furnished
    place = ("--as", TEAM, "--department", "privacy", "--title", "徹底", "--due-on", DUE_ON)
    paper = tmp_path / "連絡.pdf"
    paper.write_bytes(b"%PDF-1.7")
    opened = terminal.run("circular", "open", ONE, *place, "--text", "徹底されたい。", "--document", str(paper))
    assert "義務 circular:terminal の1番目の行為" in opened.out
    recipients = tmp_path / "recipients.csv"
    recipients.write_bytes(table(2, encoding="cp932") + "\r\n130001,甲,江戸,a".encode("cp932"))
    refused = terminal.run("circular", "import", ONE, str(recipients), "--as", TEAM)
    assert (refused.status, "4行目: 都道府県「江戸」を知りません" in refused.err) == (1, True)
    recipients.write_bytes(table(2, encoding="cp932"))
    done = terminal.run("circular", "import", ONE, str(recipients), "--as", TEAM)
    assert "宛先2件を取り込みました（Shift_JIS として読みました）。" in done.out
    assert "どちらか一つ" in terminal.run("circular", "import", ONE, "--as", TEAM).err
    assert terminal.run("circular", "send", ONE, "--as", TEAM, "--json").data["sequence"] == 3
    by_hand = ("--member", "010101", "--on", today().isoformat())
    assert "宛先は2のうち1が未確認" in terminal.run("circular", "acknowledge", ONE, "--as", TEAM, *by_hand).out
    assert terminal.run("circular", "remind", ONE, "--as", TEAM).status == 0
    rows = terminal.run("circular", "recipients", ONE, "--as", TEAM, "--status", "completed", "--json").data
    assert [one["row"]["member"] for one in rows] == ["010101"]
    assert "青森第1市" in terminal.run("circular", "recipients", ONE, "--as", TEAM).out
    assert terminal.run("circular", "recipients", ONE, "--as", TEAM, "--unreached").status == 0
    assert "--status は" in terminal.run("circular", "recipients", ONE, "--as", TEAM, "--status", "lost").err
    assert "北海道" in terminal.run("circular", "coverage", ONE, "--as", TEAM).out
    # Without a mail server a letter is given up at once, or is not tried yet.
    out = tmp_path / "coverage"
    export = ("circular", "export", ONE, "--by", TEAM, "-o", str(out))
    assert terminal.run(*export, "--as", "csv").status == 0
    assert re.search("01,北海道,1,0,[01],1,0,0", out.read_text(encoding="utf-8-sig"))
    assert terminal.run(*export, "--as", "svg").status == 0
    assert "北海道: 1団体のうち1団体が受領を確認し、0団体が未確認" in out.read_text(encoding="utf-8")
    unknown = terminal.run(*export, "--as", "pdf")
    assert (unknown.status, "「pdf」は知りません。" in unknown.err) == (1, True)
    assert terminal.run("circular", "coverage", ONE, "--as", TEAM, "--json").data["whole"]["acknowledged"] == 1
    asked = terminal.run("circular", "ask", ONE, "--as", TEAM, "--member", "020101", "--question", "なぜか。")
    assert "義務 answer:" in asked.out
    again = terminal.run("circular", "open", TWO, *place, "--text", "改めて。", "--repeats", ONE)
    assert again.status == 0
    assert "宛先2件を取り込みました。" in terminal.run("circular", "import", TWO, "--from", ONE, "--as", TEAM).out
    elsewhere = terminal.run("circular", "coverage", "training:x", "--as", TEAM)
    assert (elsewhere.status, elsewhere.out, "training:x" in elsewhere.err) == (1, "", True)


def test_a_version_is_made_known_and_read_in_the_terminal(furnished: Terminal) -> None:
    terminal, day = furnished, today().isoformat()
    said = ("--name", "管理規程", "--number", "第1号", "--in-force-on", day, "--changes", "報告先を加えた。")
    approved = ("--approved-by", "総括保護管理者", "--approved-on", day, "--channel", "ポータル")
    rest = ("--department", "privacy", "--due-on", DUE_ON, "--as", TEAM)
    first = terminal.run("rule", "publish", "terminal-rule", *said, *approved, *rest, "--version", "第1版")
    assert "人への周知を始めました。" in first.out
    duty = terminal.run("rule", "show", "terminal-rule", "--as", TEAM, "--json").data[0]["duty"]["duty_id"]
    assert "読んだことを記録しました。" in terminal.run("rule", "read", duty, "--as", "desk").out
    second = terminal.run("rule", "publish", "terminal-rule", *said, *approved, *rest, "--version", "第2版")
    assert "（第1版）の周知 は、この版の周知に替わりました。" in second.out
    assert "第2版" in terminal.run("rule", "list", "--as", TEAM).out
    assert "規程等「none」はありません" in terminal.run("rule", "show", "none", "--as", TEAM).err
