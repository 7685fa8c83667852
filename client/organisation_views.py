"""組織の見え方 (views): who holds which role and who stands in, department by department, and whom an event is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from guideline.organisation import department_names
from guideline.reporting_line import flow_of, flows_of
from rendering.flow import WHEN_CALLED_FOR
from schemas.letters import Means
from schemas.organisation import BodyKind

if TYPE_CHECKING:
    from guideline.reporting_line import Flow
    from schemas.organisation import Appointment, Body, Department, Organisation, Person, ServiceLevels
    from schemas.records import OrganisationRevision

_KINDS = {BodyKind.LOCAL_GOVERNMENT: "地方公共団体等", BodyKind.ADMINISTRATIVE_BODY: "行政機関等"}
_MEANS = {Means.MAIL: "メール", Means.INBOX: "受信箱"}


@dataclass(frozen=True, slots=True)
class RoleLine:
    """役割の一行 (line of a role): who holds it, and who stands in, in their order."""

    role: str
    persons: tuple[str, ...]
    substitutes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DepartmentView:
    """部署の見え方: its people, and the roles that are held in it."""

    id: str
    name: str
    roles: tuple[RoleLine, ...]
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class BodyView:
    """機関の見え方: the roles of the whole body, and its departments in short: id, name, how many people."""

    id: str
    name: str
    kind: str
    roles: tuple[RoleLine, ...]
    departments: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class FlowView:
    """報告フローの見え方: whom an event of these departments is told, in this order: who, as what, by which way."""

    departments: tuple[str, ...]
    told: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True, slots=True)
class OrganisationView:
    """組織の見え方."""

    revision: OrganisationRevision
    bodies: tuple[BodyView, ...]
    service_levels: tuple[tuple[str, int], ...]
    line: tuple[str, ...]
    flows: tuple[FlowView, ...]


def organisation_view(revision: OrganisationRevision, *, department: Department | None) -> OrganisationView:
    """Show the organisation; `department` is the only one whose flow is shown."""
    organisation = revision.organisation
    names = department_names(organisation)
    flows = flows_of(organisation) if department is None else (flow_of(organisation, department),)
    return OrganisationView(
        revision=revision,
        bodies=tuple(_body(one, organisation) for one in organisation.bodies),
        service_levels=_service_levels(organisation.service_levels),
        line=tuple(role.label for role in organisation.reporting_line.roles),
        flows=tuple(_flow(one, names) for one in flows),
    )


def department_view(organisation: Organisation, department: Department) -> DepartmentView:
    """Show one department."""
    names = {one.id: one.name for one in organisation.people}
    held = (one for one in organisation.appointments if one.department == department.id)
    return DepartmentView(
        id=department.id,
        name=department.name,
        roles=tuple(_line(one, names) for one in held),
        people=tuple(one for one in organisation.people if one.department == department.id),
    )


def roles_of(organisation: Organisation) -> dict[str, tuple[str, ...]]:
    """Give of each person the roles that they hold, or stand in for."""
    found: dict[str, list[str]] = {}
    for one in organisation.appointments:
        for person in one.persons:
            found.setdefault(person, []).append(one.role.label)
        for person in one.substitutes:
            found.setdefault(person, []).append(f"{one.role.label}の代理")
    return {person: tuple(dict.fromkeys(roles)) for person, roles in found.items()}


def _body(body: Body, organisation: Organisation) -> BodyView:
    names = {one.id: one.name for one in organisation.people}
    counted: dict[str, int] = {}
    for person in organisation.people:
        counted[person.department] = counted.get(person.department, 0) + 1
    held = (one for one in organisation.appointments if one.body == body.id and one.department is None)
    return BodyView(
        id=body.id,
        name=body.name,
        kind=_KINDS[body.kind],
        roles=tuple(_line(one, names) for one in held),
        departments=tuple(
            (one.id, one.name, counted.get(one.id, 0)) for one in organisation.departments if one.body == body.id
        ),
    )


def _line(appointment: Appointment, names: dict[str, str]) -> RoleLine:
    return RoleLine(
        role=appointment.role.label,
        persons=tuple(names[one] for one in appointment.persons),
        substitutes=tuple(names[one] for one in appointment.substitutes),
    )


def _flow(flow: Flow, names: dict[str, str]) -> FlowView:
    told = [
        *((one, "必ず") for one in flow.recipients),
        *((one, WHEN_CALLED_FOR) for one in flow.ministers_office),
    ]
    return FlowView(
        departments=tuple(names[one] for one in flow.departments),
        told=tuple((one.capacity, one.name, _MEANS[one.channel], when) for one, when in told),
    )


def _service_levels(levels: ServiceLevels) -> tuple[tuple[str, int], ...]:
    return tuple((str(field.title), getattr(levels, name)) for name, field in type(levels).model_fields.items())
