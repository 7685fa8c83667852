"""評価書を二人で書く: nobody's words are overwritten in silence; what collides is chosen item by item."""

from __future__ import annotations

import asyncio
import html
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.house import DRAFTER, House
from tests.web.as_shown import as_shown
from tests.web.conftest import browsers_on
from tests.web.writing import SECOND_DRAFTER, Writer, appoint_a_second_drafter, drafting, larger

COVER = "/basic_items/cover"


@pytest.fixture
async def two(house: House) -> AsyncIterator[tuple[House, Writer, Writer]]:
    await appoint_a_second_drafter(house)
    review = await drafting(house)
    async with browsers_on(house.minaoshi) as make:
        one = Writer(await make().sign_in(DRAFTER), review)
        yield house, one, Writer(await make().sign_in(SECOND_DRAFTER), review)


async def test_items_that_do_not_collide_are_both_kept(two: tuple[House, Writer, Writer]) -> None:
    _, one, other = two
    opened = as_shown(await one.open(COVER))
    await other.send(COVER, typed={"/cover/special_notes": "窓口の特記"})
    page = await one.send(COVER, opened, typed={"/cover/declaration": "起案の宣言"})
    assert "見本 窓口さんが変えた1件も残しました" in page
    cover = (await one.document())["cover"]
    assert (cover["special_notes"], cover["declaration"]) == ("窓口の特記", "起案の宣言")


async def test_saves_at_the_same_moment_are_all_kept(two: tuple[House, Writer, Writer]) -> None:
    house, one, other = two
    items = [f"/cover/{key}" for key in ("declaration", "special_notes", "assessing_body", "assessment_name")]
    opened = as_shown(await one.open(COVER)), as_shown(await other.open(COVER))
    await asyncio.gather(
        *(
            who.send(COVER, shown, typed={at: f"{at}の記入"})
            for at, (who, shown) in zip(items, ((one, opened[0]), (other, opened[1])) * 2, strict=True)
        )
    )
    cover = (await one.document())["cover"]
    assert [cover[at.removeprefix("/cover/")] for at in items] == [f"{at}の記入" for at in items]
    review = one.base.removeprefix("/reviews/").removesuffix("/documents")
    assert (await house.register.working_copies.of(review))["basic_items"].revision == len(items)


@pytest.mark.parametrize(("chosen", "kept"), [("mine", "起案の<b>宣言"), ("theirs", "窓口の宣言")])
async def test_an_item_that_both_changed_is_shown_with_both_and_one_is_chosen(
    two: tuple[House, Writer, Writer], chosen: str, kept: str
) -> None:
    _, one, other = two
    opened = as_shown(await one.open(COVER))
    await other.send(COVER, typed={"/cover/declaration": "窓口の宣言"})
    mine = {"/cover/declaration": "起案の<b>宣言", "/cover/special_notes": "起案の特記"}
    page = await one.send(COVER, opened, status=409, typed=mine)
    assert "見本 窓口</strong>さんが" in page
    assert html.escape("起案の<b>宣言") in page
    assert "窓口の宣言" in page
    cover = (await one.document())["cover"]
    assert (cover["declaration"], cover["special_notes"]) == ("窓口の宣言", "起案の特記")
    asked = as_shown(page)
    unanswered = await one.send(COVER, asked, status=422)
    assert "まだ選んでいない項目があります。" in unanswered
    assert html.escape("起案の<b>宣言") in unanswered
    await one.send(COVER, asked | {"c/cover/declaration": [chosen]})
    assert (await one.document())["cover"]["declaration"] == kept


async def test_a_third_change_between_the_question_and_the_choice_is_asked_about_again(
    two: tuple[House, Writer, Writer],
) -> None:
    _, one, other = two
    opened = as_shown(await one.open(COVER))
    await other.send(COVER, typed={"/cover/declaration": "一度目"})
    asked = as_shown(await one.send(COVER, opened, status=409, typed={"/cover/declaration": "私の"}))
    await other.send(COVER, typed={"/cover/declaration": "二度目"})
    page = await one.send(COVER, asked | {"c/cover/declaration": ["mine"]}, status=409)
    assert "二度目" in page
    assert (await one.document())["cover"]["declaration"] == "二度目"


