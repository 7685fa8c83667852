"""家 (house): a register, an organisation, a facade and a running worker, for the tests that need the real engine."""

from __future__ import annotations

import json
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from temporalio.client import Client
from temporalio.worker import Worker, WorkflowRunner

from client.minaoshi import Minaoshi
from client.sending import Sending, workflow_id_of
from client.views import ReviewView
from engine.signing import Signatures
from guideline.deadlines import tokyo_date
from register.register import Register
from schemas.acts import AnyAct, Receipt
from schemas.countermeasures import AnyCountermeasureAct
from schemas.duty_acts import AnyDutyAct
from schemas.event_acts import AnyEventAct
from schemas.review import Opening
from schemas.signatures import SignedMessage, signed
from settings import Settings
from tests.new_register import database_url_in, drop_database, new_register
from worker import build_worker
from workflows.assessment_review import AssessmentReviewWorkflow

DRAFTER, MANAGER, TEAM, TEAM_2, CHIEF, AUDITOR = "drafter", "manager", "team-lead", "team-member", "chief", "auditor"


def today() -> date:
    """今日: the clock of a real server is not ours, and Tokyo's midnight may pass while the tests run."""
    return tokyo_date(datetime.now(UTC))


def as_json(**content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()


def document(which: str = "") -> dict[str, Any]:
    name = f"documents/digital-agency-1{which and '-' + which}.json"
    content: dict[str, Any] = json.loads(resources.files("demo").joinpath(name).read_text(encoding="utf-8"))
    return content


def basic_document(
    *, band: str = "from_1000_under_10000", incident: str = "not_occurred", result: str = "basic_items"
) -> dict[str, Any]:
    """Give a 様式2 of a business that is smaller than that of the demo."""
    content = document("corrected")
    content["threshold_items"] = {
        "data_subjects": {"band": band, "counted_on": "2026-04-01"},
        "handlers": {"band": "under_500", "counted_on": "2026-04-01"},
        "serious_incident": incident,
    }
    content["threshold_result"] = result
    content["risk_measures"]["submitted_level"] = "priority_items" if result == "priority_items" else "basic_items"
    if result == "basic_items":
        answer = content["risk_measures"]["storage"]["answer"]
        content["risk_measures"]["top_priority"] = {"measure": "storage", "answer": answer, "basis": "見本"}
    return content


def checked(opening: Opening, *, agrees: bool = True, **of_the_measure: object) -> list[dict[str, object]]:
    """Give the whole yearly checklist, each measure sufficient; what is named is said of the last measure."""
    rows: list[dict[str, object]] = [
        {"item": item, "agrees": agrees, "state": "実態と照らした。"}
        | ({"answer": "sufficient"} if item in opening.measures else {})
        for item in opening.checklist
    ]
    rows[-1] |= of_the_measure
    return rows


_ACTS: TypeAdapter[Any] = TypeAdapter(AnyAct | AnyCountermeasureAct | AnyDutyAct | AnyEventAct)


@dataclass
class House:
    """家: what a test works with."""

    temporal: Client
    register: Register
    minaoshi: Minaoshi
    settings: Settings
    assessment_id: str = field(default_factory=lambda: f"a-{uuid.uuid4().hex[:12]}")
    runner: WorkflowRunner | None = None

    @property
    def sending(self) -> Sending:
        return Sending(self.temporal, self.register, task_queue=self.settings.task_queue, signer=self.signatures)

    @property
    def signatures(self) -> Signatures:
        return Signatures(self.settings)

    def signed(self, act: SignedMessage | dict[str, Any]) -> dict[str, Any]:
        """Give an act, which a test sends past the facade, with the signature that the facade gives."""
        message: SignedMessage = act if isinstance(act, SignedMessage) else _ACTS.validate_json(json.dumps(act))
        return signed(message, self.signatures).model_dump(mode="json")

    def worker(self) -> Worker:
        return build_worker(self.temporal, self.register, self.settings, runner=self.runner)

    def handle(self, assessment_id: str | None = None) -> Any:
        return self.temporal.get_workflow_handle_for(
            AssessmentReviewWorkflow.run, workflow_id_of(assessment_id or self.assessment_id)
        )

    async def furnish(self, **entry: object) -> None:
        """Enter the organisation and the test's own assessment."""
        await self.minaoshi.organisation.apply(resources.files("demo").joinpath("organisation.toml").read_bytes())
        await self.add_assessment(self.assessment_id, **entry)

    async def add_assessment(self, assessment_id: str, **entry: object) -> None:
        whole: dict[str, object] = {
            "assessment_id": assessment_id,
            "body": "digital-agency",
            "department": "account-registration",
            "number": "1",
            "name": "公的給付支給等口座登録簿への登録等に関する事務",
            "required_level": "all_items",
            "effective_level": "all_items",
            "published_on": "2022-03-28",
            "document": document(),
        }
        await self.minaoshi.assessments.add(as_json(**{**whole, **entry}))

    async def report_change(self, *, as_: str = DRAFTER, act_id: str | None = None, **more: object) -> str:
        """Report a change that asks for nothing by itself; give the review."""
        content = {
            "assessments": [self.assessment_id],
            "kind": "environment",
            "title": "窓口の運用の変更",
            "facts": "窓口の受付の順序を改めた。",
            "known_on": "2026-05-01",
        }
        reported = await self.minaoshi.reports.change(as_json(**{**content, **more}), as_=as_, act_id=act_id)
        return reported[0].review_id

    async def report_event(self, *, act_id: str | None = None, **more: object) -> str:
        content = {
            "assessments": [self.assessment_id],
            "title": "誤登録",
            "facts": "別人の口座が登録された。",
            "known_on": today().isoformat(),
            "known_by_department": "account-registration",
        }
        reported = await self.minaoshi.reports.risk(as_json(**{**content, **more}), as_="desk", act_id=act_id)
        return reported[0].review_id

    async def find(self, review_id: str, *, as_: str, course: str = "amend", **more: object) -> Receipt:
        content = as_json(course=course, reason="記載と実態を比べた。", **more)
        return await self.minaoshi.reviews.find(review_id, content, as_=as_)

    async def withdraw(self, review_id: str, ground_id: str, *, as_: str = DRAFTER) -> Receipt:
        content = as_json(ground_id=ground_id, reason="誤って報告した。")
        return await self.minaoshi.reviews.withdraw(review_id, content, as_=as_)

    async def submit(self, review_id: str, which: str = "corrected") -> Receipt:
        return await self.minaoshi.reviews.submit(review_id, json.dumps(document(which)).encode(), as_=DRAFTER)

    async def to_approval(self) -> str:
        review_id = await self.report_change()
        for person in (MANAGER, TEAM):
            await self.find(review_id, as_=person)
        await self.submit(review_id)
        return review_id

    async def to_procedure(self) -> str:
        review_id = await self.to_approval()
        for person in (MANAGER, TEAM):
            await self.minaoshi.reviews.approve(review_id, as_=person)
        return review_id

    async def step(self, review_id: str, step: str, *, done_on: str | None = None) -> Receipt:
        content = as_json(step=step, done_on=done_on or today().isoformat())
        return await self.minaoshi.reviews.record_step(review_id, content, as_=TEAM)

    async def show(self, review_id: str, *, viewer: str | None = AUDITOR) -> ReviewView:
        return await self.minaoshi.reviews.show(review_id, viewer=viewer)


@asynccontextmanager
async def open_house(
    temporal: Client, settings: Settings, home: Path, *, runner: WorkflowRunner | None = None
) -> AsyncIterator[House]:
    """Open a house on a running server: its register and its task queue are its own; its worker is as it is at work."""
    names = {"database_url": database_url_in(home), "task_queue": f"test-{uuid.uuid4().hex[:8]}"}
    own = settings.model_copy(update={"home": home, **names})
    register = await new_register(own.register_url)

    async def connected() -> Client:
        return temporal

    minaoshi = Minaoshi(register, connected, task_queue=own.task_queue, signatures=Signatures(own))
    yield House(temporal, register, minaoshi, own, runner=runner)
    await register.close()
    drop_database(own.database_url)


@asynccontextmanager
async def working_house(
    temporal: Client, settings: Settings, home: Path, *, runner: WorkflowRunner | None = None
) -> AsyncIterator[House]:
    """Open a house that is furnished and has a worker."""
    async with open_house(temporal, settings, home, runner=runner) as house:
        await house.furnish()
        async with house.worker():
            yield house
