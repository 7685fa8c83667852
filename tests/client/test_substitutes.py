"""代理: a role whose holder is conflicted falls to the next in the line, and that it did is recorded."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any

import pytest

from client.errors import ActRefusedError
from schemas.acts import ActKind
from schemas.review import Stage
from tests.house import MANAGER, TEAM, House, as_json

DECISION = as_json(course="amend", reason="記載を改める。")


def written(content: dict[str, Any]) -> bytes:
    """Write an organisation as TOML: tables of plain values and lists."""
    lines: list[str] = []
    for table, rows in content.items():
        for row in rows if isinstance(rows, list) else [rows]:
            lines.append(f"[[{table}]]" if isinstance(rows, list) else f"[{table}]")
            lines.extend(f"{key} = {as_json(value=value).decode()[10:-1]}" for key, value in row.items())
    return "\n".join(lines).encode()


async def where_the_chief_is_a_team_member_too(house: House) -> None:
    content = tomllib.loads(resources.files("demo").joinpath("organisation.toml").read_text(encoding="utf-8"))
    for appointment in content["appointments"]:
        if appointment["role"] == "chief_privacy_officer":
            appointment.update(persons=[TEAM], substitutes=["deputy"])
    await house.minaoshi.organisation.apply(written(content))


async def test_the_deputy_resolves_where_the_chief_has_found_for_the_team(house: House) -> None:
    await where_the_chief_is_a_team_member_too(house)
    review_id = await house.report_change()
    await house.find(review_id, as_=MANAGER, course="no_change")
    await house.find(review_id, as_=TEAM, course="amend")
    with pytest.raises(ActRefusedError, match="一人が両者を兼ねる"):
        await house.minaoshi.reviews.resolve(review_id, DECISION, as_=TEAM)
    assert [task.act for task in (await house.minaoshi.inboxes.of("deputy")).tasks] == [ActKind.RESOLVE]
    receipt = await house.minaoshi.reviews.resolve(review_id, DECISION, as_="deputy")
    assert receipt.stage is Stage.DRAFTING
    assert [row.stands_in for row in (await house.show(review_id)).timeline] == [False, False, False, True]


async def test_without_a_conflict_the_deputy_decides_nothing(house: House) -> None:
    review_id = await house.report_change()
    await house.find(review_id, as_=MANAGER, course="no_change")
    await house.find(review_id, as_="team-member", course="amend")
    with pytest.raises(ActRefusedError, match="総括保護管理者の決定"):
        await house.minaoshi.reviews.resolve(review_id, DECISION, as_="deputy")
