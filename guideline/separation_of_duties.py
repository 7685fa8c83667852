"""職務の分離 (separation of duties): in which role a person may do which act, and for which party."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from guideline.refusals import refuse
from schemas.acts import ActKind
from schemas.organisation import Actor, Role
from schemas.review import Party, ReviewState

if TYPE_CHECKING:
    from collections.abc import Mapping

DUTIES: Mapping[ActKind, Mapping[Role, Party]] = MappingProxyType(
    {
        ActKind.JOIN: MappingProxyType({Role.STAFF: Party.REPORTER, Role.ENGINE: Party.ENGINE}),
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
    }
)
"""行為ごとの役割と当事者. An auditor stands in no row: an auditor reads all and acts on nothing."""

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


def may_approve_own_draft(actor: Actor, *, party: Party) -> bool:
    """Say whether the drafter of a revision may approve it: only for a department that has nobody else."""
    return party is Party.DEPARTMENT and actor.alone_in_department
