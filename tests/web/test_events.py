"""リスク事案の頁: what happened, what is due, what is left; and each act in a form, for whom it is permitted."""

from __future__ import annotations

import html
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import pytest

from tests.house import AUDITOR, CHIEF, DRAFTER, MANAGER, TEAM, TEAM_2, House, today
from tests.web.as_shown import as_shown
from tests.web.conftest import Browser
from tests.web.office import office, signed_in
from tests.web.test_reports import STRANGE
from tests.workflows.events import MANY, NOTHING, TOLD, approved, file, learn, reported

__all__ = ["office"]

Sign = Callable[[str], Any]


@pytest.fixture
async def as_person(office: House) -> AsyncIterator[Sign]:
    """Sign people in, each in a browser of their own."""
    async with AsyncExitStack() as stack:

        async def sign(person: str) -> Browser:
            return await stack.enter_async_context(signed_in(office, person))

        yield sign


def acts_in(page: str, event_id: str) -> list[str]:
    return re.findall(rf'href="/events/{event_id}/acts/([a-z-]+)"', page)


async def test_the_list_shows_what_is_due_next_and_can_be_narrowed(office: House, as_person: Sign) -> None:
    one = await reported(office, "in-list", title="一覧に出る事案")
    team = await as_person(TEAM)
    page = await team.open("/events")
    assert f'href="/events/{one}"' in page
    assert "一覧に出る事案" in page
    assert "速報" in page
    assert "一覧に出る事案" in await team.open("/events?search=一覧&reportable=undecided&scope=all")
    assert "一覧に出る事案" not in await team.open("/events?search=一覧&reportable=yes")
    assert "当てはまるリスク事案はありません" in await team.open("/events?search=どこにもない&scope=strange")


async def test_the_page_says_what_happened_what_is_due_and_what_decides(office: House, as_person: Sign) -> None:
    one = await reported(office, "page", title="誤登録の頁")
    team = await as_person(TEAM)
    page = await team.open(f"/events/{one}")
    for words in (
        "誤登録の頁",
        "別人の口座が登録された",
        "口座登録担当",
        "答えを決める問い",
        "要確認",
        "終了までに要るもの",
    ):
        assert words in page
    assert f'href="/assessments/{office.assessment_id}"' in page
    assert f'href="/reviews/{office.assessment_id}/' in page
    assert (await team.web.get(f"/events/{one}/state")).text == "0"
    assert "台帳にありません" in await team.open("/events/risk/unknown", status=404)
    await team.open(f"/events/{one}/acts/nothing", status=404)


async def test_the_acts_that_are_offered_are_those_that_are_permitted(office: House, as_person: Sign) -> None:
    one = await reported(office, "offered")
    offered = {person: acts_in(await (await as_person(person)).open(f"/events/{one}"), one) for person in PEOPLE}
    assert offered == {
        TEAM: ["acknowledge", "update", "knew", "join", "report", "file", "notify", "measure", "close"],
        MANAGER: ["update", "knew", "notify", "measure", "report"],
        "desk": ["update", "knew", "measure", "report"],
        AUDITOR: [],
    }


PEOPLE = (TEAM, MANAGER, "desk", AUDITOR)


async def test_an_act_in_anothers_role_is_refused_in_words_with_what_was_typed(office: House, as_person: Sign) -> None:
    one = await reported(office, "refused")
    desk = await as_person("desk")
    assert "対策チームが行ってください" in await desk.open(f"/events/{one}/acts/acknowledge", status=409)
    form = await desk.open(f"/events/{one}/acts/knew")
    page = await desk.send(f"/events/{one}/acts/acknowledge", status=409, page=form)
    assert "対策チームが行ってください" in page
    page = await desk.send(f"/events/{one}/acts/no-report", status=409, page=form, reason=STRANGE)
    assert html.escape(STRANGE) in page
    assert "<script>alert" not in page


NOT_OF_ANOTHER_DEPARTMENT = ("acknowledge", "update", "join", "file", "notify", "measure", "close", "no-report")


@pytest.mark.parametrize("act", NOT_OF_ANOTHER_DEPARTMENT)
async def test_no_form_is_shown_to_whom_the_rules_do_not_permit_the_act(
    office: House, as_person: Sign, act: str
) -> None:
    one = f"risk/{office.assessment_id}/door"
    if await office.register.find_event(one) is None:
        await reported(office, "door")
    other = await as_person(CHIEF)
    page = await other.open(f"/events/{one}/acts/{act}", status=409)
    assert "が行ってください" in page
    assert 'class="act"' not in page
    form = await other.open(f"/events/{one}/acts/knew")
    page = await other.send(f"/events/{one}/acts/{act}", page=form, status=409)
    assert "が行ってください" in page
    assert "誤りがあります" not in page


