"""報告: the assessments that a report touches are not the department's choice alone."""

from __future__ import annotations

from typing import Any

import pytest

from client.errors import ActRefusedError, NotFoundError
from schemas.acts import Join
from schemas.organisation import Role
from schemas.review import GroundKind
from tests.house import DRAFTER, TEAM, House, as_json


def change(house: House, **more: object) -> bytes:
    content: dict[str, object] = {
        "assessments": [house.assessment_id],
        "kind": "system",
        "title": "共通基盤の更新",
        "facts": "共通の基盤を更新する。",
        "known_on": "2026-05-01",
    }
    return as_json(**{**content, **more})


async def other_assessments(house: House) -> dict[str, str]:
    """Enter three more: one shares the system, one the file, one neither."""
    shares: dict[str, dict[str, Any]] = {
        "system": {"systems": ["共通基盤"]},
        "file": {"files": ["口座登録ファイル"]},
        "none": {"systems": ["別の基盤"]},
    }
    ids = {name: f"{house.assessment_id}-{name}" for name in shares}
    for name, more in shares.items():
        await house.add_assessment(ids[name], **more)
    return ids


async def test_what_shares_the_system_is_examined_too_and_says_why(house: House) -> None:
    ids = await other_assessments(house)
    reported = await house.minaoshi.reports.change(change(house, system="共通基盤"), as_=DRAFTER)
    assert {one.assessment_id for one in reported} == {house.assessment_id, ids["system"]}
    shared = (await house.show(f"{ids['system']}/1")).state.grounds[0]
    assert (shared.title, shared.shared) == ("共通基盤の更新", "共通基盤")
    own = (await house.show(f"{house.assessment_id}/1")).state.grounds[0]
    assert own.shared is None


async def test_what_shares_the_file_is_examined_too(house: House) -> None:
    ids = await other_assessments(house)
    reported = await house.minaoshi.reports.change(change(house, file="口座登録ファイル"), as_=DRAFTER)
    assert {one.assessment_id for one in reported} == {house.assessment_id, ids["file"]}


async def test_the_team_adds_an_assessment_to_a_report(house: House) -> None:
    ids = await other_assessments(house)
    await house.minaoshi.reports.change(change(house), as_=DRAFTER, act_id="change/added-to")
    added = await house.minaoshi.reports.add("change/added-to", [ids["none"]], as_=TEAM)
    again = await house.minaoshi.reports.add("change/added-to", [ids["none"]], as_=TEAM)
    assert [one.assessment_id for one in added] == [ids["none"]]
    assert added == again
    acts = await house.register.acts_of(added[0].review_id)
    assert [one.act.actor.role for one in acts if isinstance(one.act, Join)] == [Role.TEAM_MEMBER]
    ground = (await house.show(added[0].review_id)).state.grounds[0]
    assert (ground.report_id, ground.title) == ("change/added-to", "共通基盤の更新")


async def test_the_department_adds_nothing_to_a_report(house: House) -> None:
    ids = await other_assessments(house)
    await house.minaoshi.reports.change(change(house), as_=DRAFTER, act_id="change/not-added")
    with pytest.raises(ActRefusedError, match="評価書の追加"):
        await house.minaoshi.reports.add("change/not-added", [ids["none"]], as_=DRAFTER)
    assert await house.register.open_review_of(ids["none"]) is None


async def test_adding_to_an_unknown_report_names_it(house: House) -> None:
    with pytest.raises(NotFoundError, match="change/unknown"):
        await house.minaoshi.reports.add("change/unknown", [house.assessment_id], as_=TEAM)


async def test_an_amended_form_is_a_ground_of_its_own_kind(house: House) -> None:
    await house.minaoshi.reports.change(change(house, kind="form_amended", title="様式の改正"), as_=DRAFTER)
    ground = (await house.show(f"{house.assessment_id}/1")).state.grounds[0]
    assert ground.kind is GroundKind.FORM_AMENDED
