"""評価書の編集: a form is filled in through the pages alone, without scripts, by one person."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from client.form_content import on_version
from client.typed import typed_of
from schemas.forms.boxes import boxes
from tests.house import DRAFTER, House, document
from tests.web.as_shown import as_shown
from tests.web.conftest import browsers_on
from tests.web.writing import Writer, drafting


async def test_the_first_form_is_filled_in_from_empty_to_valid_and_submitted(house: House) -> None:
    """The published document is on an old form, known by its digest alone: the drafter begins with an empty form."""
    legacy = {"form": "basic_items", "form_version_as_printed": "平成28年1月 様式2", "sha256": "0" * 64}
    house.assessment_id += "-old"
    await house.add_assessment(house.assessment_id, document=None, legacy=legacy)
    review = await drafting(house)
    target = document("corrected")
    target.pop("changes", None)
    async with browsers_on(house.minaoshi) as make:
        me = Writer(await make().sign_in(DRAFTER), review)
        page = await me.open()
        assert "白紙の様式から始めます" in page
        assert "まだ何も保存されていません。" in page
        await me.send("/basic_items/cover", typed={"/cover/declaration": "宣言"})
        page = await me.open()
        assert "誤りのある様式があります" in page
        page = await me.open("/basic_items/cover")
        assert "「表紙 評価書名」が記入されていません。記入してください。" in page
        assert '<a href="#f/cover/assessment_name">表紙 評価書名</a>' in page
        there = boxes(target)
        for section in ("cover", "related_information", "threshold_items", "threshold_result", "risk_measures"):
            typed = {
                at: list(typed_of(box)) for at, box in there.items() if box.is_leaf and at.split("/")[1] == section
            }
            await me.send(f"/basic_items/{section}", typed=typed)
        assert await me.document() == target
        page = await me.open()
        assert "提出する内容を確かめる" in page
        page = await me.browser.send(f"{me.base}/submit")
        assert "評価書一式を、案として提出しました。" in page
        assert "承認" in page
        assert (await house.show(review)).state.drafted_by == DRAFTER
        assert await me.document() == target
        assert "最後に提出した案と同じ内容です。" in await me.open("/basic_items")


async def test_each_page_says_what_is_asked_and_keeps_what_was_typed_as_it_is(house: House) -> None:
    review = await house.report_change()
    async with browsers_on(house.minaoshi) as make:
        me = Writer(await make().sign_in(DRAFTER), review)
        page = await me.open("/basic_items/risk_measures")
        assert "委託する場合に記入します。" in page
        assert "特に力を入れている" in page
        words = "<script>alert(1)</script>\r\n𠮷野家 辻󠄀 か\u3099 ＡＢＣ\r\n\r\n末尾 "
        page = await me.send("/basic_items/cover", typed={"/cover/declaration": words})
        assert "保存しました" in page
        assert "<script>alert" not in page
        content = await me.document()
        assert content["cover"]["declaration"] == words.replace("\r\n", "\n")
        page = await me.open("/basic_items/cover")
        assert "公表している版から変えました" in page
        assert document()["cover"]["declaration"].split("\n")[0] in page
        assert "1件" in await me.open("/basic_items")
        same = await me.send("/basic_items/cover")
        assert "2回目" not in same
        page = await me.send("/basic_items/cover", status=422, typed={"/cover/declaration": "読めない�文字"})
        assert "打ち直してください" in page
        assert "読めない�文字" in page
        assert (await me.document())["cover"] == content["cover"]


async def test_an_answer_leaves_out_what_it_bars_and_what_is_written_there_can_be_taken_out_at_once(
    house: House,
) -> None:
    review = await house.report_change()
    at = "/risk_measures/outsourcing"
    async with browsers_on(house.minaoshi) as make:
        me = Writer(await make().sign_in(DRAFTER), review)
        page = await me.send("/basic_items/risk_measures", typed={f"{at}/status": "not_outsourced"})
        assert "今の回答（委託しない）では、記入しません。" in page
        assert "当たらない項目の記入を除く（1件）" in page
        assert (await me.document())["risk_measures"]["outsourcing"]["answer"] == "sufficient"
        await me.send("/basic_items/risk_measures", do=f"clear:{at}")
        assert (await me.document())["risk_measures"]["outsourcing"] == {"status": "not_outsourced"}


@pytest.mark.parametrize("sent", ["%ED%A1%82", "%FF"], ids=["対になっていないサロゲート", "UTF-8 でない文字"])
async def test_what_is_no_letter_is_refused_in_words_and_nothing_else_is_lost(house: House, sent: str) -> None:
    review = await house.report_change()
    async with browsers_on(house.minaoshi) as make:
        me = Writer(await make().sign_in(DRAFTER), review)
        fields = as_shown(await me.open("/basic_items/cover"))
        fields["v/cover/special_notes"] = ["残る特記"]
        fields.pop("v/cover/declaration")
        body = f"{urlencode(fields, doseq=True)}&v/cover/declaration=x{sent}"
        answer = await me.browser.web.post(
            f"{me.base}/basic_items/cover",
            content=body.encode(),
            headers={"content-type": "application/x-www-form-urlencoded"},
        )
        assert answer.status_code == 422
        assert "読み取れなかった文字" in answer.text
        assert "残る特記" in answer.text
        cover = (await me.document())["cover"]
        assert (cover["special_notes"], cover["declaration"]) == ("残る特記", document()["cover"]["declaration"])


async def test_a_document_on_an_earlier_form_is_begun_on_the_present_one(house: House) -> None:
    earlier, _ = on_version(document("corrected"), form="basic_items", version="2019-01")
    house.assessment_id += "-earlier"
    await house.add_assessment(house.assessment_id, document=earlier)
    review = await house.report_change()
    async with browsers_on(house.minaoshi) as make:
        me = Writer(await make().sign_in(DRAFTER), review)
        content = await me.document()
        assert content["form_version"] == "2024-10"
        assert content["cover"] == document("corrected")["cover"]
        page = await me.open("/basic_items")
        assert "令和6年10月の様式" in page
        assert "誤り" in page


async def test_numbers_of_thousands_of_digits_name_nothing(house: House) -> None:
    review = await house.report_change()
    huge = "9" * 5000
    async with browsers_on(house.minaoshi) as make:
        browser = await make().sign_in(DRAFTER)
        for address in (f"/reviews/x/{huge}/documents", f"/reviews/{review}/documents/basic_items/cover/{huge}"):
            assert "このページはありません" in await browser.open(address, status=404)
        assert "計画管理書" in await browser.open(f"/plan?page={huge}")
        assert house.assessment_id in await browser.open(f"/assessments?within={huge}")


async def test_names_that_cant_be_read_are_left_out(house: House) -> None:
    review = await house.report_change()
    async with browsers_on(house.minaoshi) as make:
        me = Writer(await make().sign_in(DRAFTER), review)
        fields = as_shown(await me.open("/basic_items/cover")) | {"n/files": ["[" * 100_000]}
        page = await me.send("/basic_items/cover", fields, typed={"/cover/declaration": "新しい宣言"})
        assert "保存しました" in page
        assert (await me.document())["cover"]["declaration"] == "新しい宣言"
