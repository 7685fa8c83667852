"""診断 (examination): how `doctor` judges what it saw, and what it then says."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from cli.examination import (
    judge_clock,
    judge_hotline,
    judge_retention,
    judge_schedule,
    judge_search_attributes,
    status_of,
)
from cli.examination_lines import Line, State
from cli.examination_of_workers import judge_versions, judge_workers
from cli.exit_status import ExitStatus
from cli.language import Language
from engine.deployment import DeploymentSeen, VersionSeen, VersionStatus
from engine.health import ClockSeen, ScheduleSeen, TaskQueueSeen, WorkerSeen
from engine.server import EmbeddedServer
from engine.version import installed_version
from settings import Settings
from tests.cli.terminal import Terminal, demo_file
from tests.new_register import owner_url
from tests.postgres import WRITER, run_as
from tests.tampering import administering, tamper

AT = datetime(2026, 11, 24, 1, 23, tzinfo=UTC)
DAY = timedelta(days=1)
HERE = "0.1.0"

NEW, OLD = WorkerSeen("new", HERE), WorkerSeen("old", "0.0.9")
DEPLOYED, BEFORE = (
    WorkerSeen(name, version, f"minaoshi.{version}") for name, version in (("deployed", HERE), ("before", "0.0.9"))
)


def said(line: Line) -> tuple[str, str, str]:
    """Give state, what was seen, and the remedy; nothing that is not well is without one, in either language."""
    for language in Language:
        told = line.told(language)
        assert bool(told["remedy"]) is (line.state is not State.GOOD)
        assert "\n" not in line.printed(language)
    told = line.told(Language.JAPANESE)
    return told["state"], told["seen"], told["remedy"]


@pytest.mark.parametrize(
    ("seconds", "state"),
    [
        pytest.param(0, "good", id="同じ"),
        pytest.param(4.9, "good", id="5秒未満"),
        pytest.param(5, "warning", id="5秒"),
        pytest.param(-59, "warning", id="1分未満遅れている"),
        pytest.param(60, "mend", id="1分"),
        pytest.param(-60, "mend", id="1分遅れている"),
    ],
)
def test_clocks_that_differ_are_named_with_the_difference(seconds: float, state: str) -> None:
    seen = said(judge_clock(ClockSeen(AT, AT + timedelta(seconds=seconds), AT)))
    assert seen[0] == state
    assert f"{seconds:+.1f} 秒" in seen[1]


@pytest.mark.parametrize(
    ("days", "state", "words"),
    [
        pytest.param(7, "good", "", id="7日"),
        pytest.param(6.9, "warning", "--retention 7d", id="7日未満"),
        pytest.param(None, "mend", "namespace create --namespace reviews", id="名前空間がない"),
    ],
)
def test_a_retention_shorter_than_a_week_is_warned_of(days: float | None, state: str, words: str) -> None:
    seen = said(judge_retention(None if days is None else days * DAY, namespace="reviews"))
    assert seen[0] == state
    assert words in seen[2]


def test_missing_search_attributes_come_with_the_command_that_adds_them() -> None:
    assert said(judge_search_attributes((), namespace="default"))[0] == "good"
    state, seen, remedy = said(judge_search_attributes(("MinaoshiStage", "MinaoshiDue"), namespace="reviews"))
    assert state == "mend"
    assert "MinaoshiStage, MinaoshiDue" in seen
    assert "create --namespace reviews --name MinaoshiStage --type Keyword --name MinaoshiDue --type Datetime" in remedy


@pytest.mark.parametrize(
    ("seen", "state", "words"),
    [
        pytest.param(TaskQueueSeen(()), "mend", "待ち受けるワーカーがありません", id="いない"),
        pytest.param(TaskQueueSeen((NEW,)), "good", "1 つ、版 0.1.0（new）", id="同じ版"),
        pytest.param(
            TaskQueueSeen((NEW, OLD)), "warning", "版 0.0.9 のワーカーもあります（new, old）", id="古い版もいる"
        ),
        pytest.param(TaskQueueSeen((OLD,)), "mend", "どのワーカーも版 0.0.9", id="古い版だけ"),
        pytest.param(TaskQueueSeen((WorkerSeen("who", ""),)), "mend", "どのワーカーも版 ?", id="名乗らない"),
        pytest.param(
            TaskQueueSeen((NEW,), current="other.2", deployment_name="other"),
            "mend",
            "別の配備の版 other.2 だけに渡され、いまのワーカー（new）には渡されません",
            id="別の配備に締め出された",
        ),
        pytest.param(
            TaskQueueSeen((NEW,), current=BEFORE.deployment, deployment_name="minaoshi"),
            "mend",
            "版を名乗らないいまのワーカー（new）には渡されません",
            id="名乗らないものだけ",
        ),
        pytest.param(
            TaskQueueSeen((DEPLOYED,), current=BEFORE.deployment, deployment_name="minaoshi"),
            "mend",
            "いまのワーカー（deployed）はその版ではありません",
            id="現行の版がもういない",
        ),
        pytest.param(
            TaskQueueSeen((DEPLOYED,), current=DEPLOYED.deployment, deployment_name="minaoshi"),
            "good",
            "1 つ、版 0.1.0（deployed）",
            id="現行の版がいる",
        ),
        pytest.param(
            TaskQueueSeen((NEW, DEPLOYED), current=DEPLOYED.deployment, deployment_name="minaoshi"),
            "warning",
            "仕事を渡されないワーカーがあります（new）",
            id="現行のほかに名乗らないもの",
        ),
        pytest.param(
            TaskQueueSeen((BEFORE, DEPLOYED), current=DEPLOYED.deployment, deployment_name="minaoshi"),
            "warning",
            "仕事を渡されないワーカーがあります（before）",
            id="現行のほかに前の版",
        ),
        pytest.param(
            TaskQueueSeen((BEFORE, DEPLOYED), current=BEFORE.deployment, deployment_name="minaoshi"),
            "warning",
            "版 0.1.0 のワーカー（deployed）がありますが、仕事は現行の版 0.0.9 に",
            id="まだ現行でない",
        ),
        pytest.param(
            TaskQueueSeen(
                (BEFORE, DEPLOYED),
                current=BEFORE.deployment,
                deployment_name="minaoshi",
                ramping=DEPLOYED.deployment,
            ),
            "warning",
            "版 0.1.0 のほかに、版 0.0.9 のワーカーもあります（before, deployed）",
            id="一部を渡している",
        ),
        pytest.param(TaskQueueSeen((DEPLOYED,)), "mend", "現行の版が決められておらず", id="現行の版がない"),
        pytest.param(
            TaskQueueSeen((NEW, DEPLOYED)),
            "warning",
            "仕事を渡されないワーカーがあります（deployed）",
            id="名乗らないものが現行",
        ),
    ],
)
def test_a_worker_must_be_there_be_given_work_and_be_of_this_version(
    seen: TaskQueueSeen, state: str, words: str
) -> None:
    found = said(judge_workers(seen, queue="minaoshi", deployment="minaoshi", installed=HERE))
    assert found[0] == state
    assert words in found[1]


def test_the_remedy_of_a_deployment_that_shuts_us_out_names_it() -> None:
    seen = TaskQueueSeen((NEW,), current="other.2", deployment_name="other")
    remedy = said(judge_workers(seen, queue="minaoshi", deployment="minaoshi", installed=HERE))[2]
    assert "MINAOSHI_DEPLOYMENT=other minaoshi version unversioned" in remedy


def version(status: VersionStatus, build_id: str = HERE, *, pinned: int = 0) -> VersionSeen:
    return VersionSeen(build_id, status, pinned)


CURRENT = version(VersionStatus.CURRENT)
DRAINING = version(VersionStatus.DRAINING, "0.0.9")


@pytest.mark.parametrize(
    ("seen", "state", "words"),
    [
        pytest.param(DeploymentSeen("minaoshi"), "good", "まだ現れていません", id="まだない"),
        pytest.param(DeploymentSeen("minaoshi", (CURRENT,), current=HERE), "good", "現行は 0.1.0", id="現行だけ"),
        pytest.param(
            DeploymentSeen("minaoshi", (version(VersionStatus.INACTIVE),)),
            "warning",
            "現行の版がありません",
            id="現行がない",
        ),
        pytest.param(
            DeploymentSeen("minaoshi", (CURRENT, DRAINING), current=HERE, ramping="0.2.0", percentage=5),
            "warning",
            "現行は 0.1.0 で、見直しの 5% を版 0.2.0 に",
            id="一部を渡している",
        ),
        pytest.param(
            DeploymentSeen("minaoshi", (CURRENT, DRAINING), current=HERE),
            "warning",
            "版 0.0.9 に固定された",
            id="確認中",
        ),
        pytest.param(
            DeploymentSeen(
                "minaoshi", (CURRENT, version(VersionStatus.DRAINING, "0.0.9", pinned=3)), current=HERE, ramping="0.2.0"
            ),
            "warning",
            "固定された見直しがあります（0.0.9: 3）",
            id="固定されたもの",
        ),
    ],
)
def test_what_of_a_change_of_versions_is_not_at_its_end_is_told(seen: DeploymentSeen, state: str, words: str) -> None:
    found = said(judge_versions(seen))
    assert found[0] == state
    assert words in found[1]


@pytest.mark.parametrize(
    ("seen", "state", "words"),
    [
        pytest.param(None, "mend", "ありません", id="ない"),
        pytest.param(ScheduleSeen(False, "", AT, AT + DAY), "good", "次は 2026-11-25T10:23+09:00", id="有効"),  # noqa: FBT003 # as the server says it
        pytest.param(ScheduleSeen(True, "年度末", AT, None), "mend", "止められています（年度末）", id="停止中"),  # noqa: FBT003 # as above
        pytest.param(ScheduleSeen(False, "", AT - 3 * DAY, AT + DAY), "mend", "最後は 2026-11-21", id="動いていない"),  # noqa: FBT003 # as above
    ],
)
def test_a_schedule_must_be_there_be_active_and_have_acted(seen: ScheduleSeen | None, state: str, words: str) -> None:
    for check, schedule in (("schedule", "yearly-review"), ("duty_schedule", "duty-round")):
        found = said(judge_schedule(seen, schedule, check=check, at=AT))
        assert found[0] == state
        assert words in found[1]


GOOD, WARNING, MEND = (Line("organisation", "missing", state) for state in State)
UNREACHABLE = Line("server", "unreachable", State.MEND)


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        pytest.param([GOOD], ExitStatus.DONE, id="よい"),
        pytest.param([GOOD, WARNING], ExitStatus.DONE, id="注意だけ"),
        pytest.param([WARNING, MEND, GOOD], ExitStatus.REFUSED, id="要対処"),
        pytest.param([UNREACHABLE, MEND], ExitStatus.NOT_REACHABLE, id="届かない"),
    ],
)
def test_the_exit_status_is_that_of_the_worst(lines: list[Line], status: ExitStatus) -> None:
    assert status_of(lines) is status


# --- the command itself


@pytest.fixture
def beside_the_server(server: EmbeddedServer, bare: Terminal, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Give a terminal in an empty home, whose engine is the tests' own server, reached as an external one."""
    monkeypatch.setenv("TEMPORAL_ADDRESS", server.settings.temporal_address)
    monkeypatch.setenv("MINAOSHI_LANGUAGE", "ja")
    return bare


