"""評価書の編集の各件: repeated parts are added to, taken from and put in order, files are named by their digest."""

from __future__ import annotations

import hashlib
import json

import pytest
from sqlalchemy import Engine, event

from tests.house import DRAFTER, MANAGER, House, document
from tests.web.as_shown import as_shown
from tests.web.conftest import browsers_on
from tests.web.writing import Writer, drafting, larger

PLACE = "/files/2/storage/place"


async def test_files_and_what_is_withheld_of_them_are_added_moved_and_removed(house: House) -> None:
    review = await larger(house)
    async with browsers_on(house.minaoshi) as make:
        me = Writer(await make().sign_in(DRAFTER), review)
        page = await me.send("/all_items/withheld", do="add:/withheld")
        assert "1件目の公表しない部分" in page
        assert '<option value="/files/2/storage/place">Ⅱ6① 保管場所（3件目のファイル「大きな見本ファイル3」）' in page
        row = {"/withheld/0/place": PLACE, "/withheld/0/reason": "警備", "/withheld/0/provision": "rule_10_2"}
        await me.send("/all_items/withheld", typed=row)
        await me.send("/all_items/files", do="up:/files/2")
        content = await me.document("all_items")
        assert [one["name"][-1] for one in content["files"]] == ["1", "3", "2"]
        assert content["withheld"][0]["place"] == "/files/1/storage/place"
        page = await me.send("/all_items/files", do="add:/files")
        assert "4件目のファイル" in page
        listed = as_shown(await me.open("/all_items/files"))
        for status in (200, 409):  # pressed twice: one is added
            await me.send("/all_items/files", listed, do="add:/files", status=status)
        assert len((await me.document("all_items"))["files"]) == 5
        await me.send("/all_items/files", do="remove:/files/4")
        assert "特定個人情報ファイル名" in page  # the page of the new entry
        await me.send("/all_items/files", do="remove:/files/1")
        content = await me.document("all_items")
        assert (len(content["files"]), content["withheld"]) == (3, [])


async def test_parts_of_a_part_are_added_on_its_page_and_the_typed_text_is_saved_with_them(house: House) -> None:
    review = await larger(house)
    entries = "/files/0/outsourcing/entries"
    async with browsers_on(house.minaoshi) as make:
        me = Writer(await make().sign_in(DRAFTER), review)
        before = (await me.document("all_items"))["files"][0]["outsourcing"]["entries"]
        await me.send("/all_items/files/0", do=f"add:{entries}", typed={"/files/0/storage/place": "書庫"})
        last = f"{entries}/{len(before)}"
        page = await me.send("/all_items/files/0", do=f"up:{last}", typed={f"{last}/name": "新しい委託"})
        after = (await me.document("all_items"))["files"][0]
        assert after["storage"]["place"] == "書庫"
        assert [one["name"] for one in after["outsourcing"]["entries"]][-2:] == ["新しい委託", before[-1]["name"]]
        assert "委託事項「新しい委託」" in page
        assert "が記入されていません" in page


async def test_what_is_to_be_looked_at_again_stands_apart_from_errors(house: House) -> None:
    review = await larger(house)
    reason = {"/procedure/public_comment/shortened_reason": "急ぐため"}
    async with browsers_on(house.minaoshi) as make:
        me = Writer(await make().sign_in(DRAFTER), review)
        page = await me.send("/all_items/procedure", typed=reason)
        assert "この区分の注意（1件）" in page
        assert "この区分の誤り" not in page
        assert '<a href="#f/procedure/public_comment/shortened_reason">' in page
        assert "注意 1件" in await me.open()


async def test_a_picture_is_named_by_its_file_and_its_digest(house: House) -> None:
    review = await larger(house)
    at = "/business_flow/pictures/0"
    async with browsers_on(house.minaoshi) as make:
        me = Writer(await make().sign_in(DRAFTER), review)
        content = await me.document("all_items")
        if not content["business_flow"].get("pictures"):
            await me.send("/all_items/business_flow", do="add:/business_flow/pictures")
        files = {f"file{at}/sha256": ("流れ図.png", b"picture", "image/png")}
        await me.send("/all_items/business_flow", files=files)
        picture = (await me.document("all_items"))["business_flow"]["pictures"][0]
        assert picture["sha256"] == hashlib.sha256(b"picture").hexdigest()
        assert picture["file_name"] == "流れ図.png"