async def test_an_auditor_is_shown_no_form_at_all(office: House, as_person: Sign) -> None:
    one = await reported(office, "audited")
    auditor = await as_person(AUDITOR)
    form = await auditor.open("/settings")
    for act in (*NOT_OF_ANOTHER_DEPARTMENT, "knew", "report"):
        page = await auditor.open(f"/events/{one}/acts/{act}", status=409)
        assert 'class="act"' not in page
        await auditor.send(f"/events/{one}/acts/{act}", page=form, status=409)


async def test_an_event_goes_all_its_way_in_forms(office: House, as_person: Sign) -> None:
    await office.add_assessment("the-way")
    one = await reported(office, "way", assessments=["the-way"])
    team, other, manager, desk = [await as_person(who) for who in (TEAM, TEAM_2, MANAGER, "desk")]
    form = await team.open(f"/events/{one}/acts/acknowledge")
    for _ in range(2):
        page = await team.send(f"/events/{one}/acts/acknowledge", page=form)
    assert "受け付けました" in page
    assert "acknowledge" not in acts_in(page, one)
    await learn(office, one, MANY)
    for number, kind in enumerate(("preliminary", "final")):
        digest = await approved(office, one, kind, **TOLD)
        typed: dict[str, Any] = {
            "filing.kind": kind,
            "filing.digest": digest,
            "filing.filed_on": today().isoformat(),
            "filing.receipt_number": f"受付{number}",
        }
        await other.send(
            f"/events/{one}/acts/file", files=[("evidence_files", ("控え.pdf", b"%PDF", "application/pdf"))], **typed
        )
    page = await other.open(f"/events/{one}")
    assert "受付番号 受付1" in page
    assert "控え.pdf" in page
    for form, begins in (("json", "{"), ("html", "<!")):
        assert (await other.open(f"/events/{one}/reports/final/1/file?as={form}")).startswith(begins)
    assert "版" in await other.open(f"/events/{one}/reports/final/9/file?as=json", status=404)
    await other.open(f"/events/{one}/reports/final/1/file?as=exe", status=422)
    told: dict[str, Any] = {"notification.kind": "notice", "notification.done_on": today().isoformat()}
    page = await manager.send(f"/events/{one}/acts/notify", status=409, **told)
    assert "根拠資料" in page
    page = await manager.send(f"/events/{one}/acts/notify", status=422, evidence_lines="控えだけ", **told)
    assert 'id="f-evidence_lines-wrong"' in page
    page = await manager.send(
        f"/events/{one}/acts/notify",
        page=page,
        files=[("evidence_files", ("通知.pdf", b"%PDF", "application/pdf"))],
        **told,
    )
    assert "通知.pdf" in page
    measure: dict[str, Any] = {"measure.text": "ログアウトを促す。", "measure.owner": DRAFTER}
    page = await desk.send(f"/events/{one}/acts/measure", status=422, **measure)
    assert 'href="#f-measure.due_on"' in page
    assert "ログアウトを促す。" in page
    assert as_shown(page)["measure.owner"] == [DRAFTER]
    due_on = (today() + timedelta(days=30)).isoformat()
    page = await desk.send(f"/events/{one}/acts/measure", **measure, **{"measure.due_on": due_on})
    assert "見本 起案" in page
    page = await team.send(f"/events/{one}/acts/close")
    assert "終了" in page
    assert set(acts_in(page, one)) <= {"update", "report", "file"}
    assert one in await team.open("/events?scope=all")


async def test_what_is_left_is_named_when_closing(office: House, as_person: Sign) -> None:
    one = await reported(office, "left")
    team = await as_person(TEAM)
    assert "まだ残っていること" in await team.open(f"/events/{one}/acts/close")
    page = await team.send(f"/events/{one}/acts/close", status=409, without_measures="機器の故障である。")
    assert "対策チームの受領確認" in page
    assert "機器の故障である。" in page


async def test_that_no_report_is_due_is_said_by_both_sides_of_the_same_facts(office: House, as_person: Sign) -> None:
    one = await reported(office, "no-report")
    await learn(office, one, NOTHING)
    manager, team = await as_person(MANAGER), await as_person(TEAM)
    page = await manager.send(f"/events/{one}/acts/no-report", reason="何も漏れていない。")
    assert "もう一方の側の確認を待っています" in page
    assert "confirm-no-report" not in acts_in(page, one)
    assert "confirm-no-report" in acts_in(await team.open(f"/events/{one}"), one)
    stale = await team.open(f"/events/{one}/acts/confirm-no-report")
    assert "何も漏れていない。" in stale
    await learn(office, one, {"persons_confirmed": 1})
    page = await team.send(f"/events/{one}/acts/confirm-no-report", page=stale, status=409, reason="確かめた。")
    assert "確かめた。" in page
    await manager.send(f"/events/{one}/acts/no-report", reason="一人にも漏れていない。")
    page = await team.send(f"/events/{one}/acts/confirm-no-report", reason="確かめた。")
    assert "見本 参事官が確認しました" in page


