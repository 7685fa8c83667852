"""出来事 (scenes): what happens on which day: changes, a beginning and an end, staff that leaves, an amended form."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from tests.years.days import FIRST, LAST, after
from tests.years.population import AMENDED, ENDED, SEED, STAYING, Planned
from tests.years.staff import departments, organisation
from tests.years.town import Scene, Town

LEFT_ON, NOTED_ON = date(2023, 3, 31), date(2023, 5, 15)
"""異動: the 保護管理者 of a department leaves at the end of 令和4年度; the organisation says so six weeks later."""

DISSOLVED_ON = date(2026, 4, 1)
"""廃止: a department is no more; what it owns has gone to the other one."""

NEW = "a-new"
NEW_ON, ENDED_ON = date(2023, 7, 3), date(2022, 6, 30)
FORM_AMENDED_ON = date(2024, 10, 1)
CHANGES_A_YEAR = 0.15


def scenes(planned: dict[str, Planned]) -> dict[date, list[Scene]]:
    """Give the scenes of the ten years by their day."""
    story: dict[date, list[Scene]] = defaultdict(list)
    for day, assessment_id in _changes(planned):
        story[day].append(_change(assessment_id))
    special = (
        (date(2023, 4, 20), AMENDED, _change),
        (after(ENDED_ON, 1), ENDED, _end),
        (after(ENDED_ON, 1), STAYING, _end),
    )
    for day, assessment_id, happens in special:
        if assessment_id in planned:
            story[after(day, 0)].append(happens(assessment_id))
    story[after(NEW_ON, 0)].append(_begin)
    story[after(LEFT_ON, 0)].append(_leave)
    story[after(NOTED_ON, 0)].append(_note_who_left)
    story[after(FORM_AMENDED_ON, 0)].append(_amend_the_form)
    story[after(DISSOLVED_ON, 0)].append(_dissolve)
    return story


def _changes(planned: dict[str, Planned]) -> list[tuple[date, str]]:
    chance = random.Random(f"{SEED}/{min(planned)}")  # noqa: S311 # the same in each run
    days = (LAST - FIRST).days
    several = int(len(planned) * CHANGES_A_YEAR * 10)
    return [
        (after(FIRST + timedelta(days=chance.randrange(days)), 0), chance.choice(list(planned))) for _ in range(several)
    ]


def _change(assessment_id: str) -> Scene:
    async def scene(town: Town) -> None:
        """Report a change of what the assessment says; of one whose business has ended there is none."""
        planned = town.planned[assessment_id]
        if (await town.register.assessment(assessment_id)).yearly_due_on is None:
            return
        content = {
            "assessments": [assessment_id],
            "kind": "environment",
            "title": "窓口の運用の変更",
            "facts": "窓口の受付の順序を改めた。",
            "known_on": town.office.today.isoformat(),
        }
        await town.minaoshi.reports.change(_json(content), as_=f"{planned.department}-drafter")
        await town.office.look_at(assessment_id)

    return scene


def _end(assessment_id: str) -> Scene:
    async def scene(town: Town) -> None:
        content = {
            "assessments": [assessment_id],
            "title": "事務の終了",
            "facts": "制度の廃止による。",
            "known_on": town.office.today.isoformat(),
            "ended_on": ENDED_ON.isoformat(),
        }
        await town.minaoshi.reports.end_of_business(
            _json(content), as_=f"{town.planned[assessment_id].department}-drafter"
        )
        await town.office.look_at(assessment_id)

    return scene


async def _begin(town: Town) -> None:
    """新たな事務: a business is to begin in autumn, and its first assessment is to be published before."""
    body = town.bodies[0]
    department, number = f"{body}-d1", str(len(town.planned) + 1)
    content = {
        "assessment_id": NEW,
        "department": department,
        "number": number,
        "name": "新たな給付に関する事務",
        "title": "新たな給付に関する事務の開始",
        "facts": "新たに個人番号を用いる。",
        "known_on": town.office.today.isoformat(),
        "data_subjects": 1_200,
        "handlers": 20,
        "serious_incident": False,
        "gates": [{"gate": "hold_start", "planned_on": "2023-10-02"}],
    }
    town.planned[NEW] = Planned(NEW, body, department, number, published_on=date.min, verified_on=date.min)
    await town.minaoshi.reports.new_business(_json(content), as_=f"{department}-drafter")
    await town.office.look_at(NEW)


async def _leave(town: Town) -> None:
    """異動: the 保護管理者 has gone, and nobody has told the organisation: what waits for them waits."""
    town.office.away[_manager(town)] = after(NOTED_ON, 1)


async def _note_who_left(town: Town) -> None:
    """代理: the organisation says who has left, and the substitute stands in."""
    await town.minaoshi.organisation.apply(organisation(town.bodies, left=[_manager(town)]))


def _manager(town: Town) -> str:
    return f"{town.bodies[0]}-d0-manager"


async def _dissolve(town: Town) -> None:
    """所管替え: what a department owns goes to the other one, and the organisation no longer knows it."""
    body = town.bodies[0]
    heir, gone = departments(body)
    moving = [one for one in town.planned.values() if one.department == gone]
    content = {
        "assessments": [one.assessment_id for one in moving],
        "kind": "formal_correction",
        "title": "担当部署の統合",
        "facts": "部署を統合した。",
        "known_on": town.office.today.isoformat(),
    }
    reported = await town.minaoshi.reports.change(_json(content), as_=f"{gone}-drafter")
    to_the_heir = _json({"department": heir, "reason": "部署の統合による。"})
    for review in reported:
        await town.minaoshi.reviews.hand_over(review.review_id, to_the_heir, as_=f"{body}-chief")
    for one in moving:
        town.planned[one.assessment_id] = replace(one, department=heir)
        await town.office.look_at(one.assessment_id)
    await town.minaoshi.organisation.apply(organisation(town.bodies, left=[_manager(town)], dissolved=[gone]))


async def _amend_the_form(town: Town) -> None:
    """様式の改正: the team of each body has all that stand on the older form examined."""
    for body in town.bodies:
        await town.minaoshi.form_amendments.report(as_=f"{body}-team-1")
    for assessment_id in town.planned:
        await town.office.look_at(assessment_id)


def _json(content: Mapping[str, object]) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()
