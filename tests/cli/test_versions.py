"""版 (versions): a change of versions by the terminal alone, with workers in processes of their own."""

from __future__ import annotations

import signal
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from engine.server import EmbeddedServer
from engine.version import installed_version
from tests.cli.terminal import Terminal, until

HERE = installed_version()


@pytest.fixture
def elsewhere(server: EmbeddedServer, terminal: Terminal) -> Terminal:
    """Give a terminal whose engine is the tests' own server, reached as an external one."""
    name = f"test-{uuid.uuid4().hex[:8]}"
    own = terminal.settings.model_copy(update={"task_queue": name})
    more = {
        "TEMPORAL_ADDRESS": server.settings.temporal_address,
        "MINAOSHI_DEPLOYMENT": name,
        "MINAOSHI_LANGUAGE": "ja",
    }
    return Terminal(own, more)


@contextmanager
def a_worker(terminal: Terminal, build_id: str) -> Iterator[str]:
    """Run a worker of a version; give what it said at its start."""
    process = replace(terminal, more={**terminal.more, "MINAOSHI_BUILD_ID": build_id}).start("worker")
    try:
        yield said_by(process)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def said_by(process: subprocess.Popen[bytes]) -> str:
    """Read the two lines of one that is not current."""
    assert process.stdout is not None
    return (process.stdout.readline() + process.stdout.readline()).decode()


def until_there(terminal: Terminal, build_id: str) -> None:
    """Wait until the server knows a worker of that version: it is refused until then."""
    until(
        lambda: terminal.run("version", "current", build_id).status == 0,
        told=lambda: terminal.run("version", "status").out,
    )


def doctor(terminal: Terminal) -> dict[str, str]:
    lines = terminal.run("doctor", "--json").data
    return {line["check"]: f"{line['state']} {line['seen']} {line['remedy']}" for line in lines}


@pytest.mark.whole
def test_a_version_is_changed_drained_and_taken_back_by_the_terminal_alone(elsewhere: Terminal) -> None:
    assert "版を名乗るワーカーが現れたことがありません" in elsewhere.run("version", "status").out
    with a_worker(elsewhere, "old") as said:
        assert "この版 old には、`minaoshi version current old` を実行するまで仕事が渡されません" in said
        until_there(elsewhere, "old")
        with a_worker(elsewhere, "new") as said_by_new:
            assert "いまの現行は old です" in said_by_new
            until_there(elsewhere, "new")
            status = elsewhere.run("version", "status", "--json").data
            assert (status["own"], status["current"], status["ramping"]) == (HERE, "new", None)
            assert {one["version"]: one["may_be_stopped"] for one in status["versions"]} == {"old": True, "new": False}
            table = elsewhere.run("version", "status").out
            assert "現行の版 new" in table
            held = elsewhere.run("version", "drain", "new", "--for", "0")
            assert held.status == 1
            assert "版 new には仕事を渡しています（現行）" in held.out
            assert elsewhere.run("version", "drain", "old").status == 0
            assert "0件の固定を外しました" in elsewhere.run("version", "unpin", "old").out
            assert elsewhere.run("version", "ramp", "old", "5").status == 0
            assert elsewhere.run("version", "drain", "old", "--for", "0").status == 1
            assert doctor(elsewhere)["versions"].startswith("warning 現行は new で、見直しの 5% を版 old に")
            assert elsewhere.run("version", "ramp", "old", "0").status == 0
            back = elsewhere.run("version", "current", "old")
            assert back.status == 0
            assert "現行の版は old です" in back.out


def test_a_version_that_nobody_has_seen_is_named_with_those_that_there_are(elsewhere: Terminal) -> None:
    with a_worker(elsewhere, "old"):
        until_there(elsewhere, "old")
        for command in (("current",), ("current", "newer"), ("drain", "newer"), ("ramp", "newer", "5")):
            refused = elsewhere.run("version", *command)
            assert refused.status == 1
            assert "現れたことがありません（ある版: old）" in refused.out
        removed = elsewhere.run("version", "remove", "old")
        assert removed.status == 1
        assert "サーバーが受け付けません" in removed.out


@pytest.mark.whole
def test_the_doctor_tells_of_workers_that_are_given_nothing(elsewhere: Terminal) -> None:
    with a_worker(elsewhere, HERE):
        until(lambda: doctor(elsewhere)["workers"].startswith("mend 現行の版が決められておらず"))
        assert "minaoshi version current" in doctor(elsewhere)["versions"]
        assert elsewhere.run("version", "current").status == 0
        assert doctor(elsewhere)["workers"].startswith("good 1 つ")
        assert doctor(elsewhere)["versions"] == f"good 現行は {HERE} "
        assert elsewhere.run("version", "unversioned").status == 0
        assert doctor(elsewhere)["workers"].startswith("mend 現行の版が決められておらず")


def test_a_version_is_spelt_as_the_engine_can_name_it(elsewhere: Terminal) -> None:
    for name in ("MINAOSHI_BUILD_ID", "MINAOSHI_DEPLOYMENT"):
        wrong = replace(elsewhere, more={**elsewhere.more, name: "a'b"})
        done = wrong.run("version", "status")
        assert done.status == 2
        assert name in done.err
