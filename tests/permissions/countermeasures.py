"""対応策の場面 (scene): a countermeasure in any status, and how acts reach it past the facade."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from client.following import countermeasure_workflow_id_of
from schemas.countermeasures import (
    Confirmation,
    CountermeasureAct,
    CountermeasureActKind,
    CountermeasureAlarm,
    CountermeasureReminder,
    CountermeasureState,
    CountermeasureStatus,
    Done,
    Postponement,
    Progress,
    Rejection,
)
from schemas.organisation import Actor, Role
from schemas.reports import Evidence
from schemas.review import Urgency
from tests.guideline.reviews import AT
from tests.house import DRAFTER, House
from tests.permissions.people import actor_of, answer_of, new_id
from tests.workflows.planning import planned

TEAM = actor_of(Role.TEAM_MEMBER, own=False)
_PAPER = (Evidence(title="手順書", sha256="e" * 64),)


class CountermeasureScene:
    """場面: one countermeasure, in the charge of one person."""

    def __init__(self, house: House, *, owner: str = DRAFTER) -> None:
        self.house = house
        self.owner = owner
        self.number = ""

    async def begin(self) -> CountermeasureScene:
        self.number = await planned(self.house, owner=self.owner, title=new_id("変更"))
        await self.house.minaoshi.countermeasures.report_progress(
            self.number, b'{"text": "\\u59cb\\u3081\\u305f"}', as_="manager"
        )
        return self

    @property
    def handle(self) -> Any:
        return self.house.temporal.get_workflow_handle(countermeasure_workflow_id_of(self.number))

    async def state(self) -> CountermeasureState:
        return (await self.house.minaoshi.countermeasures.show(self.number)).state

    def act(self, kind: CountermeasureActKind, by: Actor, state: CountermeasureState) -> Any:
        """Give an act of that kind whose content fits the countermeasure as it stands."""
        alarm = CountermeasureAlarm(status=state.status, urgency=Urgency.REMINDER, due_on=state.due_on, at=AT)
        content: dict[CountermeasureActKind, tuple[type[CountermeasureAct], dict[str, Any]]] = {
            CountermeasureActKind.REPORT_PROGRESS: (Progress, {"text": "進めた。"}),
            CountermeasureActKind.POSTPONE: (
                Postponement,
                {"due_on": state.due_on + timedelta(days=1), "reason": "部品を待つ。"},
            ),
            CountermeasureActKind.DONE: (Done, {"text": "替えた。", "evidence": _PAPER}),
            CountermeasureActKind.CONFIRM: (Confirmation, {}),
            CountermeasureActKind.REJECT: (Rejection, {"reason": "足りない。"}),
            CountermeasureActKind.REMIND: (CountermeasureReminder, {"alarm": alarm}),
        }
        model, said = content[kind]
        return model(act_id=new_id("act"), actor=by, countermeasure_id=self.number, **said)

    async def do(self, kind: CountermeasureActKind, by: Actor) -> None:
        code = await answer_of(self.house, self.handle, self.act(kind, by, await self.state()))
        assert code == "", (kind, by.person, code)

    async def reach(self, status: CountermeasureStatus) -> CountermeasureState:
        """Bring the countermeasure into a status; one that was confirmed is followed by another."""
        while (state := await self.state()).status is not status:
            match state.status:
                case CountermeasureStatus.OPEN:
                    manager = actor_of(Role.PRIVACY_MANAGER, own=True)
                    await self.do(CountermeasureActKind.DONE, manager)
                case CountermeasureStatus.DONE if status is CountermeasureStatus.CLOSED:
                    await self.do(CountermeasureActKind.CONFIRM, TEAM)
                case CountermeasureStatus.DONE:
                    await self.do(CountermeasureActKind.REJECT, TEAM)
                case CountermeasureStatus.CLOSED:
                    await self.begin()
        return state
