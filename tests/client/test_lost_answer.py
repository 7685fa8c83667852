"""失われた答え (lost answer): an act that was taken is done, though the next review runs when it is sent again."""

from __future__ import annotations

import pytest
from temporalio.service import RPCError, RPCStatusCode

from client.sending import Sending
from schemas.acts import Receipt, ReviewAct
from tests.house import House


async def test_the_act_that_ended_the_review_is_done_though_its_answer_was_lost(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    review_id = await house.to_procedure()
    await house.step(review_id, "submission")
    sends, update = [], Sending._update  # noqa: SLF001 # the line between us and the engine

    async def losing(self: Sending, act: ReviewAct, *, assessment_id: str) -> Receipt:
        sends.append(act.act_id)
        await update(self, act, assessment_id=assessment_id)
        await house.handle().result()
        await house.report_change(title="次の変更")
        raise RPCError("the line was cut", RPCStatusCode.UNAVAILABLE, b"")

    monkeypatch.setattr(Sending, "_update", losing)
    done = await house.step(review_id, "publication")
    assert sends == [done.act_id] * 2
    assert (await house.register.acts_of(review_id))[-1].act.act_id == done.act_id
