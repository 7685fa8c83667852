"""見本の上演: the demo itself, as its user runs it, and what it leaves behind."""

from __future__ import annotations

import base64
import csv
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
from demo.circular_scenes import MUNICIPALITIES, municipalities
from demo.main import ACCOUNTS, AUDITS, CITY, GUIDANCE, OUTREACH, REPORT
from engine.ports import free_port
from engine.search_attributes import SEARCH_ATTRIBUTES
from engine.server import EmbeddedServer
from engine.signing import Signatures
from register.register import Register, open_register
from schemas.acts import Reminder
from schemas.changes import Timing
from schemas.review import Clock, Outcome, Step
from settings import PREFIX, Settings
from tests.demo.leaks import Scraping, Sought, files_of, forms, ids_in_clear

MINAOSHI = Path(sys.executable).with_name("minaoshi")
AGENCY, OF_THE_CITY = "digital-agency-1", "sapporo-7"


pytestmark = [
    pytest.mark.whole,
    pytest.mark.sqlite("a demo keeps its registers in files; with a database named it is not told"),
]


def environment_of(settings: Settings) -> dict[str, str]:
    return {
        **os.environ,
        f"{PREFIX}HOME": str(settings.home),
        f"{PREFIX}TEMPORAL_PORT": str(settings.temporal_port),
        f"{PREFIX}TEMPORAL_UI_PORT": str(settings.temporal_ui_port),
        f"{PREFIX}METRICS_ADDRESS": settings.metrics_address or "",
        f"{PREFIX}DATABASE_URL": settings.database_url or "",
    }


def run_demo(settings: Settings) -> subprocess.CompletedProcess[str]:
    environment = environment_of(settings)
    return subprocess.run([MINAOSHI, "demo"], env=environment, capture_output=True, text=True, timeout=400, check=False)


@pytest.fixture(scope="module")
def running(
    tmp_path_factory: pytest.TempPathFactory, settings_in: Callable[[Path], Settings]
) -> tuple[subprocess.CompletedProcess[str], Settings, dict[str, bytes]]:
    metrics = f"127.0.0.1:{free_port()}"
    settings = settings_in(tmp_path_factory.mktemp("demo") / "home").model_copy(update={"metrics_address": metrics})
    with Scraping(settings.home, f"http://{metrics}/metrics") as scraping:
        done = run_demo(settings)
    return done, settings, scraping.contents


@pytest.fixture(scope="module")
def told(
    running: tuple[subprocess.CompletedProcess[str], Settings, dict[str, bytes]],
) -> tuple[subprocess.CompletedProcess[str], Settings]:
    return running[:2]


@pytest.fixture(scope="module")
def scraped(running: tuple[subprocess.CompletedProcess[str], Settings, dict[str, bytes]]) -> dict[str, bytes]:
    """Give what was served as metrics meanwhile, by the servers and by the worker of the first story."""
    return running[2]


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


async def test_the_fourth_story_leaves_the_report_of_the_guidance(
    told: tuple[subprocess.CompletedProcess[str], Settings],
) -> None:
    done, settings = told
    for scene in ("第四話 指導と改善策", "済 18、予定 9", "期限を34日過ぎている", "承認済み"):
        assert scene in done.stdout
    assert (settings.home / GUIDANCE / REPORT).read_bytes().startswith(b"PK")
    async with left_behind(settings, GUIDANCE) as (minaoshi, _):
        assert (await minaoshi.verify_audit()).ok


async def test_the_fifth_story_reaches_every_municipality_once(
    told: tuple[subprocess.CompletedProcess[str], Settings],
) -> None:
    done, settings = told
    for scene in (
        "1,741団体のうち、届いた 1,740、届かない 1",
        "この物語では1,000通まで",
        "総括保護管理者が確認した: 完了",
        "毎朝の一巡（2024-08-07 のもの）が始めた",
    ):
        assert scene in done.stdout
    for file in ("circular-coverage.svg", "circular-coverage.csv", "training-coverage.svg", "training-roll.xlsx"):
        assert f"{settings.home / OUTREACH / file}（" in done.stdout
        assert (settings.home / OUTREACH / file).read_bytes()
    async with left_behind(settings, OUTREACH) as (minaoshi, _):
        verdict = await minaoshi.verify_audit()
        assert verdict.ok
        assert verdict.head in done.stdout


async def test_the_sixth_story_leaves_an_audit_that_was_put_right(
    told: tuple[subprocess.CompletedProcess[str], Settings],
) -> None:
    done, settings = told
    for scene in ("ファイル 5、委託先 2", "見直し digital-agency-1/1 が開いた。", "差し戻した", "期限 2024-01-18"):
        assert scene in done.stdout
    for file in ("audit-report.xlsx", "audit-report.json", "audit-plan.svg", "log-volume.svg"):
        assert f"{settings.home / AUDITS / file}（" in done.stdout
        assert (settings.home / AUDITS / file).read_bytes()
    async with left_behind(settings, AUDITS) as (minaoshi, _):
        verdict = await minaoshi.verify_audit()
        assert verdict.ok
        assert verdict.head in done.stdout


def test_both_processes_were_really_replaced(told: tuple[subprocess.CompletedProcess[str], Settings]) -> None:
    numbers = re.search(r"ワーカー (\d+) → (\d+)、サーバー (\d+) → (\d+)", told[0].stdout)
    assert numbers is not None
    assert len(set(numbers.groups())) == 4


def test_the_demo_never_touches_a_register_of_anybody_else(settings: Settings) -> None:
    settings.home.mkdir(parents=True)
    settings.register_path.write_bytes(b"somebody's")
    done = run_demo(settings)
    assert done.returncode == 1
    assert "見本のものでない台帳" in done.stderr
    assert settings.register_path.read_bytes() == b"somebody's"


