"""待つもの (what waits): reviews in a register of its own, written without an engine."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

from sqlalchemy import event
from temporalio.client import Client

from client.minaoshi import Minaoshi
from register.register import Register
from schemas.acts import Join
from schemas.courses import Course
from schemas.levels import Level
from schemas.organisation import BodyKind
from schemas.records import Entry, Notice
from schemas.review import Ground, GroundKind, Opening, ReviewState
from tests.guideline.test_signatures import Sworn
from tests.house import DRAFTER, MANAGER, as_json, today
from tests.new_register import drop_database, new_register, register_url_in
from tests.register import samples

BODY, DEPARTMENT = "digital-agency", "account-registration"
NOW = datetime.now(UTC)
DUE_ON = today() + timedelta(days=3)

Desk = tuple[Minaoshi, Register]
"""机: a facade and its register."""

Now = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def open_desk(home: Path, *, now: Now = utc_now) -> AsyncIterator[Desk]:
    """Open a desk whose register goes with it."""
    async with open_lasting_desk(home, now=now) as desk:
        yield desk
    drop_database(register_url_in(home))


@asynccontextmanager
async def open_lasting_desk(
    home: Path, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> AsyncIterator[Desk]:
    """Open a register with the organisation of the demonstration; nobody answers who asks for the engine."""
    register = await new_register(register_url_in(home))

    async def no_engine() -> Client:
        raise AssertionError("nothing here needs the engine")

    minaoshi = Minaoshi(register, no_engine, task_queue="none", signatures=Sworn(), now=now)
    await minaoshi.organisation.apply(resources.files("demo").joinpath("organisation.toml").read_bytes())
    yield minaoshi, register
    await register.close()


async def add_assessment(minaoshi: Minaoshi, assessment_id: str, **entry: object) -> None:
    """Enter an assessment whose document is known by its digest alone."""
    legacy = {
        "form": "basic_items",
        "form_version_as_printed": "平成31年1月 様式2",
        "sha256": hashlib.sha256(assessment_id.encode()).hexdigest(),
    }
    whole: dict[str, object] = {
        "assessment_id": assessment_id,
        "body": BODY,
        "department": DEPARTMENT,
        "number": assessment_id,
        "name": f"{assessment_id}に関する事務",
        "required_level": "basic_items",
        "effective_level": "basic_items",
        "published_on": "2026-04-01",
        "legacy": legacy,
    }
    await minaoshi.assessments.add(as_json(**{**whole, **entry}))


def opened(assessment_id: str, *, title: str = "委託先の変更", **changes: Any) -> ReviewState:
    """Give a review as its first ground opens it."""
    ground = Ground(
        ground_id=f"{assessment_id}/ground",
        kind=GroundKind.CHANGE_REPORT,
        report_id=f"{assessment_id}/report",
        reported_by=samples.actor(DRAFTER),
        title=title,
        known_on=date(2026, 11, 20),
        minimum=Course.NO_CHANGE,
        joined_at=NOW,
    )
    opening = Opening(
        body=BODY,
        body_kind=BodyKind.ADMINISTRATIVE_BODY,
        assessment_id=assessment_id,
        department=DEPARTMENT,
        level=Level.BASIC_ITEMS,
        published_digest="0" * 64,
    )
    given: dict[str, Any] = {
        "opening": opening,
        "opened_at": NOW,
        "turn_began_at": NOW,
        "sequence": 1,
        "facts_revision": 1,
        "grounds": (ground,),
        **changes,
    }
    return ReviewState(**given)


async def open_reviews(desk: Desk, names: Sequence[str], *, notices: int = 0, **changes: Any) -> list[str]:
    """Enter an assessment and an open review of it for each name; give the reviews."""
    minaoshi, register = desk
    reviews = []
    for name in names:
        await add_assessment(minaoshi, name)
        reviews.append(await open_review(register, opened(name, **changes), notices=notices))
    return reviews


async def open_review(register: Register, review: ReviewState, *, notices: int = 0, due_on: date = DUE_ON) -> str:
    """Write a review with its first act, and so many notices of it to the 保護管理者; give its number."""
    name = review.opening.assessment_id
    told = tuple(
        Notice(
            notice_id=f"{name}/join/{number}>{MANAGER}",
            person=MANAGER,
            review_id=None,
            assessment_id=name,
            subject=f"あなたの番です（両者の検討）: {name}",
        )
        for number in range(notices)
    )
    act = Join(act_id=f"{name}/join", actor=samples.actor(DRAFTER), opening=review.opening, ground=review.grounds[0])
    entry = Entry(act=act, review=review, run_id=f"run-{name}", at=NOW, due_on=due_on, notices=told)
    return (await register.record(entry)).receipt.review_id


@contextmanager
def counted(register: Register) -> Iterator[list[tuple[str, Any]]]:
    """Collect the statements that the register sends to its database, with their values."""
    engine = register._database._engine  # noqa: SLF001 # to look over its shoulder
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if not statement.startswith("BEGIN"):
            sent.append((statement, values))

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)
