"""研修の頁: the staff from a table, what one confirms oneself, completions from a table, coverage, and files."""

from __future__ import annotations

import html
from io import BytesIO
from typing import Any
from urllib.parse import quote

from openpyxl import load_workbook

from tests.house import DRAFTER, MANAGER, TEAM, House, as_json, today
from tests.waiting import counted
from tests.web.as_shown import as_shown
from tests.web.conftest import carried_by
from tests.web.office import office, signed_in
from tests.workflows.duty_samples import measure, members, own, training
from tests.workflows.planning import in_days

__all__ = ["office"]

SCRIPT = "<script>alert(1)</script>髙橋"
HEAD = "職員番号,氏名,部署,メールアドレス"


def table(*rows: str, head: str = HEAD, codec: str = "cp932") -> list[tuple[str, tuple[str, bytes, str]]]:
    return [("table", ("職員.csv", "\r\n".join((head, *rows)).encode(codec), "text/csv"))]


async def test_staff_come_from_a_table_that_is_checked_first(office: House) -> None:
    one, address = own(office, "training:table"), f"/duties/{own(office, 'training:table')}"
    await office.minaoshi.duties.open(one, training(), as_=TEAM)
    rows = ("desk,窓口　花子,account-registration,desk@example.jp", f"x-1,{SCRIPT},子ども,")
    async with signed_in(office, TEAM) as team, signed_in(office, "desk") as desk:
        act = f"{address}/roll/import"
        assert act.replace(":", "%3A") in await team.open(address)
        assert "選ばれていません" in await team.send(act, status=422, what="enter")
        page = await team.send(act, files=table(*rows, "desk,二度目,account-registration,"), status=422, what="enter")
        assert "3行目 部署: 「子ども」という部署は、組織表にありません。" in html.unescape(page)
        assert "4行目 職員番号: 「desk」は、2行目にもあります。" in page
        assert "人のうち" not in await team.open(address)
        rows = (rows[0], rows[1].replace("子ども", "child-allowance"))
        page = await team.send(act, files=table(*rows), what="check")
        assert "Shift_JIS（CP932） と判断して読みました。誤りはありません。まだ何も取り込んでいません。" in page
        assert (html.escape(SCRIPT) in page, "<script>alert" in page) == (True, False)
        assert as_shown(page)["what"] == ["enter"]
        form = page
        for _ in range(2):
            page = await team.send(act, page=form, files=table(*rows), what="enter")
        assert "2人のうち、済 0" in page
        assert "変わるものがありません" in await team.send(act, status=422, files=table(*rows), what="enter")
        page = await team.send(act, files=table(rows[0].replace("花子", "花"), "y-1,新人,account-registration,"))
        assert all(words in page for words in ("加わる者（1人）", "未了の分を除きます）（1人）", "変わった者（1人）"))
        assert "行えません" in await desk.open(act, status=409)
        form = await desk.open(f"{address}/mine")
        assert "行えません" in await desk.send(act, files=table(*rows), page=form, status=403, what="check")


async def test_one_confirms_oneself_what_one_has_done(office: House) -> None:
    one, address = own(office, "training:mine"), f"/duties/{own(office, 'training:mine')}"
    content = {
        "material": "研修資料",
        "material_since": today().isoformat(),
        "topics": [{"title": "漏えい等の報告", "provision": "個人情報保護法68条"}],
    }
    await office.minaoshi.duties.open(one, training(content=content, begins_on="2020-01-01"), as_=TEAM)
    await office.minaoshi.duties.enrol(one, as_json(added=members("desk")), as_=TEAM)
    async with signed_in(office, "desk") as desk, signed_in(office, DRAFTER) as other:
        assert f"{address.replace(':', '%3A')}/mine" in await desk.open(address)
        assert "あなたの分は、まだ済んでいません。" in await desk.open(address)
        page = await desk.open(f"{address}/mine")
        assert all(words in page for words in ("漏えい等の報告", "個人情報保護法68条", "あなたの期限"))
        assert as_shown(page)["completed_on"] == [today().isoformat()]
        page = await desk.send(f"{address}/mine", status=409, completed_on="2020-05-01")
        assert "研修資料を使い始めた日" in page
        form = page
        for _ in range(2):
            page = await desk.send(f"{address}/mine", page=form, completed_on=today().isoformat())
        assert "あなたは「済」です" in page
        await other.open(f"{address}/mine", status=404)
        page = await desk.open(address)
        assert ("あなたの分は、まだ済んでいません。" in page, "/acts/complete" in page) == (False, False)


