"""行為者 (acting): turns a person's name into an actor, as the organisation stands now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from client.errors import InvalidInputError, NotFoundError, no_organisation
from guideline.duties import may_act_on_duty, roles_for
from guideline.duty_rules import DUTY_RULES
from guideline.events import lack_on_event
from guideline.organisation import acting_as, only_audits, person_of
from guideline.separation_of_duties import COUNTERMEASURE_PERMITS, REVIEW_PERMITS, conflicted
from schemas.organisation import Actor, Department, Person, Role

if TYPE_CHECKING:
    from register.register import Register
    from schemas.acts import ActKind
    from schemas.countermeasures import CountermeasureActKind, CountermeasureState
    from schemas.duties import DutyKind, DutyState
    from schemas.duty_acts import DutyActKind
    from schemas.event_acts import EventActKind
    from schemas.events import EventState
    from schemas.records import OrganisationRevision
    from schemas.review import ReviewState


class Acting:
    """行為者を台帳の組織表から定める."""

    def __init__(self, register: Register) -> None:
        self._register = register

    async def person(self, person_id: str) -> tuple[Person, OrganisationRevision]:
        """Give the person; raises NotFoundError when the organisation does not know them."""
        found = await self.find(person_id)
        if found is None:
            revision = await self._organisation()
            raise NotFoundError(
                f"職員「{person_id}」は組織表（第{revision.revision}版）にいません。",
                where="--as",
                remedy="組織表にある職員の識別子を指定してください。",
            )
        return found

    async def find(self, person_id: str) -> tuple[Person, OrganisationRevision] | None:
        """Give the person; None when the organisation does not know them. Raises NotFoundError without one."""
        revision = await self._organisation()
        person = person_of(revision.organisation, person_id)
        return None if person is None else (person, revision)

    async def actor(self, person_id: str, *, act: ActKind, review: ReviewState | None = None) -> Actor:
        """Give the person in the role that may do the act, in the review at hand where there is one.

        Someone who holds no such role is given in the role they do hold, so that the refusal names it.
        """
        person, revision = await self.person(person_id)
        department = review.opening.department if review else person.department
        allowed = REVIEW_PERMITS.roles(act)
        for role in (*allowed, *Role):
            actor = acting_as(
                revision,
                person,
                role=role,
                department=department,
                conflicted=conflicted(review, role) if review else (),
            )
            if actor is not None and (role in allowed or role is not Role.STAFF):
                return actor
        return _as_staff(person, revision)

    async def actor_on(self, person_id: str, *, act: CountermeasureActKind, state: CountermeasureState) -> Actor:
        """Give the person in the role that may do the act on the countermeasure; else as 職員, whom it refuses."""
        person, revision = await self.person(person_id)
        for role in COUNTERMEASURE_PERMITS.roles(act):
            actor = acting_as(revision, person, role=role, department=state.department)
            if actor is not None:
                return actor
        return _as_staff(person, revision)

    async def actor_on_event(self, person_id: str, *, act: EventActKind, state: EventState) -> Actor:
        """Give the person in the role that may do the act on the risk event; else as 職員, who may do what all may."""
        person, revision = await self.person(person_id)
        for role in (Role.PRIVACY_MANAGER, Role.TEAM_MEMBER):
            for department in state.departments:
                actor = acting_as(revision, person, role=role, department=department)
                if actor is not None and lack_on_event(state, act, actor=actor) is None:
                    return actor
        return _as_staff(person, revision)

    async def actor_on_duty(
        self, person_id: str, *, act: DutyActKind, kind: DutyKind, state: DutyState | None = None
    ) -> Actor:
        """Give the person in the role that may do the act on a duty of that kind; else as 職員, as an owner may be.

        Of several such roles it is the one in which the act may be done now.
        """
        person, revision = await self.person(person_id)
        department = state.department if state else person.department
        found = [
            actor
            for role in roles_for(act, DUTY_RULES[kind])
            if (actor := acting_as(revision, person, role=role, department=department)) is not None
        ]
        staff = _as_staff(person, revision)
        if state is None:
            return found[0] if found else staff
        permitted = (one for one in (*found, staff) if may_act_on_duty(state, act, actor=one))
        return next(permitted, found[0] if found else staff)

    async def owner(self, person_id: str, *, body: str, where: str = "対応策の担当者") -> None:
        """Make sure that the body has that person; raises NotFoundError when it does not.

        Raises InvalidInputError for who only audits: nothing of what is audited is in their charge.
        """
        revision = await self._organisation()
        person = person_of(revision.organisation, person_id)
        if person is None or person.body != body:
            raise NotFoundError(
                f"職員「{person_id}」は、組織表（第{revision.revision}版）の機関「{body}」にいません。",
                where=where,
                remedy="組織表にあるその機関の職員の識別子を記してください。",
            )
        if only_audits(revision.organisation, person):
            raise InvalidInputError(
                f"監査チームの職員「{person.name}」は、{where}になれません。",
                where=where,
                remedy="監査チームの他の職員を記してください。",
            )

    async def departments(self) -> tuple[Department, ...]:
        """Give all departments; raises NotFoundError without an organisation."""
        return (await self._organisation()).organisation.departments

    async def department(self, department_id: str) -> None:
        """Make sure that the organisation knows the department; raises NotFoundError when it does not."""
        revision = await self._organisation()
        if all(department.id != department_id for department in revision.organisation.departments):
            raise NotFoundError(
                f"部署「{department_id}」は組織表（第{revision.revision}版）にありません。",
                where="部署",
                remedy="組織表にある部署の識別子を指定してください。",
            )

    async def _organisation(self) -> OrganisationRevision:
        try:
            return await self._register.current_organisation()
        except LookupError:
            raise no_organisation() from None


def _as_staff(person: Person, revision: OrganisationRevision) -> Actor:
    """Give the person as 職員; whoever only audits is no 職員 who acts, and is refused as who they are."""
    audits = only_audits(revision.organisation, person)
    return Actor(
        person=person.id,
        role=Role.AUDITOR if audits else Role.STAFF,
        body=person.body,
        department=person.department,
        organisation_revision=revision.revision,
    )
