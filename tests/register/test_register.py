from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import StatementError

from register.errors import AlreadyThereError, OtherContentError
from register.register import Register
from register.tables import audit_entries, documents, notices, reports
from schemas.canonical import act_digest
from schemas.records import Notice, StoredDocument
from schemas.review import Outcome
from tests.register import samples

if TYPE_CHECKING:
    from activities.ports import RegisterPort

    def is_what_the_activities_ask_for(register: Register) -> RegisterPort:
        """Is checked by mypy alone."""
        return register


async def test_no_organisation_was_applied_yet(register: Register) -> None:
    with pytest.raises(LookupError):
        await register.current_organisation()


async def test_an_organisation_becomes_a_revision_and_comes_back_as_it_was(register: Register) -> None:
    assert await register.apply_organisation(samples.ORGANISATION, by="operator", at=samples.AT) == 1
    current = await register.current_organisation()
    assert (current.revision, current.organisation, current.applied_at) == (1, samples.ORGANISATION, samples.AT)


async def test_the_same_organisation_again_writes_nothing(register: Register, engine: Engine) -> None:
    await register.apply_organisation(samples.ORGANISATION, by="operator", at=samples.AT)
    assert await register.apply_organisation(samples.ORGANISATION, by="operator", at=samples.AT) == 1
    with engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(audit_entries)).scalar_one() == 1


async def test_another_organisation_is_the_next_revision_and_seen_at_once(register: Register) -> None:
    await register.apply_organisation(samples.ORGANISATION, by="operator", at=samples.AT)
    await register.current_organisation()
    other = samples.ORGANISATION.model_copy(update={"appointments": samples.ORGANISATION.appointments * 2})
    assert await register.apply_organisation(other, by="operator", at=samples.AT) == 2
    assert (await register.current_organisation()).organisation == other
    assert await register.apply_organisation(samples.ORGANISATION, by="operator", at=samples.AT) == 3


async def test_what_was_read_while_a_new_organisation_was_written_does_not_stay(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    await register.apply_organisation(samples.ORGANISATION, by="operator", at=samples.AT)
    other = samples.ORGANISATION.model_copy(update={"appointments": samples.ORGANISATION.appointments * 2})
    database = register._database  # noqa: SLF001 # to read in the middle of a write
    write = database.write

    async def read_and_write(*given: Any, **named: Any) -> Any:
        await register.current_organisation()
        return await write(*given, **named)

    monkeypatch.setattr(database, "write", read_and_write)
    await register.apply_organisation(other, by="operator", at=samples.AT)
    assert (await register.current_organisation()).organisation == other


async def test_an_assessment_is_entered_with_its_document_and_first_version(register: Register) -> None:
    document = samples.document()
    new, first = samples.new_assessment(), samples.first_version(document)
    record = await register.add_assessment(new, **first)
    assert record == await register.assessment("jidou-teate")
    assert (record.name, record.systems, record.version) == (new.name, new.systems, 1)
    assert (record.manifest, record.digest, record.validated) == (first["first"].manifest, first["first"].digest, True)
    assert await register.document(document.sha256) == document
    (version,) = await register.versions("jidou-teate")
    assert (version.number, version.digest, version.published_on) == (1, first["first"].digest, new.published_on)


async def test_the_same_entry_again_gives_the_record(register: Register) -> None:
    new, first = samples.new_assessment(), samples.first_version(samples.document())
    record = await register.add_assessment(new, **first)
    assert await register.add_assessment(new, **first) == record
    assert len(await register.versions("jidou-teate")) == 1


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        pytest.param({"name": "別の事務"}, "児童手当の支給に関する事務", id="別の名称"),
        pytest.param({}, "別の内容", id="別の文書"),
    ],
)
async def test_the_same_id_with_other_content_is_refused(
    register: Register, changes: dict[str, str], text: str
) -> None:
    await register.add_assessment(samples.new_assessment(), **samples.first_version(samples.document()))
    other = samples.new_assessment(**changes)
    with pytest.raises(AlreadyThereError, match="jidou-teate"):
        await register.add_assessment(other, **samples.first_version(samples.document(text)))