async def test_completions_come_from_a_table_and_coverage_goes_out(office: House) -> None:
    one, address = own(office, "training:done"), f"/duties/{own(office, 'training:done')}"
    duties = office.minaoshi.duties
    await duties.open(one, training(), as_=TEAM)
    added = [*members("m1", "m2", "m3"), *members("n1", department="child-allowance")]
    await duties.enrol(one, as_json(added=added), as_=TEAM)
    on, head = today().isoformat(), "職員番号,受講日"
    async with (
        signed_in(office, MANAGER) as manager,
        signed_in(office, TEAM) as team,
        signed_in(office, "desk") as desk,
    ):
        act = f"{address}/completions/import"
        wrong = (f"m1,{in_days(1)}", "m2,2020-01-01", f"n1,{on}", f"nobody,{on}")
        page = await manager.send(act, files=table(*wrong, head=head), status=422, what="enter")
        said = ("まだ来ていません", "始まった日", "の者ではありません", "この名簿に載っていません")
        for number, words in enumerate(said, start=2):
            assert f"{number}行目" in page
            assert words in page
        rows = table(f"m1,{on}", f"m2,{on}", head=head, codec="utf-8")
        assert "受講を記録する者は2人です" in await manager.send(act, files=rows, what="check")
        typed = {**carried_by(await manager.open(act)), "what": "enter", "kept_address": quote(act)}
        assert (await manager.web.post("/session/keep", data=typed)).status_code == 204
        form = await manager.open(act)
        assert "書きかけた内容" in form
        for _ in range(2):
            page = await manager.send(act, page=form, files=rows, what="enter")
        assert "書きかけた内容" not in await manager.open(act)
        assert "4人のうち、済 2" in page
        assert "66%" in page
        await team.send(f"{address}/acts/excuse", members="m3", reason="休職中")
        page = await team.open(f"{address}?status=open&department=child-allowance")
        assert ("見本 n1" in page, "見本 m1" in page) == (True, False)
        drawn = await team.web.get(f"{address}/coverage.svg")
        assert drawn.headers["content-type"] == "image/svg+xml"
        assert "3人のうち、済 2、理由により除く 1、未了 0" in drawn.text
        sheet = (await team.web.get(f"{address}/roll/file?as=xlsx")).content
        rows_out: Any = load_workbook(BytesIO(sheet)).active
        assert [cell.value for cell in rows_out[2]][:5] == ["m1", "見本 m1", "口座登録担当", "済", on]
        listed = (await team.web.get(f"{address}/roll/file?as=csv")).content.decode("utf-8-sig")
        assert "m3,見本 m3,口座登録担当,除外（理由あり）,,休職中," in listed
        assert (await team.web.get(f"{address}/roll/file?as=exe")).status_code == 404
        assert (await desk.web.get(f"{address}/coverage.svg")).status_code == 200
        await office.minaoshi.duties.open(own(office, "measure:none"), measure(), as_=TEAM)
        await team.open(f"/duties/{own(office, 'measure:none')}/roll/import", status=404)


async def test_the_page_asks_the_register_as_often_for_many_as_for_few(office: House) -> None:
    one = own(office, "training:queries")
    await office.minaoshi.duties.open(one, training(), as_=TEAM)
    await office.minaoshi.duties.enrol(one, as_json(added=members("desk")), as_=TEAM)
    async with signed_in(office, TEAM) as team:
        with counted(office.register) as few:
            await team.open(f"/duties/{one}")
        await office.minaoshi.duties.enrol(one, as_json(added=members(*(f"q{n}" for n in range(50)))), as_=TEAM)
        with counted(office.register) as more:
            await team.open(f"/duties/{one}")
        assert abs(len(more) - len(few)) <= 1


async def test_a_training_is_opened_with_its_topics(office: House) -> None:
    async with signed_in(office, TEAM) as team:
        typed: dict[str, Any] = {
            "title": "個人情報の研修",
            "department": "privacy",
            "begins_on": "2026-08-07",
            "due_on": "2026-10-20",
            "repeats": "year",
            "slug": f"page-{office.assessment_id}",
            "content.material": "研修資料",
            "content.topics": "漏えい等の報告｜個人情報保護法68条\nログアウト",
        }
        page = await team.send("/duties/new/training", **typed)
        assert "項目: 漏えい等の報告　根拠となる条項: 個人情報保護法68条" in page
        assert "項目: ログアウト" in page
