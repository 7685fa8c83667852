"""組織の改編: no assessment is left without an owner, and open work moves with a record."""

from __future__ import annotations

import sqlite3
from importlib import resources

import pytest

from client.errors import InvalidInputError, NotFoundError
from schemas.acts import ActKind
from tests.house import CHIEF, MANAGER, House, as_json

ORGANISATION = resources.files("demo").joinpath("organisation.toml").read_bytes()


async def test_a_department_that_owns_an_assessment_is_not_dropped(house: House) -> None:
    head = await house.register.audit_head()
    dropped = ORGANISATION.replace(b"account-registration", b"another-name")
    with pytest.raises(InvalidInputError) as refused:
        await house.minaoshi.organisation.apply(dropped)
    assert any("除けません" in fault for fault in refused.value.faults)
    assert await house.register.audit_head() == head


async def test_open_work_moves_to_the_new_department_with_a_record(house: House) -> None:
    review_id = await house.report_change()
    content = as_json(department="child-allowance", reason="組織の改編による。")
    await house.minaoshi.reviews.hand_over(review_id, content, as_=CHIEF)
    assert (await house.minaoshi.inboxes.of(MANAGER)).tasks == ()
    tasks = (await house.minaoshi.inboxes.of("allowance-manager")).tasks
    assert [task.act for task in tasks] == [ActKind.FIND]
    assert (await house.minaoshi.assessments.show(house.assessment_id)).department == "child-allowance"
    described = await house.handle().describe()
    assert described.typed_search_attributes is not None
    assert "child-allowance" in [pair.value for pair in described.typed_search_attributes.search_attributes]
    await house.find(review_id, as_="allowance-manager", course="amend")
    timeline = (await house.show(review_id)).timeline
    assert "child-allowance へ: 組織の改編による。" in [row.text for row in timeline]
    assert (await house.minaoshi.verify_audit()).ok


async def test_a_department_changed_without_an_act_is_found(house: House) -> None:
    review_id = await house.report_change()
    content = as_json(department="child-allowance", reason="組織の改編による。")
    await house.minaoshi.reviews.hand_over(review_id, content, as_=CHIEF)
    with sqlite3.connect(house.settings.register_url.removeprefix("sqlite:///")) as connection:
        connection.execute(
            "UPDATE assessments SET department = 'audit' WHERE assessment_id = ?", (house.assessment_id,)
        )
    verdict = await house.minaoshi.verify_audit()
    assert not verdict.ok
    assert any(house.assessment_id in problem for problem in verdict.problems)


async def test_an_unknown_department_takes_nothing_over(house: House) -> None:
    review_id = await house.report_change()
    content = as_json(department="nowhere", reason="組織の改編による。")
    with pytest.raises(NotFoundError, match="nowhere"):
        await house.minaoshi.reviews.hand_over(review_id, content, as_=CHIEF)
