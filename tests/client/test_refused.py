"""拒否の記録: what somebody was refused is an entry with their name; a flood of it is summed up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from client.errors import ActRefusedError, HiddenError, InvalidInputError, NotFoundError, NotPermittedError
from client.refused import AT_MOST, WITHIN, Refusals
from guideline.refusals import refuse
from schemas.records import AuditAction
from tests.house import DRAFTER, MANAGER

if TYPE_CHECKING:
    from register.register import Register
    from schemas.records import Occurrence
    from tests.house import House

SAID = {"where": "証跡", "remedy": "頼んでください。"}
NOTED = [
    pytest.param(
        ActRefusedError(refuse("not_signed").placed(act="承認", stage="承認", instead=()).refusal), "not_signed"
    ),
    pytest.param(NotPermittedError("読めません。", **SAID), "not_permitted"),
    pytest.param(HiddenError("ありません。", **SAID), "hidden"),
]


class Clock:
    """時計: goes on when it is told to."""

    def __init__(self) -> None:
        self.at = datetime(2026, 5, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


async def noted(register: Register) -> list[Occurrence]:
    return list(await register.occurrences(AuditAction.REFUSED_BY_PAGE))


@pytest.mark.parametrize(("error", "code"), NOTED)
async def test_a_refusal_by_a_rule_or_of_a_right_is_noted(
    empty_house: House, error: ActRefusedError | NotPermittedError | HiddenError, code: str
) -> None:
    await empty_house.minaoshi.refusals.note_error(DRAFTER, error, address="GET /audit")
    [one] = await noted(empty_house.register)
    act = "承認" if isinstance(error, ActRefusedError) else ""
    assert (one.person, one.subject) == (DRAFTER, code)
    assert one.detail == {"code": code, "act": act, "address": "GET /audit"}


@pytest.mark.parametrize("kind", [InvalidInputError, NotFoundError])
async def test_what_was_only_written_wrongly_is_no_refusal(
    empty_house: House, kind: type[InvalidInputError | NotFoundError]
) -> None:
    error = kind("空です。", where="事由", remedy="書いてください。")
    await empty_house.minaoshi.refusals.note_error(DRAFTER, error, address="POST /report")
    assert await noted(empty_house.register) == []


async def test_a_flood_of_one_person_is_summed_up_and_hides_nobody_else(empty_house: House) -> None:
    clock, register = Clock(), empty_house.register
    refusals, elsewhere = Refusals(register, now=clock), Refusals(register, now=clock)
    for number in range(AT_MOST * 20):
        clock.at += timedelta(milliseconds=1)
        of_one_process = refusals if number % 2 else elsewhere
        await of_one_process.note(DRAFTER, code="not_permitted", address=f"GET /{number}")
    await refusals.note(MANAGER, code="not_permitted", address="GET /audit")
    clock.at += timedelta(milliseconds=1)
    await refusals.sum_up()
    await elsewhere.sum_up()
    await refusals.sum_up()
    entries = await noted(register)
    of_their_own = [one for one in entries if one.person == DRAFTER and one.subject != "further"]
    assert [one.detail["address"] for one in of_their_own] == [f"GET /{number}" for number in range(AT_MOST)]
    assert [one.person for one in entries].count(MANAGER) == 1
    further = [one.detail.get("times") for one in entries if one.subject == "further"]
    assert further[0] is None  # at once: more follow
    assert sum(times for times in further if isinstance(times, int)) == AT_MOST * 19
    assert len(further) == 3
    clock.at += WITHIN
    await refusals.note(DRAFTER, code="not_permitted", address="GET /later")
    assert (await noted(register))[-1].detail["address"] == "GET /later"
    assert (await register.verify_audit()).ok
