"""動いているエンジンでの命令: a review through the terminal, and how `up` begins and ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import time
import urllib.error
import urllib.request
from contextlib import suppress

import pytest

from tests.amounts import amount
from tests.cli.terminal import Terminal, demo_file
from tests.house import today

REVIEW = "sample-jidoteate-8/1"


def report_of(name: str) -> bytes:
    return demo_file(f"reports/{name}.json").replace(b"digital-agency-1", b"sample-jidoteate-8")


def furnish(running: Terminal) -> None:
    assert running.run("organisation", "apply", "-", given=demo_file("organisation.toml")).status == 0
    for number in (8, 9, 10):
        added = running.run("assessment", "add", "-", given=demo_file(f"assessments/sample-{number}.json"))
        assert added.status == 0


def numbered(name: str) -> bytes:
    """Give a document with the number of the assessment that is reviewed here."""
    content = json.loads(demo_file(name))
    content["cover"]["assessment_number"] = "8（見本）"
    return json.dumps(content).encode()


def test_a_review_goes_its_way_through_the_terminal(alone: Terminal) -> None:
    furnish(alone)
    reported = alone.run("report", "risk", "-", "--as", "desk", "--json", given=report_of("misregistration"))
    assert reported.data == [{"review_id": REVIEW, "assessment_id": "sample-jidoteate-8", "joined": False}]
    again = alone.run("report", "risk", "-", "--as", "desk", "--json", given=report_of("misregistration"))
    assert again.data == reported.data
    tasks = alone.run("inbox", "--as", "team-lead", "--json").data["tasks"]
    assert [task["act"] for task in tasks] == ["acknowledge", "find"]
    assert alone.run("review", "acknowledge", REVIEW, "--as", "team-lead").status == 0
    found = ("review", "find", REVIEW, "--course", "amend", "--reason", "実態と異なる。")
    assert alone.run(*found, "--as", "allowance-manager").status == 0
    assert alone.run(*found, "--as", "team-lead").status == 0
    refused = alone.run("review", "approve", REVIEW, "--as", "team-lead")
    assert refused.status == 1
    assert "「起案」の段階" in refused.err
    wrong = alone.run(
        "review", "submit", REVIEW, "-", "--as", "allowance-drafter", given=demo_file("documents/digital-agency-1.json")
    )
    assert wrong.status == 1
    assert "様式2 表紙 評価書番号: 評価書番号の「1」は、計画管理書の番号「8（見本）」と異なります" in wrong.err
    document = numbered("documents/digital-agency-1-corrected.json")
    assert alone.run("review", "submit", REVIEW, "-", "--as", "allowance-drafter", given=document).status == 0
    returned = alone.run("review", "return", REVIEW, "--as", "team-lead", "--comment", "Ⅳ8=根拠を具体的に。")
    assert returned.status == 0
    document = numbered("documents/digital-agency-1-revised.json")
    assert alone.run("review", "submit", REVIEW, "-", "--as", "allowance-drafter", given=document).status == 0
    shown = alone.run("review", "show", REVIEW, "--as", "auditor", "--json").data
    digest = shown["state"]["draft_digest"]
    for person in ("allowance-manager", "team-lead"):
        approved = alone.run("review", "approve", REVIEW, "--as", person, "--digest", digest, "--json")
        assert approved.status == 0
    for step in ("submission", "publication"):
        done = alone.run(
            "review", "step", REVIEW, "--as", "team-member", "--step", step, "--done-on", today().isoformat()
        )
        assert done.status == 0
    history = alone.run("assessment", "history", "sample-jidoteate-8", "--json").data
    assert [version["number"] for version in history] == [1, 2]
    assert history[-1]["digest"] == digest
    assert alone.run("assessment", "diff", "sample-jidoteate-8", "--json").data
    page = alone.run("review", "show", REVIEW, "--as", "auditor").out
    assert "修正" in page
    assert "根拠を具体的に" in page


def test_the_schedule_opens_what_is_due(running: Terminal) -> None:
    furnish(running)
    swept = running.run("schedule", "trigger", "--json").data
    assert swept["opened"] + swept["joined"] + swept["known"] >= 2
    assert running.run("schedule", "show", "--json").data["paused"] is False
    grounds = {
        ground["kind"] for view in running.run("review", "list", "--json").data for ground in view["state"]["grounds"]
    }
    assert "yearly" in grounds


def test_the_doctor_finds_everything_there(running: Terminal) -> None:
    furnish(running)
    # An address can't be told without a mail server: the team has told it otherwise.
    for one in running.run("inbox", "--as", "team-lead", "--json").data["undelivered"]:
        assert running.run("notice", "settle", one["number"], "--as", "team-lead").status == 0
    done = running.run("doctor", "--json")
    assert [line for line in done.data if line["state"] != "good"] == []
    assert done.status == 0


@pytest.mark.long
def test_the_exit_status_is_right_every_time(running: Terminal) -> None:
    """A process that used the SDK aborts now and then at its end, unless it is ended for certain."""
    furnish(running)
    times = amount(quick=1, whole=30)
    assert [running.run_anew("schedule", "show").status for _ in range(times)] == [0] * times


def test_a_second_up_in_the_same_folder_is_refused(running: Terminal) -> None:
    done = running.run_anew("up")
    assert done.status == 3
    assert "MINAOSHI_HOME" in done.err


def test_a_taken_port_is_named(terminal: Terminal) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", terminal.settings.temporal_port))
        taken.listen()
        done = terminal.run_anew("up")
    assert done.status == 3
    assert str(terminal.settings.temporal_port) in done.err
    assert "MINAOSHI_TEMPORAL_PORT" in done.err


def test_what_says_that_it_runs_is_all_there(alone: Terminal) -> None:
    with suppress(urllib.error.HTTPError):  # there is no organisation yet, which the page says
        urllib.request.urlopen(f"http://{alone.settings.web_address}/sign-in")
    lacking = [line["check"] for line in alone.run("doctor", "--json").data if line["state"] != "good"]
    assert lacking == ["organisation"]


def test_after_a_kill_the_next_start_just_works(terminal: Terminal) -> None:
    for number, status in ((signal.SIGKILL, -signal.SIGKILL), (signal.SIGINT, 0)):
        process = terminal.start("up")
        assert process.stdout is not None
        assert "動いています" in process.stdout.readline().decode()
        furnish_once = terminal.run("organisation", "apply", "-", given=demo_file("organisation.toml"))
        assert furnish_once.status == 0
        process.send_signal(number)
        assert process.wait(timeout=30) == status
        process.stdout.close()
    assert nobody_listens(terminal.settings.temporal_port)


def nobody_listens(port: int) -> bool:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return True
        time.sleep(0.05)
    return False


def test_a_worker_by_itself_ends_cleanly(running: Terminal) -> None:
    process = running.start("worker")
    assert process.stdout is not None
    assert "ワーカーが動いています" in process.stdout.readline().decode()
    os.kill(process.pid, signal.SIGTERM)
    assert process.wait(timeout=30) == 0
    process.stdout.close()


def test_an_act_sent_again_under_its_id_is_the_same_act(running: Terminal) -> None:
    furnish(running)
    report = report_of("logout-prevention").replace(b"sample-jidoteate-8", b"sample-jidoteate-11")
    reported = running.run("report", "change", "-", "--as", "desk", "--json", given=report)
    review = reported.data[0]["review_id"]
    act = ("review", "acknowledge", review, "--as", "team-lead", "--act-id", "ack/terminal", "--json")
    first = running.run(*act)
    assert first.data == running.run(*act).data
    other = running.run("review", "acknowledge", review, "--as", "team-member", "--act-id", "ack/terminal", "--json")
    assert other.status == 1
    assert "別の内容" in json.loads(other.err)["error"]["message"]
