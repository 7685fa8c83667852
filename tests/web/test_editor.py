"""評価書の編集: a form is filled in through the pages alone, without scripts."""

from __future__ import annotations

from tests.house import DRAFTER, MANAGER, TEAM, House
from tests.web.conftest import Browser, browsers_of


async def test_x(house: House) -> None:
    review = await house.report_change()
    async with browsers_of(house) as make:
        me = await make().sign_in(DRAFTER)
        for a in ("", "/basic_items", "/basic_items/cover", "/basic_items/related_information", "/basic_items/threshold_result","/basic_items/risk_measures","/basic_items/withheld","/basic_items/changes","/basic_items/import","/basic_items/restart","/submit"):
            page = await me.open(f"/reviews/{review}/documents{a}")
            print(a, len(page))
            open("/tmp/x"+a.replace("/","_")+".html","w").write(page)
