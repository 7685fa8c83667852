"""許可の表と見直し: each cell by a direct Temporal update, signed as by the gateway, past page and facade."""

from __future__ import annotations

import pytest
from temporalio.client import WorkflowFailureError
from temporalio.exceptions import ActivityError, ApplicationError

from schemas.acts import ActKind, Intake
from schemas.organisation import Role
from schemas.reports import RiskEvent
from schemas.review import Stage
from schemas.signatures import signed
from tests.amounts import some
from tests.house import House, today
from tests.permission_table import REVIEW_CELLS, REVIEW_CODES, Cell
from tests.permissions.people import GONE, NO_HANDLER, actor_of, all_at_once, answer_of, changes_of, events_of, new_id
from tests.permissions.reviews import Scene
from workflows.report import ReportWorkflow

PERMITTED = some([cell for cell in REVIEW_CELLS if cell.permitted and cell.act is not ActKind.REMIND], every=4)
REFUSED = some([cell for cell in REVIEW_CELLS if not cell.permitted or cell.act is ActKind.REMIND], every=4)


@pytest.mark.long
@pytest.mark.parametrize("stage", Stage, ids=lambda one: one.label)
async def test_what_the_table_does_not_permit_is_refused_and_leaves_nothing(office: House, stage: Stage) -> None:
    scene = await Scene(office).begin()
    review = await scene.reach(stage)
    if stage is Stage.CLOSED:
        await scene.handle.result()
    before = await events_of(scene.handle), await office.register.acts_of(scene.review_id)

    async def ask(cell: Cell[ActKind, Stage]) -> str:
        act = await scene.act(cell.act, actor_of(cell.role, own=cell.own), review)
        return await answer_of(office, scene.handle, act)

    cells = [one for one in REFUSED if one.stage is stage]
    assert await all_at_once(ask, cells) == {cell: _expected(cell) for cell in cells}
    assert (await events_of(scene.handle), await office.register.acts_of(scene.review_id)) == before


def _expected(cell: Cell[ActKind, Stage]) -> str:
    if cell.stage is Stage.CLOSED:
        return GONE
    return NO_HANDLER if cell.act is ActKind.REMIND else REVIEW_CODES[cell.lack]


@pytest.mark.long
@pytest.mark.parametrize("stage", [one for one in Stage if one is not Stage.CLOSED], ids=lambda one: one.label)
async def test_what_the_table_permits_is_done_and_recorded(office: House, stage: Stage) -> None:
    scene = await Scene(office).begin()
    for cell in [one for one in PERMITTED if one.stage is stage]:
        by = actor_of(cell.role, own=cell.own)
        review = await scene.prepare(cell.act, stage, by)
        act = await scene.act(cell.act, by, review)
        assert await answer_of(office, scene.handle, act) == "", cell
        recorded = (await office.register.acts_of(scene.review_id))[-1].act
        assert (recorded.act_id, recorded.actor.role, recorded.actor.person) == (act.act_id, cell.role, by.person)
        await scene.tidy()


def test_the_engine_alone_reminds_and_nobody_can_ask_it_to() -> None:
    """督促 is no update: whoever claims the engine's role finds no handler, in every stage."""
    assert {one.role for one in REVIEW_CELLS if one.act is ActKind.REMIND and one.permitted} == {Role.ENGINE}


REPORTS = [
    pytest.param(Role.AUDITOR, None, "auditor_reports", id="監査チームの報告"),
    pytest.param(Role.DIRECTOR_GENERAL, None, "role", id="役割のない報告"),
    pytest.param(Role.STAFF, "report/before", "role", id="職員による評価書の追加"),
]


@pytest.mark.parametrize(("role", "adds_to", "code"), REPORTS)
async def test_a_signed_report_of_a_role_that_does_not_report_leaves_nothing(
    office: House, role: Role, adds_to: str | None, code: str
) -> None:
    act_id = new_id("report")
    report = RiskEvent(title="誤交付", facts="渡した。", known_on=today(), known_by_department="account-registration")
    intake = Intake(act_id=act_id, actor=actor_of(role, own=True), report=report, adds_to=adds_to)
    before = await changes_of(office)
    with pytest.raises(WorkflowFailureError) as failed:
        await office.temporal.execute_workflow(
            ReportWorkflow.run,
            signed(intake, office.signatures),
            id=f"report/{act_id}",
            task_queue=office.settings.task_queue,
        )
    cause: BaseException | None = failed.value.cause
    while isinstance(cause, ActivityError):
        cause = cause.cause
    assert isinstance(cause, ApplicationError)
    assert cause.details[0]["code"] == code
    assert await changes_of(office) == before
