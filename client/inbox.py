"""受信箱 (inbox): what waits for a person, by when; and what they were told."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from pydantic import Field

from client.errors import NotFoundError
from client.event_views import EventTask, tasks_of
from guideline.deadlines import tokyo_date
from guideline.follow_up import awaited_by, who_is_awaited
from guideline.notices import LATE_AFTER, SAID_OF_A_LATE_ONE
from guideline.organisation import holders, person_of
from guideline.reporting_line import address_of, reached_by_mail
from guideline.risk_events import unassigned_events
from guideline.separation_of_duties import DUTIES, holders_in
from guideline.turns import Awaited, acts_awaited, next_step
from schemas.acts import ActKind
from schemas.base import Instant, Message, ReviewId
from schemas.countermeasures import CountermeasureStatus
from schemas.letters import FailedNotice, Outgoing, key_of
from schemas.organisation import Role
from schemas.records import Notice, ReviewRecord
from schemas.review import Clock, ReviewState

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from client.acting import Acting
    from register.register import Register
    from schemas.countermeasures import CountermeasureState
    from schemas.organisation import Organisation, Person
    from schemas.records import OrganisationRevision

_NUMBER_LENGTH = 12


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


class UndeliveredNotice(Message):
    """届いていない知らせ (undelivered notice), for the countermeasure team of the person's body to deal with.

    It was given up, or it is late and still tried.
    """

    number: str = Field(title="番号")
    person: str = Field(title="職員")
    name: str = Field(title="氏名")
    subject: str = Field(title="件名")
    failure: str = Field(title="届かない理由")
    made_at: Instant | None = Field(default=None, title="知らせた日時（送信を続けているとき）")
    failed_at: Instant | None = Field(default=None, title="断念した日時")


class CountermeasureTask(Message):
    """対応策についてすべきこと (task): a countermeasure that waits for the person."""

    countermeasure_id: str = Field(title="対応策番号")
    assessment_id: str | None = Field(title="評価書（リスク事案の再発防止策のときは空）")
    item: str = Field(title="リスク対策の項目")
    what: str = Field(title="すべきこと")
    due_on: date = Field(title="期限")
    overdue: bool = Field(title="期限を過ぎている")


class UnassignedEvent(Message):
    """評価書の示されていないリスク事案 (unassigned event): the team names assessments, or says that none is touched."""

    report_id: str = Field(title="報告の番号")
    title: str = Field(title="件名")
    known_on: date = Field(title="把握した日")
    known_by_department: str = Field(title="最初に知った部署")


class Inbox(Message):
    """受信箱 (inbox) of one person: tasks by due date, the overdue first; notices, the newest first."""

    person: str = Field(title="職員")
    tasks: tuple[Task, ...] = Field(title="すべきこと")
    countermeasures: tuple[CountermeasureTask, ...] = Field(default=(), title="対応策")
    events: tuple[UnassignedEvent, ...] = Field(default=(), title="評価書の示されていないリスク事案")
    event_tasks: tuple[EventTask, ...] = Field(default=(), title="リスク事案")
    notices: tuple[Notice, ...] = Field(title="知らせ")
    undelivered: tuple[UndeliveredNotice, ...] = Field(default=(), title="知らせが届いていません")


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
        undelivered = tuple(_shown(one, revision.organisation) for one in await self._undelivered(person, revision))
        followed = await self._countermeasures(person_id, revision)
        return Inbox(
            person=person_id,
            tasks=tuple(tasks),
            countermeasures=followed,
            events=await self._unassigned(person, revision),
            event_tasks=await self._event_tasks(person, revision),
            notices=notices,
            undelivered=undelivered,
        )

    async def settle(self, number: str, *, as_: str) -> UndeliveredNotice:
        """知らせが届かなかった人に、別の手段で伝えた: the item leaves the inboxes of the team.

        Raises NotFoundError for a number that is not in the person's inbox.
        """
        one, revision = await self._one(number, as_=as_)
        await self._register.settle_notice(one.notice.notice_id, by=as_, at=self._now())
        return _shown(one, revision.organisation)

    async def send_again(self, number: str, *, as_: str) -> UndeliveredNotice:
        """もう一度送る: once what stood in the way is mended. Raises NotFoundError as `settle` does."""
        one, revision = await self._one(number, as_=as_)
        await self._register.send_notice_again(one.notice.notice_id)
        return _shown(one, revision.organisation)

    async def _one(self, number: str, *, as_: str) -> tuple[FailedNotice | Outgoing, OrganisationRevision]:
        person, revision = await self._acting.person(as_)
        for one in await self._undelivered(person, revision):
            if number == _number(one):
                return one, revision
        raise NotFoundError(
            f"届いていない知らせ {number} は、{as_} の受信箱にありません。",
            where="知らせ",
            remedy="`minaoshi inbox` に示される番号を、対策チームの職員として指定してください。",
        )

    async def _undelivered(self, person: Person, revision: OrganisationRevision) -> tuple[FailedNotice | Outgoing, ...]:
        """Give what a person is to deal with: a team's members have that of their body, and of whoever is gone."""
        organisation = revision.organisation
        if person.id not in holders(organisation, Role.TEAM_MEMBER, body=person.body):
            return ()
        addresses = (*organisation.hotline, *organisation.ministers_office)
        elsewhere = {one.id for one in organisation.people if one.body != person.body}
        elsewhere |= {one.id for one in addresses if one.body != person.body}
        reached = reached_by_mail(organisation)
        late = await self._register.late_notices(before=self._now() - LATE_AFTER)
        undelivered: list[FailedNotice | Outgoing] = [
            *await self._register.failed_notices(),
            *(one for one in late if one.notice.person in reached),
        ]
        return tuple(one for one in undelivered if one.notice.person not in elsewhere)

    async def _unassigned(self, person: Person, revision: OrganisationRevision) -> tuple[UnassignedEvent, ...]:
        """Give the events that no assessment was named of yet, the oldest knowledge first: to the team."""
        if person.id not in holders(revision.organisation, Role.TEAM_MEMBER, body=person.body):
            return ()
        reports = await self._register.risk_events(body=person.body)
        events = await self._register.events(scope="all", body=person.body)
        closed = {one.event_id for one in events if one.closed_at is not None}
        return tuple(
            UnassignedEvent(
                report_id=act_id,
                title=event.title,
                known_on=event.known_on,
                known_by_department=event.known_by_department,
            )
            for act_id, event in unassigned_events(reports, closed=closed)
        )

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

    async def _event_tasks(self, person: Person, revision: OrganisationRevision) -> tuple[EventTask, ...]:
        """Give what the risk events of a body wait for, to the members of its team."""
        if person.id not in holders(revision.organisation, Role.TEAM_MEMBER, body=person.body):
            return ()
        levels, today = revision.organisation.service_levels, tokyo_date(self._now())
        events = await self._register.events(body=person.body)
        return tuple(task for state in events for task in tasks_of(state, levels=levels, today=today))

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


