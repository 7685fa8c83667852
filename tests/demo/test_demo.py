"""見本の上演: the demo itself, as its user runs it, and what it leaves behind."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib import resources
from pathlib import Path

import pytest
from temporalio.client import Client

from client.minaoshi import Minaoshi
from demo.main import ACCOUNTS, CITY
from engine.signing import Signatures
from register.register import Register, open_register
from schemas.acts import Reminder
from schemas.changes import Timing
from schemas.review import Clock, Outcome, Step
from settings import PREFIX, Settings

MINAOSHI = Path(sys.executable).with_name("minaoshi")
AGENCY, OF_THE_CITY = "digital-agency-1", "sapporo-7"


def run_demo(settings: Settings) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        f"{PREFIX}HOME": str(settings.home),
        f"{PREFIX}TEMPORAL_PORT": str(settings.temporal_port),
        f"{PREFIX}TEMPORAL_UI_PORT": str(settings.temporal_ui_port),
    }
    return subprocess.run([MINAOSHI, "demo"], env=environment, capture_output=True, text=True, timeout=180, check=False)


@pytest.fixture(scope="module")
def told(
    tmp_path_factory: pytest.TempPathFactory, settings_in: Callable[[Path], Settings]
) -> tuple[subprocess.CompletedProcess[str], Settings]:
    settings = settings_in(tmp_path_factory.mktemp("demo") / "home")
    return run_demo(settings), settings


async def never_connected() -> Client:
    raise AssertionError("the register alone answers this")


@asynccontextmanager
async def left_behind(settings: Settings, *folder: str) -> AsyncIterator[tuple[Minaoshi, Register]]:
    """Open the register that a story has left."""
    own = settings.model_copy(update={"home": settings.home.joinpath(*folder)})
    register = await open_register(own.register_url)
    minaoshi = Minaoshi(register, never_connected, task_queue=own.task_queue, signatures=Signatures(own))
    yield minaoshi, register
    await register.close()


async def test_the_first_story_ends_well_with_a_reassessment_that_came_too_late(
    told: tuple[subprocess.CompletedProcess[str], Settings],
) -> None:
    done, settings = told
    assert done.returncode == 0, done.stderr
    for scene in (
        "重要な変更か: はい。すべきこと: 再実施",
        "この変更は既に生じています",
        "伏せられています",
        "少なくとも「再実施」が求められます",
        "差戻し（対策チーム team-lead） Ⅳ8",
        "「公示文の写し」が要ります",
        "改訂した案が承認されるまで次の手続に進めません",
        "条件又は意見: ",
        "停止をまたぐ",
    ):
        assert scene in done.stdout
    async with left_behind(settings) as (minaoshi, _):
        version = (await minaoshi.assessments.history(AGENCY))[-1]
        state = (await minaoshi.reviews.show(f"{AGENCY}/1", viewer="auditor")).state
        approvals = [given for given in state.approvals if given.stands and given.approved]
        assert {given.digest for given in approvals} == {version.digest}
        assert len({given.person for given in approvals}) == 2
        assert version.digest in done.stdout
        assert (state.outcome, state.revision) == (Outcome.REASSESSED, 3)
        assert [one.step for one in state.steps] == [
            Step.PUBLIC_NOTICE,
            Step.PUBLIC_COMMENT,
            Step.SUBMISSION,
            Step.COMMISSION_APPROVAL,
            Step.PUBLICATION,
        ]
        assert {row.submission_timing for row in version.changes} == {Timing.AFTERWARDS}
        verdict = await minaoshi.verify_audit()
        assert verdict.ok
        assert verdict.head in done.stdout
        # Writing a file out is an entry of its own: the head that was told stands before it.
        page = await minaoshi.documents.export(AGENCY, as_="html", rendition="public")
        assert (settings.home / f"{AGENCY}-public.html").read_bytes() == page
        open_reviews = {view.assessment_id for view in await minaoshi.reviews.list()}
        assert open_reviews >= {"sample-juki-1", "sample-jidoteate-8", "sample-jidoteate-11"}


async def test_the_second_story_publishes_before_the_change_and_reminds_of_what_is_late(
    told: tuple[subprocess.CompletedProcess[str], Settings],
) -> None:
    done, settings = told
    for scene in ("（公示した意見聴取の終了日）より前です", "時計を進めた", "督促: 今の番", "何も記録していません"):
        assert scene in done.stdout
    async with left_behind(settings, CITY) as (minaoshi, register):
        version = (await minaoshi.assessments.history(OF_THE_CITY))[-1]
        view = await minaoshi.reviews.show(f"{OF_THE_CITY}/1", viewer="auditor")
        [ground] = view.state.grounds
        assert ground.takes_effect_on is not None
        assert version.published_on < ground.takes_effect_on
        assert {row.submission_timing for row in version.changes} == {Timing.ADVANCE}
        on = {one.step: one.done_on for one in view.state.steps}
        assert (on[Step.PUBLIC_COMMENT] - on[Step.PUBLIC_NOTICE]).days > 30
        assert on[Step.PUBLIC_COMMENT] < on[Step.THIRD_PARTY_CHECK] < on[Step.SUBMISSION] < on[Step.PUBLICATION]
        acts = await register.acts_of(f"{OF_THE_CITY}/1")
        assert [one.act.alarm.clock for one in acts if isinstance(one.act, Reminder)] == [Clock.TURN]
        verdict = await minaoshi.verify_audit()
        assert verdict.ok
        assert verdict.head in done.stdout


async def test_the_third_story_tells_how_late_the_real_report_was(
    told: tuple[subprocess.CompletedProcess[str], Settings],
) -> None:
    done, settings = told
    for scene in (
        "記録は本日、日付は実際のもの",
        "速報: 2022-08-02から2022-08-04（目安）",
        "確報（番号法第29条の4）: 期限 2022-08-29、実際 2023-06-30 → 305日遅れ",
        "規則だけで数えた答え",
    ):
        assert scene in done.stdout
    async with left_behind(settings, ACCOUNTS) as (minaoshi, _):
        assert {one.event_id for one in await minaoshi.events.list()} == {"account/fukushima", "account/further"}
        verdict = await minaoshi.verify_audit()
        assert verdict.ok
        assert verdict.head in done.stdout


def test_both_processes_were_really_replaced(told: tuple[subprocess.CompletedProcess[str], Settings]) -> None:
    numbers = re.search(r"ワーカー (\d+) → (\d+)、サーバー (\d+) → (\d+)", told[0].stdout)
    assert numbers is not None
    assert len(set(numbers.groups())) == 4


def test_a_second_demo_moves_the_first_aside(told: tuple[subprocess.CompletedProcess[str], Settings]) -> None:
    settings = told[1]
    assert run_demo(settings).returncode == 0
    for folder in ("", CITY, ACCOUNTS):
        assert (settings.home / "earlier" / "1" / folder / "register.db").exists()


def test_the_demo_never_touches_a_register_of_anybody_else(settings: Settings) -> None:
    settings.home.mkdir(parents=True)
    settings.register_path.write_bytes(b"somebody's")
    done = run_demo(settings)
    assert done.returncode == 1
    assert "見本のものでない台帳" in done.stderr
    assert settings.register_path.read_bytes() == b"somebody's"


def test_the_engine_and_the_logs_of_a_whole_demo_name_nobody(
    told: tuple[subprocess.CompletedProcess[str], Settings],
) -> None:
    """Nothing of a person is in what the engine keeps: neither in its database nor in any log."""
    _, settings = told
    kept = {
        path: path.read_bytes()
        for path in settings.home.rglob("*")
        if path.is_file() and (path.name.startswith("temporal.db") or path.suffix == ".log")
    }
    assert any(b"assessment-review/digital-agency-1" in content for content in kept.values())
    for organisation in ("organisation.toml", "city.toml"):
        people = tomllib.loads(resources.files("demo").joinpath(organisation).read_text(encoding="utf-8"))["people"]
        assert people
        words = [word for person in people for word in (person["name"], person["mail"])]
        found = [(path.name, word) for path, content in kept.items() for word in words if word.encode() in content]
        assert found == []
    for word in ("誤登録", "ログアウト", "判断の根拠に", "意見を反映し"):
        assert [path.name for path, content in kept.items() if word.encode() in content] == []
