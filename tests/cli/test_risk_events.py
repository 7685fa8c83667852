"""リスク事案: reported in one line, without a file, and shown with who was told."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.terminal import Terminal, demo_file
from tests.cli.test_ways_back import furnish

LINE = ("report", "risk", "--title", "誤交付", "--facts", "別人の書類を渡した。", "--as", "desk")


def events_before_the_team(running: Terminal) -> tuple[list[str], set[str]]:
    """Give what waits for its assessments to be named, and what is to be done; that of others too."""
    inbox = running.run("inbox", "--as", "team-lead", "--json").data
    return [one["report_id"] for one in inbox["events"]], {one["event_id"] for one in inbox["event_tasks"]}


def test_a_risk_event_is_reported_in_one_line_and_shown_with_who_was_told(running: Terminal) -> None:
    furnish(running)
    unassigned, tasks = events_before_the_team(running)
    more = ("--known-on", "2026-05-01", "--persons-affected", "101", "--not-intentional", "--act-id", "risk/line")
    reported = running.run(*LINE, *more)
    assert reported.status == 0, reported.err
    assert "受け付け、関係者に知らせました" in reported.out
    assert "risk/line" in running.run("inbox", "--as", "team-lead").out
    page = running.run("report", "show", "risk/line").out
    for said in ("誤交付", "把握した日: 2026-05-01（account-registration）", "日が経っています", "政務への共有: する"):
        assert said in page
    told = running.run("report", "show", "risk/line", "--json").data["told"]
    assert [one["recipient"] for one in told] == [
        "chief",
        "director-general",
        "team-lead",
        "team-member",
        "manager",
        "risk-hotline",
        "ministers-office",
    ]
    none = running.run("report", "untouched", "risk/line", "--reason", "紙の誤りである。", "--as", "team-lead")
    assert none.status == 0, none.err
    assert events_before_the_team(running) == (unassigned, tasks | {"risk/line"})
    assert "紙の誤りである。" in running.run("report", "show", "risk/line").out


def test_it_is_reported_under_the_events_too(running: Terminal) -> None:
    furnish(running)
    reported = running.run("event", "report", *LINE[2:], "--act-id", "risk/of-the-events")
    assert reported.status == 0, reported.err
    assert "risk/of-the-events" in running.run("event", "list").out
    options = [line for line in running.run("event", "report", "--help").out.splitlines() if "--" in line]
    assert options == [line for line in running.run("report", "risk", "--help").out.splitlines() if "--" in line]


def test_a_file_and_options_are_not_given_together_nor_neither(running: Terminal) -> None:
    furnish(running)
    event = json.dumps({"title": "件", "facts": "事実"}).encode()
    assert running.run("report", "risk", "--as", "desk").status == 2
    both = running.run(*LINE, "-", given=event)
    assert both.status == 2
    assert "どちらか一方" in both.err
    assert running.run("report", "risk", "-", "--as", "desk", given=event).status == 0


def test_what_can_not_be_so_is_refused_in_the_terminal(running: Terminal) -> None:
    furnish(running)
    refused = running.run(*LINE, "--known-on", "2999-01-01", "--persons-affected", "3")
    assert refused.status == 1
    assert "より後です" in refused.err
    negative = running.run(*LINE, "--persons-affected", "-1")
    assert negative.status == 1
    assert "0以上の数" in negative.err


def test_an_unknown_report_is_told_so(running: Terminal) -> None:
    furnish(running)
    unknown = running.run("report", "show", "risk/unknown")
    assert unknown.status == 1
    assert "risk/unknown" in unknown.err


def test_the_flow_is_drawn_from_the_organisation_that_is_applied(terminal: Terminal, tmp_path: Path) -> None:
    missing = terminal.run("organisation", "flow")
    assert missing.status == 1
    assert "organisation apply" in missing.err
    assert terminal.run("organisation", "apply", "-", given=demo_file("organisation.toml")).status == 0
    picture = tmp_path / "flow.svg"
    done = terminal.run("organisation", "flow", "-o", str(picture))
    assert done.status == 0, done.err
    assert picture.read_text(encoding="utf-8") == terminal.run("organisation", "flow").out
    assert "リスク事案ホットライン（幹部）" in picture.read_text(encoding="utf-8")
    assert terminal.run("organisation", "flow", "--mermaid").out.startswith("flowchart LR")
    nowhere = terminal.run("organisation", "flow", "-o", str(tmp_path / "none" / "flow.svg"))
    assert nowhere.status == 2
    assert "書けません" in nowhere.err
