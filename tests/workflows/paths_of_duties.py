"""義務の道 (paths of duties) that are recorded: closed and opened again by a round, and what needs several runs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any
from unittest.mock import patch

from activities.duties import Round
from client.circular_sending import sending_workflow_id
from guideline.circulars import FIRST
from tests.house import CHIEF, MANAGER, TEAM, House, as_json, today
from tests.notices.post_office import PostOffice
from tests.workflows.circular_samples import circular, table
from tests.workflows.duty_samples import following, members, own, training
from tests.workflows.planning import EVIDENCE, in_days
from tests.workflows.runs import runs_of
from workflows.circular import PAGES_A_RUN
from workflows.duty_round import DutyRoundWorkflow


async def duty_closed(house: House) -> list[str]:
    """Close a training, whose next one a round opens."""
    duties, first, nobody = house.minaoshi.duties, own(house, "training:all", period="2025"), "allowance-drafter"
    await duties.open(first, training(begins_on="2025-08-07", due_on="2025-10-20", repeats="year"), as_=TEAM)
    await duties.enrol(first, as_json(added=members("desk", nobody)), as_=TEAM)
    await duties.complete(first, as_json(members=["desk"], completed_on="2025-09-01"), as_="desk")
    await duties.excuse(first, as_json(members=[nobody], reason="休職中"), as_=TEAM)
    await duties.hand_in(first, as_json(text="終えた。", evidence=EVIDENCE), as_=TEAM)
    await duties.send_back(first, as_json(reason="写しが要る。", due_on=in_days(30).isoformat()), as_=CHIEF)
    await duties.hand_in(first, as_json(text="終えた。", evidence=EVIDENCE), as_=TEAM)
    await duties.confirm(first, as_=CHIEF)
    await following(house, first).result()
    await house.temporal.execute_workflow(
        DutyRoundWorkflow.run, Round(on=date(2026, 8, 7)), id="duty-round", task_queue=house.settings.task_queue
    )
    return [following(house, first).id, "duty-round"]


class OnceRefusing(PostOffice):
    """A post office that refuses somebody once."""

    async def handle_RCPT(  # noqa: N802 # aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        refusal = self.refused.pop(address, None)
        if refusal is None:
            envelope.rcpt_tos.append(address)
        return refusal or "250 OK"


async def rolled(house: House) -> list[str]:
    """Let as many complete a training as need several runs."""
    one, duties = own(house, "training:many"), house.minaoshi.duties
    await duties.open(one, training(), as_=TEAM)
    people = [f"m{number:02d}" for number in range(12)]
    await duties.enrol(one, as_json(added=members(*people)), as_=TEAM)
    for person in people:
        await duties.complete(one, as_json(members=[person], completed_on=today().isoformat()), as_=MANAGER)
    await duties.hand_in(one, as_json(text="終えた。", evidence=EVIDENCE), as_=TEAM)
    await duties.confirm(one, as_=CHIEF)
    await following(house, one).result()
    return await _each_run(house, following(house, one).id)


async def circulated(house: House) -> list[str]:
    """Send a circular in more pages than a run has, one letter of which is refused at first."""
    one, circulars = own(house, "circular:many"), house.minaoshi.circulars
    await circulars.open(one, circular(), as_=TEAM)
    await circulars.import_recipients(one, table(PAGES_A_RUN + 2), as_=TEAM)
    with patch("activities.circulars.PAGE", 1):
        await circulars.send(one, as_=TEAM)
        async with asyncio.timeout(60):
            end = await house.temporal.get_workflow_handle(sending_workflow_id(one, FIRST)).result()
    assert (end["given_up"], end["sweeps"]) == (0, 2)
    return await _each_run(house, sending_workflow_id(one, FIRST))


async def _each_run(house: House, workflow_id: str) -> list[str]:
    runs = await runs_of(house.temporal, workflow_id)
    assert len(runs) > 1
    return [f"{workflow_id}#{run_id}" for run_id in runs]


IN_RUNS: dict[str, Callable[[House], Awaitable[list[str]]]] = {"rolled": rolled, "circulated": circulated}
"""幾つもの実行から成る道: recorded on a server that soon asks for another run."""