async def test_another_department_knew_and_another_report_is_the_same_event(office: House, as_person: Sign) -> None:
    one, two = await reported(office, "first"), await reported(office, "second", title="同じ誤り")
    desk, team = await as_person("desk"), await as_person(TEAM)
    residents = await as_person("residents-drafter")
    assert "口座登録担当のものです" in await residents.open(f"/events/{one}", status=403)
    before = (today() - timedelta(days=3)).isoformat()
    typed = {"department": "resident-records", "known_on": before, "reason": STRANGE}
    page = await desk.send(f"/events/{one}/acts/knew", **typed)
    assert "住民記録担当（見本）" in page
    assert html.escape(STRANGE) in page
    await residents.open(f"/events/{one}")  # of their department too, from now on
    form = await team.open(f"/events/{one}/acts/join")
    assert "同じ誤り" in form
    page = await team.send(f"/events/{one}/acts/join", page=form, other=two, reason="同じ窓口の同じ日の誤りである。")
    assert f'<a href="/events/{two}">' in page


async def test_an_approved_report_is_needed_before_it_is_filed(office: House, as_person: Sign) -> None:
    one = await reported(office, "unapproved")
    assert "承認された報告書がまだありません" in await (await as_person(TEAM)).open(f"/events/{one}/acts/file")


class TestReport:
    """報告書を作り、承認する."""

    async def test_a_draft_is_checked_taken_as_a_file_and_approved_by_another(
        self, office: House, as_person: Sign
    ) -> None:
        one = await reported(office, "drafted")
        await learn(office, one, MANY)
        desk, team = await as_person("desk"), await as_person(TEAM)
        address = f"/events/{one}/acts/report"
        held: dict[str, Any] = as_shown(await desk.open(f"{address}?kind=preliminary"))
        assert held["cover.kind"] == ["preliminary"]
        assert "承認は、書いた人とは別の" in await desk.open(address)
        held["overview.content"] = STRANGE
        form = await desk.open(address)
        assert "誤りはありません" in await desk.send(address, page=form, do="check", **held)
        written = await desk.send(address, page=form, do="save", **held)
        assert json.loads(written)["overview"]["content"] == STRANGE
        file = [("document", ("案.json", written.encode(), "application/json"))]
        loaded = await team.send(address, files=file, do="load")
        assert html.escape(STRANGE) in loaded
        assert "<script>alert" not in loaded
        assert "書いた者が選ばれていません" in await team.send(address, files=file, status=422, do="approve")
        page = await team.send(address, files=file, do="approve", written_by="desk")
        assert "見本 窓口" in page
        state = (await office.minaoshi.events.show(one)).state
        assert (await office.register.document(state.approvals[0].digest)).content == json.loads(written)

    async def test_who_may_not_approve_is_told_so_before_what_is_wrong(self, office: House, as_person: Sign) -> None:
        one = await reported(office, "not-approved")
        page = await (await as_person("desk")).send(f"/events/{one}/acts/report", status=409, do="approve")
        assert "対策チームが行ってください" in page

    async def test_what_is_wrong_stands_at_its_item(self, office: House, as_person: Sign) -> None:
        one = await reported(office, "wrong")
        team = await as_person(TEAM)
        address = f"/events/{one}/acts/report"
        held: dict[str, Any] = as_shown(await team.open(address))
        held |= {"cause.state": "known", "cause.content": "", "written_by": DRAFTER, "response.content": STRANGE}
        page = await team.send(address, status=422, do="approve", **held)
        assert 'id="f-cause.content-wrong"' in page
        assert html.escape(STRANGE) in page

    @pytest.mark.parametrize(
        "content",
        [
            pytest.param(b"{", id="途中で切れた"),
            pytest.param(b"[]", id="並び"),
            pytest.param(b"\xff", id="文字でない"),
            pytest.param(b'{"form": "basic_items"}', id="別の様式"),
            pytest.param(b'{"cover": 3}', id="形が違う"),
        ],
    )
    async def test_a_file_that_is_no_report_is_refused_calmly(
        self, office: House, as_person: Sign, content: bytes
    ) -> None:
        one = f"risk/{office.assessment_id}/no-file"
        if await office.register.find_event(one) is None:
            await reported(office, "no-file")
        team = await as_person(TEAM)
        address = f"/events/{one}/acts/report"
        file = [("document", ("x.json", content, "application/json"))]
        page = await team.send(address, files=file, status=422, do="approve", written_by=DRAFTER)
        assert "受け付けられません" in page
        assert "報告の区分" in await team.open(f"{address}?kind=strange", status=422)

    async def test_the_next_report_is_offered_first(self, office: House, as_person: Sign) -> None:
        one = await reported(office, "next")
        await learn(office, one, MANY)
        team = await as_person(TEAM)
        for number, (kind, then) in enumerate((("preliminary", "final"), ("final", "supplement"))):
            digest = await approved(office, one, kind)
            await file(office, one, kind, number=f"受付{number}", digest=digest)
            assert as_shown(await team.open(f"/events/{one}/acts/report"))["cover.kind"] == [then]


