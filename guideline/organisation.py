"""組織 (organisation): who holds a role, whom a person may act as, and whether an organisation can work at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from schemas.organisation import APPOINTED, OF_A_DEPARTMENT, Actor, Appointment, Organisation, Person, Role

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from schemas.records import OrganisationRevision


def person_of(organisation: Organisation, person_id: str) -> Person | None:
    """Give the person of that id, None when there is none."""
    return next((person for person in organisation.people if person.id == person_id), None)


def of_body(organisation: Organisation, body: str) -> Organisation:
    """Give what an organisation says of one body: it has people, roles and addresses of its own."""
    parts = ("departments", "people", "appointments", "hotline", "ministers_office")
    own = {name: tuple(one for one in getattr(organisation, name) if one.body == body) for name in parts}
    bodies = tuple(one for one in organisation.bodies if one.id == body)
    return organisation.model_copy(update={"bodies": bodies, **own})


def department_names(organisation: Organisation) -> dict[str, str]:
    """Give the name of each department, by its id."""
    return {one.id: one.name for one in organisation.departments}


def holders(
    organisation: Organisation,
    role: Role,
    *,
    body: str,
    department: str | None = None,
    conflicted: Collection[str] = (),
) -> tuple[str, ...]:
    """Give the persons who hold a role: those appointed, or the next in the line where the role is vacant.

    `conflicted` are persons who cannot act at hand; with all of those appointed among them the role falls to the first
    substitute who is not.
    """
    found: list[str] = []
    for appointment in organisation.appointments:
        if appointment.role is role and appointment.body == body and appointment.department in (None, department):
            found.extend(_present(appointment, conflicted))
    return tuple(dict.fromkeys(found))


def holders_everywhere(organisation: Organisation, *roles: Role) -> tuple[str, ...]:
    """Give the persons who hold one of the roles in any body, each once, body by body."""
    found = (
        person for body in organisation.bodies for role in roles for person in holders(organisation, role, body=body.id)
    )
    return tuple(dict.fromkeys(found))


def _present(appointment: Appointment, conflicted: Collection[str]) -> tuple[str, ...]:
    persons = tuple(one for one in appointment.persons if one not in conflicted)
    return persons or tuple(one for one in appointment.substitutes if one not in conflicted)[:1]


class Position(NamedTuple):
    """任命の中の位置 (position): a role for which a person is appointed, and who comes before them in the line.

    Where nobody comes before them they hold it; else only while all of those are conflicted.
    """

    role: Role
    body: str
    department: str | None
    before: tuple[str, ...]


def positions_of(organisation: Organisation, person_id: str) -> tuple[Position, ...]:
    """Give every place that a person has in an appointment: as one of those appointed, or as a substitute."""
    return tuple(
        Position(one.role, one.body, one.department, before)
        for one in organisation.appointments
        for before in _before(one, person_id)
    )


def _before(appointment: Appointment, person_id: str) -> Iterator[tuple[str, ...]]:
    if person_id in appointment.persons:
        yield ()
    elif person_id in appointment.substitutes:
        place = appointment.substitutes.index(person_id)
        yield (*appointment.persons, *appointment.substitutes[:place])


def acting_as(
    revision: OrganisationRevision,
    person: Person,
    *,
    role: Role,
    department: str,
    conflicted: Collection[str] = (),
) -> Actor | None:
    """Give the person as an actor in that role, None when the person does not hold it.

    Anyone of a body is 職員 (staff), but for who only audits. Of a role that is held in several departments, the one
    of `department` (the owner of the assessment at hand) is taken.
    """
    if role is Role.STAFF:
        if only_audits(revision.organisation, person):
            return None
        return _actor(person, role=role, department=person.department, revision=revision.revision)
    held = [one for one in revision.organisation.appointments if one.role is role and _holds(person, one, conflicted)]
    held.sort(key=lambda one: one.department != department)
    if not held:
        return None
    actor = _actor(person, role=role, department=held[0].department or person.department, revision=revision.revision)
    alone = role is Role.PRIVACY_MANAGER and held[0].persons == (person.id,) and not held[0].substitutes
    stands_in = person.id not in held[0].persons
    return actor.model_copy(update={"alone_in_department": alone, "stands_in": stands_in})


def only_audits(organisation: Organisation, person: Person) -> bool:
    """Say whether the person is of the 監査チーム and holds no other role: they see everything and change nothing."""
    held = {one.role for one in organisation.appointments if _holds(person, one, ())}
    return held == {Role.AUDITOR}


def _holds(person: Person, appointment: Appointment, conflicted: Collection[str]) -> bool:
    """Say whether the person holds the appointment; one who is conflicted holds it too, and is refused by name."""
    present = (*appointment.persons, *_present(appointment, conflicted))
    return appointment.body == person.body and person.id in present


def _actor(person: Person, *, role: Role, department: str, revision: int) -> Actor:
    return Actor(person=person.id, role=role, body=person.body, department=department, organisation_revision=revision)


def engine_actor(*, body: str, department: str) -> Actor:
    """Give the engine itself as an actor: it adds the grounds that come by the calendar."""
    return Actor(person="engine", role=Role.ENGINE, body=body, department=department, organisation_revision=0)


def faults_of(organisation: Organisation) -> tuple[str, ...]:
    """Give everything that keeps the organisation from working, each as a Japanese sentence; nothing when it can work.

    Names must be unique and known. Every department needs a 起案者, a 保護管理者 and a 統括官, every body a
    総括保護管理者 and a 対策チーム; no line may end in nobody, and an auditor is never an approver.
    """
    return (
        *_repeated("機関", (body.id for body in organisation.bodies)),
        *_repeated("部署", (department.id for department in organisation.departments)),
        *_repeated("職員", (person.id for person in organisation.people)),
        *_unknown_names(organisation),
        *_bad_appointments(organisation),
        *_vacant_roles(organisation),
        *_acting_auditors(organisation),
    )


def faults_of_owners(organisation: Organisation, owners: Mapping[tuple[str, str], str]) -> Iterator[str]:
    """Give a sentence for each department that owns an assessment and could not act in the new organisation.

    `owners` are (body, department) with one of its assessments. Open work moves first, with a record (所管替え).
    """
    there = {(department.body, department.id) for department in organisation.departments}
    for (body, department), assessment_id in owners.items():
        if (body, department) not in there:
            yield (
                f"部署「{department}」は評価書「{assessment_id}」等を担当しているため、除けません。"
                "先に見直しの中で所管替え（review hand-over）をしてください。"
            )
        elif _holds_no_assessment(organisation, department):
            yield f"部署「{department}」は評価書「{assessment_id}」等を担当しています。任命を書いてください。"


def _repeated(what: str, ids: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            yield f"{what}の識別子「{one}」が二度現れます。一つにしてください。"
        seen.add(one)


def _unknown_names(organisation: Organisation) -> Iterator[str]:
    bodies = {body.id for body in organisation.bodies}
    home = {department.id: department.body for department in organisation.departments}
    for department in organisation.departments:
        if department.body not in bodies:
            yield f"部署「{department.id}」の機関「{department.body}」がありません。bodies に加えてください。"
    for person in organisation.people:
        if home.get(person.department) != person.body:
            yield f"職員「{person.id}」の部署「{person.department}」が機関「{person.body}」にありません。"


def _bad_appointments(organisation: Organisation) -> Iterator[str]:
    body_of = {person.id: person.body for person in organisation.people}
    home = {department.id: department.body for department in organisation.departments}
    for appointment in organisation.appointments:
        label = _label(appointment)
        if appointment.role not in APPOINTED:
            yield f"{label}: 「{appointment.role.label}」は任命によらない役割です。この任命を除いてください。"
        if (appointment.role in OF_A_DEPARTMENT) is (appointment.department is None):
            need = "部署が要ります" if appointment.department is None else "部署は書けません"
            yield f"{label}: この役割には{need}。"
        elif appointment.department is not None and home.get(appointment.department) != appointment.body:
            yield f"{label}: 部署「{appointment.department}」が機関「{appointment.body}」にありません。"
        for one in (*appointment.persons, *appointment.substitutes):
            if body_of.get(one) != appointment.body:
                yield f"{label}: 職員「{one}」が機関「{appointment.body}」にいません。people に加えてください。"
        if not (appointment.persons or appointment.substitutes):
            yield f"{label}: 担当者も代理もいません。少なくとも一人を書いてください。"


def _vacant_roles(organisation: Organisation) -> Iterator[str]:
    for body in organisation.bodies:
        for role in (Role.CHIEF_PRIVACY_OFFICER, Role.TEAM_MEMBER):
            if not holders(organisation, role, body=body.id):
                yield f"機関「{body.id}」に{role.label}がいません。appointments に加えてください。"
    teams = {a.body: holders(organisation, Role.TEAM_MEMBER, body=a.body) for a in organisation.appointments}
    for department in organisation.departments:
        if _holds_no_assessment(organisation, department.id):
            continue
        for role in (Role.DRAFTER, Role.PRIVACY_MANAGER, Role.DIRECTOR_GENERAL):
            found = holders(organisation, role, body=department.body, department=department.id)
            if not found:
                yield f"部署「{department.id}」に{role.label}がいません。appointments に加えてください。"
            elif role is Role.PRIVACY_MANAGER and _same(found, teams.get(department.body, ())):
                yield f"部署「{department.id}」の保護管理者と対策チームが同じ一人です。両者の検討には二人が要ります。"


def _holds_no_assessment(organisation: Organisation, department: str) -> bool:
    """Tell the departments that nobody is appointed to (the team's own, the auditors'): they hold no assessment."""
    return all(appointment.department != department for appointment in organisation.appointments)


def _same(one: Collection[str], other: Collection[str]) -> bool:
    return len(set(one) | set(other)) == 1


def _acting_auditors(organisation: Organisation) -> Iterator[str]:
    acting = {
        one
        for appointment in organisation.appointments
        if appointment.role is not Role.AUDITOR
        for one in (*appointment.persons, *appointment.substitutes)
    }
    for appointment in organisation.appointments:
        if appointment.role is Role.AUDITOR:
            for one in appointment.persons:
                if one in acting:
                    yield f"監査チームの「{one}」が他の役割を兼ねています。監査する者は承認する者になれません。"


def _label(appointment: Appointment) -> str:
    where = appointment.department or appointment.body
    return f"任命（{appointment.role.label}・{where}）"
