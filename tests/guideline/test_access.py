"""閲覧と引継ぎ: who reads the trail, who sees what is withheld, who may take assessments over."""

from __future__ import annotations

import pytest

from guideline.access import may_read_trail, may_take_over, rendition_for
from guideline.organisation import person_of
from guideline.renditions import Rendition
from schemas.organisation import Person
from tests.guideline.test_reporting_line import BODY, ORGANISATION


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


def test_what_is_withheld_is_seen_by_the_people_of_the_body_alone() -> None:
    assert rendition_for(_person("desk"), body=BODY) is Rendition.FULL
    assert rendition_for(_person("chief"), body="sample-city") is Rendition.PUBLIC
