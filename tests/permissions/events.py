"""リスク事案の場面 (scene): an event, ready for any act that is permitted, and how acts reach it past the facade."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.client import WithStartWorkflowOperation
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy

from client.breach_documents import draft_for, report_from
from client.event_following import event_workflow_id_of
from schemas.breach import BreachFacts, Knowledge, ReportKind
from schemas.canonical import canonical_bytes
from schemas.event_acts import EventAct, EventActKind
from schemas.events import (
    EventState,
    EventStatus,
    Filing,
    FilingKind,
    Notification,
    NotificationKind,
    PreventionMeasure,
)
from schemas.organisation import Actor, Role
from schemas.reports import Evidence
from tests.guideline.event_samples import act_of
from tests.house import DRAFTER, TEAM, House, as_json, today
from tests.permissions.people import OWN, actor_of, answer_of, answered, new_id
from tests.workflows.events import NOTHING, TOLD, event_handle, learn, settle
from workflows.risk_event import RiskEventWorkflow
from workflows.search_attributes import of_event

MANAGER = actor_of(Role.PRIVACY_MANAGER, own=True)
TEAM_MEMBER = actor_of(Role.TEAM_MEMBER, own=True)
ANOTHER_DEPARTMENT = "audit"


class EventScene:
    """場面: one event."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.event_id = ""
        self.other = ""
        self._told = 0

    async def begin(self) -> EventScene:
        self.other = self.event_id or await self._reported()
        self.event_id = await self._reported()
        return self

    async def _reported(self) -> str:
        event_id = new_id("risk")
        said = as_json(title="誤登録", facts="別人の口座が登録された。", known_on=today().isoformat())
        await self.house.minaoshi.reports.risk(said, as_="desk", act_id=event_id)
        return event_id

    async def closed(self) -> EventScene:
        """Bring an event to its end, of which all was filed."""
        await self.begin()
        await settle(self.house, self.event_id)
        await self.house.minaoshi.events.close(self.event_id, b'{"without_review": "\\u4e0d\\u8981"}', as_=TEAM)
        await self.handle.result()
        return self

    @property
    def handle(self) -> Any:
        return event_handle(self.house, self.event_id)

    async def state(self) -> EventState:
        found = await self.house.register.find_event(self.event_id)
        assert found is not None
        return found

    async def last(self) -> EventAct:
        """Give what a person did last: the engine may have reminded since."""
        acts = (await self.house.register.event_history(self.event_id)).acts
        return [one.act for one in acts if one.act.act is not EventActKind.REMIND][-1]

    async def act(self, kind: EventActKind, by: Actor, state: EventState) -> Any:
        """Give an act of that kind whose content fits the event as it stands."""
        self._told += 1
        evidence = (Evidence(title="控え", sha256="e" * 64),)
        content: dict[str, Any] = {}
        match kind:
            case EventActKind.UPDATE_FACTS:
                told = (state.facts.persons_at_most or 150) + self._told
                content = {"facts": BreachFacts(persons_at_most=told), "changed": ("persons_at_most",)}
            case EventActKind.ADD_KNOWLEDGE:
                content = {"department": ANOTHER_DEPARTMENT, "known_on": today() - timedelta(days=len(state.knowledge))}
            case EventActKind.JOIN:
                content = {"other": self.other, "knowledge": (Knowledge(department=OWN, known_on=today()),)}
            case EventActKind.APPROVE_REPORT:
                content = {"kind": self.kind(state), "digest": "a" * 64, "written_by": DRAFTER}
            case EventActKind.RECORD_FILING:
                digest = state.approvals[-1].digest if state.approvals else "a" * 64
                told_as = FilingKind(self.kind(state).value)
                filing = Filing(
                    kind=told_as, filed_on=today(), receipt_number=new_id("受付"), digest=digest, evidence=evidence
                )
                content = {"filing": filing}
            case EventActKind.RECORD_NOTIFICATION:
                content = {"notification": Notification(kind=NotificationKind.NOT_DUE, reason="本人は既に知っている。")}
            case EventActKind.CONFIRM_NO_REPORT:
                content = {"facts_revision": state.facts_revision}
            case EventActKind.NAME_MEASURE:
                measure = PreventionMeasure(text="改める。", owner=DRAFTER, due_on=today() + timedelta(days=30))
                content = {"measure": measure}
            case EventActKind.CLOSE:
                content = {"reviews": (), "same_as": self.other}
        return act_of(kind, by, act_id=new_id("act"), event_id=self.event_id, **content)

    @staticmethod
    def kind(state: EventState) -> ReportKind:
        return ReportKind.PRELIMINARY if state.status is EventStatus.OPEN else ReportKind.SUPPLEMENT

    async def with_document(self, act: Any, state: EventState) -> Any:
        """Put a report that fits the facts, and is in the register, into an approval."""
        now = datetime.now(UTC)
        report = report_from(canonical_bytes(self.draft(state)), state=state, now=now)
        await self.house.register.store_document(report.document, by=DRAFTER, at=now)
        return act.model_copy(update={"digest": report.document.sha256})

    def draft(self, state: EventState) -> dict[str, Any]:
        said: dict[str, Any] = {"other": {"state": "stated", "content": new_id("照会")}}
        return {**draft_for(state, kind=self.kind(state), on=today()), **TOLD, **said}

    async def answer(self, act: EventAct, state: EventState) -> str:
        """Send an act; a closed event is taken up for it, as the facade does for what may still be done of one."""
        if state.status is EventStatus.OPEN:
            return await answer_of(self.house, self.handle, act)
        start: WithStartWorkflowOperation[RiskEventWorkflow, EventState] = WithStartWorkflowOperation(
            RiskEventWorkflow.run,
            state,
            id=event_workflow_id_of(self.event_id),
            task_queue=self.house.settings.task_queue,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            search_attributes=of_event(state),
        )
        return await answered(
            self.house.temporal.execute_update_with_start_workflow(
                act.act.value, self.house.signed(act), start_workflow_operation=start, id=act.act_id
            )
        )

    async def do(self, kind: EventActKind, by: Actor) -> None:
        state = await self.state()
        act = await self.act(kind, by, state)
        if kind is EventActKind.APPROVE_REPORT:
            act = await self.with_document(act, state)
        code = await self.answer(act, state)
        assert code == "", (kind, by.person, code)

    async def prepare(self, kind: EventActKind, by: Actor) -> EventState:
        """Bring the event to where the act means something."""
        state = await self.state()
        if state.status is EventStatus.CLOSED:
            if kind is EventActKind.RECORD_FILING:
                await self.do(EventActKind.APPROVE_REPORT, TEAM_MEMBER)
            return await self.state()
        if kind not in _AGAIN_AND_AGAIN:
            await self.begin()
        match kind:
            case EventActKind.RECORD_FILING:
                await self.do(EventActKind.APPROVE_REPORT, TEAM_MEMBER)
            case EventActKind.PROPOSE_NO_REPORT:
                await learn(self.house, self.event_id, NOTHING)
            case EventActKind.CONFIRM_NO_REPORT:
                await learn(self.house, self.event_id, NOTHING)
                by_other = TEAM_MEMBER if by.role is Role.PRIVACY_MANAGER else MANAGER
                await self.do(EventActKind.PROPOSE_NO_REPORT, by_other)
            case EventActKind.CLOSE:
                await self.do(EventActKind.ACKNOWLEDGE, TEAM_MEMBER)
                self.event_id, self.other = self.other, self.event_id
                await self.do(EventActKind.JOIN, TEAM_MEMBER)
                self.event_id, self.other = self.other, self.event_id
        return await self.state()


_AGAIN_AND_AGAIN = frozenset(
    {
        EventActKind.UPDATE_FACTS,
        EventActKind.ADD_KNOWLEDGE,
        EventActKind.RECORD_NOTIFICATION,
        EventActKind.NAME_MEASURE,
    }
)
"""何度でもできる行為: the others need an event of their own."""
