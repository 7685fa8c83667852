import json

import pytest
from sqlalchemy import Engine, select, text, update

from register import verification
from register.audit import GENESIS, entry_hash, row_digest
from register.database import writer_of
from register.register import Register
from register.tables import acts, audit_entries
from schemas.canonical import digest_of
from schemas.records import AuditVerdict
from tests.register import samples
from tests.tampering import tamper


@pytest.fixture
async def busy(with_assessment: Register) -> Register:
    """Return a register in which something of each kind has happened."""
    register = with_assessment
    await register.apply_organisation(samples.ORGANISATION, by="operator", at=samples.AT)
    await register.record_report(samples.intake(), at=samples.AT, notices=())
    await register.record(samples.opening_entry())
    for place, act in enumerate(samples.every_act(), start=2):
        await register.record(samples.entry(act, samples.state(sequence=place, review_id="jidou-teate/1")))
    return register


ENTRIES = 13
"""文書、評価書、版、組織表、報告、行為が八つ."""


async def test_an_empty_register_is_in_order(register: Register) -> None:
    assert await register.verify_audit() == AuditVerdict(ok=True, entries=0, head=GENESIS)


async def test_what_was_only_written_is_in_order(busy: Register) -> None:
    verdict = await busy.verify_audit()
    assert (verdict.ok, verdict.entries, verdict.problems) == (True, ENTRIES, ())
    assert (await busy.audit_head()) == (ENTRIES, verdict.head)


async def test_the_hash_can_be_recomputed_by_anybody(register: Register, engine: Engine) -> None:
    await register.store_document(samples.document(), by="sato", at=samples.AT)
    with engine.connect() as connection:
        row = dict(connection.execute(text("SELECT * FROM audit_entries")).mappings().one())
    expected = {
        "seq": 1,
        "at": "2026-11-24T01:23:45.678901+00:00",
        "actor": "sato",
        "action": "person:document:store",
        "subject_table": "documents",
        "subject_key": samples.document().sha256,
        "content_digest": row["content_digest"],
        "previous_hash": "0" * 64,
    }
    assert digest_of(expected) == row["hash"] == (await register.verify_audit()).head


CHANGES = [
    ("acts", "content", "act_id = 'find'", "行為 find の内容が、記帳の時と違います"),
    ("acts", "answer", "act_id = 'ack'", "行為 ack の内容が、記帳の時と違います"),
    ("acts", "run_id", "act_id = 'ack'", "行為 ack の内容が、記帳の時と違います"),
    ("reports", "content", "true", "報告 change/sato/1 の内容が、記帳の時と違います"),
    ("organisation_revisions", "content", "true", "組織表の版 1 の内容が、記帳の時と違います"),
    ("documents", "content", "true", "の内容が、記帳の時と違います"),
    ("versions", "published_on", "true", "評価書の版 jidou-teate/1 の内容が、記帳の時と違います"),
    ("assessments", "name", "true", "評価書 jidou-teate の内容が、記帳の時と違います"),
    ("assessments", "digest", "true", "評価書 jidou-teate の今の版が、最も新しい版と違います"),
    ("grounds", "title", "true", "行為 change/sato/1/jidou-teate の事由が、行為の内容と違います"),
    ("findings", "course", "true", "行為 find の検討結果が、行為の内容と違います"),
    ("decisions", "person", "act_id = 'approve'", "行為 approve の判断が、行為の内容と違います"),
    ("steps", "done_on", "true", "行為 step の手続の記録が、行為の内容と違います"),
    ("audit_entries", "actor", "seq = 5", "証跡の5番の記載が改められています"),
]


@pytest.mark.parametrize("change", [pytest.param(change, id=f"{change[0]}.{change[1]}") for change in CHANGES])
async def test_a_changed_row_is_found_and_named(
    busy: Register, engine: Engine, change: tuple[str, str, str, str]
) -> None:
    table, column, where, problem = change
    with engine.connect() as connection:
        statement = f"SELECT CAST({column} AS TEXT) FROM {table} WHERE {where}"  # noqa: S608 # our own table
        old = connection.execute(text(statement)).scalar_one()
    if column in {"content", "answer"}:
        new = json.dumps({**json.loads(old), "body": "別の内容"}, ensure_ascii=False)
    else:
        new = "2020-01-01" if column.endswith("_on") else "別の内容"
    tamper(engine, f"UPDATE {table} SET {column} = :new WHERE {where}", new=new)  # noqa: S608 # our own table
    verdict = await busy.verify_audit()
    assert not verdict.ok
    assert any(problem in one for one in verdict.problems), verdict.problems


