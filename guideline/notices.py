"""知らせ (notices): who is told of what, at once. Improvement report, items 2 and 5."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from guideline.organisation import holders
from guideline.reporting_line import address_of, recipients_of
from guideline.risk_events import minister_sharing
from guideline.separation_of_duties import holders_in
from guideline.turns import asked_of_a_withdrawal, waits_for
from schemas.acts import ActKind, Intake, Join, Reminder, ReviewAct
from schemas.organisation import Organisation, Role
from schemas.records import Notice
from schemas.reports import RiskEvent
from schemas.review import Clock, GroundKind, Party, ReviewState, Stage, Urgency

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

LATE_AFTER = timedelta(hours=1)
"""知らせの遅れ: all must know at once; what takes longer is told to the team, and is still tried. Our own number."""

LONGEST_SUBJECT = 200
"""件名の長さ: what the register holds at most."""

_ENDS_OF_WORDS = "。、」）　 "

SAID_OF_A_LATE_ONE = "1時間を過ぎても届いていません。送信を続けています。"

_ROLES_OF_A_PARTY = {
    Party.DEPARTMENT: (Role.PRIVACY_MANAGER, Role.DRAFTER),
    Party.TEAM: (Role.TEAM_MEMBER,),
    Party.CHIEF: (Role.CHIEF_PRIVACY_OFFICER,),
}


_REPORTS = {
    "change": "環境の変化",
    "risk": "リスク事案",
    "new_business": "新たな事務",
    "end_of_business": "事務の終了",
}


def told_of_report(
    intake: Intake, *, organisation: Organisation, owners: Sequence[tuple[str, str]], on: date
) -> tuple[Notice, ...]:
    """Say who is told of a report of that day: of a risk event the whole reporting line, else the two sides.

    `owners` are the (body, department) pairs of the assessments that the report names. The number in a notice's id
    keeps the order of the line.
    """
    report = intake.report
    if isinstance(report, RiskEvent):
        told = _told_of_event(intake, report, organisation=organisation, owners=owners, on=on)
    else:
        told = tuple(dict.fromkeys(_two_sides(organisation, owners)))
    what = "リスク事案（評価書に関わらない）" if intake.untouched else f"{_REPORTS[report.report]}の報告"
    return tuple(
        Notice(
            notice_id=f"{intake.act_id}>{number:04}>{one}",
            person=one,
            review_id=None,
            assessment_id=next(iter(report.assessments), None),
            subject=shortened(f"{what}: {report.title}"),
            urgent=isinstance(report, RiskEvent),
        )
        for number, one in enumerate(told, start=1)
    )


def one_line(words: str) -> str:
    """Give words as they may stand in the head of a letter, where a line break would begin a header of its own."""
    return " ".join(words.split())


def shortened(subject: str) -> str:
    """Give a subject that is no longer than a row may be: cut after a whole word, and said to be cut."""
    if len(subject) <= LONGEST_SUBJECT:
        return subject
    begin = subject[: LONGEST_SUBJECT - 1]
    end = max(begin.rfind(mark) for mark in _ENDS_OF_WORDS)
    # A subject of one word is cut within it.
    return f"{begin[: end + 1] if end > LONGEST_SUBJECT // 2 else begin}…"


def is_late(made_at: datetime, *, at: datetime) -> bool:
    """Tell whether a notice that is still on its way at that instant takes too long."""
    return at - made_at > LATE_AFTER


def head_of(subject: str) -> str:
    """Give the part of a subject that is ours: what comes after it was typed by somebody, and may name persons."""
    return subject.partition(": ")[0]


def report_of(notice_id: str) -> str:
    """Give the act that a notice tells of, from its id."""
    return notice_id.partition(">")[0]


def _two_sides(organisation: Organisation, owners: Iterable[tuple[str, str]]) -> Iterator[str]:
    for body, department in owners:
        for role in (Role.TEAM_MEMBER, Role.PRIVACY_MANAGER):
            yield from holders(organisation, role, body=body, department=department)


def _told_of_event(
    intake: Intake, event: RiskEvent, *, organisation: Organisation, owners: Iterable[tuple[str, str]], on: date
) -> tuple[str, ...]:
    """Say who is told of a risk event; what is added to it is told to persons, the addresses know of it already."""
    departments = [department for _, department in owners]
    line = recipients_of(
        organisation,
        body=intake.actor.body,
        departments=tuple(dict.fromkeys((*departments, event.known_by_department))),
        with_minister=minister_sharing(event, on=on).shared,
    )
    is_new = intake.adds_to is None
    return tuple(one.id for one in line if is_new or address_of(organisation, one.id) is None)


def told_of_act(
    act: Join | ReviewAct, *, review: ReviewState, organisation: Organisation, at: datetime
) -> tuple[Notice, ...]:
    """Say who is told of an act done at that instant: whose turn begins by it, and all when the review closes."""
    if isinstance(act, Reminder):
        return _told_of_reminder(act, review=review, organisation=organisation)
    closed = review.stage is Stage.CLOSED
    parties = tuple(_ROLES_OF_A_PARTY) if closed else _whose_turn_begins(act, review=review, at=at)
    what = "見直しが終わりました" if closed else f"あなたの番です（{review.stage.label}）"
    roles = (role for party in parties for role in _ROLES_OF_A_PARTY[party])
    people = (person for role in roles for person in holders_in(review, organisation, role))
    others = (person for person in people if person != act.actor.person)
    subject = f"{what}: {review.opening.assessment_id}"
    return _notices(act, others, review=review, subject=subject, urgent=_tells_of_event(review))


def _tells_of_event(review: ReviewState) -> bool:
    return any(ground.kind is GroundKind.RISK_EVENT for ground in review.grounds)


def _notices(
    act: Join | ReviewAct, people: Iterable[str], *, review: ReviewState, subject: str, urgent: bool
) -> tuple[Notice, ...]:
    return tuple(
        Notice(
            notice_id=f"{act.act_id}>{person}",
            person=person,
            review_id=review.review_id,
            assessment_id=review.opening.assessment_id,
            subject=subject,
            urgent=urgent,
        )
        for person in dict.fromkeys(people)
    )


def _whose_turn_begins(act: Join | ReviewAct, *, review: ReviewState, at: datetime) -> tuple[Party, ...]:
    if review.turn_began_at == at:
        return waits_for(review)
    if act.act in (ActKind.WITHDRAW, ActKind.CONSENT):
        return tuple(party for one in asked_of_a_withdrawal(review) for party in one.by)
    return ()


def _told_of_reminder(act: Reminder, *, review: ReviewState, organisation: Organisation) -> tuple[Notice, ...]:
    """Say whom an alarm calls: the party, its superior, or the 総括保護管理者 and the 統括官."""
    alarm = act.alarm
    late = _late(alarm.clock, review)
    roles = _called(alarm.urgency, late, stage=review.stage)
    people = (person for role in roles for person in holders_in(review, organisation, role))
    who = "・".join(party.label for party in late)
    what = f"{alarm.urgency.label}（{alarm.clock.label}、期限 {alarm.due_on}）"
    subject = f"{what}: {review.opening.assessment_id} {who}"
    urgent = alarm.urgency is not Urgency.REMINDER or _tells_of_event(review)
    return _notices(act, people, review=review, subject=subject, urgent=urgent)


def _late(clock: Clock, review: ReviewState) -> tuple[Party, ...]:
    """Say who is late: the team, who is asked of a withdrawal, or whose turn the stage is."""
    if clock is Clock.ACKNOWLEDGEMENT:
        return (Party.TEAM,)
    if clock is Clock.WITHDRAWAL:
        return tuple(party for one in asked_of_a_withdrawal(review) for party in one.by)
    return waits_for(review.model_copy(update={"withdrawal": None}))


def _called(urgency: Urgency, late: Iterable[Party], *, stage: Stage) -> tuple[Role, ...]:
    if urgency is Urgency.TOP:
        return (Role.CHIEF_PRIVACY_OFFICER, Role.DIRECTOR_GENERAL)
    if urgency is Urgency.REMINDER:
        return tuple(role for party in late for role in _ROLES_OF_A_PARTY[party])
    return tuple(_superior(party, stage=stage) for party in late)


def _superior(party: Party, *, stage: Stage) -> Role:
    """Give the superior of a party that is late: of the drafters the 保護管理者, of him the 統括官."""
    if party is Party.DEPARTMENT:
        return Role.PRIVACY_MANAGER if stage is Stage.DRAFTING else Role.DIRECTOR_GENERAL
    return Role.CHIEF_PRIVACY_OFFICER