async def test_a_legacy_document_is_kept_by_its_digest_alone(register: Register) -> None:
    legacy = StoredDocument(sha256="a" * 64, form="all_items", form_version="平成27年4月", content=None)
    await register.add_assessment(samples.new_assessment(), **samples.first_version(legacy, validated=False))
    assert await register.document("a" * 64) == legacy
    assert not (await register.assessment("jidou-teate")).validated


async def test_assessments_are_listed_by_body_and_department(register: Register) -> None:
    first = samples.first_version(samples.document())
    for assessment_id, body, department in (("c", "city", "zei"), ("a", "board", "gakumu"), ("b", "city", "kodomo")):
        await register.add_assessment(samples.new_assessment(assessment_id, body=body, department=department), **first)

    async def ids(**which: str) -> list[str]:
        return [record.assessment_id for record in await register.assessments(**which)]

    assert await ids() == ["a", "b", "c"]
    assert await ids(body="city") == ["b", "c"]
    assert await ids(body="city", department="zei") == ["c"]


@pytest.mark.parametrize(
    ("on", "due"),
    [
        pytest.param(date(2026, 12, 15), [], id="31日前"),
        pytest.param(date(2026, 12, 16), ["a", "b"], id="30日前"),
        pytest.param(date(2028, 1, 1), ["a", "b", "c"], id="期日の後"),
    ],
)
async def test_assessments_are_due_from_the_lead_on(register: Register, on: date, due: list[str]) -> None:
    document = samples.document()
    for assessment_id, day in (("b", date(2027, 1, 15)), ("a", date(2027, 1, 15)), ("c", date(2027, 6, 1))):
        first = samples.first_version(document, yearly_due_on=day)
        await register.add_assessment(samples.new_assessment(assessment_id), **first)
    found = await register.due_assessments(
        yearly_by=on + timedelta(days=30),
        five_years_by=date(2016, 1, 1),
        publication_by=date(2016, 1, 1),
        after=None,
        limit=50,
    )
    assert [record.assessment_id for record in found] == due


async def test_due_assessments_come_page_by_page_and_those_under_review_too(register: Register) -> None:
    first = samples.first_version(samples.document())
    for number in range(5):
        await register.add_assessment(samples.new_assessment(f"a{number}"), **first)
    await register.record(samples.opening_entry("a3"))
    pages, after = [], None
    while page := await register.due_assessments(
        yearly_by=date(2027, 1, 15),
        five_years_by=date(2016, 1, 1),
        publication_by=date(2016, 1, 1),
        after=after,
        limit=2,
    ):
        pages.append([record.assessment_id for record in page])
        after = page[-1].assessment_id
    assert pages == [["a0", "a1"], ["a2", "a3"], ["a4"]]


async def test_a_document_is_stored_once(register: Register, engine: Engine) -> None:
    document = samples.document()
    await register.store_document(document, by="sato", at=samples.AT)
    await register.store_document(document, by="suzuki", at=samples.AT)
    with engine.connect() as connection:
        stored_by = connection.execute(select(documents.c.stored_by)).scalars().all()
    assert stored_by == ["sato"]


async def test_a_document_under_a_wrong_digest_is_not_stored(register: Register) -> None:
    wrong = samples.document().model_copy(update={"sha256": "0" * 64})
    with pytest.raises(ValueError, match="SHA-256"):
        await register.store_document(wrong, by="sato", at=samples.AT)
    with pytest.raises(LookupError):
        await register.document("0" * 64)


@pytest.mark.parametrize("what", ["assessment", "document", "review"])
async def test_what_is_unknown_is_a_lookup_error(register: Register, what: str) -> None:
    with pytest.raises(LookupError):
        await getattr(register, what)("unknown")


async def test_lists_of_what_is_unknown_are_empty(register: Register) -> None:
    assert await register.versions("unknown") == ()
    assert await register.acts_of("unknown/1") == ()
    assert await register.stored_answer("unknown") is None
    assert await register.report("unknown") is None
    assert await register.open_review_of("unknown") is None


