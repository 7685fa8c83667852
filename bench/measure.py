"""計測 (measure): the no-change review beside the skeleton, on one server in one run, as ratios."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
import uuid
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from bench.body import MANAGER, TEAM, furnish
from bench.rows import Row, at_least, at_most
from bench.skeleton import SkeletonWorkflow, skeleton_worker
from client.minaoshi import Minaoshi
from client.sending import workflow_id_of
from engine.connection import connect_embedded
from engine.search_attributes import SEARCH_ATTRIBUTES
from engine.server import EmbeddedServer
from engine.signing import Signatures
from register.register import open_register
from worker import build_worker

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable

    from temporalio.client import Client

    from settings import Settings

AT_ONCE = 24
"""So many that both cores are busy: with fewer, waiting is measured, not work."""

WARM_UP = 48
ROUNDS = 8
PER_ROUND = 72
SKELETON_ACTS = 2
REVIEW_ACTS = 4
BAR_REVIEWS, BAR_ACTS, BAR_EVENTS = 0.5, 1.0, 13
_SKELETON_QUEUE = "skeleton"


class Sides(NamedTuple):
    """両側 (both sides): a skeleton, and a review of an assessment of its own, each of them one call."""

    temporal: Client
    skeleton: Callable[[str], Awaitable[None]]
    review: Callable[[str], Awaitable[None]]
    ids: list[str]


async def measure(settings: Settings) -> list[Row]:
    """Measure in alternating rounds, so that both sides meet the same machine."""
    async with both_sides(settings, assessments=WARM_UP + ROUNDS * PER_ROUND) as sides:
        skeleton_s, review_s = await _alternate(sides)
        events = await _events_per_act(sides.temporal, sides.ids[-1])
    return _rows(skeleton_s, review_s, events)


@asynccontextmanager
async def both_sides(settings: Settings, *, assessments: int) -> AsyncIterator[Sides]:
    """Start a server and both workers, with that many assessments to be reviewed."""
    async with EmbeddedServer(settings, search_attributes=SEARCH_ATTRIBUTES):
        temporal = await connect_embedded(settings)
        register = await open_register(settings.register_url)

        async def connected() -> Client:
            return temporal

        signatures = Signatures(settings)
        minaoshi = Minaoshi(register, connected, task_queue=settings.task_queue, signatures=signatures)
        ids = await furnish(minaoshi, assessments=assessments)
        skeletons = skeleton_worker(temporal, task_queue=_SKELETON_QUEUE, of=SkeletonWorkflow)
        async with build_worker(temporal, register, settings), skeletons:
            yield Sides(temporal, partial(_skeleton, temporal), partial(review_without_change, minaoshi), ids)
        await register.close()


async def _alternate(sides: Sides) -> tuple[float, float]:
    following = iter(sides.ids)
    await at_once(sides.skeleton, itertools.repeat("", WARM_UP))
    await at_once(sides.review, list(itertools.islice(following, WARM_UP)))
    skeleton_s = review_s = 0.0
    for _ in range(ROUNDS):
        skeleton_s += await at_once(sides.skeleton, itertools.repeat("", PER_ROUND))
        review_s += await at_once(sides.review, list(itertools.islice(following, PER_ROUND)))
    return skeleton_s, review_s


async def at_once(one: Callable[[str], Awaitable[object]], names: Iterable[str], *, number: int = AT_ONCE) -> float:
    """Do one for each name, that number at a time; give the seconds it took."""
    waiting = iter(names)

    async def take_turns() -> None:
        for name in waiting:
            await one(name)

    began = time.perf_counter()
    await asyncio.gather(*(take_turns() for _ in range(number)))
    return time.perf_counter() - began


async def _skeleton(temporal: Client, _: str) -> None:
    handle = await temporal.start_workflow(
        SkeletonWorkflow.run, id=f"skeleton/{uuid.uuid4()}", task_queue=_SKELETON_QUEUE, request_eager_start=True
    )
    for number in range(SKELETON_ACTS):
        await handle.execute_update(SkeletonWorkflow.act, number)
    await handle.result()


async def review_without_change(minaoshi: Minaoshi, assessment_id: str) -> None:
    """報告、受領確認、両者の検討結果: four acts, each recorded and audited."""
    review_id = await report_change(minaoshi, assessment_id)
    finding = json.dumps({"course": "no_change", "reason": "記載事項に変わりはない。"}).encode()
    await minaoshi.reviews.acknowledge(review_id, as_=TEAM)
    await minaoshi.reviews.find(review_id, finding, as_=MANAGER)
    await minaoshi.reviews.find(review_id, finding, as_=TEAM)


async def report_change(minaoshi: Minaoshi, assessment_id: str) -> str:
    """環境の変化の報告: opens a review; give its number."""
    report = {
        "assessments": [assessment_id],
        "kind": "environment",
        "title": "窓口の運用の変更",
        "facts": "窓口の受付の順序を改めた。",
        "known_on": "2026-05-01",
    }
    reported = await minaoshi.reports.change(json.dumps(report).encode(), as_="drafter")
    return reported[0].review_id


async def _events_per_act(temporal: Client, assessment_id: str) -> float:
    handle = temporal.get_workflow_handle(workflow_id_of(assessment_id))
    await handle.result()
    history = await handle.fetch_history()
    return len(history.events) / REVIEW_ACTS


def _rows(skeleton_s: float, review_s: float, events: float) -> list[Row]:
    number = ROUNDS * PER_ROUND
    reviews = (number / review_s) / (number / skeleton_s)
    acts = reviews * REVIEW_ACTS / SKELETON_ACTS
    conditions = (
        f"{number} each, {AT_ONCE} at once, {ROUNDS} alternating rounds; skeleton {number / skeleton_s:.1f}/s, "
        f"review {number / review_s:.1f}/s"
    )
    return [
        at_least("no-change review: reviews/s beside the skeleton", reviews, BAR_REVIEWS, conditions),
        at_least("no-change review: acts/s beside the skeleton", acts, BAR_ACTS, conditions),
        at_most("history events per act, at most", events, BAR_EVENTS, "one review of the same run"),
    ]
