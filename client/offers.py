"""できる行為 (offers): which acts a person may do in a review now, by the rules alone, and why not where that helps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guideline.offers import Offer, offers
from guideline.separation_of_duties import REVIEW_PERMITS
from guideline.turns import acts_awaited
from schemas.acts import ActKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from client.acting import Acting
    from schemas.organisation import Actor
    from schemas.review import ReviewState

_NOT_THEIRS = frozenset({"role", "stage", "closed", "other_body", "other_department"})
"""Refusals of what is somebody else's, or of another stage: that it is so the page says otherwise."""


async def offers_to(acting: Acting, person_id: str, review: ReviewState, *, at: datetime) -> tuple[Offer, ...]:
    """Give every act as the rules answer it for a person. Raises NotFoundError for an unknown one."""
    known: dict[tuple[object, ...], Actor] = {}
    actors: dict[ActKind, Actor] = {}
    for act in ActKind:
        same = REVIEW_PERMITS.roles(act)
        if same not in known:
            known[same] = await acting.actor(person_id, act=act, review=review)
        actors[act] = known[same]
    return offers(review, actors, at=at)


def open_now(given: Sequence[Offer], review: ReviewState) -> tuple[Offer, ...]:
    """Give what the person may do: first what the review waits for; no ground is acknowledged a second time."""
    awaited = {one.act for one in acts_awaited(review)}
    there = [one for one in given if one.is_open and (one.act is not ActKind.ACKNOWLEDGE or one.act in awaited)]
    return tuple(sorted(there, key=lambda one: one.act not in awaited))


def why_not(given: Sequence[Offer], review: ReviewState) -> tuple[Offer, ...]:
    """Give what the review waits for, would be the person's to do, and is refused to them all the same."""
    awaited = {one.act for one in acts_awaited(review)}
    return tuple(
        one for one in given if one.act in awaited and one.refusal is not None and one.refusal.code not in _NOT_THEIRS
    )
