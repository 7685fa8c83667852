"""閲覧と引継ぎ (access): who sees what, who reads the audit trail, and who may take assessments over.

One table (`READINGS`): what a person sees of a thing follows from how they are related to it, and from nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from guideline.duty_rules import DUTY_RULES, RollOf
from guideline.organisation import Position, holders, positions_of
from guideline.renditions import Rendition
from schemas.organisation import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schemas.duties import DutyState
    from schemas.organisation import Organisation, Person

WATCHERS = (Role.TEAM_MEMBER, Role.CHIEF_PRIVACY_OFFICER, Role.DIRECTOR_GENERAL, Role.AUDITOR)
"""機関の全体を見る役割: they answer for the whole body, or look over it."""

READERS_OF_THE_TRAIL = (Role.AUDITOR, Role.TEAM_MEMBER, Role.CHIEF_PRIVACY_OFFICER)
"""証跡を読む役割: those who watch over the reviews of others."""


class Relation(Enum):
    """関わり (relation) of a person to a thing; the value says it in Japanese."""

    WATCHER = "機関の全体を見る者"
    DEPARTMENT = "担当部署の者、代理の番にある者"
    INVOLVED = "報告し、行い、引き受け、又は知らされた者"
    BODY = "同じ機関の、ほかの部署の者"
    ELSEWHERE = "ほかの機関の者"


class Thing(Enum):
    """見られるもの (thing); the value is its name in Japanese."""

    ASSESSMENT = "評価書"
    REVIEW = "見直し"
    EVENT = "リスク事案"
    REPORT = "報告"
    COUNTERMEASURE = "対応策"
    DUTY = "義務"


class Reading(Enum):
    """見える範囲 (reading): how much of a thing is seen; the value says it in Japanese."""

    NOTHING = "見えない"
    PUBLISHED = "公表されていること"
    COURSE = "経過（案と書きかけの文書を除く）"
    WHOLE = "全て"


def _row(involved: Reading, body: Reading, elsewhere: Reading) -> Mapping[Relation, Reading]:
    of_their_own = {Relation.WATCHER: Reading.WHOLE, Relation.DEPARTMENT: Reading.WHOLE}
    others = {Relation.INVOLVED: involved, Relation.BODY: body, Relation.ELSEWHERE: elsewhere}
    return MappingProxyType({**of_their_own, **others})


READINGS: Mapping[Thing, Mapping[Relation, Reading]] = MappingProxyType(
    {
        Thing.ASSESSMENT: _row(Reading.PUBLISHED, Reading.PUBLISHED, Reading.PUBLISHED),
        Thing.REVIEW: _row(Reading.COURSE, Reading.NOTHING, Reading.NOTHING),
        Thing.EVENT: _row(Reading.WHOLE, Reading.NOTHING, Reading.NOTHING),
        Thing.REPORT: _row(Reading.WHOLE, Reading.NOTHING, Reading.NOTHING),
        Thing.COUNTERMEASURE: _row(Reading.WHOLE, Reading.NOTHING, Reading.NOTHING),
        Thing.DUTY: _row(Reading.WHOLE, Reading.NOTHING, Reading.NOTHING),
    }
)
"""見える範囲の表.

What a body withholds from the public (規則10条) is its department's and its watchers': another department has no more
right to it than the public.
"""


@dataclass(frozen=True, slots=True)
class Sight:
    """見る者 (sight): a person with what follows from the roles they hold now.

    `departments` are their own and those in which they hold a role; `manages` those whose 保護管理者 they are. In
    `behind` they stand in for others, where these can't act.
    """

    person: str
    body: str
    is_watcher: bool
    departments: frozenset[str]
    behind: tuple[Position, ...] = ()
    manages: frozenset[str] = frozenset()


def sight_of(organisation: Organisation, person: Person) -> Sight:
    """Give what a person may look at, by the roles that they hold now: in their own body alone."""
    places = [one for one in positions_of(organisation, person.id) if one.body == person.body]
    held = [one for one in places if not one.before]
    return Sight(
        person=person.id,
        body=person.body,
        is_watcher=any(one.role in WATCHERS for one in held),
        departments=frozenset((person.department, *(one.department for one in held if one.department is not None))),
        behind=tuple(one for one in places if one.before),
        manages=frozenset(
            one.department for one in held if one.role is Role.PRIVACY_MANAGER and one.department is not None
        ),
    )


def relation_to(sight: Sight, *, body: str, is_own: bool, is_involved: bool) -> Relation:
    """Say how a person is related to a thing of a body.

    It `is_own` where it is their department's, or waits for them as a substitute; who reported it, acted on it, is to
    carry it out or was told of it `is_involved`: what somebody was told, they may look at.
    """
    if sight.body != body:
        return Relation.ELSEWHERE
    if sight.is_watcher:
        return Relation.WATCHER
    if is_own:
        return Relation.DEPARTMENT
    return Relation.INVOLVED if is_involved else Relation.BODY


def reading_of(thing: Thing, relation: Relation, *, is_published: bool = True) -> Reading:
    """Say how much of a thing is seen; of an assessment that is not published, whoever was told knows that it is."""
    reading = READINGS[thing][relation]
    if reading is Reading.PUBLISHED and not is_published and relation is not Relation.INVOLVED:
        return Reading.NOTHING
    return reading


def sees_whole(sight: Sight, *, body: str, department: str) -> bool:
    """Say whether a person sees all of the assessments of a department, and of their reviews."""
    relation = relation_to(sight, body=body, is_own=department in sight.departments, is_involved=False)
    return READINGS[Thing.ASSESSMENT][relation] is Reading.WHOLE


def rendition_for(reading: Reading) -> Rendition:
    """Give the rendition in which an assessment is seen."""
    return Rendition.FULL if reading is Reading.WHOLE else Rendition.PUBLIC


def may_read_trail(organisation: Organisation, person: Person) -> bool:
    """Say whether the person may read the audit trail."""
    return any(person.id in holders(organisation, role, body=person.body) for role in READERS_OF_THE_TRAIL)


def may_take_over(organisation: Organisation, person: Person) -> bool:
    """Say whether the person may enter existing assessments of their own body: a member of its 対策チーム may."""
    return person.id in holders(organisation, Role.TEAM_MEMBER, body=person.body)


class RowsSeen(NamedTuple):
    """見える行 (rows that are seen) of a roll: a person's own, and those of the people of these departments."""

    person: str
    departments: frozenset[str] = frozenset()


def rows_seen(sight: Sight, state: DutyState) -> RowsSeen | None:
    """Give the rows of a duty's roll that a person sees who may read the duty; None for all.

    All are seen by those who owe the duty, opened it, or watch over the body, as all who confirm do. Who else is on a
    roll of staff reads the duty, and not why a colleague was excused.
    """
    charged = sight.person in (state.owner, state.opened_by)
    if sight.is_watcher or charged or DUTY_RULES[state.kind].roll is not RollOf.STAFF:
        return None
    return RowsSeen(sight.person, sight.manages)
