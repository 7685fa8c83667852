"""しきい値の再判断を開く (level changes): opens the reviews of the assessments whose threshold has changed."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import TYPE_CHECKING

from pydantic import Field
from temporalio import activity

from guideline.organisation import engine_actor
from guideline.reanalysis import Reanalysis, due_reanalyses, incidents_of
from schemas.acts import Join
from schemas.base import Identifier, Message
from schemas.review import Ground, GroundKind

if TYPE_CHECKING:
    from activities.openings import Openings
    from activities.ports import RegisterPort, ReviewsPort

AT_ONCE = 8
"""How many reviews are opened at the same time."""

MOST = 500
"""一回に開く数: as many as one call opens; the next call goes on."""


class ReanalysisRequest(Message):
    """再判断の依頼 (request): the day, and the body (all bodies where none is named)."""

    on: date = Field(title="基準日")
    body: Identifier | None = Field(default=None, title="評価実施機関（空なら全て）")


class ReanalysisResult(Message):
    """再判断の結果 (what one call did)."""

    opened: int = Field(title="新たに開いた数")
    joined: int = Field(title="開いている見直しに加えた数")
    more: bool = Field(title="まだ残っている")


class LevelChanges:
    """しきい値の再判断を開く."""

    def __init__(self, register: RegisterPort, reviews: ReviewsPort, openings: Openings) -> None:
        self._register = register
        self._reviews = reviews
        self._openings = openings

    @activity.defn
    async def reanalyse(self, request: ReanalysisRequest) -> ReanalysisResult:
        """Open or join the review of each assessment whose threshold has changed by that day.

        Each is one act with an id of its own: asking again never makes a second ground.
        """
        revision = await self._register.current_organisation()
        bodies = [body.id for body in revision.organisation.bodies if request.body in (None, body.id)]
        due = [one for body in bodies for one in await self._due(body, on=request.on)]
        door = asyncio.Semaphore(AT_ONCE)

        async def in_turn(one: Reanalysis) -> bool:
            async with door:
                receipt = await self._reviews.open_or_join(await self._join(one))
                activity.heartbeat(one.ground_id)
                return receipt.joined

        done = await asyncio.gather(*(in_turn(one) for one in due[:MOST]), return_exceptions=True)
        failed = [one for one in done if isinstance(one, BaseException)]
        if failed:  # the others are opened all the same; what failed is tried again
            raise failed[0]
        joined = [bool(one) for one in done]
        return ReanalysisResult(opened=len(joined) - sum(joined), joined=sum(joined), more=len(due) > MOST)

    async def _due(self, body: str, *, on: date) -> list[Reanalysis]:
        """Give what is due and was not opened before, be it as a ground of its own or as one of the event itself."""
        incidents = incidents_of(await self._register.risk_events(body=body), on=on)
        stated = await self._register.stated(body=body)
        return [one for one in due_reanalyses(stated, incidents, body=body, on=on) if not await self._is_known(one)]

    async def _is_known(self, one: Reanalysis) -> bool:
        for act_id in (one.ground_id, one.same_as):
            if act_id is not None and await self._register.stored_answer(act_id) is not None:
                return True
        return False

    async def _join(self, one: Reanalysis) -> Join:
        actor = engine_actor(body=one.record.body, department=one.record.department)
        ground = Ground(
            ground_id=one.ground_id,
            kind=GroundKind.LEVEL_CHANGE,
            report_id=one.ground_id,
            reported_by=actor,
            title=one.title,
            known_on=one.known_on,
            minimum=one.minimum,
            level=one.level,
        )
        opening = await self._openings.of(one.record.assessment_id)
        return Join(act_id=one.ground_id, actor=actor, opening=opening, ground=ground)
