"""エンジンが止まっている間のページ: everything is read, nothing typed is lost, and the act is repeated without harm."""

from __future__ import annotations

from temporalio.client import Client

from client.minaoshi import Minaoshi
from engine.errors import EngineNotReachableError
from engine.obstacles import Obstacle
from tests.house import MANAGER, House
from tests.web.conftest import browsers_on, carried_by

REASON = "窓口の受付簿と<b>照らした</b>。"


async def test_an_act_is_kept_while_the_engine_is_away_and_done_once_when_it_is_back(house: House) -> None:
    review_id = await house.report_change()
    is_away = True

    async def connect() -> Client:
        if is_away:
            raise EngineNotReachableError(
                "127.0.0.1:1", obstacle=Obstacle.NOT_ANSWERING, remedy="起動してください", reason="応答がありません"
            )
        return house.temporal

    minaoshi = Minaoshi(house.register, connect, task_queue=house.settings.task_queue, signatures=house.signatures)
    async with browsers_on(minaoshi) as browser:
        someone = await browser().sign_in(MANAGER)
        door = f"/reviews/{review_id}/acts/find"
        assert "窓口の受付の順序を改めた。" in await someone.open(f"/reviews/{review_id}")
        form = await someone.open(door)
        refused = await someone.send(door, page=form, status=503, course="amend", reason=REASON)
        assert "今つながりません" in refused
        assert "窓口の受付簿と&lt;b&gt;照らした&lt;/b&gt;。" in refused
        assert carried_by(refused)["act_id"] == carried_by(form)["act_id"]
        assert (await house.show(review_id)).findings == ()
        is_away = False
        for _ in range(2):
            page = await someone.send(door, page=refused, course="amend", reason=REASON)
            assert "受け付けました" in page
    assert [one.reason for one in (await house.show(review_id)).findings] == [REASON]
