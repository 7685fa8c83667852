"""証跡の控え: each day, on a real server."""

from __future__ import annotations

import uuid
import zipfile
from datetime import date
from pathlib import Path

from activities.checkpoints import CheckpointRequest
from client.audit import verify_file
from schemas.checkpoints import Checkpoint
from schemas.records import Notice
from tests.house import AUDITOR, TEAM, House
from tests.notices.post_office import PostOffice
from tests.tampering import administering, tamper
from tests.workflows.test_notices import all_given_out, mail_address_of, results, with_mail
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
    assert told.subject == f"証跡の控え: {head.seq}番 {head.hash}（鍵 {kept.key_id}、署名 {kept.signature}）"
    assert await of_the_trail(house, TEAM) == []
    await checkpoint(house)
    assert len(await of_the_trail(house, AUDITOR)) == 1, "the same day again tells nobody twice"
    await checkpoint(house, None)
    assert len(build_keeping(house.settings).kept().lines) == 3
    assert (await house.minaoshi.audit.verify(build_keeping(house.settings))).ok


async def test_a_chain_that_does_not_go_through_the_last_one_is_told_and_not_signed(house: House) -> None:
    await checkpoint(house)
    with administering(house.settings.register_url) as engine:
        tamper(engine, "DELETE FROM audit_entries WHERE seq = (SELECT max(seq) FROM audit_entries)")
    await checkpoint(house, date(2026, 11, 25))
    assert len(build_keeping(house.settings).kept().lines) == 1
    for person in (AUDITOR, TEAM):
        assert any(
            "控え" in one.subject and one.subject.startswith("至急") for one in await of_the_trail(house, person)
        )


async def test_the_mail_alone_proves_an_export(empty_house: House, office: PostOffice, tmp_path: Path) -> None:
    """What arrived is held against an export, without register, engine or key of ours."""
    house = with_mail(empty_house, office)
    async with house.worker():
        await checkpoint(house)
        head = build_keeping(house.settings).last()
        assert head is not None
        await house.report_change()
        await all_given_out(house)
        await results(house, AUDITOR)
    mail = await mail_address_of(house, AUDITOR)
    [letter] = [one for one in office.letters if mail in str(one["To"]) and "証跡の控え" in str(one["Subject"])]
    lines = letter.get_content().splitlines()
    [line] = [one for one in lines if one.startswith("{")]
    [command] = [one.split() for one in lines if one.startswith("minaoshi audit verify --file")]
    expect = command[command.index("--expect") + 1]
    assert (expect, Checkpoint.model_validate_json(line)) == (head.hash, head)
    assert f"minaoshi audit verify --expect {head.hash}" in lines
    export = tmp_path / "audit.zip"
    with export.open("wb") as file:
        await house.minaoshi.audit.export(file, build_keeping(house.settings), parts="sealed")

    def problems(line: str, expect: str = expect) -> tuple[str, ...]:
        return verify_file(export, expect=expect, checkpoints=line.encode()).verdict.problems

    assert problems(line) == ()
    other = line.replace(f'"seq":{head.seq}', f'"seq":{head.seq - 1}')
    assert any("署名が正しくありません" in one for one in problems(other))
    assert problems(line, "f" * 64)
    cut_off(export, at=head.seq - 1)
    assert any("切り詰められています" in one for one in problems(line))


def cut_off(export: Path, *, at: int) -> None:
    """Write an export anew that ends before an entry, and names nothing of what came later."""
    with zipfile.ZipFile(export) as whole:
        members = {name: whole.read(name).splitlines() for name in whole.namelist()}
    entries = "tables/audit_entries.jsonl"
    members[entries] = members[entries][:at]
    with zipfile.ZipFile(export, "w") as new:
        for name, lines in members.items():
            new.writestr(name, b"\n".join(lines))
