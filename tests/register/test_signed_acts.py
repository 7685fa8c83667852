"""署名の検証: what is recorded without the signature of a known key, or was changed after it, is named."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select, update

from guideline.duties import take_duty
from register.audit import entry_hash, row_digest
from register.database import writer_of
from register.register import Register
from register.tables import acts, audit_entries
from schemas.acts import Acknowledgement, Join
from schemas.canonical import content_digest
from schemas.duties import DutyAlarm, DutyStatus
from schemas.duty_acts import DutyProgress, DutyReminder
from schemas.organisation import Role
from schemas.records import DutyEntry
from schemas.review import Urgency
from schemas.signatures import signed
from tests.guideline.test_signatures import Sworn
from tests.register import samples
from tests.tampering import lift_guards

SWORN = Sworn()
BEFORE = samples.AT - timedelta(days=1)


@pytest.fixture
async def begun(with_assessment: Register) -> Register:
    """Return a register with a review whose report and ground are signed."""
    register = with_assessment
    await register.apply_organisation(samples.ORGANISATION, by="operator", at=samples.AT)
    await register.record_report(signed(samples.intake(), SWORN), at=samples.AT, notices=())
    entry = samples.opening_entry()
    assert isinstance(entry.act, Join)
    await register.record(entry.model_copy(update={"act": signed(entry.act, SWORN)}))
    return register


async def problems_of(register: Register, trusted: Sworn = SWORN) -> tuple[str, ...]:
    assert (await register.verify_audit()).ok
    return (await register.verify_audit(trusted=trusted)).problems


async def record(register: Register, act: Acknowledgement | Join, *, sequence: int = 2) -> None:
    await register.record(samples.entry(act, samples.state(sequence=sequence, review_id="jidou-teate/1")))


def acknowledgement() -> Acknowledgement:
    found = next(one for one in samples.every_act() if isinstance(one, Acknowledgement))
    assert isinstance(found, Acknowledgement)
    return found


async def test_what_known_keys_have_signed_is_in_order(begun: Register) -> None:
    await record(begun, signed(acknowledgement(), SWORN))
    assert await problems_of(begun) == ()


async def test_what_an_unknown_key_has_signed_is_named(begun: Register) -> None:
    await record(begun, signed(acknowledgement(), Sworn("s-2")))
    [problem] = await problems_of(begun)
    assert problem.startswith("行為 ack の署名鍵 s-2 を知りません")
    assert len(await problems_of(begun, Sworn("s-2"))) == 2  # the report and its ground


async def test_what_is_not_signed_since_acts_are_signed_is_named(begun: Register) -> None:
    await record(begun, acknowledgement())
    [problem] = await problems_of(begun)
    assert problem.startswith("行為 ack に署名がありません")


async def test_what_was_recorded_before_acts_were_signed_is_in_order(with_assessment: Register) -> None:
    register = with_assessment
    await register.record_report(samples.intake(), at=BEFORE, notices=())
    entry = samples.opening_entry()
    assert isinstance(entry.act, Join)
    await register.record(entry.model_copy(update={"at": BEFORE}))
    await record(register, signed(acknowledgement(), SWORN))
    assert await problems_of(register) == ()


async def test_a_ground_that_a_review_took_over_is_not_signed(begun: Register) -> None:
    join = samples.opening_entry().act
    assert isinstance(join, Join)
    engine = join.actor.model_copy(update={"person": "engine", "role": Role.ENGINE})
    ground = join.ground.model_copy(update={"ground_id": "carried"})
    carried = join.model_copy(update={"act_id": "carried/jidou-teate/1/0", "actor": engine, "ground": ground})
    await record(begun, carried)
    assert await problems_of(begun) == ()
    by_somebody = carried.model_copy(update={"act_id": "carried/jidou-teate/1/1", "actor": join.actor})
    other = by_somebody.model_copy(update={"ground": ground.model_copy(update={"ground_id": "other"})})
    await record(begun, other, sequence=3)
    assert len(await problems_of(begun)) == 1


async def test_who_writes_the_row_its_digests_and_the_chain_anew_lacks_the_signature(
    begun: Register, engine: Engine
) -> None:
    await record(begun, signed(acknowledgement(), SWORN))
    with writer_of(engine).begin() as connection:
        lift_guards(connection)
        row = dict(connection.execute(select(acts).where(acts.c.act_id == "ack")).mappings().one())
        content = {**row["content"], "ground_id": "another"}
        changed = {**row, "content": content, "content_digest": content_digest(content)}
        connection.execute(update(acts).where(acts.c.act_id == "ack").values(changed))
        is_last = audit_entries.c.subject_key == "ack"
        last = dict(connection.execute(select(audit_entries).where(is_last)).mappings().one())
        forged = {**last, "content_digest": row_digest(acts, changed)}
        connection.execute(update(audit_entries).where(is_last).values({**forged, "hash": entry_hash(forged)}))
    [problem] = await problems_of(begun)
    assert problem.startswith("行為 ack の内容が、署名鍵 s-1 の署名と合いません")


async def test_acts_on_duties_are_signed_too_but_for_reminders_of_the_engine(begun: Register) -> None:
    opened, gone_on = samples.duty_entry(), samples.duty_progress()
    await begun.duties.record(opened.model_copy(update={"act": signed(opened.act, SWORN)}))
    await begun.duties.record(gone_on.model_copy(update={"act": signed(gone_on.act, SWORN)}))
    assert await problems_of(begun) == ()
    alarm = DutyAlarm(status=DutyStatus.OPEN, urgency=Urgency.REMINDER, due_on=opened.state.due_on, at=samples.AT)
    engine = samples.actor().model_copy(update={"person": "engine", "role": Role.ENGINE})
    before = gone_on.state.model_copy(update={"alarms": (alarm,)})
    rung = DutyReminder(act_id="remind/1", actor=engine, duty_id=before.duty_id, alarm=alarm)
    after = take_duty(before, rung, at=samples.AT)
    await begun.duties.record(DutyEntry(act=rung, state=after, at=samples.AT))
    assert await problems_of(begun) == ()
    unsigned = DutyProgress(act_id="progress/2", actor=samples.actor(), duty_id=before.duty_id, text="偽り。")
    await begun.duties.record(DutyEntry(act=unsigned, state=take_duty(after, unsigned, at=samples.AT), at=samples.AT))
    [problem] = await problems_of(begun)
    assert problem.startswith("義務の行為 progress/2 に署名がありません")
