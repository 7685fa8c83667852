"""報告経路 (reporting line): who is told of a risk event at once, in which order and by which channel.

Notices and the picture of the flow (報告フロー図) come from `recipients_of` alone. Improvement report, items 2 and 4.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from guideline.organisation import holders, person_of
from schemas.letters import Means
from schemas.organisation import OF_A_DEPARTMENT, Address, Department, Organisation, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

INDISPENSABLE = (Role.CHIEF_PRIVACY_OFFICER, Role.DIRECTOR_GENERAL, Role.TEAM_MEMBER)
"""報告経路に欠けてはならない役割: 総括保護管理者, 各所属統括官 and the countermeasure team (改善策 2, 4)."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """知らせる相手 (recipient): a person in a role, or an address."""

    id: str
    name: str
    capacity: str
    channel: Means

    @property
    def label(self) -> str:
        """The recipient as a person reads it: in which capacity, and who."""
        return self.name if self.capacity == self.name else f"{self.capacity} {self.name}"


@dataclass(frozen=True, slots=True)
class Flow:
    """報告フロー (flow) from departments with the same line; `ministers_office` is told only where it is called for."""

    body: str
    departments: tuple[str, ...]
    recipients: tuple[Recipient, ...]
    ministers_office: tuple[Recipient, ...]


def recipients_of(
    organisation: Organisation, *, body: str, departments: Sequence[str], with_minister: bool
) -> tuple[Recipient, ...]:
    """Give who is told of a risk event of a body that these departments are concerned with.

    By role in the order of the line, each role department by department; then the hotline; last the minister's office,
    `with_minister`. Nobody is there twice: a person who holds two roles is told in the first.
    """
    found = [
        *_persons(organisation, body=body, departments=departments),
        *_addresses(organisation.hotline, body=body),
        *(_addresses(organisation.ministers_office, body=body) if with_minister else ()),
    ]
    first: dict[str, Recipient] = {}
    for one in found:
        first.setdefault(one.id, one)
    return tuple(first.values())


def _persons(organisation: Organisation, *, body: str, departments: Sequence[str]) -> Iterator[Recipient]:
    for role in organisation.reporting_line.roles:
        for department in departments if role in OF_A_DEPARTMENT else (None,):
            for person_id in holders(organisation, role, body=body, department=department):
                person = person_of(organisation, person_id)
                name, mail = (person.name, person.mail) if person else (person_id, None)
                yield Recipient(person_id, name, role.label, Means.MAIL if mail else Means.INBOX)


def _addresses(addresses: Iterable[Address], *, body: str) -> Iterator[Recipient]:
    return (Recipient(one.id, one.title, one.title, Means.MAIL) for one in addresses if one.body == body)


def address_of(organisation: Organisation, address_id: str) -> Address | None:
    """Give the address of that id, None when there is none."""
    every = (*organisation.hotline, *organisation.ministers_office)
    return next((one for one in every if one.id == address_id), None)


def reached_by_mail(organisation: Organisation) -> frozenset[str]:
    """Give the ids of the persons and addresses that mail reaches."""
    addresses = (*organisation.hotline, *organisation.ministers_office)
    return frozenset((*(one.id for one in organisation.people if one.mail), *(one.id for one in addresses)))


def flows_of(organisation: Organisation) -> tuple[Flow, ...]:
    """Give the flow of each department, body by body; departments with the same line share one."""
    return tuple(flow for body in organisation.bodies for flow in _flows_of_body(organisation, body.id))


def flow_of(organisation: Organisation, department: Department) -> Flow:
    """Give the flow of one department alone."""
    line = recipients_of(organisation, body=department.body, departments=(department.id,), with_minister=False)
    whole = recipients_of(organisation, body=department.body, departments=(department.id,), with_minister=True)
    return Flow(department.body, (department.id,), recipients=line, ministers_office=whole[len(line) :])


def _flows_of_body(organisation: Organisation, body: str) -> Iterator[Flow]:
    flows: dict[tuple[Recipient, ...], Flow] = {}
    for department in organisation.departments:
        if department.body == body:
            own = flow_of(organisation, department)
            same = flows.get(own.recipients, own)
            departments = (*same.departments, department.id) if same is not own else own.departments
            flows[own.recipients] = replace(same, departments=departments)
    yield from flows.values()


def faults_of_line(organisation: Organisation) -> tuple[str, ...]:
    """Give everything that keeps the line from reaching those who must know, each as a Japanese sentence."""
    return (*_faults_of_roles(organisation), *_faults_of_addresses(organisation))


def _faults_of_roles(organisation: Organisation) -> Iterator[str]:
    roles = organisation.reporting_line.roles
    for role in INDISPENSABLE:
        if role not in roles:
            yield f"報告経路（reporting_line）に{role.label}がありません。roles に加えてください（改善策 2）。"
    for role, group in groupby(sorted(roles)):
        if len(list(group)) > 1:
            yield f"報告経路（reporting_line）に{role.label}が二度現れます。一つにしてください。"
        if role in (Role.STAFF, Role.ENGINE):
            yield f"報告経路（reporting_line）の「{role.label}」は任命によらない役割です。除いてください。"


def _faults_of_addresses(organisation: Organisation) -> Iterator[str]:
    bodies = {body.id for body in organisation.bodies}
    taken = {person.id for person in organisation.people}
    for address in (*organisation.hotline, *organisation.ministers_office):
        if address.id in taken:
            yield f"宛先の識別子「{address.id}」が、職員又は別の宛先と重なります。別の識別子にしてください。"
        taken.add(address.id)
        if address.body not in bodies:
            yield f"宛先「{address.id}」の機関「{address.body}」がありません。bodies に加えてください。"
