"""受信箱のページ: what waits, why and until when; narrowed by words; it costs the same however much waits."""

from __future__ import annotations

import re
from datetime import timedelta

from tests.house import MANAGER, TEAM, as_json, today
from tests.register import samples
from tests.waiting import Desk, add_assessment, counted, open_review, open_reviews, opened
from tests.web.at_the_desk import Browsers, browser, desk

__all__ = ["browser", "desk"]


def names(page: str) -> list[str]:
    return re.findall(r'<th scope="row">(.*?)<span class="sub">', page)


def tile(page: str, words: str) -> str:
    found = re.search(rf"<li[^>]*>{words}<b>(\d+)件</b>", page)
    assert found, page
    return found[1]


async def test_an_empty_inbox_says_so_kindly(browser: Browsers) -> None:
    page = await (await browser().sign_in(MANAGER)).open("/")
    assert "今、あなたを待っていることはありません" in page
    assert "知らせはまだありません" in page
    assert "<table>" not in page


async def test_what_is_overdue_comes_first_and_the_tiles_count(desk: Desk, browser: Browsers) -> None:
    minaoshi, register = desk
    for name, days in (("later", 30), ("soon", 1), ("late", -2)):
        await add_assessment(minaoshi, name)
        await open_review(register, opened(name), notices=1, due_on=today() + timedelta(days=days))
    page = await (await browser().sign_in(MANAGER)).open("/")
    assert names(page) == ["lateに関する事務", "soonに関する事務", "laterに関する事務"]
    assert [tile(page, one) for one in ("期限超過", "3開庁日以内", "それより後・期限なし", "全部で")] == [
        "1",
        "1",
        "1",
        "3",
    ]
    assert "2日超過" in page
    assert "事由: 委託先の変更" in page
    assert 'href="/reviews/late/1"' in page
    assert 'href="/notices"' in page


async def test_words_and_kind_narrow_the_list_in_whatever_width_they_are_typed(desk: Desk, browser: Browsers) -> None:
    await open_reviews(desk, ["jido-1", "kokuho-2"])
    someone = await browser().sign_in(TEAM)
    page = await someone.open("/?q=ＫＯＫＵＨＯ－２に 関する")
    assert set(names(page)) == {"kokuho-2に関する事務"}
    assert 'value="ＫＯＫＵＨＯ－２に 関する"' in page
    assert tile(page, "全部で") == "4"
    page = await someone.open("/?kind=countermeasure")
    assert "この条件に合うものはありません" in page
    assert '<option value="countermeasure" selected>' in page
    assert len(names(await someone.open("/?kind=review"))) == 4
    assert names(await someone.open("/?kind=nothing-such")) == []


async def test_an_event_without_assessment_waits_for_the_team(desk: Desk, browser: Browsers) -> None:
    report = {
        "assessments": [],
        "title": "<b>誤送付</b>𠮷",
        "facts": "別の者に通知を送った。",
        "known_on": today().isoformat(),
        "known_by_department": "account-registration",
    }
    intake = samples.risk_intake("risk/1")
    actor = intake.actor.model_copy(update={"body": "digital-agency"})
    event = type(intake.report).model_validate_json(as_json(**report))
    await desk[1].record_report(intake.model_copy(update={"actor": actor, "report": event}), at=samples.AT, notices=())
    page = await (await browser().sign_in(TEAM)).open("/")
    assert "&lt;b&gt;誤送付&lt;/b&gt;𠮷" in page
    assert "口座登録担当が把握したリスク事案に、評価書が示されていない" in page
    assert 'href="/events/risk/1"' in page
    assert names(await (await browser().sign_in(MANAGER)).open("/")) == []


async def test_a_page_asks_the_register_as_often_for_thirty_tasks_as_for_three(desk: Desk, browser: Browsers) -> None:
    someone = await browser().sign_in(MANAGER)
    await open_reviews(desk, ["a-1", "a-2", "a-3"], notices=1)
    with counted(desk[1]) as with_three:
        assert len(names(await someone.open("/"))) == 3
    await open_reviews(desk, [f"b-{number}" for number in range(27)], notices=1)
    with counted(desk[1]) as with_thirty:
        assert len(names(await someone.open("/"))) == 30
    # The organisation is asked for once a second.
    assert abs(len(with_thirty) - len(with_three)) <= 1
