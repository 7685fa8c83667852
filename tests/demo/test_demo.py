"""見本の上演: the demo itself, as its user runs it, and what it leaves behind."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from temporalio.client import Client

from client.minaoshi import Minaoshi
from register.register import open_register
from settings import PREFIX, Settings

MINAOSHI = Path(sys.executable).with_name("minaoshi")


def run_demo(settings: Settings) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        f"{PREFIX}HOME": str(settings.home),
        f"{PREFIX}TEMPORAL_PORT": str(settings.temporal_port),
        f"{PREFIX}TEMPORAL_UI_PORT": str(settings.temporal_ui_port),
    }
    return subprocess.run([MINAOSHI, "demo"], env=environment, capture_output=True, text=True, timeout=110, check=False)


@pytest.fixture(scope="module")
def told(
    tmp_path_factory: pytest.TempPathFactory, settings_in: Callable[[Path], Settings]
) -> tuple[subprocess.CompletedProcess[str], Settings]:
    settings = settings_in(tmp_path_factory.mktemp("demo") / "home")
    return run_demo(settings), settings


async def test_the_demo_ends_well_and_tells_the_whole_story(
    told: tuple[subprocess.CompletedProcess[str], Settings],
) -> None:
    done, settings = told
    assert done.returncode == 0, done.stderr
    for scene in ("リスク事案", "伏せられています", "総括保護管理者", "差戻し Ⅳ8", "変更箇所 Ⅳ8", "停止をまたぐ"):
        assert scene in done.stdout
    register = await open_register(settings.register_url)
    minaoshi = Minaoshi(register, never_connected, task_queue=settings.task_queue)
    version = (await minaoshi.assessments.history("digital-agency-1"))[-1]
    approvals = [
        given
        for given in (await minaoshi.reviews.show("digital-agency-1/1", viewer="auditor")).state.approvals
        if given.stands and given.approved
    ]
    assert {given.digest for given in approvals} == {version.digest}
    assert len({given.person for given in approvals}) == 2
    assert version.digest in done.stdout
    open_reviews = {view.assessment_id for view in await minaoshi.reviews.list()}
    assert open_reviews >= {"sample-juki-1", "sample-jidoteate-8", "sample-jidoteate-11"}
    verdict = await minaoshi.verify_audit()
    assert verdict.ok
    assert verdict.head in done.stdout
    await register.close()


async def never_connected() -> Client:
    raise AssertionError("the register alone answers this")


def test_both_processes_were_really_replaced(told: tuple[subprocess.CompletedProcess[str], Settings]) -> None:
    numbers = re.search(r"ワーカー (\d+) → (\d+)、サーバー (\d+) → (\d+)", told[0].stdout)
    assert numbers is not None
    assert len(set(numbers.groups())) == 4


def test_a_second_demo_moves_the_first_aside(told: tuple[subprocess.CompletedProcess[str], Settings]) -> None:
    settings = told[1]
    assert run_demo(settings).returncode == 0
    assert (settings.home / "earlier" / "1" / "register.db").exists()


def test_the_demo_never_touches_a_register_of_anybody_else(settings: Settings) -> None:
    settings.home.mkdir(parents=True)
    settings.register_path.write_bytes(b"somebody's")
    done = run_demo(settings)
    assert done.returncode == 1
    assert "見本のものでない台帳" in done.stderr
    assert settings.register_path.read_bytes() == b"somebody's"
