"""証跡の控え: each day, on a real server."""

from __future__ import annotations

import uuid
from datetime import date

from sqlalchemy import text

from activities.checkpoints import CheckpointRequest
from register.database import engine_for, writer_of
from register.triggers import trigger_statements
from schemas.records import Notice
from tests.house import AUDITOR, TEAM, House
from worker import build_keeping
from workflows.audit_checkpoint import AuditCheckpointWorkflow

ON = date(2026, 11, 24)


async def checkpoint(house: House, on: date | None = ON) -> None:
    await house.temporal.execute_workflow(
        AuditCheckpointWorkflow.run,
        CheckpointRequest(on=on),
        id=f"checkpoint/{uuid.uuid4()}",
        task_queue=house.settings.task_queue,
    )


async def of_the_trail(house: House, person: str) -> list[Notice]:
    return [one for one in await house.register.notices_for(person) if one.notice_id.startswith("checkpoint/")]


async def test_each_day_the_head_is_signed_and_the_auditors_are_told(house: House) -> None:
    head = await house.register.audit_head()
    await checkpoint(house)
    kept = build_keeping(house.settings).last()
    assert kept is not None
    assert (kept.seq, kept.hash) == head
    (told,) = await of_the_trail(house, AUDITOR)
    assert told.subject == f"証跡の控え: {head.seq}番 {head.hash}（鍵 {kept.key_id}）"
    assert await of_the_trail(house, TEAM) == []
    await checkpoint(house)
    assert len(await of_the_trail(house, AUDITOR)) == 1, "the same day again tells nobody twice"
    await checkpoint(house, None)
    assert len(build_keeping(house.settings).kept().lines) == 3
    assert (await house.minaoshi.audit.verify(build_keeping(house.settings))).ok


async def test_a_chain_that_does_not_go_through_the_last_one_is_told_and_not_signed(house: House) -> None:
    await checkpoint(house)
    engine = engine_for(house.settings.register_url)
    with writer_of(engine).begin() as connection:
        for name in trigger_statements():
            connection.execute(text(f"DROP TRIGGER {name}"))
        connection.execute(text("DELETE FROM audit_entries WHERE seq = (SELECT max(seq) FROM audit_entries)"))
    engine.dispose()
    await checkpoint(house, date(2026, 11, 25))
    assert len(build_keeping(house.settings).kept().lines) == 1
    for person in (AUDITOR, TEAM):
        assert any(
            "控え" in one.subject and one.subject.startswith("至急") for one in await of_the_trail(house, person)
        )
