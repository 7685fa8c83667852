"""職務の分離 (separation of duties): in which role a person may do which act, in which stage, of which department.

One table for each thing that people act on. Validators ask it first, pages offer by it, docs/permissions.md shows it.
What an act needs besides (who reported, who wrote the draft, whose turn it is) is checked after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from guideline.organisation import holders
from guideline.refusals import refuse
from guideline.turns import Awaited, acts_awaited
from schemas.acts import ActKind
from schemas.countermeasures import CountermeasureActKind, CountermeasureStatus
from schemas.courses import Course
from schemas.event_acts import EventActKind
from schemas.events import EventStatus
from schemas.organisation import Actor, Role
from schemas.review import Ground, GroundKind, Party, ReviewState, Stage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schemas.organisation import Organisation


class _Named(Protocol):
    """行為の種類: each has its name in Japanese."""

    @property
    def label(self) -> str: ...


_Act = TypeVar("_Act", bound=_Named)
_Stage = TypeVar("_Stage", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Permit(Generic[_Act, _Stage]):
    """職務の一行 (permit): an act, the stages in which it is done, and the roles that do it.

    `own` are roles that do it for their own department alone, `anywhere` those that do it for every department of the
    body. `owner`: whoever is charged with the thing does it too.
    """

    act: _Act
    stages: tuple[_Stage, ...]
    own: tuple[Role, ...] = ()
    anywhere: tuple[Role, ...] = ()
    owner: bool = False


class Lack(Enum):
    """欠けるもの (lack): what keeps an actor from an act."""

    STAGE = "stage"
    ROLE = "role"
    DEPARTMENT = "department"


@dataclass(frozen=True, slots=True)
class Permits(Generic[_Act, _Stage]):
    """職務の表 (table of permits): what stands in no row is refused."""

    rows: tuple[Permit[_Act, _Stage], ...]

    def of(self, act: _Act, *, stage: _Stage | None = None) -> tuple[Permit[_Act, _Stage], ...]:
        """Give the rows of an act, in one stage or in all."""
        return tuple(row for row in self.rows if row.act is act and (stage is None or stage in row.stages))

    def lack(
        self, act: _Act, role: Role, *, stage: _Stage | None = None, own: bool, owner: bool = False
    ) -> Lack | None:
        """Say what keeps the role from the act, in that stage or in any; None where nothing does.

        `own` says whether the actor's department is the one concerned, `owner` whether the actor is charged with it.
        """
        rows = self.of(act, stage=stage)
        if not rows:
            return Lack.STAGE
        if any(role in row.anywhere or (owner and row.owner and role in PEOPLE) for row in rows):
            return None
        if any(role in row.own for row in rows):
            return None if own else Lack.DEPARTMENT
        return Lack.ROLE

    def roles(self, act: _Act) -> tuple[Role, ...]:
        """Give the roles that do the act, those of the own department first."""
        return tuple(dict.fromkeys(role for row in self.of(act) for role in (*row.own, *row.anywhere)))

    def instead(self, stage: _Stage, *, department: str) -> tuple[str, ...]:
        """Say who may do what in a stage, but for the engine; `department` is what the one concerned is called."""
        rows = (row for row in self.rows if stage in row.stages and Role.ENGINE not in row.anywhere)
        return tuple(f"{names_of(row, department=department)}: {row.act.label}" for row in rows)

    def acts_in(self, stage: _Stage) -> tuple[_Act, ...]:
        """Give the acts that are done in a stage, in the order of the table."""
        return tuple(row.act for row in self.rows if stage in row.stages)


_STAFF = (Role.STAFF,)
_DRAFTER = (Role.DRAFTER,)
_MANAGER = (Role.PRIVACY_MANAGER,)
_TEAM = (Role.TEAM_MEMBER,)
_CHIEF = (Role.CHIEF_PRIVACY_OFFICER,)
_ENGINE = (Role.ENGINE,)

PEOPLE = (*_STAFF, *_DRAFTER, *_MANAGER, *_TEAM, *_CHIEF, Role.DIRECTOR_GENERAL)
"""機関の職員: whoever audits is none of them, and stands in no row: an auditor sees everything and changes nothing."""

_EXAMINATION, _DRAFTING, _APPROVAL, _PROCEDURE, _CLOSED = Stage
_ANY_OPEN = (_EXAMINATION, _DRAFTING, _APPROVAL, _PROCEDURE)

REVIEW_PERMITS: Permits[ActKind, Stage] = Permits(
    (
        Permit(ActKind.JOIN, _ANY_OPEN, anywhere=(*_STAFF, *_TEAM, *_ENGINE)),
        Permit(ActKind.ACKNOWLEDGE, (_EXAMINATION,), anywhere=_TEAM),
        Permit(ActKind.FIND, (_EXAMINATION,), own=_MANAGER, anywhere=_TEAM),
        Permit(ActKind.RESOLVE, (_EXAMINATION,), anywhere=_CHIEF),
        Permit(ActKind.SUBMIT, (_DRAFTING,), own=_DRAFTER),
        Permit(ActKind.APPROVE, (_APPROVAL,), own=_MANAGER, anywhere=_TEAM),
        Permit(ActKind.RETURN, (_APPROVAL,), own=_MANAGER, anywhere=_TEAM),
        Permit(ActKind.DISPUTE, (_APPROVAL,), own=_MANAGER, anywhere=_TEAM),
        Permit(ActKind.RECORD_STEP, (_PROCEDURE,), own=(*_DRAFTER, *_MANAGER), anywhere=_TEAM),
        Permit(ActKind.REVISE, (_PROCEDURE,), own=_MANAGER, anywhere=_TEAM),
        Permit(ActKind.RECALL, (_PROCEDURE,), anywhere=_CHIEF),
        Permit(ActKind.WITHDRAW, _ANY_OPEN, own=_MANAGER, anywhere=(*_TEAM, *_STAFF)),
        Permit(ActKind.CONSENT, _ANY_OPEN, own=_MANAGER, anywhere=_TEAM),
        Permit(ActKind.SETTLE, _ANY_OPEN, anywhere=_CHIEF),
        Permit(ActKind.HAND_OVER, _ANY_OPEN, anywhere=_CHIEF),
        Permit(ActKind.PASS_GATE, _ANY_OPEN, own=(*_DRAFTER, *_MANAGER)),
        Permit(ActKind.REMIND, _ANY_OPEN, anywhere=_ENGINE),
    )
)
"""見直しの職務. The department concerned is the one that owns the assessment; a closed review knows no act."""

_OPEN_EVENT, _CLOSED_EVENT = EventStatus

EVENT_PERMITS: Permits[EventActKind, EventStatus] = Permits(
    (
        Permit(EventActKind.ACKNOWLEDGE, (_OPEN_EVENT,), anywhere=_TEAM),
        Permit(EventActKind.UPDATE_FACTS, (_OPEN_EVENT,), own=PEOPLE, anywhere=_TEAM),
        Permit(EventActKind.ADD_KNOWLEDGE, (_OPEN_EVENT,), anywhere=PEOPLE),
        Permit(EventActKind.JOIN, (_OPEN_EVENT,), anywhere=_TEAM),
        Permit(EventActKind.APPROVE_REPORT, (_OPEN_EVENT,), anywhere=_TEAM),
        Permit(EventActKind.RECORD_FILING, (_OPEN_EVENT,), anywhere=_TEAM),
        Permit(EventActKind.RECORD_NOTIFICATION, (_OPEN_EVENT,), own=_MANAGER, anywhere=_TEAM),
        Permit(EventActKind.PROPOSE_NO_REPORT, (_OPEN_EVENT,), own=_MANAGER, anywhere=_TEAM),
        Permit(EventActKind.CONFIRM_NO_REPORT, (_OPEN_EVENT,), own=_MANAGER, anywhere=_TEAM),
        Permit(EventActKind.NAME_MEASURE, (_OPEN_EVENT,), own=PEOPLE, anywhere=_TEAM),
        Permit(EventActKind.CLOSE, (_OPEN_EVENT,), anywhere=_TEAM),
        Permit(EventActKind.REMIND, (_OPEN_EVENT,), anywhere=_ENGINE),
        Permit(EventActKind.UPDATE_FACTS, (_CLOSED_EVENT,), anywhere=_TEAM),
        Permit(EventActKind.APPROVE_REPORT, (_CLOSED_EVENT,), anywhere=_TEAM),
        Permit(EventActKind.RECORD_FILING, (_CLOSED_EVENT,), anywhere=_TEAM),
    )
)
"""リスク事案の職務. The departments concerned are those that knew of the event.

