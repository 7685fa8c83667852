"""閲覧と引継ぎ: who sees what, who reads the trail, who may take assessments over."""

from __future__ import annotations

import itertools

import pytest

from guideline.access import (
    READINGS,
    Reading,
    Relation,
    RowsSeen,
    Thing,
    may_read_trail,
    may_take_over,
    reading_of,
    relation_to,
    rendition_for,
    rows_seen,
    sees_whole,
    sight_of,
)
from guideline.organisation import person_of
from guideline.renditions import Rendition
from schemas.duties import DutyKind
from schemas.organisation import Appointment, Person, Role
from tests.guideline.demo_organisation import ORGANISATION
from tests.guideline.duty_samples import state
from tests.guideline.test_reporting_line import BODY

OWNER = "account-registration"


def _person(person_id: str) -> Person:
    found = person_of(ORGANISATION, person_id)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("person", "reads"),
    [("auditor", True), ("team-member", True), ("chief", True), ("manager", False), ("desk", False), ("deputy", False)],
)
def test_the_trail_is_read_by_those_who_watch_over_others(person: str, reads: bool) -> None:  # noqa: FBT001 # a case
    assert may_read_trail(ORGANISATION, _person(person)) is reads


def test_the_team_takes_over_and_an_auditor_changes_nothing() -> None:
    who = [one.id for one in ORGANISATION.people if may_take_over(ORGANISATION, one)]
    assert who == ["team-lead", "team-member"]


@pytest.mark.parametrize(
    ("person", "watches", "departments"),
    [
        ("auditor", True, {"audit"}),
        ("team-lead", True, {"privacy"}),
        ("chief", True, {"privacy"}),
        ("director-general", True, {OWNER, "resident-records", "child-allowance"}),
        ("deputy", False, {"privacy"}),
        ("manager", False, {OWNER}),
        ("desk", False, {OWNER}),
    ],
)
def test_what_one_may_look_at_follows_from_the_roles_of_now(
    person: str,
    watches: bool,  # noqa: FBT001 # a case
    departments: set[str],
) -> None:
    sight = sight_of(ORGANISATION, _person(person))
    assert (sight.body, sight.is_watcher) == (BODY, watches)
    assert sight.departments <= departments


def test_a_substitute_watches_where_the_role_is_vacant_and_else_waits_behind_others() -> None:
    assert [one.role for one in sight_of(ORGANISATION, _person("deputy")).behind] == [Role.CHIEF_PRIVACY_OFFICER]
    vacant = Appointment(role=Role.CHIEF_PRIVACY_OFFICER, body=BODY, persons=(), substitutes=("deputy",))
    others = tuple(one for one in ORGANISATION.appointments if one.role is not Role.CHIEF_PRIVACY_OFFICER)
    alone = sight_of(ORGANISATION.model_copy(update={"appointments": (*others, vacant)}), _person("deputy"))
    assert alone.is_watcher
    assert alone.behind == ()


def test_a_role_in_another_department_opens_that_department() -> None:
    more = Appointment(role=Role.DRAFTER, body=BODY, department="child-allowance", persons=("desk",))
    organisation = ORGANISATION.model_copy(update={"appointments": (*ORGANISATION.appointments, more)})
    assert sight_of(organisation, _person("desk")).departments == {OWNER, "child-allowance"}


def test_a_role_in_another_body_opens_nothing() -> None:
    more = Appointment(role=Role.AUDITOR, body="elsewhere", persons=("desk",))
    organisation = ORGANISATION.model_copy(update={"appointments": (*ORGANISATION.appointments, more)})
    assert not sight_of(organisation, _person("desk")).is_watcher


