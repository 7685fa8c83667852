"""職務の分離 (separation of duties): in which role a person may do which act, and for which party."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from guideline.organisation import holders
from guideline.refusals import refuse
from guideline.turns import Awaited, acts_awaited
from schemas.acts import ActKind
from schemas.courses import Course
from schemas.organisation import Actor, Role
from schemas.review import Ground, GroundKind, Party, ReviewState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schemas.organisation import Organisation

DUTIES: Mapping[ActKind, Mapping[Role, Party]] = MappingProxyType(
    {
        ActKind.JOIN: MappingProxyType(
            {Role.STAFF: Party.REPORTER, Role.TEAM_MEMBER: Party.REPORTER, Role.ENGINE: Party.ENGINE}
        ),
        ActKind.ACKNOWLEDGE: MappingProxyType({Role.TEAM_MEMBER: Party.TEAM}),
        ActKind.FIND: MappingProxyType({Role.PRIVACY_MANAGER: Party.DEPARTMENT, Role.TEAM_MEMBER: Party.TEAM}),
        ActKind.RESOLVE: MappingProxyType({Role.CHIEF_PRIVACY_OFFICER: Party.CHIEF}),
        ActKind.SUBMIT: MappingProxyType({Role.DRAFTER: Party.DEPARTMENT}),
        ActKind.APPROVE: MappingProxyType({Role.PRIVACY_MANAGER: Party.DEPARTMENT, Role.TEAM_MEMBER: Party.TEAM}),
        ActKind.RETURN: MappingProxyType({Role.PRIVACY_MANAGER: Party.DEPARTMENT, Role.TEAM_MEMBER: Party.TEAM}),
        ActKind.RECORD_STEP: MappingProxyType(
            {
                Role.DRAFTER: Party.DEPARTMENT,
                Role.PRIVACY_MANAGER: Party.DEPARTMENT,
                Role.TEAM_MEMBER: Party.TEAM,
            }
        ),
        ActKind.WITHDRAW: MappingProxyType(
            {Role.PRIVACY_MANAGER: Party.DEPARTMENT, Role.TEAM_MEMBER: Party.TEAM, Role.STAFF: Party.REPORTER}
        ),
        ActKind.CONSENT: MappingProxyType({Role.PRIVACY_MANAGER: Party.DEPARTMENT, Role.TEAM_MEMBER: Party.TEAM}),
        ActKind.DISPUTE: MappingProxyType({Role.PRIVACY_MANAGER: Party.DEPARTMENT, Role.TEAM_MEMBER: Party.TEAM}),
        ActKind.SETTLE: MappingProxyType({Role.CHIEF_PRIVACY_OFFICER: Party.CHIEF}),
        ActKind.RECALL: MappingProxyType({Role.CHIEF_PRIVACY_OFFICER: Party.CHIEF}),
        ActKind.REVISE: MappingProxyType({Role.PRIVACY_MANAGER: Party.DEPARTMENT, Role.TEAM_MEMBER: Party.TEAM}),
        ActKind.HAND_OVER: MappingProxyType({Role.CHIEF_PRIVACY_OFFICER: Party.CHIEF}),
        ActKind.PASS_GATE: MappingProxyType({Role.DRAFTER: Party.DEPARTMENT, Role.PRIVACY_MANAGER: Party.DEPARTMENT}),
        ActKind.REMIND: MappingProxyType({Role.ENGINE: Party.ENGINE}),
    }
)
"""行為ごとの役割と当事者. An auditor stands in no row: an auditor reads all and acts on nothing."""

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


def party_of(actor: Actor, *, act: ActKind, review: ReviewState) -> Party:
    """Say for which party the actor acts.

    Raises RefusedError: the role may not do the act; the actor is of another body or department; the person has already
    acted for another party in this review (improvement report, item 5: the two examinations are two persons').
    """
    party = DUTIES[act].get(actor.role)
    if party is None:
        allowed = "・".join(role.label for role in DUTIES[act])
        raise refuse("role", role=actor.role.label, act=act.label, allowed=allowed)
    owner = review.opening
    if actor.body != owner.body:
        raise refuse("other_body", given=actor.body, owner=owner.body)
    if party is Party.DEPARTMENT and actor.department != owner.department:
        raise refuse("other_department", given=actor.department, owner=owner.department)
    for seen in review.participants:
        if seen.person == actor.person and seen.party is not party and party not in _TAKES_NO_SIDE:
            raise refuse("both_parties", party=seen.party.label)
    return party


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
    return tuple(role for role, party in DUTIES[awaited.act].items() if party in awaited.by)


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
