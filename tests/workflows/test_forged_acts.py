"""ほかの client からの行為 (forged acts): whoever sends an update to Temporal directly meets the same checks."""

from __future__ import annotations

from typing import Any

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError

from client.step_content import step_content_from
from schemas.organisation import Role
from schemas.review import Step
from tests.house import MANAGER, House, as_json
from tests.workflows.procedure import HEARD_ON, OPINION, notice, to_be_carried_out
from tests.workflows.test_assessment_review import actor_of


async def test_an_act_that_could_not_be_written_is_refused_and_blocks_nothing(house: House) -> None:
    """Temporal takes an update of 2 MiB, and then can't hand it with the state of the review to the activity."""
    review_id = await house.report_change()
    rows = [{"item": f"項目{number}", "agrees": True, "state": "あ" * 4000} for number in range(170)]
    finding = {
        "act": "find",
        "act_id": "find/large",
        "actor": actor_of(MANAGER, Role.PRIVACY_MANAGER).model_dump(mode="json"),
        "review_id": review_id,
        "facts_revision": 1,
        "course": "amend",
        "reason": "大きい。",
        "checklist": rows,
    }
    with pytest.raises(WorkflowUpdateFailedError) as failed:
        await house.handle().execute_update("find", house.signed(finding), id="find/large")
    assert isinstance(failed.value.cause, ApplicationError)
    assert failed.value.cause.details[0]["code"] == "too_large"
    await house.find(review_id, as_=MANAGER)


NOT_KNOWN = [
    pytest.param({"sheet": "0" * 64}, id="台帳にない一覧"),
    pytest.param({"reflected": 0}, id="反映する意見を隠す"),
    pytest.param({"opinions": 2}, id="数の違い"),
]


@pytest.mark.parametrize("said", NOT_KNOWN)
async def test_what_is_told_of_a_hearing_is_what_its_list_of_opinions_tells(house: House, said: dict[str, Any]) -> None:
    """番号法28条2項: 反映する意見を、一覧と違えて0件とは記録できない。"""
    review_id = await to_be_carried_out(house)
    await notice(house, review_id)
    read = step_content_from(as_json(opinions=[OPINION]), papers={})
    assert read.kept
    await house.register.store_document(read.kept[0], by=MANAGER, at=(await house.show(review_id)).state.opened_at)
    act: dict[str, Any] = {
        "act": "record_step",
        "act_id": "step/heard",
        "actor": actor_of(MANAGER, Role.PRIVACY_MANAGER).model_dump(mode="json"),
        "review_id": review_id,
        "step": Step.PUBLIC_COMMENT.value,
        "done_on": HEARD_ON.isoformat(),
        "note": "見本",
        "hearing": {"opinions": 1, "reflected": 1, "sheet": read.kept[0].sha256},
    }
    forged = {**act, "act_id": "step/forged", "hearing": {**act["hearing"], **said}}
    with pytest.raises(WorkflowUpdateFailedError) as failed:
        await house.handle().execute_update("record_step", house.signed(forged), id="step/forged")
    assert isinstance(failed.value.cause, ApplicationError)
    assert failed.value.cause.details[0]["code"] == "hearing_not_known"
    await house.handle().execute_update("record_step", house.signed(act), id="step/heard")
    assert (await house.show(review_id)).state.steps[-1].to_be_revised