def states(data: list[dict[str, str]]) -> dict[str, str]:
    return {line["check"]: line["state"] for line in data}


def test_an_engine_that_is_not_there_is_three_and_nothing_is_made(
    bare: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    done = bare.run("doctor")
    assert done.status == 3
    assert "MEND    Temporal server: " in done.out
    assert "Start `minaoshi up`" in done.out
    assert done.out.isascii()
    assert not bare.settings.home.exists()


@pytest.mark.sqlite("a register that is not there yet is a file")
def test_wrong_settings_are_named_and_the_register_is_looked_at_all_the_same(
    bare: Terminal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(tmp_path / "temporal.toml"))
    monkeypatch.setenv("MINAOSHI_LANGUAGE", "ja")
    done = bare.run("doctor", "--json")
    assert done.status == 1
    assert [set(line) for line in done.data] == [{"check", "state", "seen", "remedy"}] * len(done.data)
    assert states(done.data) == {"connection": "mend", "time_zone": "good", "register": "mend"}
    assert "TEMPORAL_CONFIG_FILE が示すファイルがありません" in done.data[0]["seen"]


def test_a_language_that_is_not_spoken_is_wrong_usage(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINAOSHI_LANGUAGE", "fr")
    assert terminal.run("doctor").status == 2


@pytest.mark.sqlite("a register that is not there yet is a file")
def test_a_namespace_that_is_not_there_is_told_once(
    beside_the_server: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEMPORAL_NAMESPACE", "nowhere")
    done = beside_the_server.run("doctor", "--json")
    assert done.status == 1
    assert states(done.data) == {
        "connection": "good",
        "server": "good",
        "namespace": "mend",
        "time_zone": "good",
        "register": "mend",
    }


def test_each_thing_that_is_missing_is_told_beside_what_is_well(beside_the_server: Terminal) -> None:
    beside_the_server.run("organisation", "apply", "-", given=demo_file("organisation.toml"))
    done = beside_the_server.run("doctor")
    assert done.status == 1
    lines = done.out.splitlines()
    assert "よい　 Temporal サーバー: 応答あり、版 1." in done.out
    assert [line for line in lines if line.startswith("要対処 ワーカー: ")]
    for check in ("年次の予定", "義務の一巡の予定", "証跡の控えの予定"):
        assert [line for line in lines if f" {check}: " in line], check
    assert "よい　 組織表: 第 1 版" in lines
    assert all(" → " in line for line in lines if not line.startswith("よい"))


@pytest.mark.postgres
def test_a_role_that_may_do_more_or_less_than_it_should_is_told(beside_the_server: Terminal) -> None:
    url = beside_the_server.settings.register_url
    assert states(beside_the_server.run("doctor", "--json").data)["grants"] == "good"
    owning = replace(beside_the_server, more={"MINAOSHI_DATABASE_URL": owner_url(url)})
    assert states(owning.run("doctor", "--json").data)["grants"] == "warning"
    run_as(owner_url(url), f"REVOKE INSERT ON acts FROM {WRITER}")
    [line] = (one for one in beside_the_server.run("doctor", "--json").data if one["check"] == "grants")
    assert (line["state"], "acts" in line["seen"]) == ("mend", True)
    assert "minaoshi register grants" in line["remedy"]


def test_an_older_register_is_left_as_it_is(beside_the_server: Terminal) -> None:
    beside_the_server.run("organisation", "apply", "-", given=demo_file("organisation.toml"))
    with administering(beside_the_server.settings.register_url) as engine:
        tamper(engine, "UPDATE alembic_version SET version_num = '0000'")
        assert states(beside_the_server.run("doctor", "--json").data)["migrations"] == "mend"
        with engine.connect() as connection:
            assert connection.execute(text("SELECT version_num FROM alembic_version")).all() == [("0000",)]


def test_the_version_that_a_worker_reports_is_a_version() -> None:
    assert installed_version()[0].isdigit()


@pytest.mark.parametrize(
    ("minutes", "taken", "state"),
    [
        pytest.param(10, False, "good", id="10分"),
        pytest.param(11, False, "mend", id="10分を超える"),
        pytest.param(11, True, "good", id="事案になった"),
    ],
)
def test_mails_that_are_no_events_yet_are_named(tmp_path: Path, minutes: int, state: str, *, taken: bool) -> None:
    settings = Settings(home=tmp_path)
    assert judge_hotline(settings, at=AT) == []
    settings.hotline_folder.mkdir()
    mail = settings.hotline_folder / "a.eml"
    mail.write_bytes(b"")
    came = (AT - timedelta(minutes=minutes)).timestamp()
    os.utime(mail, (came, came))
    if taken:
        mail.with_suffix(".taken").write_bytes(b"")
    (line,) = judge_hotline(settings, at=AT)
    assert said(line)[0] == state
