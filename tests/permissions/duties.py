"""義務の場面 (scene): a duty of any kind where an act on it is to be done, and how acts reach it past the facade."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from temporalio.client import WithStartWorkflowOperation
from temporalio.common import WorkflowIDConflictPolicy

from client.duty_following import duty_workflow_id_of
from guideline.duty_rules import DUTY_RULES, RollOf
from guideline.guidance_duties import guidance_duty
from schemas.duties import OVER, DutyKind, DutyStart, DutyState, DutyStatus, RollMember
from schemas.duty_acts import DutyActKind
from schemas.organisation import Actor, Role
from tests.client.test_guidance import small
from tests.duty_permission_table import DutyCell
from tests.guideline.duty_samples import CONTENT, PAPERS, act_of
from tests.guideline.guidance_samples import done
from tests.house import AUDITOR, CHIEF, MANAGER, TEAM, TEAM_2, House, as_json, today
from tests.permissions.people import OWN, answer_of, answered, new_id, person_id
from tests.workflows.planning import EVIDENCE, in_days
from workflows.duty import DutyWorkflow
from workflows.search_attributes import of_duty

_OPENER = {kind: AUDITOR if Role.AUDITOR in DUTY_RULES[kind].opens else TEAM for kind in DutyKind}
_OWES = {kind: MANAGER if Role.PRIVACY_MANAGER in DUTY_RULES[kind].owing else _OPENER[kind] for kind in DutyKind}
_CONFIRMS = {kind: CHIEF if Role.CHIEF_PRIVACY_OFFICER in DUTY_RULES[kind].confirms else AUDITOR for kind in DutyKind}
_AUDIT = {**CONTENT[DutyKind.AUDIT], "contractor": "運用会社"}
_AUDIT["plan"] = {**_AUDIT["plan"], "auditors": [AUDITOR, person_id(Role.AUDITOR, own=False)]}

COLLEAGUE = "colleague"
"""名簿に載るほかの者: of the department concerned."""


def content_of(kind: DutyKind) -> dict[str, Any]:
    """Give what a duty is about: an audit has a contractor, whom no self-inspection comes before."""
    if kind is DutyKind.STATUS_REPORT:
        return {"on": today().isoformat()}
    return _AUDIT if kind is DutyKind.AUDIT else CONTENT[kind]


def once(cells: Iterable[DutyCell]) -> list[DutyCell]:
    """Leave one of the two departments to each role of those acts that end a duty, where both may do them."""
    every = list(cells)
    there = {(one.kind, one.act, one.role) for one in every if not one.own}
    return [one for one in every if not (one.act in _ENDS and one.own and (one.kind, one.act, one.role) in there)]


_ENDS = frozenset({DutyActKind.CONFIRM, DutyActKind.CANCEL})


def new_duty(kind: DutyKind) -> str:
    return f"{kind.value}:{uuid.uuid4().hex[:16]}"


class DutyScene:
    """場面: one duty of a kind, of the department concerned; one that is over is followed by another.

    Whoever brings it to where it is wanted is none of the persons of the table.
    """

    def __init__(self, house: House, kind: DutyKind) -> None:
        self.house = house
        self.kind = kind
        self.rule = DUTY_RULES[kind]
        self.duty_id = ""
        self.parent: str | None = None
        self.paper: dict[str, Any] | None = PAPERS.get(kind)

    async def begin(self) -> DutyScene:
        if self.kind in (DutyKind.GUIDANCE, DutyKind.STATUS_REPORT):
            await self._begin_guidance()
        else:
            self.duty_id = new_duty(self.kind)
            await self.house.minaoshi.duties.open(self.duty_id, self.opening(), as_=_OPENER[self.kind])
        if self.rule.roll is not None:
            await self.enrol(COLLEAGUE)
        return self

    async def _begin_guidance(self) -> None:
        """Begin a guidance of which all is done and reported on; the report itself, where that is the duty."""
        room, name = self.house.minaoshi.guidance, f"g-{uuid.uuid4().hex[:12]}"
        measures = [one.model_dump(mode="json") for one in (done(owner=TEAM_2), done("2-1", owner=TEAM_2))]
        await room.enter(small(self.house, id=name, department=OWN, measures=measures), as_=TEAM)
        await room.confirm_all(name, as_=CHIEF)
        version = await room.approve(name, as_=TEAM)
        self.parent = guidance_duty(name)
        self.duty_id, self.paper = version.duty_id, {"report_sha256": version.digest}
        if self.kind is DutyKind.GUIDANCE:
            await room.approve(name, as_=CHIEF)
            self.duty_id, self.parent = self.parent, None
            self.paper |= {"reported_on": today().isoformat()}

    def opening(self) -> bytes:
        """Give the content of the act that opens a duty of the kind."""
        said = {"department": OWN, "title": "見本", "due_on": in_days(60).isoformat(), "content": content_of(self.kind)}
        return as_json(**said, **({"parent": self.parent} if self.parent else {}))

    @property
    def handle(self) -> Any:
        return self.house.temporal.get_workflow_handle(duty_workflow_id_of(self.duty_id))

    async def state(self) -> DutyState:
        found = await self.house.register.duties.find(self.duty_id)
        assert found is not None
        return found

    async def enrol(self, member: str) -> None:
        department = OWN if self.rule.roll is RollOf.STAFF else None
        row = {"member": member, "name": f"見本 {member}", **({"department": department} if department else {})}
        await self.house.minaoshi.duties.enrol(self.duty_id, as_json(added=[row]), as_=TEAM)

    def act(self, kind: DutyActKind, by: Actor, state: DutyState, *, member: str = COLLEAGUE) -> Any:
        """Give an act of that kind whose content fits the duty as it stands."""
        said: dict[DutyActKind, dict[str, Any]] = {
            DutyActKind.POSTPONE: {"due_on": state.due_on + timedelta(days=1)},
            DutyActKind.ENROL: {"added": (RollMember(member=new_id("m").replace("/", "-"), name="新人"),)},
            DutyActKind.COMPLETE: {"members": (member,), "completed_on": today()},
            DutyActKind.EXCUSE: {"members": (member,)},
            DutyActKind.HAND_IN: {"paper": self.paper},
            DutyActKind.AMEND: {"title": new_id("件名")},
        }
        return act_of(kind, by, duty_id=self.duty_id, act_id=new_id("act"), **said.get(kind, {}))

    async def answer(self, act: Any) -> str:
        return await answer_of(self.house, self.handle, act)

    async def answer_of_opening(self, by: Actor) -> str:
        """Open a duty of the kind past the facade, with the start of its run."""
        duty_id = new_duty(self.kind)
        more = {"department": OWN, "due_on": in_days(60), "content": content_of(self.kind), "parent": self.parent}
        act = act_of(DutyActKind.OPEN, by, duty_id=duty_id, act_id=new_id("act"), **more)
        start: WithStartWorkflowOperation[DutyWorkflow, DutyState | None] = WithStartWorkflowOperation(
            DutyWorkflow.run,
            DutyStart(duty_id=duty_id),
            id=duty_workflow_id_of(duty_id),
            task_queue=self.house.settings.task_queue,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            search_attributes=of_duty(body=by.body, department=OWN),
        )
        code = await answered(
            self.house.temporal.execute_update_with_start_workflow(
                act.act.value, self.house.signed(act), start_workflow_operation=start, id=act.act_id
            )
        )
        assert (await self.house.register.duties.find(duty_id) is None) is bool(code)
        return code

    async def reach(self, status: DutyStatus) -> DutyState:
        """Bring the duty into a status in which it goes on; one that is over is followed by another."""
        duties = self.house.minaoshi.duties
        while (state := await self.state()).status is not status:
            if state.status in OVER:
                await self.begin()
            elif status is DutyStatus.OPEN:
                await duties.send_back(self.duty_id, as_json(reason="足りない。"), as_=_CONFIRMS[self.kind])
            else:
                if self.rule.roll is not None and state.roll is not None and state.roll.open:
                    left = [one.member for one in await duties.roll(self.duty_id, as_=TEAM) if one.status == "open"]
                    await duties.complete(
                        self.duty_id, as_json(members=left, completed_on=today().isoformat()), as_=TEAM
                    )
                said = {"text": "行った。", "evidence": EVIDENCE, "paper": self.paper}
                await duties.hand_in(
                    self.duty_id,
                    as_json(**{name: value for name, value in said.items() if value is not None}),
                    as_=_OWES[self.kind],
                )
        return state

    async def charge(self, owner: str) -> None:
        said = as_json(owner=owner, reason="担当を定めた。")
        await self.house.minaoshi.duties.amend(self.duty_id, said, as_=_CONFIRMS[self.kind])

    async def with_somebody(self) -> str:
        """Put somebody more on the roll, who has not done it."""
        member = new_id("m").replace("/", "-")
        await self.enrol(member)
        return member


class Scenes:
    """場面の揃い: one of each kind, begun when it is first asked for."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._begun: dict[DutyKind, DutyScene] = {}

    async def of(self, kind: DutyKind) -> DutyScene:
        if kind not in self._begun:
            self._begun[kind] = await DutyScene(self._house, kind).begin()
        return self._begun[kind]
