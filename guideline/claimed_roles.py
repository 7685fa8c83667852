"""示された役割 (claimed roles): a person's roles as a provider names them, and the organisation in line with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from schemas.organisation import APPOINTED, OF_A_DEPARTMENT, Appointment, Organisation, Role

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from schemas.organisation import Person


class ClaimedRoles(NamedTuple):
    """示された役割: the roles that were understood, and how many values were not."""

    roles: frozenset[Role]
    ignored: int


def roles_in(claim: object, *, meaning: Mapping[str, str]) -> ClaimedRoles:
    """Read the value of a claim: names of roles, or what `meaning` gives for them.

    A claim is a list, or words in one text; one that is missing is of no role: a provider leaves out what is empty.
    """
    values = claim.replace(",", " ").split() if isinstance(claim, str) else claim
    named = values if isinstance(values, list) else []
    roles = [_role(value, meaning) for value in named]
    return ClaimedRoles(frozenset(role for role in roles if role), sum(role is None for role in roles))


def _role(value: object, meaning: Mapping[str, str]) -> Role | None:
    name = meaning.get(value, value) if isinstance(value, str) else None
    return next((role for role in APPOINTED if role.value == name), None)


def with_roles(organisation: Organisation, person: Person, roles: Collection[Role]) -> Organisation:
    """Give the organisation in which the person is appointed to these roles and to no other.

    A role that they hold already stays where they hold it; one that is new is that of their own department. Who
    stands in for whom is no claim's to say: the order of the substitutes stays, but for a person who is appointed now.
    """
    kept = tuple(_kept(organisation, person, roles))
    held = {one.role for one in kept if person.id in one.persons}
    for role in Role:
        if role in roles and role not in held:
            kept = _appointed(kept, person, role)
    return organisation if kept == organisation.appointments else organisation.model_copy(update={"appointments": kept})


def _kept(organisation: Organisation, person: Person, roles: Collection[Role]) -> Iterator[Appointment]:
    """Give the appointments without what the person no longer holds; one that names nobody any more falls away."""
    for one in organisation.appointments:
        if person.id not in one.persons or one.role in roles:
            yield one
            continue
        persons = tuple(other for other in one.persons if other != person.id)
        if persons or one.substitutes:
            yield one.model_copy(update={"persons": persons})


def _appointed(appointments: tuple[Appointment, ...], person: Person, role: Role) -> tuple[Appointment, ...]:
    department = person.department if role in OF_A_DEPARTMENT else None
    place = next(
        (
            number
            for number, one in enumerate(appointments)
            if (one.role, one.body, one.department) == (role, person.body, department)
        ),
        None,
    )
    if place is None:
        new = Appointment(role=role, body=person.body, department=department, persons=(person.id,))
        return (*appointments, new)
    there = appointments[place]
    joined = there.model_copy(
        update={
            "persons": (*there.persons, person.id),
            "substitutes": tuple(other for other in there.substitutes if other != person.id),
        }
    )
    return (*appointments[:place], joined, *appointments[place + 1 :])
