import asyncio
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import Engine, Table, func, select
from sqlalchemy.exc import IntegrityError

from register.errors import OtherContentError
from register.register import Register
from register.tables import acts, audit_entries, decisions, findings, grounds, notices, reviews, steps
from schemas.canonical import act_digest, message_digest
from schemas.courses import Course
from schemas.records import NewVersion, Notice
from schemas.review import Outcome, Stage
from tests.register import samples


def count(engine: Engine, table: Table) -> int:
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def in_all(engine: Engine) -> dict[str, int]:
    return {table.name: count(engine, table) for table in (acts, audit_entries, grounds, notices, reviews)}


async def test_the_first_ground_opens_a_review_which_the_register_numbers(with_assessment: Register) -> None:
    entry = samples.opening_entry()
    recorded = await with_assessment.record(entry)
    receipt = recorded.receipt
    assert (receipt.review_id, receipt.assessment_id, receipt.sequence) == ("jidou-teate/1", "jidou-teate", 1)
    assert (receipt.stage, receipt.joined, receipt.held) == (Stage.EXAMINATION, False, False)
    assert receipt.content_digest == act_digest(entry.act)
    assert (recorded.due_on, recorded.by_another_run) == (date(2026, 12, 1), False)


async def test_the_stored_review_is_the_state_with_its_number_and_due_date(with_assessment: Register) -> None:
    entry = samples.opening_entry()
    await with_assessment.record(entry)
    record = await with_assessment.review("jidou-teate/1")
    expected = entry.review.model_copy(update={"review_id": "jidou-teate/1", "due_on": date(2026, 12, 1)})
    assert record.state == expected
    assert (record.assessment_id, record.run_id) == ("jidou-teate", "run-1")
    assert await with_assessment.open_review_of("jidou-teate") == record


async def test_the_same_act_of_the_same_run_is_written_once(with_assessment: Register, engine: Engine) -> None:
    entry = samples.opening_entry(notices=(notice("n1"),))
    first = await with_assessment.record(entry)
    before = in_all(engine)
    assert await with_assessment.record(entry) == first
    assert in_all(engine) == before


async def test_a_retry_is_told_the_due_date_of_its_own_act_not_of_a_later_one(with_assessment: Register) -> None:
    entry = samples.opening_entry()
    await with_assessment.record(entry)
    later = samples.state(sequence=2, review_id="jidou-teate/1", grounds=entry.review.grounds)
    await with_assessment.record(samples.entry(samples.finding(), later, due_on=date(2027, 3, 3)))
    assert (await with_assessment.record(entry)).due_on == date(2026, 12, 1)


async def test_an_act_that_another_run_recorded_is_answered_and_not_written(
    with_assessment: Register, engine: Engine
) -> None:
    first = await with_assessment.record(samples.opening_entry())
    before = in_all(engine)
    again = await with_assessment.record(samples.opening_entry(run_id="run-2"))
    assert (again.receipt, again.by_another_run) == (first.receipt, True)
    assert in_all(engine) == before


async def test_the_same_act_id_with_other_content_is_refused(with_assessment: Register, engine: Engine) -> None:
    await with_assessment.record(samples.opening_entry())
    before = in_all(engine)
    other = samples.join().model_copy(update={"ground": samples.ground(report_id="別の報告".encode().hex())})
    with pytest.raises(OtherContentError, match="change/sato/1/jidou-teate"):
        await with_assessment.record(samples.entry(other, samples.state()))
    assert in_all(engine) == before


async def test_a_new_revision_of_the_organisation_does_not_make_another_act(with_assessment: Register) -> None:
    first = await with_assessment.record(samples.opening_entry())
    act = samples.join().model_copy(update={"actor": samples.actor(organisation_revision=2)})
    assert (await with_assessment.record(samples.entry(act, samples.state()))).receipt == first.receipt


async def test_a_second_ground_joins_the_open_review(with_assessment: Register) -> None:
    await with_assessment.record(samples.opening_entry())
    second = samples.join(reason=samples.ground("risk/1", report_id="risk"))
    review = samples.state(sequence=2, review_id="jidou-teate/1")
    receipt = (await with_assessment.record(samples.entry(second, review))).receipt
    assert (receipt.review_id, receipt.joined, receipt.held) == ("jidou-teate/1", True, False)


