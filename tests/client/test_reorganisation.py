"""組織の改編: no assessment is left without an owner, and open work moves with a record."""

from __future__ import annotations

import json
from importlib import resources

import pytest

from client.errors import InvalidInputError, NotFoundError
from schemas.acts import ActKind
from schemas.review import Stage
from tests.house import CHIEF, MANAGER, TEAM, House, as_json, document
from tests.tampering import administering, tamper

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
    with administering(house.settings.register_url) as engine:
        tamper(engine, "UPDATE assessments SET department = 'audit' WHERE assessment_id = :id", id=house.assessment_id)
    verdict = await house.minaoshi.verify_audit()
    assert not verdict.ok
    assert any(house.assessment_id in problem for problem in verdict.problems)


async def test_an_unknown_department_takes_nothing_over(house: House) -> None:
    review_id = await house.report_change()
    content = as_json(department="nowhere", reason="組織の改編による。")
    with pytest.raises(NotFoundError, match="nowhere"):
        await house.minaoshi.reviews.hand_over(review_id, content, as_=CHIEF)


async def test_two_departments_become_one_and_nothing_stays_behind(house: House) -> None:
    """Three assessments, one of them under review already; the others come by a report of the reorganisation."""
    others = [f"{house.assessment_id}-{number}" for number in (2, 3)]
    for one in others:
        await house.add_assessment(one)
    await house.to_approval()
    every = [house.assessment_id, *others]
    await house.report_change(title="担当部署の統合", kind="formal_correction", assessments=every)
    for one in every:
        content = as_json(department="child-allowance", reason="部署の統合による。")
        await house.minaoshi.reviews.hand_over(f"{one}/1", content, as_=CHIEF)
    merged = without_department(ORGANISATION, "account-registration", heir="child-allowance")
    await house.minaoshi.organisation.apply(merged)
    for one in every:
        for person in ("allowance-manager", TEAM):
            await house.find(f"{one}/1", as_=person)
        content = json.dumps(document("corrected")).encode()
        await house.minaoshi.reviews.submit(f"{one}/1", content, as_="allowance-drafter")
        for person in ("allowance-manager", TEAM):
            await house.minaoshi.reviews.approve(f"{one}/1", as_=person)
    assert {(await house.show(f"{one}/1")).state.stage for one in others} == {Stage.PROCEDURE}
    assert (await house.minaoshi.verify_audit()).ok


def without_department(organisation: bytes, gone: str, *, heir: str) -> bytes:
    """Give the organisation without a department: its people belong to the heir, its roles are gone."""
    kept = []
    for table in organisation.decode().split("\n\n"):
        is_gone = f'id = "{gone}"' in table or ("[[appointments]]" in table and f'department = "{gone}"' in table)
        if not is_gone:
            kept.append(table.replace(f'department = "{gone}"', f'department = "{heir}"'))
    return "\n\n".join(kept).encode()


async def test_who_leaves_is_followed_by_the_next_who_holds_the_role(house: House) -> None:
    review_id = await house.to_approval()
    await house.minaoshi.reviews.approve(review_id, as_=TEAM)
    await house.minaoshi.organisation.apply(ORGANISATION.replace(b'"manager"', b'"new-manager"'))
    with pytest.raises(NotFoundError, match=MANAGER):
        await house.minaoshi.reviews.approve(review_id, as_=MANAGER)
    assert [task.act for task in (await house.minaoshi.inboxes.of("new-manager")).tasks] == [ActKind.APPROVE]
    await house.minaoshi.reviews.approve(review_id, as_="new-manager")
    state = (await house.show(review_id)).state
    assert state.stage is Stage.PROCEDURE
    assert next(given.person for given in state.findings if given.stands) == MANAGER