async def test_a_page_of_a_large_form_is_small_and_asks_the_register_a_bounded_number_of_times(house: House) -> None:
    review = await larger(house, files=10)
    asked: list[str] = []

    def count(_: object, __: object, statement: str, *___: object) -> None:
        asked.append(statement)

    async with browsers_on(house.minaoshi) as make:
        me = Writer(await make().sign_in(DRAFTER), review)
        event.listen(Engine, "before_cursor_execute", count)
        try:
            for place in ("", "/all_items", "/all_items/files", "/all_items/files/9", "/all_items/risks/9"):
                asked.clear()
                page = await me.open(place)
                assert len(page.encode()) < 200_000, place
                assert len([one for one in asked if one.lstrip().startswith("SELECT")]) <= 16, place
            asked.clear()
            await me.send("/all_items/risks/9", typed={"/risks/9/acquisition/other_risks": "新しい措置"})
            assert len([one for one in asked if not one.startswith(("BEGIN", "PRAGMA"))]) <= 50
        finally:
            event.remove(Engine, "before_cursor_execute", count)


async def test_a_file_replaces_what_was_written_after_it_was_confirmed(house: House) -> None:
    review = await house.report_change()
    content = document("corrected")
    content["cover"]["special_notes"] = ""
    content["cover"].pop("declaration")
    async with browsers_on(house.minaoshi) as make:
        me = Writer(await make().sign_in(DRAFTER), review)
        sent = {"file": ("案.json", json.dumps(content).encode(), "application/json")}
        page = await me.browser.send(f"{me.base}/basic_items/import", files=sent)
        assert "取り込む内容を確かめる" in page
        assert "宣言」が記入されていません" in page
        assert (await me.document())["cover"] == document()["cover"]
        done = await me.send("/basic_items/import", as_shown(page))
        assert "ファイルの内容に置き換えました。" in done
        assert await me.document() == content
        again = await me.send("/basic_items/import", as_shown(page), status=422)
        assert "ほかの人が保存しました" in again
        page = await me.browser.send(f"{me.base}/basic_items/restart", start="published")
        assert "やり直しました" in page
        assert await me.document() == document()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"{", "JSONの書き方に合っていません"),
        (b'{"form": "basic_items", "form_version": "2024-10", "cover": {"declaration": "\\ud842"}}', "サロゲート"),
        (b'{"form": "all_items"}', "この様式の文書ではありません"),
        (b"", "JSON"),
    ],
    ids=["JSON でない", "サロゲート", "別の様式", "空"],
)
async def test_a_file_that_does_not_fit_is_refused_in_words(house: House, content: bytes, told: str) -> None:
    review = await house.report_change()
    async with browsers_on(house.minaoshi) as make:
        me = Writer(await make().sign_in(DRAFTER), review)
        sent = {"file": ("案.json", content, "application/json")}
        assert told in await me.browser.send(f"{me.base}/basic_items/import", files=sent, status=422)
        assert "ファイルが選ばれていません" in await me.browser.send(f"{me.base}/basic_items/import", status=422)


async def test_who_may_not_draft_reads_and_cannot_save(house: House) -> None:
    review = await drafting(house)
    async with browsers_on(house.minaoshi) as make:
        me = Writer(await make().sign_in(MANAGER), review)
        page = await me.open("/basic_items/cover")
        assert "読むことだけができます" in page
        assert 'name="do"' not in page
        page = await me.send("/basic_items/cover", status=409, typed={"/cover/declaration": "書けない宣言"})
        assert "書けない宣言" in page
        assert (await me.document())["cover"] == document()["cover"]


async def test_what_is_not_there_is_said_to_be_not_there(house: House) -> None:
    review = await house.report_change()
    async with browsers_on(house.minaoshi) as make:
        me = Writer(await make().sign_in(DRAFTER), review)
        for place in ("/all_items", "/nothing", "/basic_items/nothing", "/basic_items/cover/1", "/basic_items/cover/x"):
            await me.open(place, status=404)
        await me.browser.open("/reviews/nothing/1/documents", status=404)
        await me.browser.open("/reviews/nothing/x/documents", status=404)


async def test_places_that_no_page_has_do_no_harm(house: House) -> None:
    review = await drafting(house)
    async with browsers_on(house.minaoshi) as make:
        me = Writer(await make().sign_in(DRAFTER), review)
        fields = as_shown(await me.open("/basic_items/cover"))
        odd = {"m/cover/0/x": [""], "v/cover/0/x": ["<b>行き先のない記入"], "n/cover": ["["], "m/": ["x"]}
        page = await me.send("/basic_items/cover", fields | odd, status=409)
        assert "&lt;b&gt;行き先のない記入" in page
        for do in ("add:/cover", "remove:/nowhere", "up:/cover/declaration", "add:", "nothing:/cover"):
            await me.send("/basic_items/cover", do=do, status=409 if ":/" in do and "nothing" not in do else 200)
        assert (await me.document())["cover"] == document()["cover"]


async def test_a_long_document_is_refused_in_words_and_kept_on_the_page(house: House) -> None:
    review = await drafting(house)
    async with browsers_on(house.minaoshi) as make:
        me = Writer(await make().sign_in(DRAFTER), review)
        page = await me.send("/basic_items/cover", status=422, typed={"/cover/declaration": "長" * 400_000})
        assert "上限の1,000,000バイトを超えています" in page
        assert "長" * 400_000 in page