async def test_a_run_that_does_not_know_its_number_yet_is_given_the_same_again(with_assessment: Register) -> None:
    await with_assessment.record(samples.opening_entry())
    second = samples.join(reason=samples.ground("risk/1", report_id="risk"))
    receipt = (await with_assessment.record(samples.entry(second, samples.state(sequence=2)))).receipt
    assert receipt.review_id == "jidou-teate/1"


async def test_a_ground_that_is_kept_for_the_next_review_is_answered_as_held(with_assessment: Register) -> None:
    await with_assessment.record(samples.opening_entry())
    kept = samples.ground("risk/1", report_id="risk")
    review = samples.state(sequence=2, review_id="jidou-teate/1", stage=Stage.PROCEDURE, held=(kept,))
    receipt = (await with_assessment.record(samples.entry(samples.join(reason=kept), review))).receipt
    assert (receipt.joined, receipt.held) == (True, True)


async def test_reviews_are_numbered_for_each_assessment(with_assessment: Register) -> None:
    document = samples.document()
    await with_assessment.add_assessment(samples.new_assessment("juuki"), **samples.first_version(document))
    numbers = []
    for number, assessment_id in enumerate(["jidou-teate", "juuki", "jidou-teate", "jidou-teate"]):
        act = samples.join(assessment_id, act_id=f"join/{number}")
        entry = samples.entry(act, samples.state(assessment_id), run_id=f"run-{number}")
        numbers.append((await with_assessment.record(entry)).receipt.review_id)
    assert numbers == ["jidou-teate/1", "juuki/1", "jidou-teate/2", "jidou-teate/3"]


async def test_a_workflow_that_was_set_back_goes_on_with_its_review(with_assessment: Register) -> None:
    await with_assessment.record(samples.opening_entry())
    review = samples.state(sequence=2, review_id="jidou-teate/1")
    await with_assessment.record(samples.entry(samples.finding(), review, run_id="run-after-reset"))
    record = await with_assessment.review("jidou-teate/1")
    assert (record.run_id, record.state.sequence) == ("run-after-reset", 2)


async def test_each_act_can_be_read_back_as_it_was(with_assessment: Register) -> None:
    first = samples.opening_entry()
    await with_assessment.record(first)
    given = samples.every_act()
    for place, act in enumerate(given, start=2):
        await with_assessment.record(samples.entry(act, samples.state(sequence=place, review_id="jidou-teate/1")))
    read = await with_assessment.acts_of("jidou-teate/1")
    assert [record.act for record in read] == [first.act, *given]
    assert [record.sequence for record in read] == list(range(1, len(given) + 2))
    assert all(record.at == samples.AT for record in read)
    assert all(record.content_digest == act_digest(record.act) == record.receipt.content_digest for record in read)


async def test_acts_have_rows_in_the_tables_of_their_kind(with_assessment: Register, engine: Engine) -> None:
    await with_assessment.record(samples.opening_entry())
    for place, act in enumerate(samples.every_act(), start=2):
        await with_assessment.record(samples.entry(act, samples.state(sequence=place, review_id="jidou-teate/1")))
    assert [count(engine, table) for table in (grounds, findings, decisions, steps)] == [1, 1, 3, 1]
    with engine.connect() as connection:
        kinds = connection.execute(select(decisions.c.kind, decisions.c.revision).order_by(decisions.c.kind)).all()
        done_on = connection.execute(select(steps.c.done_on)).scalar_one()
    assert [tuple(row) for row in kinds] == [("approve", 2), ("resolve", None), ("return", 1)]
    assert done_on == date(2026, 12, 20)


def notice(notice_id: str, *, review_id: str | None = None) -> Notice:
    subject = "あなたの番です（両者の検討）"
    return Notice(
        notice_id=notice_id, person="suzuki", review_id=review_id, assessment_id="jidou-teate", subject=subject
    )


async def test_notices_are_written_with_the_act_and_name_the_new_review(with_assessment: Register) -> None:
    await with_assessment.record(samples.opening_entry(notices=(notice("n1"),)))
    assert await with_assessment.notices_for("suzuki") == (notice("n1", review_id="jidou-teate/1"),)
    assert await with_assessment.notices_for("sato") == ()


