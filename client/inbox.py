"""受信箱 (inbox): what waits for a person, by when; and what they were told."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from pydantic import Field

from client.duty_views import DutyTask, duty_tasks
from client.errors import NotFoundError
from client.event_views import EventTask, tasks_of
from guideline.deadlines import tokyo_date
from guideline.follow_up import awaited_by, who_is_awaited
from guideline.notices import LATE_AFTER, SAID_OF_A_LATE_ONE
from guideline.organisation import department_names, holders, person_of, positions_of
from guideline.reporting_line import address_of, reached_by_mail
from guideline.risk_events import unassigned_events
from guideline.separation_of_duties import waits_for_person
from guideline.turns import acts_awaited, next_step
from schemas.acts import ActKind
from schemas.base import Instant, Message, ReviewId
from schemas.countermeasures import CountermeasureStatus
from schemas.letters import FailedNotice, Outgoing, key_of
from schemas.organisation import Role
from schemas.records import Notice
from schemas.review import Clock, ReviewState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from client.acting import Acting
    from guideline.organisation import Position
    from register.register import Register
    from register.reviews import NamedReview
    from schemas.countermeasures import CountermeasureState
    from schemas.organisation import Organisation, Person
    from schemas.records import OrganisationRevision

NEWEST = 50
"""受信箱に示す知らせの数: all of them stand on the page of the notices."""

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
    about: str = Field(title="評価書名（リスク事案の再発防止策のときは、事案の件名）")
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
    """受信箱 (inbox) of one person: tasks by due date, the overdue first; the newest notices."""

    person: str = Field(title="職員")
    tasks: tuple[Task, ...] = Field(title="すべきこと")
    countermeasures: tuple[CountermeasureTask, ...] = Field(default=(), title="対応策")
    events: tuple[UnassignedEvent, ...] = Field(default=(), title="評価書の示されていないリスク事案")
    event_tasks: tuple[EventTask, ...] = Field(default=(), title="リスク事案")
    duties: tuple[DutyTask, ...] = Field(default=(), title="義務")
    notices: tuple[Notice, ...] = Field(title="知らせ")
    undelivered: tuple[UndeliveredNotice, ...] = Field(default=(), title="知らせが届いていません")


class Inboxes:
    """受信箱を台帳から作る."""

    def __init__(self, register: Register, acting: Acting, *, now: Callable[[], datetime]) -> None:
        self._register = register
        self._rows = register.inboxes
        self._acting = acting
        self._now = now

    async def of(self, person_id: str) -> Inbox:
        """Give a person's inbox; raises NotFoundError when the organisation does not know them."""
        person, revision = await self._acting.person(person_id)
        organisation = revision.organisation
        positions = positions_of(organisation, person_id)
        reviews = await self._rows.reviews(positions)
        tasks = [task for found in reviews for task in self._tasks(found, person_id, organisation)]
        tasks.sort(key=lambda task: (task.due_on or date.max, task.review_id))
        told = await self._rows.notices(person_id, limit=NEWEST)
        undelivered = tuple(_shown(one, organisation) for one in await self._undelivered(person, revision))
        return Inbox(
            person=person_id,
            tasks=tuple(tasks),
            countermeasures=await self._countermeasures(person_id, organisation, positions),
            events=await self._unassigned(person, organisation),
            event_tasks=await self._event_tasks(person, organisation),
            duties=await self._duties(person_id, organisation, positions),
            notices=tuple(one.notice for one in told),
            undelivered=undelivered,
        )

    async def undelivered(self, person_id: str) -> tuple[UndeliveredNotice, ...]:
        """Give what could not be delivered in the body of the team's member; nothing to anybody else."""
        person, revision = await self._acting.person(person_id)
        return tuple(_shown(one, revision.organisation) for one in await self._undelivered(person, revision))

    async def undelivered_one(self, number: str, *, as_: str) -> UndeliveredNotice:
        """Give one of them; raises NotFoundError for a number that is not among them."""
        one, revision = await self._one(number, as_=as_)
        return _shown(one, revision.organisation)

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
        await self._register.send_notice_again(one.notice.notice_id, by=as_, at=self._now())
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
        if not _is_of_the_team(person, organisation):
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

    async def _unassigned(self, person: Person, organisation: Organisation) -> tuple[UnassignedEvent, ...]:
        """Give the events that no assessment was named of yet, the oldest knowledge first: to the team."""
        if not _is_of_the_team(person, organisation):
            return ()
        departments = department_names(organisation)
        reports = await self._rows.reports_without_assessment(body=person.body)
        return tuple(
            UnassignedEvent(
                report_id=act_id,
                title=event.title,
                known_on=event.known_on,
                known_by_department=departments.get(event.known_by_department, event.known_by_department),
            )
            for act_id, event in unassigned_events(reports)
        )

    async def _countermeasures(
        self, person_id: str, organisation: Organisation, positions: Sequence[Position]
    ) -> tuple[CountermeasureTask, ...]:
        today = tokyo_date(self._now())
        levels = organisation.service_levels
        found = await self._rows.countermeasures(owner=person_id, positions=positions)
        mine = [
            (awaited_by(one.state, levels), one)
            for one in found
            if person_id in who_is_awaited(one.state, organisation)
        ]
        return tuple(
            CountermeasureTask(
                countermeasure_id=one.state.countermeasure_id,
                assessment_id=one.state.assessment_id,
                about=one.name,
                item=one.state.item,
                what=f"{'実施し、完了を報告する' if _is_open(one.state) else '完了を確かめる'}: {one.state.text}",
                due_on=due_on,
                overdue=due_on < today,
            )
            for due_on, one in sorted(mine, key=lambda each: (each[0], each[1].state.countermeasure_id))
        )

    async def _duties(
        self, person_id: str, organisation: Organisation, positions: Sequence[Position]
    ) -> tuple[DutyTask, ...]:
        found = await self._rows.duties(person=person_id, positions=positions)
        return tuple(duty_tasks(found, person_id, organisation, today=tokyo_date(self._now())))

    async def _event_tasks(self, person: Person, organisation: Organisation) -> tuple[EventTask, ...]:
        """Give what the risk events of a body wait for, to the members of its team."""
        if not _is_of_the_team(person, organisation):
            return ()
        levels, today = organisation.service_levels, tokyo_date(self._now())
        events = await self._rows.events(body=person.body)
        return tuple(task for state in events for task in tasks_of(state, levels=levels, today=today))

    def _tasks(self, found: NamedReview, person_id: str, organisation: Organisation) -> Iterator[Task]:
        record, state = found.record, found.record.state
        today = tokyo_date(self._now())
        for awaited in acts_awaited(state):
            if waits_for_person(awaited, person_id, review=state, organisation=organisation):
                due_on = _due_on(awaited.act, state)
                yield Task(
                    review_id=record.review_id,
                    assessment_id=record.assessment_id,
                    assessment_name=found.assessment_name,
                    act=awaited.act,
                    what=_what(awaited.act, state),
                    why="、".join(ground.title for ground in state.grounds),
                    due_on=due_on,
                    overdue=due_on is not None and due_on < today,
                )


def _is_of_the_team(person: Person, organisation: Organisation) -> bool:
    return person.id in holders(organisation, Role.TEAM_MEMBER, body=person.body)


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