def test_the_demo_never_writes_into_a_database_that_is_named(settings: Settings, tmp_path: Path) -> None:
    database = tmp_path / "elsewhere.db"
    done = run_demo(settings.model_copy(update={"database_url": f"sqlite:///{database}"}))
    assert done.returncode == 1
    assert "MINAOSHI_DATABASE_URL" in done.stderr
    assert "見本は、その台帳に書き込みません" in done.stderr
    assert not database.exists()
    assert not settings.home.exists()


def people_of_the_demo() -> list[dict[str, str]]:
    """Give all who stand in the organisations of the demo: people, and addresses behind which people sit."""
    found = []
    for organisation in ("organisation.toml", "city.toml"):
        read = tomllib.loads(resources.files("demo").joinpath(organisation).read_text(encoding="utf-8"))
        found += [*read["people"], *read.get("hotline", ()), *read.get("ministers_office", ())]
    for table in ("staff.csv", "staff-later.csv"):
        rows = resources.files("demo").joinpath("duties", table).read_text(encoding="utf-8").splitlines()
        found += [
            {"id": row["職員番号"], "name": row["氏名"], "mail": row["メールアドレス"]} for row in csv.DictReader(rows)
        ]
    return found


def personal_words() -> list[str]:
    people = people_of_the_demo()
    bodies = municipalities(MUNICIPALITIES)
    names = {one["name"] for one in people if "name" in one} | {name for _, name, _, _ in bodies}
    mails = {one["mail"] for one in people} | {mail for _, _, _, mail in bodies}
    typed = {"誤登録", "ログアウト", "判断の根拠に", "意見を反映し", "お一人ごとに", "休職中", "45件の閲覧"}
    assert {"見本 職員九", "東京都見本1市"} <= names
    assert min(len(names), len(mails)) > 15
    return sorted(names | {name.replace(" ", "") for name in names} | mails | typed)


PERSONAL = Sought(personal_words(), stems=("@example.jp", "見本"))


def test_the_engine_the_logs_and_the_metrics_of_a_whole_demo_name_nobody(
    told: tuple[subprocess.CompletedProcess[str], Settings], scraped: dict[str, bytes]
) -> None:
    """Nothing of a person is in what the engine keeps, logs or counts, in whatever encoding."""
    home = told[1].home
    kept = files_of(home)
    assert any(b"assessment-review/digital-agency-1" in content for content in kept.values())
    assert {Path(name.partition(":")[0]).name for name in kept} >= {"temporal.db", "temporal.log", "worker.log"}
    assert any(b"temporal_workflow_completed" in content for content in scraped.values())
    assert any(b"service_requests" in content for content in scraped.values())
    assert PERSONAL.found_in({**kept, **scraped}) == []


def test_no_id_that_everybody_sees_is_that_of_a_person(
    told: tuple[subprocess.CompletedProcess[str], Settings],
) -> None:
    """Ids of workflows and search attributes are in clear: they name reviews, departments and stages."""
    ids = "|".join(re.escape(one["id"]) for one in people_of_the_demo())
    person = re.compile(rf"(?<![a-z0-9-])(?:{ids})(?![a-z0-9-])")
    databases = list(told[1].home.rglob("temporal.db"))
    assert len(databases) >= 6
    shown = {one for database in databases for one in ids_in_clear(database)}
    assert any("account-registration" in one for one in shown)
    assert [one for one in shown if person.search(one)] == []
    assert person.search("notice/manager") is not None


PLANTED = "見本 総括保護管理者"


@pytest.mark.parametrize("name", list(forms(PLANTED)))
def test_the_search_finds_what_is_planted_in_each_encoding(name: str) -> None:
    form = forms(PLANTED)[name]
    assert PERSONAL.found_in({"file": b"\x00\xff" + form + b"\xff"}) == [("file", PLANTED)]


@pytest.mark.parametrize("before", range(7))
def test_the_search_finds_what_is_planted_within_base64(before: int) -> None:
    whole = base64.b64encode(b"x" * before + f'{{"name":"{PLANTED}"}}'.encode())
    assert PERSONAL.found_in({"file": whole}) == [("file", PLANTED)]


async def test_the_search_finds_what_is_planted_in_a_real_server(settings: Settings) -> None:
    """As an id, as an argument in clear that is longer than a page, and as a memo."""
    words = {"id": "planted-in-an-id@example.jp", "argument": PLANTED, "memo": "planted-in-a-memo@example.jp"}
    async with EmbeddedServer(settings, search_attributes=SEARCH_ATTRIBUTES):
        stranger = await Client.connect(settings.temporal_address)
        long = "長い文。" * 500 + words["argument"] + "長い文。" * 500
        await stranger.start_workflow(
            "Nobody", long, id=words["id"], task_queue="nowhere", memo={"note": words["memo"]}
        )
    kept = files_of(settings.home)
    for word in words.values():
        assert Sought([word]).found_in(kept), word
    assert words["id"] in set(ids_in_clear(settings.temporal_database_path))


def test_a_second_demo_moves_the_first_aside(told: tuple[subprocess.CompletedProcess[str], Settings]) -> None:
    settings = told[1]
    began = subprocess.Popen(
        [MINAOSHI, "demo"], env=environment_of(settings), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert began.stdout is not None
    # It was told to its end above: here it is enough that it is told anew.
    assert any("第一話" in line for line in began.stdout)
    began.terminate()
    began.communicate(timeout=60)
    for folder in ("", CITY, ACCOUNTS, GUIDANCE, OUTREACH, AUDITS):
        assert (settings.home / "earlier" / "1" / folder / "register.db").exists()
    assert (settings.home / "earlier" / "1" / AUDITS / "audit-plan.svg").exists()
