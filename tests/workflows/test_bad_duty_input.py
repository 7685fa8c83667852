"""義務への誤った入力: each is told row by row or by its rule, and the register and the engine are as they were."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest
from sqlalchemy import text

from client.errors import ActRefusedError, InvalidInputError, NotFoundError
from register.database import engine_for
from register.tables import metadata
from schemas.review import Urgency
from tests.house import AUDITOR, MANAGER, TEAM, House, as_json, today
from tests.workflows.audit_samples import PLAN, inspected, open_audit, report
from tests.workflows.circular_samples import circular
from tests.workflows.duty_samples import done, following, own, staff, training
from tests.workflows.planning import EVIDENCE, in_days
from tests.workflows.skipping import PATIENCE_S
from tests.workflows.test_audits import ADDED_AUDITOR, with_auditor_of_the_department
from tests.workflows.test_duty_clocks import rung
from tests.workflows.test_log_analyses import CSV, systems

ROWS = ("desk,窓口,account-registration", "p-1,派遣,child-allowance")
SINCE = "2020-02-01"
RECIPIENTS = ("団体コード,団体名,都道府県,電子メールアドレス", "131016,甲市,東京,a@example.lg.jp")


class Begun(NamedTuple):
    """A training with a roll, a circular whose links are known, an audit, a log analysis."""

    house: House
    training: str
    circular: str
    audit: str
    log: str


def rows_in(house: House) -> dict[str, int]:
    """Count the rows of each table as they stand in the file."""
    engine = engine_for(house.settings.register_url)
    with engine.connect() as connection:
        names = [table.name for table in metadata.sorted_tables]
        found = {
            name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()  # noqa: S608 # our own tables
            for name in names
        }
    engine.dispose()
    return found


async def events_in(begun: Begun) -> dict[str, int]:
    """Count what the engine remembers of each duty."""
    found = {}
    for one in (begun.training, begun.circular, begun.audit, begun.log):
        found[one] = len((await following(begun.house, one).fetch_history()).events)
    return found


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@pytest.fixture
async def begun(house: House) -> Begun:
    minaoshi, now = house.minaoshi, datetime.now(UTC)
    study, sent = own(house, "training:bad"), own(house, "circular:bad")
    content = {"material": "研修資料", "material_since": SINCE}
    await minaoshi.duties.open(study, training(begins_on="2020-01-01", content=content), as_=TEAM)
    await minaoshi.trainings.import_roll(study, staff(*ROWS), as_=TEAM)
    await minaoshi.duties.open(sent, circular(), as_=TEAM)
    added = [{"member": one, "name": one, "mail": f"{one}@example.lg.jp"} for one in ("010101", "020101")]
    await minaoshi.duties.enrol(sent, as_json(added=added), as_=TEAM)
    links = {"010101": digest("first"), "020101": digest("second")}
    await house.register.circulars.keep_links(sent, links, at=now)
    await minaoshi.acknowledging.acknowledge("first", member="010101")
    await inspected(house)
    audit = await open_audit(house)
    log = (await minaoshi.log_analyses.apply(systems(house), as_=AUDITOR)).opened[0]
    async with asyncio.timeout(PATIENCE_S):
        # Its date has passed long ago: what its clocks record is recorded before anything is compared.
        while len(await rung(house, log)) < len(Urgency):  # noqa: ASYNC110 # nobody tells
            await asyncio.sleep(0.05)
    return Begun(house, study, sent, audit, log)


def recipients(*rows: str, codec: str = "utf-8") -> bytes:
    return "\n".join((*RECIPIENTS, *rows)).encode(codec)


def import_roll(table: bytes) -> Callable[[Begun], Awaitable[object]]:
    return lambda begun: begun.house.minaoshi.trainings.import_roll(begun.training, table, as_=TEAM)


def import_completions(table: bytes) -> Callable[[Begun], Awaitable[object]]:
    return lambda begun: begun.house.minaoshi.trainings.import_completions(begun.training, table, as_=TEAM)


def import_recipients(table: bytes) -> Callable[[Begun], Awaitable[object]]:
    return lambda begun: begun.house.minaoshi.circulars.import_recipients(begun.circular, table, as_=TEAM)


def complete(member: str, day: str) -> Callable[[Begun], Awaitable[object]]:
    content = as_json(members=[member], completed_on=day)
    return lambda begun: begun.house.minaoshi.duties.complete(begun.training, content, as_=TEAM)


def acknowledge(token: str, member: str) -> Callable[[Begun], Awaitable[object]]:
    return lambda begun: begun.house.minaoshi.acknowledging.acknowledge(token, member=member)


def submit(summary: bytes) -> Callable[[Begun], Awaitable[object]]:
    said = as_json(text="分析した。", evidence=EVIDENCE, paper={"method": "抽出", "conclusion": "異常はない。"})
    return lambda begun: begun.house.minaoshi.log_analyses.submit(begun.log, said, summary=summary, as_=MANAGER)


def apply_systems(**more: str) -> Callable[[Begun], Awaitable[object]]:
    return lambda begun: begun.house.minaoshi.log_analyses.apply(
        systems(begun.house, name=f"{begun.house.assessment_id}-x", **more), as_=AUDITOR
    )


BEFORE = "2020-01-31"
"""資料のできる前の日."""

NEITHER = ["UTF-8 でも Shift_JIS でもありません"]
BROKEN = staff(*ROWS, codec="cp932") + b"\x81\x00"
TWICE_A_DAY = CSV.replace("2023/11/9,40,", "2023/11/8,40,").encode()
SAME_CODE = recipients("131016,乙市,東京,b@example.lg.jp")
NO_PREFECTURE = recipients("271004,乙市,江戸,b@example.lg.jp")

WRONG: list[tuple[Callable[[Begun], Awaitable[object]], list[str], str]] = [
    (import_roll(staff(*ROWS, "p-2,甲,privacy", "P-2,乙,privacy")), ["5行目"], "職員の表に同じ者が二度"),
    (import_roll(staff(*ROWS, "p-2,甲,夢の部署")), ["4行目"], "職員の表に知らない部署"),
    (
        import_roll(staff(*ROWS, "p-2,甲,夢の部署", "desk,窓口,privacy", ",乙,privacy")),
        ["4行目", "5行目", "6行目"],
        "職員の表に誤りが幾つも",
    ),
    (import_roll(staff(*ROWS, codec="utf-16")), NEITHER, "職員の表が UTF-16"),
    (import_roll(BROKEN), NEITHER, "職員の表が壊れた Shift_JIS"),
    (import_completions(done(f"desk,{today()}", f"p-1,{BEFORE}")), ["3行目"], "受講の表に資料より前の日"),
    (import_completions(done(f"desk,{today()}", f"DESK,{today()}")), ["3行目"], "受講の表に同じ者が二度"),
    (import_completions(done(f"desk,{today()}", f"nobody,{today()}")), ["3行目"], "受講の表に名簿にない者"),
    (import_completions(done(f"desk,{in_days(1)}")), ["2行目"], "受講の表に先の日"),
    (complete("desk", BEFORE), ["資料"], "資料より前の完了"),
    (import_recipients(SAME_CODE), ["3行目"], "宛先に同じ団体コード"),
    (import_recipients(NO_PREFECTURE), ["3行目"], "宛先に知らない都道府県"),
    (import_recipients(recipients(codec="utf-16")), ["Shift_JIS"], "宛先が UTF-16"),
    (acknowledge("first", "010101"), ["既に確認"], "二度使うリンク"),
    (acknowledge("second", "010101"), ["だけのもの"], "別の団体のリンク"),
    (acknowledge("third", "020101"), ["使えません"], "ないリンク"),
    (submit(TWICE_A_DAY), ["2023-11-08"], "ログの集計に同じ日"),
    (submit(CSV.encode("utf-16")), NEITHER, "ログの集計が UTF-16"),
    (apply_systems(department="nowhere"), ["nowhere"], "ログ分析の知らない部署"),
]


async def test_what_is_wrong_is_told_and_nothing_of_it_is_recorded(begun: Begun) -> None:
    """One after the other in one house: each leaves it as it was."""

    async def stands() -> tuple[object, ...]:
        return rows_in(begun.house), await events_in(begun), await begun.house.register.audit_head()

    before = await stands()
    for act, words, name in WRONG:
        with pytest.raises((InvalidInputError, NotFoundError, ActRefusedError)) as refused:
            await act(begun)
        said = " ".join((str(refused.value), *getattr(refused.value, "faults", ())))
        assert all(one in said for one in words), (name, said)
        assert refused.value.remedy, name
        assert await stands() == before, name


BOTH = {**PLAN, "auditors": [AUDITOR, ADDED_AUDITOR]}
OWN_AUDIT: list[tuple[Any, str, str]] = [
    (lambda duties, _, one: duties.hand_in(one, report({}), as_=ADDED_AUDITOR), "own_department", "報告"),
    (
        lambda duties, _, one: duties.report_progress(one, as_json(text="見た。"), as_=ADDED_AUDITOR),
        "own_department",
        "進捗",
    ),
    (lambda _, audits, one: audits.set_plan(one, as_json(**PLAN), as_=ADDED_AUDITOR), "own_department", "計画"),
    (
        lambda _, audits, one: audits.set_plan(one, as_json(**BOTH), as_=AUDITOR),
        "auditor_of_the_department",
        "計画に名を挙げる",
    ),
    (
        lambda duties, _, one: duties.cancel(one, as_json(reason="要らない。"), as_=ADDED_AUDITOR),
        "own_department",
        "取りやめ",
    ),
]


async def test_an_audit_of_ones_own_department_leaves_nothing(begun: Begun) -> None:
    await with_auditor_of_the_department(begun.house)
    before = rows_in(begun.house), await begun.house.register.audit_head()
    for act, code, name in OWN_AUDIT:
        with pytest.raises(ActRefusedError) as refused:
            await act(begun.house.minaoshi.duties, begun.house.minaoshi.privacy_audits, begun.audit)
        assert (refused.value.refusal.code, bool(refused.value.remedy)) == (code, True), name
        assert (rows_in(begun.house), await begun.house.register.audit_head()) == before, name
