"""指導と改善策, on the real engine: entered, reported for any day, approved by both sides, followed to its end."""

from __future__ import annotations

import json
from datetime import date, timedelta
from importlib import resources
from typing import Any

import pytest

from client.errors import ActRefusedError, InvalidInputError, NotFoundError, NotPermittedError
from client.guidance_views import ReportState
from demo.guidance import guidance_of_2023
from schemas.duties import DutyStatus
from schemas.guidance import MeasuresReport, Standing
from tests.demo.test_guidance import MEASURES, report
from tests.guideline.guidance_samples import PAPER, done, guidance, planned, when
from tests.house import CHIEF, DRAFTER, TEAM, TEAM_2, House, as_json, today
from tests.workflows.planning import EVIDENCE

SEED = resources.files("demo").joinpath("guidance.toml").read_bytes()
SOON, LATER = today() + timedelta(days=30), today() + timedelta(days=40)


def name(house: House) -> str:
    """Name a guidance: all tests share one server, which knows a duty by its number."""
    return house.assessment_id


def small(house: House, **more: Any) -> bytes:
    """Give a guidance of two items, of which one is done and one planned."""
    plan = planned(when=when(said=LATER.isoformat(), latest_on=LATER), text="資料を周知予定。", owner=DRAFTER)
    whole: dict[str, Any] = {
        "id": name(house),
        "subject": "見本の事案",
        "department": "privacy",
        "guidance": guidance(report_due_on=SOON).model_dump(mode="json"),
        "measures": [one.model_dump(mode="json") for one in (done(owner=TEAM_2), plan)],
    }
    return as_json(**{**whole, **more})


LATE = guidance(report_due_on=date(2023, 9, 1)).model_dump(mode="json")


def bad(**more: Any) -> bytes:
    """Give a document with something wrong in it."""
    whole = {"id": "bad", "subject": "事案", "department": "privacy"}
    return as_json(**{**whole, "guidance": guidance().model_dump(mode="json"), **more})


async def test_the_whole_seed_is_entered_and_its_report_is_the_published_one(house: House) -> None:
    room, own = house.minaoshi.guidance, name(house)
    seed_of_own = SEED.replace(guidance_of_2023().id.encode(), own.encode())
    entered = await room.enter(seed_of_own, as_=TEAM)
    assert len(entered.entered) == 1 + len(MEASURES)
    assert len(entered.handed_in) == sum(seed.state == "済" for seed in MEASURES)
    view = await room.show(own, as_=TEAM, on=date(2023, 11, 15))
    waiting = [line.measure for line in view.report.lines if line.standing is Standing.AWAITING]
    assert waiting == [seed.id for seed in MEASURES if seed.state == "済"]
    assert len(await room.confirm_all(own, as_=CHIEF)) == len(waiting)
    made = MeasuresReport.model_validate_json(await room.report(own, as_="json", on=date(2023, 11, 15)))
    assert made == report().model_copy(update={"guidance": own})
    again = await room.enter(seed_of_own, as_=TEAM)
    assert (again.entered, again.handed_in) == ((), ())
    assert len(again.known) == 1 + len(MEASURES)
    late = await room.show(own, as_=TEAM)
    planned_then = {seed.id: seed.latest_on for seed in MEASURES if seed.state == "予定"}
    overdue = {line.measure for line in late.report.lines if line.standing is Standing.OVERDUE}
    assert overdue == {one for one, day in planned_then.items() if day and day < today()}
    assert (await house.minaoshi.verify_audit()).problems == ()


async def test_a_report_is_approved_by_the_team_and_then_by_the_chief_and_kept(house: House) -> None:
    room = house.minaoshi.guidance
    await room.enter(small(house), as_=TEAM)
    await room.confirm_all(name(house), as_=CHIEF)
    read = await room.show(name(house), as_=TEAM)
    half = await room.approve(name(house), as_=TEAM, digest=read.digest)
    assert (half.version, half.state, half.team, half.on) == (1, ReportState.HALF, TEAM, today())
    with pytest.raises(ActRefusedError) as refused:
        await room.approve(name(house), as_=TEAM)
    assert refused.value.refusal.code == "duty_side"
    both = await room.approve(name(house), as_=CHIEF, digest=half.digest)
    assert (both.state, both.team, both.chief, both.digest) == (ReportState.APPROVED, TEAM, CHIEF, read.digest)
    # Follow-up goes on: the guidance is due again when the next measure is.
    assert (await room.show(name(house), as_=TEAM)).state.due_on == LATER
    page = (await room.report(name(house), as_="html")).decode()
    for words in ("承認済み（第1版）", "対策チームの承認", "見本 参事官", "総括保護管理者の承認", read.digest):
        assert words in page
    stored = MeasuresReport.model_validate_json(await room.report(name(house), as_="json", version=1))
    assert stored == read.report
    # What comes later is another report; the approved one is kept as it was.
    await house.minaoshi.duties.hand_in(
        f"measure:{name(house)}.2-1",
        as_json(text="周知した。", done_on=today().isoformat(), evidence=EVIDENCE),
        as_=DRAFTER,
    )
    assert "案（承認されていません）" in (await room.report(name(house), as_="html")).decode()
    assert MeasuresReport.model_validate_json(await room.report(name(house), as_="json", version=1)) == read.report


