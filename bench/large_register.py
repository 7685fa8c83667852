"""大きな台帳 (a large register): filled with rows as the engine would have written them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Table, insert

from register import awaited
from register.tables import assessments, countermeasures, notices, reviews
from schemas.countermeasures import CountermeasureState
from schemas.courses import Course
from schemas.levels import Level
from schemas.organisation import Actor, BodyKind, Role
from schemas.records import Standing
from schemas.review import (
    GivenFinding,
    Ground,
    GroundKind,
    Manifest,
    ManifestEntry,
    Opening,
    Participant,
    Party,
    ReviewState,
    Stage,
)

MINE = 20
"""待つ見直しの数 of each person who is measured, whatever the size."""

_AT_ONCE = 1_000
_OTHERS = 50
_AT = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Size:
    """大きさ (size): assessments, open reviews among them."""

    assessments: int
    reviews: int


def fill(connection: Connection, size: Size) -> None:
    """Write assessments, open reviews, countermeasures and notices, most of them other people's."""
    states = [_review(number) for number in range(size.reviews)]
    placed = [(f"a-{number}", _place(number)) for number in range(size.assessments)]
    _insert(connection, assessments, [_assessment(*one) for one in placed])
    _insert(connection, reviews, [_review_row(one) for one in states])
    for state in states:
        review_id = f"{state.opening.assessment_id}/1"
        awaited.review_waits(connection, state, review_id=review_id, known=None)
    _insert(connection, countermeasures, [_countermeasure(one) for one in states[3 * MINE :]])
    _insert(connection, notices, [_notice(one) for one in states])