async def test_an_entry_that_another_has_changed_or_removed_is_not_removed_or_overwritten(house: House) -> None:
    review = await larger(house)
    await appoint_a_second_drafter(house)
    async with browsers_on(house.minaoshi) as make:
        one = Writer(await make().sign_in(DRAFTER), review)
        other = Writer(await make().sign_in(SECOND_DRAFTER), review)
        listed = as_shown(await one.open("/all_items/files"))
        opened = as_shown(await one.open("/all_items/files/2"))
        await other.send("/all_items/files/1", typed={"/files/1/remarks": "窓口の備考"})
        page = await one.send("/all_items/files", listed, do="remove:/files/1", status=409)
        assert "ページを開いた後に変わりました" in page
        await other.send("/all_items/files", do="up:/files/2")
        await one.send("/all_items/files/2", opened, typed={"/files/2/remarks": "起案の備考"})
        files = (await one.document("all_items"))["files"]
        assert [file["remarks"] for file in files[1:3]] == ["起案の備考", "窓口の備考"]
        opened = as_shown(await one.open("/all_items/files/1"))
        await other.send("/all_items/files", do="remove:/files/1")
        page = await one.send("/all_items/files/1", opened, status=409, typed={"/files/1/remarks": "行き先のない備考"})
        assert "行き先のない備考" in page
        assert len((await one.document("all_items"))["files"]) == 2


async def test_a_page_that_saves_by_itself_is_told_what_came_of_it(two: tuple[House, Writer, Writer]) -> None:
    _, one, other = two
    opened = as_shown(await one.open(COVER))
    await other.send(COVER, typed={"/cover/special_notes": "窓口の特記"})
    json_only = {"accept": "application/json"}

    async def save(typed: dict[str, str]) -> tuple[int, dict[str, Any]]:
        fields = {**opened, **{f"v{at}": [words] for at, words in typed.items()}}
        answer = await one.browser.web.post(one.base + COVER, data=fields, headers=json_only)
        return answer.status_code, json.loads(answer.text)

    status, told = await save({"/cover/declaration": "自動の宣言", "/cover/assessment_name": ""})
    assert (status, told["taken"], told["by"]) == (200, 1, "見本 窓口")
    assert [one["at"] for one in told["wrong"]] == ["/cover/assessment_name"]
    assert set(told["marks"]) == {"/cover/declaration", "/cover/assessment_name"}
    status, told = await save({"/cover/special_notes": "起案の特記"})
    assert (status, told["collisions"]) == (409, 1)
    status, told = await save({"/cover/assessing_body": "読めない�"})
    assert status == 422
    assert "打ち直して" in str(told["refused"])


async def test_a_set_that_was_saved_after_it_was_looked_at_is_not_submitted(two: tuple[House, Writer, Writer]) -> None:
    house, one, other = two
    await one.send(COVER, typed={"/cover/declaration": "起案の宣言"})
    page = await one.open("/submit")
    assert "起案の宣言" in page
    await other.send(COVER, typed={"/cover/special_notes": "窓口の特記"})
    page = await one.browser.send(f"{one.base}/submit", page=page, status=422, **_note("<i>事前に公表する。"))
    assert "このページを開いた後に、文書が保存されました。" in page
    assert html.escape("<i>事前に公表する。") in page
    opened = await one.open("/submit")
    for _ in range(2):  # pressed twice: it is one act
        page = await one.browser.send(f"{one.base}/submit", page=opened, **_note("事前に公表する。"))
        assert "案として提出しました" in page
    assert "起案の段階です" in await one.open("/submit")
    review = one.base.removeprefix("/reviews/").removesuffix("/documents")
    acts = await house.register.acts_of(review)
    explained = acts[-1].act.explanations  # type: ignore[union-attr]
    assert [(note.item, note.text) for note in explained] == [
        ("表紙 個人のプライバシー等の権利利益の保護の宣言", "事前に公表する。")
    ]


def _note(words: str) -> dict[str, Any]:
    return {"note-basic_items-0": words}
