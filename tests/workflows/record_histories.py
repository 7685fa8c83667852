"""履歴の記録 (recording): writes `histories/` anew. Run by hand: `python -m tests.workflows.record_histories`.

With names of paths behind it, those alone: `python -m tests.workflows.record_histories rolled circulated`.

With each release they are frozen in a folder of its name (`python -m tests.freeze_release`), where none is replaced.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import tempfile
from collections.abc import Awaitable, Callable, Collection
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from temporalio.client import Client

from activities.checkpoints import CheckpointRequest
from client.following import countermeasure_workflow_id_of
from client.outbox import Outbox, digest_workflow_id, notice_workflow_id
from engine.connection import connect_embedded
from engine.exit import end_process
from engine.ports import free_port
from engine.search_attributes import SEARCH_ATTRIBUTES
from engine.server import EmbeddedServer
from schemas.letters import MailChoice, Means
from settings import CONSOLE, Settings
from tests.house import CHIEF, MANAGER, TEAM, House, as_json, open_house, today
from tests.notices.post_office import posting
from tests.workflows.events import NOTHING, event_handle, learn, reported, settle
from tests.workflows.in_clear import history_of
from tests.workflows.lifecycle import approve, begin, pass_gate, submit_first, to_the_end
from tests.workflows.paths_of_duties import IN_RUNS, OnceRefusing, duty_closed
from tests.workflows.planning import EVIDENCE, planned
from tests.workflows.procedure import reassess
from tests.workflows.runs import few_events_a_run
from tests.workflows.skipping import skipping_environment, skipping_house
from worker import build_outbox
from workflows.audit_checkpoint import AuditCheckpointWorkflow
from workflows.yearly_review import Sweep, YearlyReviewWorkflow

HISTORIES = Path(__file__).parent / "histories"


async def verified(house: House) -> list[str]:
    review_id = await house.report_change(act_id="change/verified")
    await house.minaoshi.reviews.acknowledge(review_id, as_=TEAM)
    for person in (MANAGER, TEAM):
        await house.find(review_id, as_=person, course="no_change")
    return [house.handle().id, "report/change/verified"]


async def amended(house: House) -> list[str]:
    review_id = await house.report_event()
    await house.find(review_id, as_=MANAGER, course="no_change")
    await house.find(review_id, as_=TEAM)
    await house.minaoshi.reviews.resolve(review_id, as_json(course="amend", reason="記載を改める。"), as_=CHIEF)
    await house.submit(review_id)
    comments = as_json(comments=[{"item": "Ⅳ8", "text": "根拠を具体的に。"}])
    await house.minaoshi.reviews.send_back(review_id, comments, as_=TEAM)
    await house.submit(review_id, "revised")
    for person in (MANAGER, TEAM):
        await house.minaoshi.reviews.approve(review_id, as_=person)
    for step in ("submission", "publication"):
        await house.step(review_id, step)
    return [house.handle().id]


async def voided(house: House) -> list[str]:
    review_id = await house.to_approval()
    await house.minaoshi.reviews.approve(review_id, as_=MANAGER)
    await house.report_event()
    for person in (MANAGER, TEAM):
        await house.find(review_id, as_=person, course="no_change")
    return [house.handle().id]


async def held(house: House) -> list[str]:
    review_id = await house.to_procedure()
    run_id = (await house.register.review(review_id)).run_id
    await house.report_event()
    for step in ("submission", "publication"):
        await house.step(review_id, step)
    return [f"{house.handle().id}#{run_id}"]


async def yearly(house: House) -> list[str]:
    await house.temporal.execute_workflow(
        YearlyReviewWorkflow.run, Sweep(on=date(2026, 6, 1)), id="yearly", task_queue=house.settings.task_queue
    )
    return ["yearly", house.handle().id]


async def withdrawn(house: House) -> list[str]:
    review_id = await house.report_change(act_id="change/withdrawn")
    await house.withdraw(review_id, f"change/withdrawn/{house.assessment_id}")
    await house.minaoshi.reviews.consent(review_id, as_json(agrees=True, reason="誤りを確かめた。"), as_=TEAM)
    return [house.handle().id]


async def ways_back(house: House) -> list[str]:
    reviews = house.minaoshi.reviews
    review_id = await house.to_approval()
    await reviews.send_back(review_id, as_json(comments=[{"item": "Ⅳ8", "text": "根拠を。"}]), as_=TEAM)
    await house.submit(review_id, "revised")
    await reviews.dispute(review_id, as_json(reason="指摘は反映した。"), as_=MANAGER)
    await reviews.settle(review_id, as_json(ruling="text_stands", reason="案を維持する。"), as_=CHIEF)
    for person in (MANAGER, TEAM):
        await reviews.approve(review_id, as_=person)
    await reviews.recall(review_id, as_json(reason="確かめることがある。"), as_=CHIEF)
    for person in (MANAGER, TEAM):
        await house.find(review_id, as_=person)
    await house.submit(review_id)
    for person in (MANAGER, TEAM):
        await reviews.approve(review_id, as_=person)
    await house.step(review_id, "submission")
    await reviews.revise(review_id, as_json(reason="委員会の指摘による。"), as_=TEAM)
    await house.submit(review_id, "revised")
    for person in (MANAGER, TEAM):
        await reviews.approve(review_id, as_=person)
    for step in ("submission", "publication"):
        await house.step(review_id, step)
    return [house.handle().id]


async def handed_over(house: House) -> list[str]:
    review_id = await house.report_change()
    content = as_json(department="child-allowance", reason="組織の改編による。")
    await house.minaoshi.reviews.hand_over(review_id, content, as_=CHIEF)
    for person in ("allowance-manager", TEAM):
        await house.find(review_id, as_=person, course="no_change")
    return [house.handle().id]


async def first_published(house: House) -> list[str]:
    review_id = await begin(house)
    await pass_gate(house, review_id, "hold_start", emergency="災害のため。")
    await submit_first(house, review_id)
    await approve(house, review_id)
    for step in ("submission", "publication"):
        await house.step(review_id, step)
    return [house.handle(f"{house.assessment_id}-new").id]


async def ended(house: House) -> list[str]:
    await to_the_end(house)
    return [house.handle().id]


async def followed(house: House) -> list[str]:
    one = await planned(house)
    countermeasures = house.minaoshi.countermeasures
    await countermeasures.done(one, as_json(text="手順を定めた。", evidence=EVIDENCE), as_=MANAGER)
    await countermeasures.confirm(one, as_=TEAM)
    workflow_id = countermeasure_workflow_id_of(one)
    await house.temporal.get_workflow_handle(workflow_id).result()
    return [house.handle().id, workflow_id]


async def taken_up(house: House) -> list[str]:
    """Lose the history of a review, and go on from the register."""
    review_id = await house.report_change()
    await house.find(review_id, as_=MANAGER, course="no_change")
    await house.handle().terminate()
    await house.sending.take_up((await house.register.review(review_id)).state)
    await house.find(review_id, as_=TEAM, course="no_change")
    await house.handle().result()
    return [house.handle().id]


async def notified(house: House) -> list[str]:
    house.settings = house.settings.model_copy(update={"smtp_url": CONSOLE})
    await house.report_event()
    await build_outbox(house.temporal, house.register, house.settings).give_out()
    workflow_id = notice_workflow_id((await house.register.notices_for(CHIEF))[0].notice_id)
    await house.temporal.get_workflow_handle(workflow_id).result()
    return [workflow_id]


async def digested(house: House) -> list[str]:
    house.settings = house.settings.model_copy(update={"smtp_url": CONSOLE})
    await house.minaoshi.notices.choose(MailChoice.DAILY, as_=MANAGER)
    await house.report_change()
    await build_outbox(house.temporal, house.register, house.settings).give_out()
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    (digest,) = await house.register.digests.due(now=tomorrow, limit=1)
    await Outbox(
        house.temporal,
        house.register,
        task_queue=house.settings.task_queue,
        means=Means.MAIL,
        now=lambda: tomorrow,
    ).give_out()
    workflow_id = digest_workflow_id(digest)
    await house.temporal.get_workflow_handle(workflow_id).result()
    return [workflow_id]


async def event_closed(house: House) -> list[str]:
    event_id = await reported(house)
    await settle(house, event_id)
    await house.minaoshi.events.close(event_id, as_=TEAM)
    await event_handle(house, event_id).result()
    return [event_handle(house, event_id).id, f"report/{event_id}"]


async def event_not_reportable(house: House) -> list[str]:
    event_id = await reported(house, known_on=today() - timedelta(days=60))
    second = await reported(house, "two", known_on=today() - timedelta(days=70), title="同じ誤り")
    events = house.minaoshi.events
    await events.acknowledge(event_id, as_=TEAM)
    knew = as_json(department="resident-records", known_on=(today() - timedelta(days=65)).isoformat(), reason="記録。")
    await events.knew(event_id, knew, as_="residents-drafter")
    await events.join(event_id, as_json(other=second, reason="同じ誤りである。"), as_=TEAM)
    await learn(house, event_id, NOTHING)
    await events.propose_no_report(event_id, as_json(reason="表示の誤りであった。"), as_=MANAGER)
    await events.confirm_no_report(event_id, as_json(reason="記録を確かめた。"), as_=TEAM)
    await events.close(event_id, as_json(without_measures="誤りがない。"), as_=TEAM)
    await event_handle(house, event_id).result()
    return [event_handle(house, event_id).id]


async def reassessed(house: House) -> list[str]:
    await reassess(house, act_id="change/reassessed")
    return [house.handle().id, "report/change/reassessed"]


async def reanalysed(house: House) -> list[str]:
    await house.add_assessment(f"{house.assessment_id}-other")
    await house.report_event(act_id="risk/reanalysed", persons_affected=101)
    return ["report/risk/reanalysed"]


async def checkpoint_kept(house: House) -> list[str]:
    await house.temporal.execute_workflow(
        AuditCheckpointWorkflow.run,
        CheckpointRequest(on=today()),
        id="audit-checkpoint",
        task_queue=house.settings.task_queue,
    )
    return ["audit-checkpoint"]


PATHS: dict[str, Callable[[House], Awaitable[list[str]]]] = {
    "verified": verified,
    "amended": amended,
    "voided": voided,
    "held": held,
    "yearly": yearly,
    "withdrawn": withdrawn,
    "ways_back": ways_back,
    "handed_over": handed_over,
    "first_published": first_published,
    "ended": ended,
    "followed": followed,
    "taken_up": taken_up,
    "notified": notified,
    "digested": digested,
    "reassessed": reassessed,
    "reanalysed": reanalysed,
    "event_closed": event_closed,
    "event_not_reportable": event_not_reportable,
    "checkpoint_kept": checkpoint_kept,
    "duty_closed": duty_closed,
}

REMINDED = "reminded"
"""時を進めた道: recorded on a server whose clock is moved."""


async def record(settings: Settings, names: Collection[str]) -> None:
    """Take each path once on a real server, and write what the server remembers of it."""
    async with EmbeddedServer(settings, search_attributes=SEARCH_ATTRIBUTES):
        temporal = await connect_embedded(settings)
        for name, path in PATHS.items():
            if name in names:
                await _record_path(temporal, settings, name, path)


async def record_in_runs(settings: Settings, names: Collection[str]) -> None:
    """Record what goes on from one run to the next, on a server that asks for that soon."""
    office = OnceRefusing(refused={"city3@example.lg.jp": "451 try again"})
    async with office, few_events_a_run() as temporal:
        for name, path in IN_RUNS.items():
            if name in names:
                await _record_path(temporal, posting(settings, office), name, path)


async def _record_path(
    temporal: Client, settings: Settings, name: str, path: Callable[[House], Awaitable[list[str]]]
) -> None:
    async with open_house(temporal, settings, settings.home / name) as house:
        house.assessment_id = f"recorded-{name}"
        await house.furnish()
        async with house.worker():
            for place, workflow_id in enumerate(await path(house)):
                text = await _history(house, workflow_id)
                (HISTORIES / f"{name}-{place}.json").write_text(text, encoding="utf-8")


async def record_reminded(settings: Settings) -> None:
    """Record a review that nobody answers."""
    async with (
        skipping_environment() as environment,
        skipping_house(environment, settings, settings.home / REMINDED) as skipping,
    ):
        review_id = await skipping.house.report_change()
        await skipping.forward(timedelta(days=60))
        await skipping.has_rung(review_id, 6)
        text = await _history(skipping.house, skipping.house.handle().id)
        (HISTORIES / f"{REMINDED}-0.json").write_text(text, encoding="utf-8")


async def _history(house: House, name: str) -> str:
    workflow_id, _, run_id = name.partition("#")
    history = await history_of(house, workflow_id, run_id=run_id or None)
    text = json.dumps(json.loads(history.to_json()), ensure_ascii=False, indent=1) + "\n"
    text = re.sub(r'"identity": "[^"]*"', '"identity": "recorded"', text)
    return json.dumps({"workflow_id": workflow_id, "history": json.loads(text)}, ensure_ascii=False, indent=1) + "\n"


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home), temporal_port=free_port(), temporal_ui_port=free_port())
        names = sys.argv[1:] or [*PATHS, *IN_RUNS, REMINDED]
        HISTORIES.mkdir(exist_ok=True)
        asyncio.run(record(settings, names))
        asyncio.run(record_in_runs(settings, names))
        if REMINDED in names:
            asyncio.run(record_reminded(settings))


if __name__ == "__main__":
    main()
    end_process(0)