async def test_a_changed_text_voids_the_approval_that_was_given(house: House) -> None:
    room, duties = house.minaoshi.guidance, house.minaoshi.duties
    await room.enter(small(house), as_=TEAM)
    await room.confirm_all(name(house), as_=CHIEF)
    half = await room.approve(name(house), as_=TEAM)
    changed = {**json.loads(small(house))["measures"][1], "text": "資料を直して周知予定。"}
    await room.measure(name(house), as_json(**changed), as_=TEAM, reason="直した。")
    (void,) = (await room.show(name(house), as_=TEAM)).versions
    assert void.state is ReportState.VOID
    with pytest.raises(ActRefusedError) as refused:
        await room.approve(name(house), as_=CHIEF)
    assert refused.value.refusal.code == "report_changed"
    await duties.send_back(half.duty_id, as_json(reason="内容が変わった。"), as_=CHIEF)
    anew = await room.approve(name(house), as_=TEAM)
    assert (anew.duty_id, anew.state, anew.digest != half.digest) == (half.duty_id, ReportState.HALF, True)
    assert (await room.approve(name(house), as_=CHIEF)).state is ReportState.APPROVED


async def test_a_guidance_is_closed_with_an_approved_report_when_no_measure_is_open(house: House) -> None:
    room, duties = house.minaoshi.guidance, house.minaoshi.duties
    await room.enter(small(house), as_=TEAM)
    with pytest.raises(InvalidInputError, match="承認した報告書がまだありません"):
        await room.close(name(house), as_=TEAM, evidence=tuple(EVIDENCE))
    await room.confirm_all(name(house), as_=CHIEF)
    for person in (TEAM, CHIEF):
        await room.approve(name(house), as_=person)
    other = {"reported_on": today().isoformat(), "report_sha256": "0" * 64}
    with pytest.raises(ActRefusedError) as refused:
        await duties.hand_in(
            f"guidance:{name(house)}", as_json(text="出した。", evidence=EVIDENCE, paper=other), as_=TEAM
        )
    assert refused.value.refusal.code == "report_not_approved"
    await room.close(name(house), as_=TEAM, evidence=tuple(EVIDENCE))
    with pytest.raises(ActRefusedError) as refused:
        await room.close(name(house), as_=CHIEF)
    assert refused.value.refusal.code == "children_open"
    result = {
        "when": {"said": "今月", "latest_on": today().isoformat(), "assumed": "今日行った。"},
        "text": "周知済み。",
    }
    await duties.hand_in(
        f"measure:{name(house)}.2-1", as_json(text="周知した。", evidence=EVIDENCE, paper=result), as_=DRAFTER
    )
    await duties.confirm(f"measure:{name(house)}.2-1", as_=TEAM)
    assert (await room.close(name(house), as_=CHIEF)).status is DutyStatus.CLOSED
    view = await room.show(name(house), as_=TEAM)
    assert view.follow_ups == ()
    told = next(one for item in view.report.items for one in item.entries if one.line and one.line.measure == "2-1")
    assert (told.text, told.mark) == ("周知済み。", "【済: 今月】")
    assert await room.list(as_=TEAM) == ()
    assert [one.duty_id for one in await room.list(as_=TEAM, scope="all")] == [f"guidance:{name(house)}"]