DELETIONS = [
    ("acts", "act_id = 'ack'", "行為 ack が台帳から消えています"),
    ("reports", "true", "報告 change/sato/1 が台帳から消えています"),
    ("documents", "true", "が台帳から消えています"),
    ("versions", "true", "評価書の版 jidou-teate/1 が台帳から消えています"),
    ("organisation_revisions", "true", "組織表の版 1 が台帳から消えています"),
    ("findings", "true", "行為 find の検討結果が台帳から消えています"),
    ("audit_entries", "seq = 7", "証跡の7番から7番までがありません"),
    ("audit_entries", f"seq = {ENTRIES}", "証跡にない行為 step があります"),
]


@pytest.mark.parametrize(
    ("table", "where", "problem"), [pytest.param(*one, id=f"{one[0]}({one[1]})") for one in DELETIONS]
)
async def test_a_deleted_row_is_found_and_named(
    busy: Register, engine: Engine, table: str, where: str, problem: str
) -> None:
    tamper(engine, f"DELETE FROM {table} WHERE {where}")  # noqa: S608 # our own table
    verdict = await busy.verify_audit()
    assert not verdict.ok
    assert any(problem in one for one in verdict.problems), verdict.problems


async def test_an_added_act_without_an_entry_is_found_and_named(busy: Register, engine: Engine) -> None:
    columns = (
        "'偽', review_id, 99, kind, person, content, content_digest, answer, due_on, run_id, at FROM acts "
        "WHERE act_id = 'ack'"
    )
    tamper(engine, f"INSERT INTO acts SELECT {columns}")  # our own table
    assert "証跡にない行為 偽 があります。" in (await busy.verify_audit()).problems


async def test_an_added_detail_is_found_and_named(busy: Register, engine: Engine) -> None:
    same = "review_id, person, role, facts_revision, course FROM findings"
    tamper(
        engine,
        f"INSERT INTO findings SELECT 'ack', {same}",  # our own table
        f"INSERT INTO findings SELECT '偽', {same} WHERE act_id = 'find'",  # our own table
    )
    problems = (await busy.verify_audit()).problems
    assert problems == ("行為 ack の検討結果が、行為の内容と違います。", "行為のない検討結果 偽 があります。")


async def test_an_entry_that_was_rewritten_with_its_own_hash_breaks_the_chain(busy: Register, engine: Engine) -> None:
    with engine.connect() as connection:
        row = connection.execute(text("SELECT * FROM audit_entries WHERE seq = 5")).mappings().one()
    entry = {**row, "actor": "mallory", "at": samples.AT.isoformat(timespec="microseconds")}
    new = digest_of({name: value for name, value in entry.items() if name != "hash"})
    tamper(engine, "UPDATE audit_entries SET actor = 'mallory', hash = :new WHERE seq = 5", new=new)
    problems = (await busy.verify_audit()).problems
    assert problems == ("証跡の6番で鎖が切れています（5番に続いていません）。",)


async def test_a_forged_act_with_a_forged_entry_still_breaks_with_its_own_digest(
    busy: Register, engine: Engine
) -> None:
    """The trail alone would be content: what the person was answered is not."""
    with engine.connect() as connection:
        statement = text("SELECT CAST(content AS TEXT) FROM acts WHERE act_id = 'step'")
        content = json.loads(connection.execute(statement).scalar_one())
    forged = json.dumps({**content, "note": "後から書いた"}, ensure_ascii=False)
    tamper(engine, "UPDATE acts SET content = :forged WHERE act_id = 'step'", forged=forged)
    _forge_last_entry(engine)
    problems = (await busy.verify_audit()).problems
    assert problems == (f"行為 step の内容が、受付の答えの SHA-256 と合いません（証跡の{ENTRIES}番）。",)


def _forge_last_entry(engine: Engine) -> None:
    is_last = audit_entries.c.seq == ENTRIES
    with writer_of(engine).begin() as connection:
        act = connection.execute(select(acts).where(acts.c.act_id == "step")).mappings().one()
        last = connection.execute(select(audit_entries).where(is_last)).mappings().one()
        forged = {str(name): value for name, value in last.items()} | {"content_digest": row_digest(acts, dict(act))}
        forged["hash"] = entry_hash(forged)
        connection.execute(update(audit_entries).where(is_last).values(forged))


async def test_pages_do_not_change_the_verdict(busy: Register, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "_PAGE", verification._PAGE.limit(2))  # noqa: SLF001 # as small as it gets
    assert (await busy.verify_audit()).ok
    tamper(engine, "UPDATE acts SET person = 'mallory' WHERE act_id = 'ack'")
    assert len((await busy.verify_audit()).problems) == 1


async def test_after_so_many_problems_the_rest_is_not_named(
    busy: Register, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "MOST_PROBLEMS", 3)
    tamper(engine, "UPDATE acts SET person = 'mallory'")
    problems = (await busy.verify_audit()).problems
    assert len(problems) == 4
    assert problems[-1] == "ほかにも問題があります（3件まで示しました）。"
