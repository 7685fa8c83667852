"""思いつくままの行為: many people act at random, the worker restarts in between, and what must always hold holds."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client

from client.errors import CallerError
from engine.server import EmbeddedServer
from guideline.turns import acts_awaited, next_step
from schemas.acts import ActKind, Approval, Receipt
from schemas.review import Party, ReviewState
from tests.house import CHIEF, DRAFTER, MANAGER, TEAM, TEAM_2, House, as_json, document, open_house, today
from tests.workflows.sandbox import SANDBOX
from workflows.assessment_review import AssessmentReviewWorkflow

PEOPLE = (DRAFTER, MANAGER, TEAM, TEAM_2, CHIEF, "desk", "auditor")

# Weighted by repetition: the usual way forward is the likeliest, so that reviews get far.
VERBS = (
    *("onward",) * 30,
    *("find",) * 4,
    *("submit",) * 4,
    *("approve",) * 6,
    *("step",) * 4,
    *("report", "event", "acknowledge", "resolve", "send_back", "withdraw", "consent", "dispute", "settle"),
    *("recall", "revise", "twice", "restart"),
)
LIKELY = {
    "find": (MANAGER, TEAM),
    "twice": (MANAGER, TEAM),
    "submit": (DRAFTER,),
    "approve": (MANAGER, TEAM),
    "send_back": (TEAM,),
    "step": (TEAM,),
    "withdraw": (MANAGER,),
    "consent": (TEAM,),
    "dispute": (MANAGER,),
}
"""Who usually does it; anybody may try."""

COMMANDS = st.sampled_from(VERBS).flatmap(
    lambda verb: st.tuples(
        st.sampled_from((*LIKELY.get(verb, (CHIEF,)) * 6, *PEOPLE)),
        st.just(verb),
        st.integers(min_value=0, max_value=2),
    )
)
COURSES = ("amend", "amend", "no_change")


@dataclass
class Players:
    """職員たち: what they do in a house, and what they were told."""

    house: House
    worker: AsyncExitStack = field(default_factory=AsyncExitStack)
    accepted: list[str] = field(default_factory=list)
    refused: int = 0

    async def restart(self) -> None:
        await self.worker.aclose()
        self.worker = AsyncExitStack()
        await self.worker.enter_async_context(self.house.worker())

    async def play(self, person: str, verb: str, choice: int) -> None:
        if verb == "restart":
            await self.restart()
            return
        act_id = f"random/{uuid.uuid4()}"
        if verb in ("report", "event"):
            report = self.house.report_change if verb == "report" else self.house.report_event
            await report(act_id=act_id, title=f"件名 {act_id}")
            self.accepted.append(f"{act_id}/{self.house.assessment_id}")
            return
        found = await self.house.register.open_review_of(self.house.assessment_id)
        if found is None:
            await self.play(person, "event", choice)
            return
        if verb == "onward":
            person, verb, choice = onward(found.state, choice)
        try:
            receipt = await self._act(found.review_id, person, verb, choice, act_id=act_id)
            if verb == "twice":
                assert await self._act(found.review_id, person, verb, choice, act_id=act_id) == receipt
        except CallerError:
            self.refused += 1
            return
        self.accepted.append(receipt.act_id)

    async def _act(self, review_id: str, person: str, verb: str, choice: int, *, act_id: str) -> Receipt:
        reviews = self.house.minaoshi.reviews
        if verb == "submit":
            content = json.dumps(document(("corrected", "revised", "corrected")[choice])).encode()
            return await reviews.submit(review_id, content, as_=person, act_id=act_id)
        if verb == "approve":
            return await reviews.approve(review_id, as_=person, act_id=act_id)
        if verb == "acknowledge":
            return await reviews.acknowledge(review_id, as_=person, act_id=act_id)
        state = (await self.house.register.review(review_id)).state
        ground_id = state.grounds[0].ground_id if state.grounds else "none/1"
        contents: dict[str, tuple[Any, dict[str, object]]] = {
            "find": (reviews.find, {"course": COURSES[choice], "reason": "比べた。"}),
            "twice": (reviews.find, {"course": COURSES[choice], "reason": "比べた。"}),
            "resolve": (reviews.resolve, {"course": COURSES[choice], "reason": "決める。"}),
            "send_back": (reviews.send_back, {"comments": [{"item": "Ⅳ8", "text": "根拠を。"}]}),
            "step": (
                reviews.record_step,
                {"step": ("submission", "publication")[choice % 2], "done_on": today().isoformat()},
            ),
            "withdraw": (reviews.withdraw, {"ground_id": ground_id, "reason": "誤り。"}),
            "consent": (reviews.consent, {"agrees": choice > 0, "reason": "確かめた。"}),
            "dispute": (reviews.dispute, {"reason": "当たらない。"}),
            "settle": (
                reviews.settle,
                {"ruling": ("withdrawn", "redraft", "text_stands")[choice], "reason": "決める。"},
            ),
            "recall": (reviews.recall, {"reason": "確かめる。"}),
            "revise": (reviews.revise, {"reason": "意見による。"}),
        }
        do, said = contents[verb]
        receipt: Receipt = await do(review_id, as_json(**said), as_=person, act_id=act_id)
        return receipt


def onward(state: ReviewState, choice: int) -> tuple[str, str, int]:
    """Give what the review waits for: who does it, and by which verb."""
    act, parties = acts_awaited(state)[-1]
    step = next_step(state)
    if act is ActKind.RECORD_STEP and step is not None:
        return TEAM, "step", ("submission", "publication").index(step.step.value)
    if act is ActKind.SUBMIT:
        return DRAFTER, act.value, choice
    people = {Party.DEPARTMENT: MANAGER, Party.TEAM: (TEAM, TEAM_2)[choice % 2], Party.CHIEF: CHIEF}
    agreed = 0 if act in (ActKind.FIND, ActKind.RESOLVE) else choice
    return people[parties[0]], act.value, agreed


@asynccontextmanager
async def players_in(temporal: Client, server: EmbeddedServer, home: Path) -> AsyncIterator[Players]:
    async with open_house(temporal, server.settings, home, runner=SANDBOX) as house:
        await house.furnish()
        players = Players(house)
        await players.restart()
        yield players
        await players.worker.aclose()


@pytest.fixture(scope="module")
def reached() -> Iterator[Counter[str]]:
    """Count what the examples came to, and see in the end that they came to something."""
    counter: Counter[str] = Counter()
    yield counter
    assert counter["published"] > 0
    assert counter["refused"] > counter["published"]


@pytest.mark.whole
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), database=None, derandomize=True)
@given(commands=st.lists(COMMANDS, min_size=60, max_size=60))
async def test_whatever_people_do_nothing_is_lost_doubled_or_published_by_one_side_alone(
    client_connection: Client,
    server: EmbeddedServer,
    tmp_path: Path,
    reached: Counter[str],
    commands: list[tuple[str, str, int]],
) -> None:
    async with players_in(client_connection, server, tmp_path / uuid.uuid4().hex) as players:
        await players.play("desk", "event", 0)
        for person, verb, choice in commands:
            await players.play(person, verb, choice)
        await each_accepted_act_is_there_once(players)
        await nothing_is_published_by_one_side_alone(players.house)
        await register_and_engine_agree(players.house)
        assert (await players.house.minaoshi.verify_audit()).ok
        reached["published"] += len(await players.house.minaoshi.assessments.history(players.house.assessment_id)) - 1
        reached["refused"] += players.refused


async def each_accepted_act_is_there_once(players: Players) -> None:
    house = players.house
    reviews = [one for one in await house.register.reviews(scope="all") if one.assessment_id == house.assessment_id]
    recorded = Counter([act.act.act_id for one in reviews for act in await house.register.acts_of(one.review_id)])
    remembered: Counter[str] = Counter()
    for run_id in {one.run_id for one in reviews}:
        history = await house.temporal.get_workflow_handle(house.handle().id, run_id=run_id).fetch_history()
        for event in history.events:
            if event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED:
                outcome = event.workflow_execution_update_completed_event_attributes
                if outcome.outcome.HasField("success"):
                    remembered[outcome.meta.update_id] += 1
    for act_id in players.accepted:
        assert (recorded[act_id], remembered[act_id]) == (1, 1), act_id
    assert {act_id for act_id in recorded if act_id.startswith("random/")} == set(players.accepted)


async def nothing_is_published_by_one_side_alone(house: House) -> None:
    for version in await house.minaoshi.assessments.history(house.assessment_id):
        if version.review_id is None:
            continue
        acts = [one.act for one in await house.register.acts_of(version.review_id)]
        approvals = [act for act in acts if isinstance(act, Approval) and act.digest == version.digest]
        assert {act.actor.role.value for act in approvals} == {"privacy_manager", "team_member"}
        assert len({act.actor.person for act in approvals}) > 1


async def register_and_engine_agree(house: House) -> None:
    found = await house.register.open_review_of(house.assessment_id)
    if found is not None:
        assert found.state == await house.handle().query(AssessmentReviewWorkflow.state)