async def test_a_measure_is_added_reworded_and_given_up(house: House) -> None:
    room, duties = house.minaoshi.guidance, house.minaoshi.duties
    await room.enter(small(house, measures=[]), as_=TEAM)
    with pytest.raises(InvalidInputError) as invalid:
        await room.approve(name(house), as_=TEAM)
    assert len(invalid.value.faults) == 2
    added = done("1-9", owner=TEAM_2).model_dump(mode="json")
    receipt = await room.measure(name(house), as_json(**added), as_=TEAM)
    assert (receipt.duty_id, receipt.status) == (f"measure:{name(house)}.1-9", DutyStatus.HANDED_IN)
    plan = json.loads(small(house))["measures"][1]
    assert (await room.measure(name(house), as_json(**plan), as_=TEAM)).status is DutyStatus.OPEN
    moved = {**plan, "when": {"said": "別の日", "latest_on": "2030-01-01", "assumed": "延ばす。"}}
    with pytest.raises(InvalidInputError, match="時期は、ここでは変えられません"):
        await room.measure(name(house), as_json(**moved), as_=TEAM, reason="延ばす。")
    later = LATER + timedelta(days=7)
    await duties.postpone(
        f"measure:{name(house)}.2-1", as_json(due_on=later.isoformat(), reason="準備のため。"), as_=TEAM
    )
    entries = [one for item in (await room.show(name(house), as_=TEAM)).report.items for one in item.entries]
    assert (entries[-1].mark or "").startswith("【予定: 期限を")
    await duties.cancel(f"measure:{name(house)}.2-1", as_json(reason="他の資料で足りる。"), as_=CHIEF)
    entries = [one for item in (await room.show(name(house), as_=TEAM)).report.items for one in item.entries]
    assert entries[-1].mark == "【取りやめ: 他の資料で足りる。】"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(b"id = ", "TOML として読めません", id="TOML でない"),
        pytest.param("あ".encode("shift_jis"), "UTF-8 の文字列ではありません", id="文字の符号"),
        pytest.param(b"{", "JSON として読めません", id="JSON でない"),
        pytest.param(
            bad(guidance=LATE),
            "1件の誤りがあります",
            id="期限が先",
        ),
        pytest.param(bad(guidance={}), "2件の誤りがあります", id="内容がない"),
    ],
)
async def test_a_bad_document_is_refused_in_words_and_nothing_is_entered(
    house: House, content: bytes, words: str
) -> None:
    with pytest.raises(InvalidInputError, match=words):
        await house.minaoshi.guidance.enter(content, as_=TEAM)
    assert await house.minaoshi.guidance.list(as_=TEAM, scope="all") == ()


async def test_rules_of_guidance_are_asked_in_the_transaction_whoever_sends_the_act(house: House) -> None:
    room, duties = house.minaoshi.guidance, house.minaoshi.duties
    await room.enter(small(house), as_=TEAM)
    other_head = guidance(number="第1号", report_due_on=SOON).model_dump(mode="json")
    with pytest.raises(InvalidInputError, match="別の内容で既に登録されています"):
        await room.enter(small(house, guidance=other_head), as_=TEAM)
    opening = {"department": "privacy", "title": "報告", "due_on": SOON.isoformat()}
    for content, code in (
        ({**opening, "content": {"on": today().isoformat()}}, "not_of_a_guidance"),
        (
            {**opening, "content": {"on": today().isoformat()}, "parent": f"measure:{name(house)}.2-1"},
            "not_of_a_guidance",
        ),
    ):
        with pytest.raises(ActRefusedError) as refused:
            await duties.open(f"status_report:{name(house)}.x", as_json(**content), as_=TEAM)
        assert refused.value.refusal.code == code
    other = {**opening, "parent": f"guidance:{name(house)}", "content": {"item": "9", "text": "他"}, "owner": DRAFTER}
    with pytest.raises(ActRefusedError) as refused:
        await duties.open(f"measure:{name(house)}.x", as_json(**other), as_=TEAM)
    assert refused.value.refusal.code == "unknown_item"
    tomorrow = today() + timedelta(days=1)
    ahead = {**opening, "parent": f"guidance:{name(house)}", "content": {"on": tomorrow.isoformat()}}
    await duties.open(f"status_report:{name(house)}.ahead", as_json(**ahead), as_=TEAM)
    with pytest.raises(ActRefusedError) as refused:
        await duties.hand_in(
            f"status_report:{name(house)}.ahead", as_json(text="承認", paper={"report_sha256": "0" * 64}), as_=TEAM
        )
    assert refused.value.refusal.code == "report_of_the_future"


async def test_what_is_not_there_and_what_may_not_be_read_is_said(house: House) -> None:
    room = house.minaoshi.guidance
    with pytest.raises(NotFoundError, match="指導 none は台帳にありません"):
        await room.view("none")
    await room.enter(small(house), as_=TEAM)
    with pytest.raises(NotPermittedError):
        await room.show(name(house), as_=DRAFTER)
    with pytest.raises(NotFoundError, match="第3版はありません"):
        await room.report(name(house), as_="pdf", version=3)
    with pytest.raises(InvalidInputError, match="「docx」は知りません"):
        await room.report(name(house), as_="docx")
    with pytest.raises(InvalidInputError, match="内容が変わりました"):
        await room.approve(name(house), as_=TEAM, digest="0" * 64)
    assert PAPER.title in (await room.report(name(house), as_="html")).decode()
