"""名簿 (directory): the names by which people, departments and assessments are shown, and those one may choose from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import Field

from client.errors import no_organisation
from guideline.access import sight_of
from guideline.organisation import department_names, holders, only_audits
from schemas.base import Message
from schemas.organisation import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from client.acting import Acting
    from client.looking import Looking
    from register.choosing import Candidate
    from register.register import Register
    from schemas.organisation import Department, Organisation, Person

MOST_CHOICES = 30
"""選べる評価書の数: more are not shown at once; a search makes them fewer."""

_MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Names:
    """名前 (names) by id, as the organisation stands; an id that it does not know is its own name."""

    people: Mapping[str, str]
    departments: Mapping[str, str]
    bodies: Mapping[str, str]

    def person(self, person: str) -> str:
        """Give the name of a person; the engine has one too."""
        return "本システム" if person == "engine" else self.people.get(person, person)

    def department(self, department: str) -> str:
        """Give the name of a department."""
        return self.departments.get(department, department)

    def body(self, body: str) -> str:
        """Give the name of a body."""
        return self.bodies.get(body, body)


class AssessmentChoice(Message):
    """選べる評価書 (an assessment that may be chosen)."""

    assessment_id: str = Field(title="評価書")
    name: str = Field(title="評価書名")
    number: str = Field(title="評価書番号")
    department: str = Field(title="担当部署")
    department_name: str = Field(title="担当部署の名称")


class AssessmentChoices(Message):
    """選べる評価書の一覧 (choices): the first of those that were found, and how many there are."""

    choices: tuple[AssessmentChoice, ...] = Field(title="評価書")
    total: int = Field(title="件数")


class Directory:
    """名簿を引く."""

    def __init__(self, register: Register, acting: Acting, *, looking: Looking) -> None:
        self._register = register
        self._acting = acting
        self._looking = looking

    async def names(self) -> Names:
        """Give all names; raises NotFoundError when there is no organisation."""
        organisation = await self._organisation()
        return Names(
            people={one.id: one.name for one in organisation.people},
            departments=department_names(organisation),
            bodies={one.id: one.name for one in organisation.bodies},
        )

    async def departments(self, *, body: str) -> tuple[Department, ...]:
        """Give the departments of a body, in the order of the organisation."""
        return tuple(one for one in (await self._organisation()).departments if one.body == body)

    async def people(self, *, body: str, near: Iterable[str] = ()) -> tuple[Person, ...]:
        """Give people of a body who may be charged with something: all but those who only audit.

        Those of the departments that are named come first; where there are too many, not all are given.
        """
        first = set(near)
        organisation = await self._organisation()
        auditors = holders(organisation, Role.AUDITOR, body=body)
        people = [
            one
            for one in organisation.people
            if one.body == body and not (one.id in auditors and only_audits(organisation, one))
        ]
        people.sort(key=lambda one: one.department not in first)
        return tuple(people[:_MOST_AT_ONCE])

    async def auditors(self, *, body: str) -> tuple[Person, ...]:
        """Give those who audit in a body, in the order of the organisation."""
        organisation = await self._organisation()
        auditors = holders(organisation, Role.AUDITOR, body=body)
        return tuple(one for one in organisation.people if one.id in auditors)

    async def find_assessments(self, search: str, *, as_: str) -> AssessmentChoices:
        """Give what a person sees in their body and holds every word of a search, their own department's first."""
        person, revision = await self._acting.person(as_)
        found, total = await self._register.choosing.matching(
            sight=sight_of(revision.organisation, person),
            words=search.split(),
            first_of=person.department,
            limit=MOST_CHOICES,
        )
        return AssessmentChoices(choices=await self._shown(found), total=total)

    async def assessments_of(self, department: str, *, as_: str) -> tuple[AssessmentChoice, ...]:
        """Give those of a department that a person sees, by id; where there are too many, not all."""
        person, revision = await self._acting.person(as_)
        sight = sight_of(revision.organisation, person)
        found, _ = await self._register.choosing.matching(
            sight=sight, words=(), first_of=department, limit=_MOST_AT_ONCE
        )
        return await self._shown(one for one in found if one.department == department)

    async def assessments(self, ids: Iterable[str], *, viewer: str | None = None) -> tuple[AssessmentChoice, ...]:
        """Give those of the ids that are known, and that the viewer sees where one is named, by id."""
        sight = await self._looking.sight(viewer)
        return await self._shown(await self._register.choosing.named(tuple(ids), sight=sight))

    async def _shown(self, found: Iterable[Candidate]) -> tuple[AssessmentChoice, ...]:
        names = await self.names()
        return tuple(
            AssessmentChoice(**one._asdict(), department_name=names.department(one.department)) for one in found
        )

    async def _organisation(self) -> Organisation:
        try:
            return (await self._register.current_organisation()).organisation
        except LookupError:
            raise no_organisation() from None