async def test_a_report_is_written_once_with_its_notices(register: Register, engine: Engine) -> None:
    intake = samples.intake()
    told = Notice(
        notice_id="n", person="suzuki", review_id=None, assessment_id="jidou-teate", subject="報告がありました"
    )
    for _ in range(2):
        await register.record_report(intake, at=samples.AT, notices=(told,))
    assert await register.report(intake.act_id) == intake
    assert await register.notices_for("suzuki") == (told,)
    with engine.connect() as connection:
        for table in (reports, notices, audit_entries):
            assert connection.execute(select(func.count()).select_from(table)).scalar_one() == 1


async def test_another_report_under_the_same_id_is_refused(register: Register) -> None:
    await register.record_report(samples.intake(), at=samples.AT, notices=())
    with pytest.raises(OtherContentError):
        await register.record_report(samples.intake(title="別の件"), at=samples.AT, notices=())


async def test_the_answer_of_an_act_is_its_receipt(with_assessment: Register) -> None:
    entry = samples.opening_entry()
    receipt = (await with_assessment.record(entry)).receipt
    stored = await with_assessment.stored_answer(entry.act.act_id)
    assert stored is not None
    assert (stored.content_digest, stored.answer) == (act_digest(entry.act), receipt.model_dump(mode="json"))


async def test_the_answer_of_a_report_is_the_reviews_that_it_has_opened_or_joined_so_far(register: Register) -> None:
    intake = samples.intake()
    await register.record_report(intake, at=samples.AT, notices=())
    stored = await register.stored_answer(intake.act_id)
    assert stored is not None
    assert (stored.content_digest, stored.answer) == (act_digest(intake), [])
    first = samples.first_version(samples.document())
    for assessment_id in ("a", "b"):
        await register.add_assessment(samples.new_assessment(assessment_id), **first)
    opened = {"review_id": "a/1", "assessment_id": "a", "joined": False}
    await register.record(samples.opening_entry("a", run_id="run-a"))
    assert (await register.stored_answer(intake.act_id) or stored).answer == [opened]
    await register.record(samples.opening_entry("b", run_id="run-b"))
    carried = samples.join("a", act_id="carried/a/1/0")
    later = samples.AT + timedelta(days=9)
    await register.record(samples.entry(carried, samples.state("a"), run_id="run-a2", at=later))
    answer = (await register.stored_answer(intake.act_id) or stored).answer
    assert answer == [opened, {"review_id": "b/1", "assessment_id": "b", "joined": False}]


async def test_reviews_are_listed_by_scope_body_and_assessment(with_assessment: Register) -> None:
    await with_assessment.add_assessment(samples.new_assessment("juuki"), **samples.first_version(samples.document()))
    await with_assessment.record(samples.opening_entry())
    review = samples.closed(sequence=2, outcome=Outcome.VERIFIED)
    await with_assessment.record(samples.entry(samples.finding(), review))
    newer = samples.AT + timedelta(hours=1)
    second = samples.state("juuki", opened_at=newer)
    await with_assessment.record(samples.entry(samples.join("juuki"), second, run_id="run-2"))

    async def ids(scope: str, **which: str) -> list[str]:
        return [record.review_id for record in await with_assessment.reviews(scope=scope, **which)]

    assert await ids("open") == ["juuki/1"]
    assert await ids("all") == ["juuki/1", "jidou-teate/1"]
    assert await ids("all", assessment="jidou-teate") == ["jidou-teate/1"]
    assert await ids("all", body="board") == []
    assert await with_assessment.open_review_of("jidou-teate") is None
    with pytest.raises(ValueError, match="half"):
        await with_assessment.reviews(scope="half")


async def test_a_naive_instant_is_refused(register: Register) -> None:
    naive = datetime(2026, 11, 24)  # noqa: DTZ001 # what is refused
    with pytest.raises(StatementError, match="time zone"):
        await register.store_document(samples.document(), by="sato", at=naive)


async def test_japanese_keys_and_values_of_json_can_be_asked_for(register: Register, engine: Engine) -> None:
    document = samples.document("𠮷野町の髙齢者福祉㈱～事務")
    await register.store_document(document, by="sato", at=samples.AT)
    assert await register.document(document.sha256) == document
    name = documents.c.content["事務の名称"].as_string()
    with engine.connect() as connection:
        found = connection.execute(select(documents.c.sha256).where(name == "𠮷野町の髙齢者福祉㈱～事務")).scalars()
        assert found.all() == [document.sha256]