@pytest.mark.parametrize(
    ("person", "body", "is_own", "is_involved", "relation"),
    [
        ("desk", "elsewhere", True, True, Relation.ELSEWHERE),
        ("auditor", "elsewhere", False, False, Relation.ELSEWHERE),
        ("auditor", BODY, False, False, Relation.WATCHER),
        ("desk", BODY, True, False, Relation.DEPARTMENT),
        ("desk", BODY, True, True, Relation.DEPARTMENT),
        ("desk", BODY, False, True, Relation.INVOLVED),
        ("desk", BODY, False, False, Relation.BODY),
    ],
)
def test_how_one_is_related_to_a_thing(
    person: str,
    body: str,
    is_own: bool,  # noqa: FBT001 # a case
    is_involved: bool,  # noqa: FBT001 # a case
    relation: Relation,
) -> None:
    sight = sight_of(ORGANISATION, _person(person))
    assert relation_to(sight, body=body, is_own=is_own, is_involved=is_involved) is relation


def test_every_cell_of_the_table_is_there() -> None:
    cells = {(thing, relation): READINGS[thing][relation] for thing, relation in itertools.product(Thing, Relation)}
    own = (Relation.WATCHER, Relation.DEPARTMENT)
    assert all(reading is Reading.WHOLE for (_, relation), reading in cells.items() if relation in own)
    others = {cell for (thing, relation), cell in cells.items() if thing is Thing.ASSESSMENT and relation not in own}
    assert others == {Reading.PUBLISHED}
    strangers = (Relation.BODY, Relation.ELSEWHERE)
    rest = [
        cell for (thing, relation), cell in cells.items() if thing is not Thing.ASSESSMENT and relation in strangers
    ]
    assert set(rest) == {Reading.NOTHING}
    assert cells[Thing.REVIEW, Relation.INVOLVED] is Reading.COURSE
    assert cells[Thing.EVENT, Relation.INVOLVED] is Reading.WHOLE


@pytest.mark.parametrize(
    ("relation", "is_published", "reading"),
    [
        (Relation.BODY, True, Reading.PUBLISHED),
        (Relation.BODY, False, Reading.NOTHING),
        (Relation.ELSEWHERE, False, Reading.NOTHING),
        (Relation.INVOLVED, False, Reading.PUBLISHED),
        (Relation.DEPARTMENT, False, Reading.WHOLE),
    ],
)
def test_what_is_not_published_is_not_for_others(
    relation: Relation,
    is_published: bool,  # noqa: FBT001 # a case
    reading: Reading,
) -> None:
    assert reading_of(Thing.ASSESSMENT, relation, is_published=is_published) is reading


def test_what_is_withheld_is_seen_by_its_department_and_by_those_who_watch() -> None:
    """規則10条: another department has no more right to it than the public."""
    for person, whole in (("desk", True), ("auditor", True), ("residents-drafter", False)):
        sight = sight_of(ORGANISATION, _person(person))
        assert sees_whole(sight, body=BODY, department=OWNER) is whole
        assert not sees_whole(sight, body="elsewhere", department=OWNER)
    assert rendition_for(Reading.WHOLE) is Rendition.FULL
    assert rendition_for(Reading.PUBLISHED) is Rendition.PUBLIC


def test_of_a_roll_of_staff_each_sees_their_own_row_a_manager_those_of_the_department_and_who_watches_all() -> None:
    """Whoever is on the roll of a training is not told why a colleague was excused."""
    own = state(DutyKind.TRAINING, body=BODY, department="privacy", opened_by="team-lead")
    seen = {
        one: rows_seen(sight_of(ORGANISATION, _person(one)), own) for one in ("desk", "manager", "chief", "auditor")
    }
    assert seen == {
        "desk": RowsSeen("desk"),
        "manager": RowsSeen("manager", frozenset({OWNER})),
        "chief": None,
        "auditor": None,
    }
    for charged in ({"owner": "desk"}, {"opened_by": "desk"}):
        assert rows_seen(sight_of(ORGANISATION, _person("desk")), own.model_copy(update=charged)) is None
    circular = state(DutyKind.CIRCULAR, body=BODY, department=OWNER)
    assert rows_seen(sight_of(ORGANISATION, _person("desk")), circular) is None
