"""評価書の台帳: the list with its filters, one assessment with its history, the plan; and what another body sees."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.house import AUDITOR, MANAGER, House
from tests.web.conftest import Browser
from tests.web.two_bodies import OUTSIDER, let_a_city_join

Browsers = Callable[[], Browser]
SCRIPT = "<script>alert(1)</script>"


async def test_the_list_is_filtered_and_leads_to_the_open_review(house: House, browser: Browsers) -> None:
    await house.add_assessment("other-1", name=f"別の事務{SCRIPT}𠮷", department="resident-records")
    review_id = await house.report_change()
    someone = await browser().sign_in(AUDITOR)
    page = await someone.open("/assessments")
    assert "評価書（2件）" in page
    assert f'href="/reviews/{review_id}"' in page
    assert "口座登録担当" in page
    assert "/takeover" not in page
    assert SCRIPT not in page
    assert "別の事務&lt;script&gt;alert(1)&lt;/script&gt;𠮷" in page
    page = await someone.open("/assessments?department=resident-records&sought=&level=&standing=&within=&order=name")
    assert "評価書（1件）" in page
    assert house.assessment_id not in page
    assert "評価書（1件）" in await someone.open("/assessments?under_review=true")
    assert "評価書（2件）" in await someone.open("/assessments?within=30&order=yearly")
    page = await someone.open("/assessments?sought=%EF%BC%A1%00%F0%A0%AE%B7")
    assert "条件に合う評価書はありません" in page
    assert 'value="Ａ𠮷"' in page


async def test_a_filter_that_cant_be_read_is_told_and_left_out(empty_house: House, browser: Browsers) -> None:
    someone = await browser().sign_in(MANAGER)
    for wrong in ("level=none", "page=0", "page=x", "order=size", f"department={SCRIPT}"):
        page = await someone.open(f"/assessments?{wrong}", status=422)
        assert "値が正しくありません" in page
        assert empty_house.assessment_id in page
        assert SCRIPT not in page


async def test_one_assessment_with_its_history(house: House, browser: Browsers) -> None:
    review_id = await house.to_procedure()
    for step in ("submission", "publication"):
        await house.step(review_id, step)
    someone = await browser().sign_in(AUDITOR)
    page = await someone.open(f"/assessments/{house.assessment_id}")
    assert "第2版" in page
    assert "人手を介在させる作業がある" in page
    assert "対象人数は「30万人以上」です" in page
    assert f'href="/reviews/{review_id}"' in page
    assert f"/assessments/{house.assessment_id}/compare?from=1&amp;to=2" in page
    assert "次回の再実施期限" in page
    assert "499" not in re.sub(r"[0-9a-f]{64}", "", page)


async def test_an_unknown_assessment_is_told_calmly(browser: Browsers) -> None:
    someone = await browser().sign_in(MANAGER)
    assert "台帳にありません" in await someone.open("/assessments/nowhere", status=404)


async def test_another_body_sees_what_is_published_alone(house: House, browser: Browsers) -> None:
    await let_a_city_join(house)
    review_id = await house.report_change()
    someone = await browser().sign_in(OUTSIDER)
    page = await someone.open(f"/assessments/{house.assessment_id}")
    assert "ほかの機関の評価書です" in page
    assert review_id not in page
    assert "SHA-256" not in page


async def test_the_plan_is_shown_to_the_people_of_its_body(empty_house: House, browser: Browsers) -> None:
    await let_a_city_join(empty_house)
    someone = await browser().sign_in(MANAGER)
    page = await someone.open("/plan?page=7")
    assert "公的給付支給等口座登録簿への登録等に関する事務" in page
    assert "30万人以上" in page
    assert "第三者点検の要否" in page
    for body in ("sample-city", "elsewhere"):
        assert f"「{body}」は組織表にありません" in await someone.open(f"/plan?body={body}", status=404)
    page = await (await browser().sign_in(OUTSIDER)).open("/plan")
    assert "見本市長" in page
    assert "評価書はまだありません" in page
