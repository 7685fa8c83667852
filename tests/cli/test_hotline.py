"""ホットライン: the real programs, killed between keeping and taking in."""

from __future__ import annotations

import smtplib
import time
from pathlib import Path

import pytest

from engine.ports import free_port
from tests.cli.terminal import PATIENCE_S, MakeSettings, Terminal, demo_file, until
from tests.notices.post_office import HOST


@pytest.fixture
def desk(tmp_path: Path, settings_in: MakeSettings) -> Terminal:
    """Give a terminal with a hotline and an organisation, with no engine."""
    hotline = {"hotline_smtp": f"{HOST}:{free_port()}", "hotline_department": "privacy", "hotline_person": "team-lead"}
    terminal = Terminal(settings_in(tmp_path / "home").model_copy(update=hotline))
    assert terminal.run("organisation", "apply", "-", given=demo_file("organisation.toml")).status == 0
    return terminal


def hand_in(desk: Terminal, number: int) -> None:
    """Hand a mail in, as soon as somebody listens."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            with smtplib.SMTP(*desk.settings.hotline_address, timeout=20) as client:
                content = f"Subject: event {number}\r\nMessage-ID: <{number}@elsewhere.jp>\r\n\r\nfacts\r\n"
                client.sendmail("desk@example.jp", ["hotline@example.jp"], content)
                return
        except ConnectionRefusedError:
            assert time.monotonic() < deadline
            time.sleep(0.1)


def titles(desk: Terminal) -> list[str]:
    return sorted(one["title"] for one in desk.run("inbox", "--as", "team-lead", "--json").data["events"])


@pytest.mark.whole
def test_what_was_answered_while_the_engine_is_down_and_the_intake_is_killed_is_an_event_later(desk: Terminal) -> None:
    alone = desk.start("hotline")
    hand_in(desk, 1)
    alone.kill()
    alone.wait(timeout=30)
    assert alone.stdout is not None
    alone.stdout.close()
    assert titles(desk) == []
    both = desk.start("up")
    hand_in(desk, 2)
    until(lambda: titles(desk) == ["event 1", "event 2"])
    both.terminate()
    assert both.wait(timeout=30) == 0
    assert both.stdout is not None
    assert f"ホットラインのメール: {desk.settings.hotline_smtp}" in both.stdout.read().decode()
    both.stdout.close()


def test_without_its_settings_the_hotline_says_what_is_missing(terminal: Terminal) -> None:
    missing = terminal.run_anew("hotline")
    assert missing.status == 2
    assert "MINAOSHI_HOTLINE_SMTP" in missing.err


def test_a_port_that_is_taken_is_told(desk: Terminal) -> None:
    running = desk.start("hotline")
    hand_in(desk, 1)
    second = desk.run_anew("hotline")
    assert second.status == 2
    assert "待ち受けられません" in second.err
    running.terminate()
    assert running.wait(timeout=30) == 0
    assert running.stdout is not None
    running.stdout.close()