After the end only what was filed is corrected and supplemented, and the facts that this tells.
"""

_IN_HAND, _TO_BE_CONFIRMED, _CONFIRMED = CountermeasureStatus

COUNTERMEASURE_PERMITS: Permits[CountermeasureActKind, CountermeasureStatus] = Permits(
    (
        Permit(CountermeasureActKind.REPORT_PROGRESS, (_IN_HAND,), own=_MANAGER, owner=True),
        Permit(CountermeasureActKind.POSTPONE, (_IN_HAND,), anywhere=_TEAM),
        Permit(CountermeasureActKind.DONE, (_IN_HAND,), own=_MANAGER, owner=True),
        Permit(CountermeasureActKind.CONFIRM, (_TO_BE_CONFIRMED,), anywhere=_TEAM),
        Permit(CountermeasureActKind.REJECT, (_TO_BE_CONFIRMED,), anywhere=_TEAM),
        Permit(CountermeasureActKind.REMIND, (_IN_HAND, _TO_BE_CONFIRMED), anywhere=_ENGINE),
    )
)
"""対応策の職務. The department concerned is the one that owns the assessment, or knew of the event."""


def names_of(row: Permit[_Act, _Stage], *, department: str) -> str:
    """Name in Japanese who does the act of a row; `department` is what the department concerned is called."""
    owner = ("担当者",) if row.owner else ()
    return "・".join((*owner, *_titles(row.own, of=f"{department}の"), *_titles(row.anywhere, of="", all_of="機関の")))


def _titles(roles: tuple[Role, ...], *, of: str, all_of: str = "") -> tuple[str, ...]:
    if roles == PEOPLE:
        return (f"{of or all_of}{Role.STAFF.label}",)
    return tuple(f"{of}{role.label}" for role in roles)


PARTY_OF_ROLE: Mapping[Role, Party] = MappingProxyType(
    {
        Role.PRIVACY_MANAGER: Party.DEPARTMENT,
        Role.DRAFTER: Party.DEPARTMENT,
        Role.TEAM_MEMBER: Party.TEAM,
        Role.CHIEF_PRIVACY_OFFICER: Party.CHIEF,
    }
)
"""役割の属する当事者: the party that a holder of the role belongs to."""

_TAKES_NO_SIDE = frozenset({Party.REPORTER, Party.ENGINE})


def _party(role: Role, *, act: ActKind) -> Party:
    """Say for which party a role does an act: whoever reports takes no side by it."""
    if role is Role.ENGINE:
        return Party.ENGINE
    return Party.REPORTER if role is Role.STAFF or act is ActKind.JOIN else PARTY_OF_ROLE[role]


def party_of(actor: Actor, *, act: ActKind, review: ReviewState) -> Party:
    """Say for which party the actor acts, whatever the stage.

    Raises RefusedError: the role may not do the act; the actor is of another body or department; the person has already
    acted for another party in this review (improvement report, item 5: the two examinations are two persons').
    """
    owner = review.opening
    lack = REVIEW_PERMITS.lack(act, actor.role, own=actor.department == owner.department)
    if lack is Lack.ROLE:
        _see_role(actor.role, act=act, called=act.label)
    if actor.body != owner.body:
        raise refuse("other_body", given=actor.body, owner=owner.body)
    if lack is Lack.DEPARTMENT:
        raise refuse("other_department", given=actor.department, owner=owner.department)
    party = _party(actor.role, act=act)
    for seen in review.participants:
        if seen.person == actor.person and seen.party is not party and party not in _TAKES_NO_SIDE:
            raise refuse("both_parties", party=seen.party.label)
    return party


def see_may_report(role: Role) -> None:
    """See that the role may report: it may where it may add a ground. Raises RefusedError.

    Whoever audits has the hotline: they begin nothing of what they audit, and no risk event is kept back for it.
    """
    if role is Role.AUDITOR:
        raise refuse("auditor_reports")
    _see_role(role, act=ActKind.JOIN, called="報告")


def see_may_add(role: Role, *, called: str) -> None:
    """See that the role may add to what was reported, as it is called: those may who acknowledge it. As above."""
    _see_role(role, act=ActKind.ACKNOWLEDGE, called=called)


def _see_role(role: Role, *, act: ActKind, called: str) -> None:
    allowed = REVIEW_PERMITS.roles(act)
    if role not in allowed:
        raise refuse("role", role=role.label, act=called, allowed="・".join(one.label for one in allowed))


def conflicted(review: ReviewState, role: Role) -> frozenset[str]:
    """Give the persons who can't act in that role in this review, for they have acted for another party."""
    party = PARTY_OF_ROLE.get(role)
    return frozenset(seen.person for seen in review.participants if party is not None and seen.party is not party)


def holders_in(review: ReviewState, organisation: Organisation, role: Role) -> tuple[str, ...]:
    """Give who holds the role in this review: those appointed, or the next in the line where they are conflicted."""
    owner = review.opening
    barred = conflicted(review, role)
    return holders(organisation, role, body=owner.body, department=owner.department, conflicted=barred)


def roles_awaited(review: ReviewState) -> tuple[Role, ...]:
    """Give the roles that the review waits for now, whoever holds them; none when it is closed."""
    found = (role for one in acts_awaited(review) for role in _roles_for(one))
    return tuple(dict.fromkeys(found))


def waits_for_person(awaited: Awaited, person: str, *, review: ReviewState, organisation: Organisation) -> bool:
    """Say whether the act waits for that person, who holds one of its roles in this review."""
    return any(person in holders_in(review, organisation, role) for role in _roles_for(awaited))


def _roles_for(awaited: Awaited) -> tuple[Role, ...]:
    return tuple(role for role in REVIEW_PERMITS.roles(awaited.act) if _party(role, act=awaited.act) in awaited.by)


def may_approve_own_draft(actor: Actor, *, party: Party) -> bool:
    """Say whether the drafter of a revision may approve it: only for a department that has nobody else."""
    return party is Party.DEPARTMENT and actor.alone_in_department


def may_be_withdrawn(ground: Ground) -> bool:
    """Say whether a ground may be withdrawn: a report but that of a 重大事故; nothing by the engine or the law."""
    if ground.kind in (GroundKind.CHANGE_REPORT, GroundKind.NEW_BUSINESS, GroundKind.END_OF_BUSINESS):
        return True
    return ground.kind is GroundKind.RISK_EVENT and ground.minimum is Course.NO_CHANGE


def is_reporters_side(actor: Actor, *, party: Party, reported_by: Actor) -> bool:
    """Say whether the actor is of the side that reported: the reporter, or the party of the reporter's department."""
    if party is Party.REPORTER:
        return actor.person == reported_by.person
    return actor.department == reported_by.department
