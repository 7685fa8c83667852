"""研修 in the terminal: opened for all staff from a table, completed, shown by department, and written out."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.cli.terminal import Terminal
from tests.cli.test_ways_back import TEAM
from tests.house import today

ONE = f"training:staff.{today():%Y}"


def test_a_campaign_in_the_terminal(furnished: Terminal, tmp_path: Path) -> None:
    terminal = furnished
    material, staff, done = tmp_path / "資料.pdf", tmp_path / "職員.csv", tmp_path / "受講.csv"
    material.write_bytes(b"%PDF")
    staff.write_bytes(
        "職員番号,氏名,部署\nresidents-drafter,見本,resident-records\nP-1,派遣,resident-records\n".encode("cp932")
    )
    opened = terminal.run(
        *("training", "open", ONE, "--as", TEAM, "--title", "研修", "--department", "privacy"),
        *("--begins-on", today().isoformat(), "--due-on", (today() + timedelta(days=60)).isoformat()),
        *("--material", "研修資料", "--material-file", str(material), "--material-since", today().isoformat()),
        *("--topic", "漏えい等の報告=個人情報保護法68条", "--topic", "ログアウト"),
    )
    assert f"研修 {ONE} の1番目の行為" in opened.out
    enrol = ("training", "enrol", ONE, str(staff), "--as", TEAM)
    checked = terminal.run(*enrol, "--dry-run").out
    assert "Shift_JIS（CP932） と判断して読みました。誤りはありません。" in checked
    assert "加わる者 2人" in checked
    assert "名簿は2のうち2が未了" in terminal.run(*enrol).out
    assert terminal.run(*enrol).status == 1
    day = today().isoformat()
    own = terminal.run("training", "complete", ONE, "--as", "residents-drafter", "--on", day)
    assert "名簿は2のうち1が未了" in own.out
    done.write_text(f"職員番号,受講日\np-1,2020-01-01\nnobody,{day}\n", encoding="utf-8")
    complete = ("training", "complete", ONE, "--as", TEAM, "--csv", str(done))
    refused = terminal.run(*complete)
    assert (refused.status, "2行目" in refused.err, "3行目" in refused.err) == (1, True, True)
    done.write_text(f"職員番号,受講日\np-1,{day}\n", encoding="utf-8")
    assert "受講を記録する者 1人。" in terminal.run(*complete, "--dry-run").out
    assert terminal.run(*complete, "--json").data["receipt"]["roll"]["completed"] == 2
    assert terminal.run("training", "complete", ONE, "--as", TEAM).status == 2
    shown = terminal.run("training", "show", ONE, "--as", TEAM).out
    assert "100%" in shown
    assert terminal.run("training", "show", ONE, "--as", TEAM, "--json").data[0]["completed"] == 2
    out = tmp_path / "名簿.csv"
    export = ("training", "export", ONE, "--by", TEAM, "-o", str(out))
    assert terminal.run(*export, "--as", "csv").status == 0
    assert "p-1,派遣" in out.read_text(encoding="utf-8-sig")
    assert terminal.run(*export, "--as", "svg").status == 0
    assert "部署ごとの受講の状況" in out.read_text(encoding="utf-8")
    unknown = terminal.run(*export, "--as", "pdf")
    assert (unknown.status, "「pdf」は知りません。" in unknown.err) == (1, True)
    refused = terminal.run("training", "excuse", ONE, "--as", TEAM, "--member", "p-1", "--reason", "休職中")
    assert "既に「済」" in refused.err