class TestUpdate:
    """事実の更新."""

    async def test_only_what_was_changed_is_recorded(self, office: House, as_person: Sign) -> None:
        one = await reported(office, "update")
        await learn(office, one, {**MANY, "encrypted": False, "account": {"data_items": ["個人番号"]}})
        desk = await as_person("desk")
        address = f"/events/{one}/acts/update"
        form = await desk.open(address)
        held: dict[str, Any] = as_shown(form)
        assert (held["facts.leak"], held["facts.encrypted"]) == (["occurred"], ["no"])
        page = await desk.send(address, page=form, status=409, **{**held, "reason": "何も変えない。"})
        assert "既に記録されている事実と同じ" in page
        typed = {
            **held,
            "facts.persons_at_most": "90人",
            "facts.leak": "",
            "unknown.cause.reason": "調査中",
            "reason": STRANGE,
        }
        page = await desk.send(address, page=form, status=422, **typed)
        assert 'id="f-unknown.cause.follow_up-wrong"' in page
        assert html.escape(STRANGE) in page
        typed["unknown.cause.follow_up"] = "月末まで"
        for _ in range(2):
            page = await desk.send(address, page=form, **typed)
        assert "「当たる」から「決まらない」に変わりました" in page
        act = (await office.minaoshi.events.show(one)).acts[-1].act
        assert set(act.changed) == {"leak", "persons_at_most", "account.unknown"}  # type: ignore[union-attr] # an update
        facts = (await office.minaoshi.events.show(one)).state.facts
        assert (facts.leak, facts.persons_at_most, facts.encrypted) == (None, 90, False)
        assert facts.account.unknown[0].follow_up == "月末まで"
        page = await desk.send(address, page=form, status=422, **{**typed, "facts.contact": "内線 1"})
        assert "別の内容" in page

    async def test_what_others_changed_meanwhile_is_not_undone_unread(self, office: House, as_person: Sign) -> None:
        one = await reported(office, "stale")
        desk = await as_person("desk")
        address = f"/events/{one}/acts/update"
        form = await desk.open(address)
        typed: dict[str, Any] = {
            **as_shown(form),
            "facts.contact": "内線 1",
            "facts.persons_at_most": "70",
            "reason": "数えた。",
        }
        unknown = [{"item": "cause", "reason": "調査中", "follow_up": "月末"}]
        await learn(office, one, {"persons_at_most": 80, "account": {"unknown": unknown}}, as_=TEAM)
        page = await desk.send(address, page=form, status=422, **typed)
        assert "ほかの人が改めました。あなたの入力: 70" in page
        held: dict[str, Any] = as_shown(page)
        assert (held["facts.persons_at_most"], held["facts.contact"]) == (["80"], ["内線 1"])
        assert held["unknown.cause.reason"] == ["調査中"]
        await desk.send(address, page=page, **held)
        state = (await office.minaoshi.events.show(one)).state
        assert (state.facts.persons_at_most, state.facts.contact) == (80, "内線 1")
        assert state.facts.account.unknown[0].reason == "調査中"

    async def test_a_form_that_was_tampered_with_is_refused_calmly(self, office: House, as_person: Sign) -> None:
        one = await reported(office, "tampered")
        desk = await as_person("desk")
        page = await desk.send(f"/events/{one}/acts/update", status=422, facts_revision="x", **{"facts.leak": "maybe"})
        assert 'id="f-facts.leak-wrong"' in page

    @pytest.mark.parametrize(("kind", "field"), [("update", "facts.contact"), ("report", "overview.content")])
    async def test_what_is_no_letter_is_told_at_its_field(
        self, office: House, as_person: Sign, kind: str, field: str
    ) -> None:
        one = await reported(office, f"letters-{kind}")
        await learn(office, one, MANY)
        desk = await as_person("desk")
        before = (await office.minaoshi.events.show(one)).state
        page = await desk.send(f"/events/{one}/acts/{kind}", status=422, do="approve", **{field: "内線\ufffd"})
        assert f'id="f-{field}-wrong"' in page
        assert "文字として読めない部分" in page
        assert (await office.minaoshi.events.show(one)).state == before
