"""受信箱 (inbox): what waits for a person, by when; and what they were told."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from pydantic import Field

from guideline.deadlines import tokyo_date
from guideline.follow_up import awaited_by, who_is_awaited
from guideline.separation_of_duties import DUTIES, holders_in
from guideline.turns import Awaited, acts_awaited, next_step
from schemas.acts import ActKind
from schemas.base import Message, ReviewId
from schemas.countermeasures import CountermeasureStatus
from schemas.records import Notice, ReviewRecord
from schemas.review import Clock, ReviewState

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from client.acting import Acting
    from register.register import Register
    from schemas.countermeasures import CountermeasureState
    from schemas.organisation import Person
    from schemas.records import OrganisationRevision


class Task(Message):
    """すべきこと (task): one act that waits for the person."""

    review_id: ReviewId = Field(title="見直し番号")
    assessment_id: str = Field(title="評価書")
    assessment_name: str = Field(title="評価書名")
    act: ActKind = Field(title="すべきこと")
    what: str = Field(title="内容")
    why: str = Field(title="事由")
    due_on: date | None = Field(title="期限")
    overdue: bool = Field(title="期限を過ぎている")


class CountermeasureTask(Message):
    """対応策についてすべきこと (task): a countermeasure that waits for the person."""

    countermeasure_id: str = Field(title="対応策番号")
    assessment_id: str = Field(title="評価書")
    item: str = Field(title="リスク対策の項目")
    what: str = Field(title="すべきこと")
    due_on: date = Field(title="期限")
    overdue: bool = Field(title="期限を過ぎている")


class Inbox(Message):
    """受信箱 (inbox) of one person: tasks by due date, the overdue first; notices, the newest first."""

    person: str = Field(title="職員")
    tasks: tuple[Task, ...] = Field(title="すべきこと")
    countermeasures: tuple[CountermeasureTask, ...] = Field(default=(), title="対応策")
    notices: tuple[Notice, ...] = Field(title="知らせ")


class Inboxes:
    """受信箱を台帳から作る."""

    def __init__(self, register: Register, acting: Acting, *, now: Callable[[], datetime]) -> None:
        self._register = register
        self._acting = acting
        self._now = now

    async def of(self, person_id: str) -> Inbox:
        """Give a person's inbox; raises NotFoundError when the organisation does not know them."""
        person, revision = await self._acting.person(person_id)
        tasks: list[Task] = []
        for record in await self._register.reviews(scope="open"):
            tasks.extend(await self._tasks(record, person, revision))
        tasks.sort(key=lambda task: (task.due_on or date.max, task.review_id))
        notices = await self._register.notices_for(person_id)
        followed = await self._countermeasures(person_id, revision)
        return Inbox(person=person_id, tasks=tuple(tasks), countermeasures=followed, notices=notices)

    async def _countermeasures(self, person_id: str, revision: OrganisationRevision) -> tuple[CountermeasureTask, ...]:
        today = tokyo_date(self._now())
        levels = revision.organisation.service_levels
        mine = [
            (awaited_by(state, levels), state)
            for state in await self._register.countermeasures()
            if person_id in who_is_awaited(state, revision.organisation)
        ]
        return tuple(
            CountermeasureTask(
                countermeasure_id=state.countermeasure_id,
                assessment_id=state.assessment_id,
                item=state.item,
                what=f"{'実施し、完了を報告する' if _is_open(state) else '完了を確かめる'}: {state.text}",
                due_on=due_on,
                overdue=due_on < today,
            )
            for due_on, state in sorted(mine, key=lambda one: (one[0], one[1].countermeasure_id))
        )

    async def _tasks(self, record: ReviewRecord, person: Person, revision: OrganisationRevision) -> list[Task]:
        state = record.state
        acts = [one.act for one in acts_awaited(state) if _is_theirs(one, person, revision, state)]
        if not acts:
            return []
        assessment = await self._register.assessment(record.assessment_id)
        today = tokyo_date(self._now())
        return [
            Task(
                review_id=record.review_id,
                assessment_id=record.assessment_id,
                assessment_name=assessment.name,
                act=act,
                what=_what(act, state),
                why="、".join(ground.title for ground in state.grounds),
                due_on=due_on,
                overdue=due_on is not None and due_on < today,
            )
            for act in acts
            for due_on in [_due_on(act, state)]
        ]


def _is_open(state: CountermeasureState) -> bool:
    return state.status is CountermeasureStatus.OPEN


def _due_on(act: ActKind, state: ReviewState) -> date | None:
    """Give when the act is due: an acknowledgement by its own clock, the rest by the present turn's."""
    if act is ActKind.ACKNOWLEDGE:
        own = (alarm.due_on for alarm in state.alarms if alarm.clock is Clock.ACKNOWLEDGEMENT)
        return next(own, state.due_on)
    return state.due_on


def _is_theirs(awaited: Awaited, person: Person, revision: OrganisationRevision, state: ReviewState) -> bool:
    return any(
        party in awaited.by and person.id in holders_in(state, revision.organisation, role)
        for role, party in DUTIES[awaited.act].items()
    )


def _what(act: ActKind, state: ReviewState) -> str:
    if act is ActKind.RECORD_STEP:
        step = next_step(state)
        return f"{step.step.label}を行い、記録する" if step else act.label
    return {
        ActKind.ACKNOWLEDGE: "事由を読み、受領を確認する",
        ActKind.FIND: "評価書の見直しの要否を検討し、結論を示す",
        ActKind.RESOLVE: "両者の結論が異なるため、決定する",
        ActKind.SUBMIT: "案を作り、提出する",
        ActKind.APPROVE: "案を読み、承認するか差し戻す",
        ActKind.CONSENT: "事由の取下げに同意するかどうかを示す",
        ActKind.SETTLE: "取下げ又は案への異議について裁定する",
    }[act]
