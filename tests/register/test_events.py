"""リスク事案の台帳: written when a report begins one, and with each act on it; what was touched is found."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from register.errors import MovedOnError, OtherContentError
from register.register import Register
from schemas.events import EventStatus
from schemas.records import Notice
from tests.register import samples
from tests.tampering import tamper


@pytest.fixture
async def followed(with_assessment: Register) -> Register:
    """Return a register with one event, on which there was one act."""
    register = with_assessment
    await register.record_report(samples.risk_intake(), at=samples.AT, notices=())
    await register.open_event(samples.event())
    await register.record_event(samples.event_entry())
    return register


async def test_an_event_is_written_once_and_stays_as_it_stands(followed: Register) -> None:
    verdict = await followed.verify_audit()
    assert verdict.problems == ()
    stands = await followed.open_event(samples.event())
    assert (stands.sequence, stands.facts_revision) == (1, 2)
    assert (await followed.verify_audit()).entries == verdict.entries
    assert await followed.lists.events(scope="open") == (stands,)
    assert await followed.lists.events(scope="open", body="city") == (stands,)
    assert await followed.lists.events(scope="open", body="another") == ()
    history = await followed.event_history("risk/sato/1")
    assert (history.state, [one.sequence for one in history.acts]) == (stands, [1])


async def test_the_same_act_again_writes_nothing_and_other_content_is_refused(followed: Register) -> None:
    entries = (await followed.verify_audit()).entries
    known = await followed.event_act("knew/1")
    assert known is not None
    assert await followed.record_event(samples.event_entry()) == known.receipt
    with pytest.raises(OtherContentError):
        await followed.record_event(samples.event_entry(reason="別の内容"))
    assert (await followed.verify_audit()).entries == entries
    assert await followed.event_act("knew/2") is None
    assert await followed.find_event("risk/sato/9") is None
    with pytest.raises(LookupError):
        await followed.event_history("risk/sato/9")


async def test_an_act_that_does_not_know_of_the_last_one_is_not_written(followed: Register) -> None:
    first = await followed.record_event(samples.event_entry())
    with pytest.raises(MovedOnError, match="risk/sato/1"):
        await followed.record_event(samples.event_entry("knew/2", sequence=1))
    assert await followed.record_event(samples.event_entry()) == first
    assert len((await followed.event_history("risk/sato/1")).acts) == 1


async def test_what_is_closed_is_not_among_the_open(followed: Register) -> None:
    closing = samples.event_entry("knew/2", sequence=2, status=EventStatus.CLOSED, alarms=())
    notice = Notice(notice_id="n", person="sato", review_id=None, assessment_id=None, subject="終了")
    receipt = await followed.record_event(closing.model_copy(update={"notices": (notice,)}))
    assert (receipt.status, receipt.due_on) == (EventStatus.CLOSED, None)
    assert await followed.lists.events(scope="open") == ()
    assert len(await followed.lists.events(scope="all")) == 1
    assert await followed.notices_for("sato") == (notice,)
    assert (await followed.verify_audit()).problems == ()


MEASURE = samples.countermeasure(
    countermeasure_id="event:0123456789abcdef/1", review_id=None, assessment_id=None, event_id="risk/sato/1"
)


async def test_its_measures_are_written_with_the_act_once_and_followed_as_countermeasures(
    followed: Register, engine: Engine
) -> None:
    entry = samples.event_entry("knew/2", sequence=2).model_copy(update={"countermeasures": (MEASURE,)})
    for _ in range(2):
        await followed.record_event(entry)
    assert await followed.countermeasures(event="risk/sato/1") == (MEASURE,)
    assert await followed.countermeasures(event="risk/sato/9") == ()
    assert await followed.countermeasures() == (MEASURE,)
    assert (await followed.verify_audit()).problems == ()
    tamper(engine, "UPDATE countermeasures SET event_id = NULL")
    assert any("内容が、記帳の時と違います" in one for one in (await followed.verify_audit()).problems)


async def test_a_measure_of_an_unknown_event_is_not_written(followed: Register) -> None:
    strange = MEASURE.model_copy(update={"event_id": "risk/sato/9"})
    entry = samples.event_entry("knew/2", sequence=2).model_copy(update={"countermeasures": (strange,)})
    with pytest.raises(IntegrityError):
        await followed.record_event(entry)
    assert await followed.event_act("knew/2") is None


TOUCHED = [
    ("events", "title", "別の内容", "リスク事案 risk/sato/1 の内容が、記帳の時と違います"),
    ("events", "known_on", "2026-11-24", "リスク事案 risk/sato/1 の内容が、記帳の時と違います"),
    ("events", "status", "closed", "リスク事案 risk/sato/1 の今の姿が、最後の行為と違います"),
    ("events", "due_on", "2030-01-01", "リスク事案 risk/sato/1 の今の姿が、最後の行為と違います"),
    ("events", "due_on", None, "リスク事案 risk/sato/1 の今の姿が、最後の行為と違います"),
    ("event_acts", "person", "mallory", "リスク事案の行為 knew/1 の内容が、記帳の時と違います"),
    ("event_acts", "content", '{"actor": {}}', "リスク事案の行為 knew/1 の内容が、記帳の時と違います"),
]


@pytest.mark.parametrize("touched", [pytest.param(one, id=f"{one[0]}.{one[1]}={one[2]}") for one in TOUCHED])
async def test_what_was_touched_is_found_and_named(
    followed: Register, engine: Engine, touched: tuple[str, str, str | None, str]
) -> None:
    table, column, new, problem = touched
    tamper(engine, f"UPDATE {table} SET {column} = :new", new=new)  # noqa: S608 # our own table
    assert any(problem in one for one in (await followed.verify_audit()).problems)


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        pytest.param("events", "リスク事案 risk/sato/1 が台帳から消えています", id="リスク事案"),
        pytest.param("event_acts", "リスク事案の行為 knew/1 が台帳から消えています", id="リスク事案の行為"),
    ],
)
async def test_what_was_deleted_is_found_and_named(
    followed: Register, engine: Engine, table: str, problem: str
) -> None:
    tamper(engine, f"DELETE FROM {table}")  # noqa: S608 # our own table
    assert any(problem in one for one in (await followed.verify_audit()).problems)


async def test_an_event_without_a_date_agrees_with_its_acts(with_assessment: Register) -> None:
    await with_assessment.record_report(samples.risk_intake(), at=samples.AT, notices=())
    await with_assessment.open_event(samples.event(alarms=()))
    assert (await with_assessment.verify_audit()).problems == ()
    entry = samples.event_entry(alarms=(samples.event_alarm(date(2026, 12, 1)),))
    assert (await with_assessment.record_event(entry)).due_on == date(2026, 12, 1)
    assert (await with_assessment.verify_audit()).problems == ()
