"""報告 (reports): a department, or anyone of the body, tells of a change or a risk event."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from client.errors import ActRefusedError, InvalidInputError, NotFoundError
from client.input import message_from
from guideline.refusals import refuse
from schemas.acts import ActKind, Intake
from schemas.canonical import act_digest, digest_of
from schemas.organisation import Actor, Role
from schemas.records import ReportedReview
from schemas.reports import ChangeReport, RiskEvent
from workflows.report import ReportWorkflow

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from temporalio.client import Client

    from client.acting import Acting
    from register.register import Register

LONGEST_ACT_ID = 120
"""A report's act id is the stem of other ids: 120 characters at most."""


class Reports:
    """報告を受け付ける."""

    def __init__(
        self, register: Register, acting: Acting, temporal: Callable[[], Awaitable[Client]], *, task_queue: str
    ) -> None:
        self._register = register
        self._acting = acting
        self._temporal = temporal
        self._task_queue = task_queue

    async def change(self, content: bytes, *, as_: str, act_id: str | None = None) -> tuple[ReportedReview, ...]:
        """環境の変化の報告: gives the review of each assessment that was named.

        The same report by the same person, or the same act id, gives the first answer. Raises InvalidInputError,
        NotFoundError; then nothing is recorded.
        """
        report = message_from(ChangeReport, content, where="環境の変化の報告")
        return await self._take_in(report, as_=as_, act_id=act_id)

    async def risk(self, content: bytes, *, as_: str, act_id: str | None = None) -> tuple[ReportedReview, ...]:
        """リスク事案の報告: as `change`."""
        report = message_from(RiskEvent, content, where="リスク事案の報告")
        await self._acting.department(report.known_by_department)
        return await self._take_in(report, as_=as_, act_id=act_id)

    async def add(
        self, report_id: str, assessments: Sequence[str], *, as_: str, act_id: str | None = None
    ) -> tuple[ReportedReview, ...]:
        """評価書の追加: the team adds assessments to a report, which the department alone does not delimit.

        Raises NotFoundError for an unknown report, InvalidInputError for one who is not of the team.
        """
        known = await self._register.report(report_id)
        if known is None:
            raise NotFoundError(
                f"報告「{report_id}」は台帳にありません。",
                where="報告の番号",
                remedy="`minaoshi review show` に示される報告の番号を確かめてください。",
            )
        content = {**known.report.model_dump(mode="json"), "assessments": list(assessments)}
        model = type(known.report)
        report = message_from(model, json.dumps(content, ensure_ascii=False).encode(), where="評価書の追加")
        return await self._take_in(report, as_=as_, act_id=act_id, adds_to=known)

    async def _take_in(
        self,
        report: ChangeReport | RiskEvent,
        *,
        as_: str,
        act_id: str | None,
        adds_to: Intake | None = None,
    ) -> tuple[ReportedReview, ...]:
        actor = await self._acting.actor(as_, act=ActKind.JOIN if adds_to is None else ActKind.ACKNOWLEDGE)
        if adds_to is not None:
            _is_of_the_team(actor)
        await self._all_known(report, body=actor.body)
        content = digest_of(report.model_dump(mode="json"))
        named = act_id is not None
        act_id = act_id or f"{report.report}/{as_}/{content[:32]}"
        if len(act_id) > LONGEST_ACT_ID:
            raise InvalidInputError(
                f"行為番号が{LONGEST_ACT_ID}字を超えています。", where="行為番号", remedy="短い行為番号にしてください。"
            )
        intake = Intake(act_id=act_id, actor=actor, report=report, adds_to=adds_to.act_id if adds_to else None)
        if named:
            await self._is_no_other(intake)
        return tuple(await self._start_and_wait(intake))

    async def _is_no_other(self, intake: Intake) -> None:
        known = await self._register.report(intake.act_id)
        if known is not None and act_digest(known) != act_digest(intake):
            raise InvalidInputError(
                f"行為番号 {intake.act_id} は、別の内容の報告に既に使われています。",
                where="行為番号",
                remedy="新しい行為番号で報告してください。",
            )

    async def _start_and_wait(self, intake: Intake) -> list[ReportedReview]:
        temporal = await self._temporal()
        workflow_id = f"report/{intake.act_id}"
        try:
            handle = await temporal.start_workflow(
                ReportWorkflow.run,
                intake,
                id=workflow_id,
                task_queue=self._task_queue,
                id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                request_eager_start=True,
            )
        except WorkflowAlreadyStartedError:
            answer = await temporal.get_workflow_handle_for(ReportWorkflow.run, workflow_id).result()
            await self._is_no_other(intake)
            return answer
        return await handle.result()

    async def _all_known(self, report: ChangeReport | RiskEvent, *, body: str) -> None:
        for assessment_id in report.assessments:
            try:
                assessment = await self._register.assessment(assessment_id)
            except LookupError:
                assessment = None
            if assessment is None or assessment.body != body:
                raise NotFoundError(
                    f"評価書「{assessment_id}」はこの機関の台帳にありません。",
                    where="assessments",
                    remedy="`minaoshi assessment list` で識別子を確かめてください。",
                )


def _is_of_the_team(actor: Actor) -> None:
    if actor.role is not Role.TEAM_MEMBER:
        raise ActRefusedError(refuse("role", role=actor.role.label, act="評価書の追加", allowed="対策チーム").refusal)