async def test_a_notice_that_is_there_is_left_as_it_is_and_the_newest_come_first(with_assessment: Register) -> None:
    await with_assessment.record(samples.opening_entry(notices=(notice("n1"),)))
    review = samples.state(sequence=2, review_id="jidou-teate/1")
    later = samples.AT + timedelta(days=1)
    told = (notice("n1"), notice("n2"), notice("n2"))
    await with_assessment.record(samples.entry(samples.finding(), review, at=later, notices=told))
    assert [one.notice_id for one in await with_assessment.notices_for("suzuki")] == ["n2", "n1"]


async def test_publication_makes_the_next_version_the_present_one(with_assessment: Register) -> None:
    await with_assessment.record(samples.opening_entry())
    manifest = samples.manifest(samples.document("改めた事務"))
    version = NewVersion(
        manifest=manifest,
        digest=message_digest(manifest),
        published_on=date(2026, 12, 20),
        changes=(),
        five_years_due_on=date(2031, 12, 20),
    )
    review = samples.closed(sequence=2, outcome=Outcome.REASSESSED)
    await with_assessment.record(samples.entry(samples.every_act()[-1], review, due_on=None, version=version))
    record = await with_assessment.assessment("jidou-teate")
    assert (record.version, record.digest, record.manifest) == (2, version.digest, manifest)
    assert (record.validated, record.published_on) == (True, date(2026, 12, 20))
    assert (record.five_years_due_on, record.yearly_due_on) == (date(2031, 12, 20), date(2027, 1, 15))
    first, second = await with_assessment.versions("jidou-teate")
    assert (first.number, first.review_id) == (1, None)
    assert (second.number, second.review_id, second.manifest) == (2, "jidou-teate/1", manifest)


async def test_an_amendment_leaves_the_five_years_as_they_are(with_assessment: Register) -> None:
    await with_assessment.record(samples.opening_entry())
    manifest = samples.manifest(samples.document("改めた事務"))
    version = NewVersion(
        manifest=manifest, digest=message_digest(manifest), published_on=date(2026, 12, 20), changes=()
    )
    review = samples.closed(sequence=2, outcome=Outcome.AMENDED)
    await with_assessment.record(samples.entry(samples.every_act()[-1], review, version=version))
    assert (await with_assessment.assessment("jidou-teate")).five_years_due_on == date(2031, 1, 15)


async def test_a_verified_assessment_is_due_a_year_later_and_has_no_new_version(with_assessment: Register) -> None:
    await with_assessment.record(samples.opening_entry())
    review = samples.closed(sequence=2, outcome=Outcome.VERIFIED)
    act = samples.finding(course=Course.NO_CHANGE)
    days = {"verified_on": date(2026, 11, 24), "yearly_due_on": date(2027, 11, 24)}
    await with_assessment.record(samples.entry(act, review, due_on=None, **days))
    record = await with_assessment.assessment("jidou-teate")
    assert (record.verified_on, record.yearly_due_on, record.version) == (*days.values(), 1)


async def test_what_fails_in_the_middle_leaves_nothing_behind(with_assessment: Register, engine: Engine) -> None:
    await with_assessment.record(samples.opening_entry())
    before = in_all(engine)
    same_sequence = samples.state(sequence=1, review_id="jidou-teate/1", stage=Stage.CLOSED)
    with pytest.raises(IntegrityError):
        await with_assessment.record(samples.entry(samples.finding(), same_sequence))
    assert in_all(engine) == before
    assert (await with_assessment.review("jidou-teate/1")).state.stage is Stage.EXAMINATION


async def test_instants_come_back_in_utc_from_any_time_zone(with_assessment: Register) -> None:
    tokyo = datetime(2026, 11, 24, 10, 0, tzinfo=timezone(timedelta(hours=9)))
    await with_assessment.record(samples.opening_entry(at=tokyo))
    (record,) = await with_assessment.acts_of("jidou-teate/1")
    assert record.at == tokyo
    assert record.at.tzinfo is UTC


async def test_fifty_acts_at_once_are_all_written_in_one_chain(with_assessment: Register) -> None:
    document = samples.document()
    for number in range(50):
        await with_assessment.add_assessment(samples.new_assessment(f"a{number}"), **samples.first_version(document))
    entries = [samples.opening_entry(f"a{number}", run_id=f"run-{number}") for number in range(50)]
    recorded = await asyncio.gather(*(with_assessment.record(entry) for entry in entries))
    assert [one.receipt.review_id for one in recorded] == [f"a{number}/1" for number in range(50)]
    assert (await with_assessment.verify_audit()).ok
