"""対応策の台帳: written with the act that closes their review, and with each act on them; what was touched is found."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from register.errors import OtherContentError
from register.register import Register
from schemas.countermeasures import CountermeasureStatus
from schemas.records import Notice
from tests.register import samples
from tests.tampering import tamper


@pytest.fixture
async def followed(with_assessment: Register) -> Register:
    """Return a register with two countermeasures, one of which has had an act."""
    register = with_assessment
    await register.record(samples.opening_entry())
    planned = (samples.countermeasure(), samples.countermeasure(2))
    await register.record(samples.entry(samples.finding(), samples.closed(sequence=2), countermeasures=planned))
    await register.record_countermeasure(samples.progress())
    return register


async def test_they_are_written_with_the_act_that_closes_the_review(followed: Register) -> None:
    verdict = await followed.verify_audit()
    assert (verdict.problems, verdict.entries) == ((), 8)
    states = await followed.countermeasures(review="jidou-teate/1")
    assert [(one.countermeasure_id, one.sequence) for one in states] == [
        ("jidou-teate/1/1", 1),
        ("jidou-teate/1/2", 0),
    ]
    assert await followed.countermeasures(assessment="jidou-teate") == states
    assert await followed.countermeasures(assessment="another") == ()
    history = await followed.countermeasure_history("jidou-teate/1/1")
    assert (history.state, len(history.acts)) == (states[0], 1)


async def test_the_same_act_again_writes_nothing_and_other_content_is_refused(followed: Register) -> None:
    again = await followed.record_countermeasure(samples.progress())
    assert again.receipt == await followed.countermeasure_receipt("progress/1")
    with pytest.raises(OtherContentError):
        await followed.record_countermeasure(samples.progress(text="別の内容"))
    assert (await followed.verify_audit()).entries == 8
    assert await followed.countermeasure_receipt("progress/2") is None
    with pytest.raises(LookupError):
        await followed.countermeasure("jidou-teate/1/9")


async def test_what_is_closed_is_not_among_the_open(followed: Register) -> None:
    closing = samples.progress("progress/2", sequence=2, status=CountermeasureStatus.CLOSED)
    notice = Notice(notice_id="n", person="sato", review_id="jidou-teate/1", assessment_id=None, subject="完了")
    await followed.record_countermeasure(closing.model_copy(update={"notices": (notice,)}))
    assert [one.countermeasure_id for one in await followed.countermeasures()] == ["jidou-teate/1/2"]
    assert len(await followed.countermeasures(scope="all")) == 2
    assert await followed.notices_for("sato") == (notice,)


TOUCHED = [
    ("countermeasures", "text", "別の内容", "対応策 jidou-teate/1/1 の内容が、記帳の時と違います"),
    ("countermeasures", "planned_on", "2020-01-01", "対応策 jidou-teate/1/1 の内容が、記帳の時と違います"),
    ("countermeasures", "status", "closed", "対応策 jidou-teate/1/1 の今の姿が、最後の行為と違います"),
    ("countermeasures", "due_on", "2030-01-01", "対応策 jidou-teate/1/1 の今の姿が、最後の行為と違います"),
    ("countermeasure_acts", "person", "mallory", "対応策の行為 progress/1 の内容が、記帳の時と違います"),
]


@pytest.mark.parametrize("touched", [pytest.param(one, id=f"{one[0]}.{one[1]}") for one in TOUCHED])
async def test_what_was_touched_is_found_and_named(
    followed: Register, engine: Engine, touched: tuple[str, str, str, str]
) -> None:
    table, column, new, problem = touched
    tamper(engine, f"UPDATE {table} SET {column} = :new", new=new)  # noqa: S608 # our own table
    assert any(problem in one for one in (await followed.verify_audit()).problems)


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        pytest.param("countermeasures", "対応策 jidou-teate/1/1 が台帳から消えています", id="対応策"),
        pytest.param("countermeasure_acts", "対応策の行為 progress/1 が台帳から消えています", id="対応策の行為"),
    ],
)
async def test_what_was_deleted_is_found_and_named(
    followed: Register, engine: Engine, table: str, problem: str
) -> None:
    tamper(engine, f"DELETE FROM {table}")  # noqa: S608 # our own table
    assert any(problem in one for one in (await followed.verify_audit()).problems)