def _number(one: FailedNotice | Outgoing) -> str:
    return key_of(one.notice.notice_id)[:_NUMBER_LENGTH]


def _shown(one: FailedNotice | Outgoing, organisation: Organisation) -> UndeliveredNotice:
    person = person_of(organisation, one.notice.person)
    address = address_of(organisation, one.notice.person)
    return UndeliveredNotice(
        number=_number(one),
        person=one.notice.person,
        name=person.name if person else address.title if address else "（組織表にいません）",
        subject=one.notice.subject,
        failure=one.failure if isinstance(one, FailedNotice) else SAID_OF_A_LATE_ONE,
        made_at=one.made_at if isinstance(one, Outgoing) else None,
        failed_at=one.failed_at if isinstance(one, FailedNotice) else None,
    )


def _is_open(state: CountermeasureState) -> bool:
    return state.status is CountermeasureStatus.OPEN


def _due_on(act: ActKind, state: ReviewState) -> date | None:
    """Give when the act is due: what has a clock of its own by that, the rest by the present turn's."""
    clock = _OWN_CLOCK.get(act)
    if act is ActKind.SETTLE and state.dispute is not None:
        clock = None
    own = (alarm.due_on for alarm in state.alarms if alarm.clock is clock)
    return next(own, state.due_on)


_OWN_CLOCK = {
    ActKind.ACKNOWLEDGE: Clock.ACKNOWLEDGEMENT,
    ActKind.CONSENT: Clock.WITHDRAWAL,
    ActKind.SETTLE: Clock.WITHDRAWAL,
}


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