def _insert(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    for first in range(0, len(rows), _AT_ONCE):
        connection.execute(insert(table), rows[first : first + _AT_ONCE])


def _place(number: int) -> tuple[str, str]:
    """Give body and department: the first ones are those of the people who are measured."""
    if number < MINE:
        return "body", "owner"
    if number < 2 * MINE:
        return "small-body", "small-owner"
    return "body", f"other-{number % _OTHERS}"


def _review(number: int) -> ReviewState:
    """Give a review: of the first, so many wait for each of those who are measured; of the others for nobody of them.

    Every other one waits for the 総括保護管理者, whose substitute must not find it.
    """
    body, department = _place(number)
    assessment_id = f"a-{number}"
    examined = number < 2 * MINE
    differs = not examined and (number < 3 * MINE or number % 2 == 1)
    chief_took_part = 2 * MINE <= number < 3 * MINE
    return ReviewState(
        opening=Opening(
            body=body,
            body_kind=BodyKind.LOCAL_GOVERNMENT,
            assessment_id=assessment_id,
            department=department,
            level=Level.BASIC_ITEMS,
            published_digest="0" * 64,
            checklist=tuple(f"Ⅳ{item} リスク対策" for item in range(12)),
        ),
        review_id=f"{assessment_id}/1",
        opened_at=_AT,
        turn_began_at=_AT,
        due_on=date(2026, 12, 1),
        sequence=1,
        facts_revision=1,
        stage=Stage.EXAMINATION if examined or differs else Stage.DRAFTING,
        grounds=(_ground(assessment_id, body, department),),
        findings=_differing(assessment_id) if differs else (),
        participants=(Participant(person="chief", party=Party.TEAM),) if chief_took_part else (),
    )


def _ground(assessment_id: str, body: str, department: str) -> Ground:
    return Ground(
        ground_id=f"change/{assessment_id}",
        kind=GroundKind.CHANGE_REPORT,
        report_id=f"change/{assessment_id}",
        reported_by=Actor(person="drafter", role=Role.STAFF, body=body, department=department, organisation_revision=1),
        title="窓口の運用の変更",
        known_on=date(2026, 11, 20),
        minimum=Course.NO_CHANGE,
        acknowledged_by="team",
        joined_at=_AT,
    )


def _differing(assessment_id: str) -> tuple[GivenFinding, ...]:
    return tuple(
        GivenFinding(
            act_id=f"find/{assessment_id}/{party.value}",
            party=party,
            person="somebody",
            course=course,
            facts_revision=1,
            yearly_checked=False,
            at=_AT,
        )
        for party, course in ((Party.DEPARTMENT, Course.NO_CHANGE), (Party.TEAM, Course.AMEND))
    )


# --- 行


def _assessment(assessment_id: str, place: tuple[str, str]) -> dict[str, Any]:
    digest = hashlib.sha256(assessment_id.encode()).hexdigest()
    entry = ManifestEntry(form="basic_items", form_version="平成31年1月 様式2", sha256=digest)
    return {
        "assessment_id": assessment_id,
        "body": place[0],
        "department": place[1],
        "number": assessment_id,
        "name": f"{assessment_id} 基礎項目評価書",
        "required_level": Level.BASIC_ITEMS.value,
        "effective_level": Level.BASIC_ITEMS.value,
        "systems": [],
        "files": [],
        "version": 1,
        "standing": Standing.PUBLISHED.value,
        "manifest": Manifest(documents=(entry,)).model_dump(mode="json"),
        "digest": digest,
        "validated": False,
        "published_on": date(2026, 4, 1),
        "verified_on": date(2026, 4, 1),
        "yearly_due_on": date(2027, 4, 1),
        "five_years_due_on": date(2031, 4, 1),
        "entry_digest": digest,
        "entered_by": "operator",
        "entered_at": _AT,
    }


def _review_row(state: ReviewState) -> dict[str, Any]:
    return {
        "review_id": state.review_id,
        "assessment_id": state.opening.assessment_id,
        "number": 1,
        "body": state.opening.body,
        "run_id": f"run-{state.review_id}",
        "stage": state.stage.value,
        "state": state.model_dump(mode="json"),
        "due_on": state.due_on,
        "opened_at": state.opened_at,
    }


def _countermeasure(state: ReviewState) -> dict[str, Any]:
    one = CountermeasureState(
        countermeasure_id=f"{state.review_id}/1",
        review_id=str(state.review_id),
        assessment_id=state.opening.assessment_id,
        body=state.opening.body,
        department=state.opening.department,
        item="Ⅳ8 人手を介在させる作業",
        text="複数人で確かめる。",
        owner="drafter",
        due_on=date(2027, 1, 29),
        opened_at=_AT,
        began_at=_AT,
    )
    content = one.model_dump(mode="json")
    named = ("countermeasure_id", "review_id", "assessment_id", "item", "text", "owner")
    fixed = {name: content[name] for name in named}
    dated = {"planned_on": one.due_on, "due_on": one.due_on, "opened_at": _AT}
    return {**fixed, **dated, "status": one.status.value, "state": content}


def _notice(state: ReviewState) -> dict[str, Any]:
    return {
        "notice_id": f"join/{state.review_id}>drafter",
        "person": "drafter",
        "review_id": state.review_id,
        "assessment_id": state.opening.assessment_id,
        "subject": f"あなたの番です（両者の検討）: {state.opening.assessment_id}",
        "made_at": _AT,
        "dispatched_at": _AT,
        "delivered_at": _AT,
        "means": "inbox",
    }


# --- 組織


def _organisation() -> str:
    departments = ["owner", *(f"other-{number}" for number in range(_OTHERS))]
    return "\n".join(
        (
            _bodies("body", "small-body"),
            *(_department(one, body="body", manager="manager" if one == "owner" else "head") for one in departments),
            _department("small-owner", body="small-body", manager="small-head"),
            *(_person(one, body="body", department="owner") for one in ("manager", "head", "drafter", "director")),
            *(_person(one, body="body", department="owner") for one in ("team", "chief", "deputy")),
            *(_person(one, body="small-body", department="small-owner") for one in ("small-head", "small-drafter")),
            *(
                _person(one, body="small-body", department="small-owner")
                for one in ("small-director", "small-chief", "team-of-small-body")
            ),
            _appointment("team_member", body="body", persons=("team",)),
            _appointment("chief_privacy_officer", body="body", persons=("chief",), substitutes=("deputy",)),
            _appointment("team_member", body="small-body", persons=("team-of-small-body",)),
            _appointment("chief_privacy_officer", body="small-body", persons=("small-chief",)),
        )
    )


def _bodies(*bodies: str) -> str:
    return "\n".join(f'[[bodies]]\nid = "{one}"\nname = "{one}"\nkind = "local_government"' for one in bodies)


def _department(department: str, *, body: str, manager: str) -> str:
    prefix = "small-" if body == "small-body" else ""
    roles = {
        "drafter": f"{prefix}drafter",
        "privacy_manager": manager,
        "director_general": f"{prefix}director",
    }
    appointed = (
        _appointment(role, body=body, persons=(person,), department=department) for role, person in roles.items()
    )
    return "\n".join((f'[[departments]]\nid = "{department}"\nbody = "{body}"\nname = "{department}"', *appointed))


def _person(person: str, *, body: str, department: str) -> str:
    return f'[[people]]\nid = "{person}"\nbody = "{body}"\ndepartment = "{department}"\nname = "{person}"'


def _appointment(
    role: str, *, body: str, persons: Sequence[str], substitutes: Sequence[str] = (), department: str = ""
) -> str:
    place = f'department = "{department}"\n' if department else ""
    return (
        f'[[appointments]]\nrole = "{role}"\nbody = "{body}"\n{place}'
        f"persons = {json.dumps(list(persons))}\nsubstitutes = {json.dumps(list(substitutes))}"
    )


ORGANISATION = _organisation()
