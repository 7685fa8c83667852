"""どの欄を改めても見付かる: each column of each row that the trail names is changed, as an attacker would."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, Table, UniqueConstraint, text
from sqlalchemy.exc import DBAPIError

from register.database import open_database
from register.export import CHECKPOINTS, EXPORTED, KEYS, Other, Parts, member_of
from register.offline import verify_export
from register.register import Register
from register.tables import APPEND_ONLY, audit_entries, duty_roll, metadata
from register.verification import verify
from tests.amounts import amount, some
from tests.register.duty_story import TRAINING
from tests.tampering import administering, lift_guards

NOT_PROVED = {
    **dict.fromkeys(
        [
            "assessments.standing",
            "assessments.verified_on",
            "assessments.yearly_due_on",
            "assessments.five_years_due_on",
            "assessments.ended_on",
            "assessments.published_until",
            "assessments.present_required_level",
            "assessments.present_effective_level",
        ],
        "what an act brings about is not in the act: follows from dates, levels and rules of that day",
    )
}
"""証跡が証さない欄: each with its reason; whoever adds a column proves it, or says here why not."""

FIELDS = [
    pytest.param(table, column.name, id=f"{table.name}.{column.name}")
    for table in EXPORTED
    for column in table.c
    if f"{table.name}.{column.name}" not in NOT_PROVED
]
SOME_FIELDS = FIELDS[:: amount(quick=8, whole=1)]


NOT_IN_THE_TRAIL = {
    "awaited": "what waits for whom: follows from the reviews, and is made anew from them",
    "circular_letters": "how far the letters of a circular have come; who has acknowledged is an act",
    "circular_links": "digests of the links in letters; that one was followed is an act",
    "duty_roll": "follows from the acts on its duty and the documents that they name, and is held against them below",
    "kept_forms": "what was typed and not sent: kept for a few days, for who typed it alone",
    "notices": "who is told of what: follows from the acts; what was done about one is an occurrence",
    "preferences": "how somebody wants to be told",
    "sessions": "who is signed in; that they signed in is an occurrence",
    "sign_ins": "what is under way of a sign-in, for minutes; how it ended is an occurrence",
    "working_copies": "what was not submitted yet; its submission is an act, and its documents are rows",
}
"""証跡が指さない表: each with its reason; whoever adds a table has the trail name it, or says here why not."""


def test_each_table_is_named_by_the_trail_or_it_is_said_why_not() -> None:
    assert {one.name for one in metadata.sorted_tables} - {one.name for one in EXPORTED} == set(NOT_IN_THE_TRAIL)


def test_each_table_that_only_grows_is_among_them() -> None:
    assert set(APPEND_ONLY) <= set(EXPORTED)


def test_what_is_not_proved_is_a_column_that_is_there() -> None:
    assert set(NOT_PROVED) <= {f"{table.name}.{column.name}" for table in EXPORTED for column in table.c}


@pytest.fixture(scope="module")
def engine(filled: str) -> Iterator[Engine]:
    with administering(filled) as opened:
        yield opened


@pytest.fixture
def tampering(engine: Engine) -> Iterator[Connection]:
    """Give a connection behind the register's back, without its guards; what is done on it is undone after the test."""
    with engine.connect() as connection:
        lift_guards(connection)
        yield connection
        connection.rollback()


def other(value: Any, column: str) -> Any:
    """Give another value of the same kind and length, as it stands in the database."""
    match value:
        case int():
            return not value if column == "validated" else value + 1000
        case None if column.endswith("revision"):
            return 1000
        case str() if value[:1] in "{[":
            return json.dumps([json.loads(value), "別の内容"], ensure_ascii=False)
        case str() | None if column.endswith("_on"):
            return "2031-07-07"
        case str() if column != "at" and not column.endswith("_at"):
            return f"{value[:-1]}{'y' if value[-1] == 'x' else 'x'}"
    return "2031-07-07 00:00:00.000000"


def row_of(connection: Connection, table: Table) -> dict[str, Any]:
    (key,) = table.primary_key.columns
    statement = f"SELECT {as_stored(table)} FROM {table.name} ORDER BY {key.name} DESC LIMIT 1"  # noqa: S608 # our own table
    return dict(connection.execute(text(statement)).mappings().one())


def as_stored(table: Table) -> str:
    """Give the columns as text, but for numbers: days, instants and JSON as any database writes them."""
    return ", ".join(
        column.name if issubclass(column.type.python_type, int) else f"CAST({column.name} AS TEXT) AS {column.name}"
        for column in table.c
    )


def test_untouched_it_is_in_order(tampering: Connection) -> None:
    assert verify(tampering).problems == ()


@pytest.mark.parametrize(("table", "column"), FIELDS)
def test_a_changed_field_is_found_and_its_row_named(tampering: Connection, table: Table, column: str) -> None:
    (key,) = table.primary_key.columns
    row = row_of(tampering, table)
    statement = f"UPDATE {table.name} SET {column} = :new WHERE {key.name} = :key"  # noqa: S608 # our own table
    tampering.execute(text(statement), {"new": other(row[column], column), "key": row[key.name]})
    problems = verify(tampering).problems
    assert any(str(row[key.name]) in one for one in problems), problems


@pytest.mark.long
@pytest.mark.parametrize(("table", "column"), SOME_FIELDS)
def test_content_that_is_no_content_any_more_is_found_too(tampering: Connection, table: Table, column: str) -> None:
    (key,) = table.primary_key.columns
    row = row_of(tampering, table)
    statement = f"UPDATE {table.name} SET {column} = :new WHERE {key.name} = :key"  # noqa: S608 # our own table
    is_number = table.c[column].type.python_type is int
    for broken in (-7,) if is_number else ("{壊れた", '{"値":NaN}', b"\xff", "[" * 100_000):
        there = tampering.begin_nested()
        try:
            tampering.execute(text(statement), {"new": broken, "key": row[key.name]})
        except DBAPIError:  # PostgreSQL knows what a day is, and what JSON: not even its administrator can write this
            assert tampering.dialect.name == "postgresql"
        else:
            assert not verify(tampering).ok, broken
        there.rollback()


@pytest.mark.parametrize("table", [pytest.param(table, id=table.name) for table in EXPORTED])
def test_a_removed_row_is_found_and_named(tampering: Connection, table: Table) -> None:
    (key,) = table.primary_key.columns
    row = row_of(tampering, table)
    statement = f"DELETE FROM {table.name} WHERE {key.name} = :key"  # noqa: S608 # our own table
    tampering.execute(text(statement), {"key": row[key.name]})
    # Of the last entry of the trail the row is named that has none any more.
    named = row["subject_key"] if table is audit_entries else row[key.name]
    problems = verify(tampering).problems
    assert any(str(named) in one for one in problems), problems


OF_KINDS = [table for table in EXPORTED if "kind" in table.c]


@pytest.mark.long
@pytest.mark.parametrize("table", [pytest.param(table, id=table.name) for table in OF_KINDS])
def test_of_each_kind_of_row_each_changed_field_is_found(tampering: Connection, table: Table) -> None:
    """The one row of a table that is changed above is of one kind: here there is one of each."""
    (key,) = table.primary_key.columns
    firsts = f"SELECT min({key.name}) FROM {table.name} GROUP BY kind"  # noqa: S608 # as above
    statement = f"SELECT {as_stored(table)} FROM {table.name} WHERE {key.name} IN ({firsts})"  # noqa: S608 # as above
    rows = tampering.execute(text(statement)).mappings().all()
    assert rows
    for row in rows:
        for column in some([one.name for one in table.c], every=3):
            there = tampering.begin_nested()
            statement = f"UPDATE {table.name} SET {column} = :new WHERE {key.name} = :key"  # noqa: S608 # as above
            tampering.execute(text(statement), {"new": other(row[column], column), "key": row[key.name]})
            problems = verify(tampering).problems
            assert any(str(row[key.name]) in one for one in problems), (row["kind"], column, problems)
            there.rollback()


def test_each_changed_or_removed_document_is_found(tampering: Connection) -> None:
    """Also those that an act on a roll names: who is on it, and who has done it."""
    rows = tampering.execute(text("SELECT sha256, form FROM documents")).all()
    assert {row.form for row in rows} >= {"duty_roll", "duty_completions"}
    for row in rows:
        for statement in (
            "UPDATE documents SET content = :new WHERE sha256 = :key",
            "DELETE FROM documents WHERE sha256 = :key",
        ):
            there = tampering.begin_nested()
            tampering.execute(text(statement), {"new": '{"members":[]}', "key": row.sha256})
            problems = verify(tampering).problems
            assert any(row.sha256 in one for one in problems), problems
            there.rollback()


ROLL = [column.name for column in duty_roll.c if column.name != "delivered_at"]
"""名簿の欄: whether a letter arrived is no act."""


@pytest.mark.parametrize("column", ROLL)
def test_a_changed_field_of_a_roll_is_found(tampering: Connection, column: str) -> None:
    rows = tampering.execute(text(f"SELECT {as_stored(duty_roll)} FROM duty_roll")).mappings().all()  # noqa: S608 # as above
    assert {row["status"] for row in rows} == {"open", "completed", "excused", "removed"}
    statement = f"UPDATE duty_roll SET {column} = :new WHERE duty_id = :duty AND member = :member"  # noqa: S608 # our own table
    for row in rows:
        there = tampering.begin_nested()
        given = {"new": other(row[column], column), "duty": row["duty_id"], "member": row["member"]}
        tampering.execute(text(statement), given)
        problems = verify(tampering).problems
        assert any(f"義務 {row['duty_id']} の名簿" in one for one in problems), problems
        there.rollback()


ROLL_CHANGES = [
    pytest.param("DELETE FROM duty_roll WHERE member = 'c'", ["c"], id="消す"),
    pytest.param(
        "INSERT INTO duty_roll (duty_id, member, name, status) VALUES (:duty, 'z', '新', 'open')", ["z"], id="足す"
    ),
    pytest.param("UPDATE duty_roll SET name = 'x' WHERE member IN ('c', 'd')", ["c", "d"], id="改める"),
    pytest.param(
        "UPDATE duty_roll SET status = 'excused', completed_on = NULL, reason = '休職中' WHERE member = 'c';"
        " UPDATE duty_roll SET status = 'completed', completed_on = '2026-11-20', reason = NULL WHERE member = 'd'",
        ["c", "d"],
        id="入れ替える（数は同じ）",
    ),
]


@pytest.mark.parametrize(("statement", "named"), ROLL_CHANGES)
def test_whose_row_of_a_roll_was_touched_is_named(tampering: Connection, statement: str, named: list[str]) -> None:
    for one in statement.split(";"):
        tampering.execute(text(one), {"duty": TRAINING} if ":duty" in one else {})
    said = [f"義務 {TRAINING} の名簿の {one} が、行為の内容と違います。" for one in named]
    assert list(verify(tampering).problems) == said


@pytest.mark.parametrize("table", [pytest.param(table, id=table.name) for table in EXPORTED])
def test_an_inserted_row_is_found_and_named(tampering: Connection, table: Table) -> None:
    row = row_of(tampering, table)
    unique = {one.name for each in table.constraints if isinstance(each, UniqueConstraint) for one in each.columns}
    keys = {one.name for one in table.primary_key.columns}
    added = {name: other(value, name) if name in keys | unique else value for name, value in row.items()}
    columns = ", ".join(added)
    statement = f"INSERT INTO {table.name} ({columns}) VALUES ({', '.join(f':{name}' for name in added)})"  # noqa: S608 # as above
    tampering.execute(text(statement), added)
    problems = verify(tampering).problems
    (key,) = table.primary_key.columns
    assert any(str(added[key.name]) in one for one in problems), problems


def test_two_entries_that_changed_places_are_found(tampering: Connection) -> None:
    for statement in (
        "UPDATE audit_entries SET seq = -1 WHERE seq = 3",
        "UPDATE audit_entries SET seq = 3 WHERE seq = 4",
        "UPDATE audit_entries SET seq = 4 WHERE seq = -1",
    ):
        tampering.execute(text(statement))
    problems = verify(tampering).problems
    assert any("3番" in one for one in problems), problems


def test_an_end_that_was_cut_off_with_its_rows_is_found_by_a_head_that_was_kept(tampering: Connection) -> None:
    kept = verify(tampering).head
    row = row_of(tampering, audit_entries)
    assert row["subject_table"] == "occurrences"
    tampering.execute(text("DELETE FROM occurrences WHERE occurrence_id = :key"), {"key": row["subject_key"]})
    tampering.execute(text("DELETE FROM audit_entries WHERE seq = :seq"), {"seq": row["seq"]})
    assert verify(tampering).ok, "the chain alone can't tell"
    assert not verify(tampering, expect=kept).ok


@pytest.fixture(scope="module")
async def exported(filled: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    register = Register(open_database(filled))
    path = tmp_path_factory.mktemp("exported") / "audit.zip"
    with path.open("wb") as file:
        await register.export_audit(file, parts=Parts.FULL, others=(Other(CHECKPOINTS, ()), Other(KEYS, ())))
    await register.close()
    return path


def rewritten(exported: Path, path: Path, member: str, change: Any) -> Path:
    """Give a copy of the export with the lines of one member changed."""
    with zipfile.ZipFile(exported) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            lines = old.read(name).splitlines()
            new.writestr(name, b"\n".join(change(lines) if name == member else lines))
    return path


def test_an_export_is_in_order(exported: Path) -> None:
    found = verify_export(exported)
    assert (found.verdict.problems, found.sealed) == ((), 0)


@pytest.mark.parametrize("table", [pytest.param(table, id=table.name) for table in EXPORTED])
def test_a_changed_row_of_an_export_is_found(exported: Path, tmp_path: Path, table: Table) -> None:
    """Which field it is does not matter: what is in an export is looked at by the same verification."""
    column = "digest" if table.name == "assessments" else next(one.name for one in table.c if not one.primary_key)

    def change(lines: list[bytes]) -> list[bytes]:
        *rest, last = [json.loads(line) for line in lines]
        old = last["row"][column]
        last["row"][column] = f"{old}x" if isinstance(old, str) and column != "at" else "2031-07-07T00:00:00+00:00"
        return [json.dumps(one, ensure_ascii=False).encode() for one in (*rest, last)]

    path = rewritten(exported, tmp_path / "audit.zip", member_of(table), change)
    assert not verify_export(path).verdict.ok


ENTRIES = "tables/audit_entries.jsonl"
CHANGES = [
    pytest.param(lambda lines: lines[:-1], "証跡にない", id="末尾を切る"),
    pytest.param(lambda lines: lines[1:], "証跡の1番から1番までがありません", id="先頭を切る"),
    pytest.param(lambda lines: [*lines[:4], *lines[5:]], "証跡の5番から5番までがありません", id="途中を除く"),
    pytest.param(lambda lines: [*lines, lines[3]], "既にある行と同じ番号です（4）", id="二度書く"),
    pytest.param(lambda lines: [lines[1], lines[0], *lines[2:]], "順序が違います", id="並べ替える"),
    pytest.param(lambda lines: [*lines, b"{"], "行目を読めません", id="行でないものを足す"),
    pytest.param(
        lambda lines: [*lines, lines[-1].replace(b'"seq": ', b'"seq": 9999999999999999999999')],
        "行目を読めません",
        id="大きすぎる番号",
    ),
    pytest.param(
        lambda lines: [*lines, lines[-1].replace(b'"actor": "', b'"actor": {}, "x": "')],
        "行目を読めません",
        id="型が違う",
    ),
    pytest.param(
        lambda lines: [*lines, b'{"row":{},"sealed":{"actor":""}}'], "行目を読めません", id="封じられない列を封じる"
    ),
    pytest.param(
        lambda lines: [*lines, lines[-1].replace(b'"seq": ', b'"seq": 9')],
        "既にある行と同じ番号です",
        id="対象が同じ行を足す",
    ),
]


@pytest.mark.parametrize(("change", "problem"), CHANGES)
def test_entries_that_are_cut_off_inserted_or_reordered_are_found(
    exported: Path, tmp_path: Path, change: Any, problem: str
) -> None:
    path = rewritten(exported, tmp_path / "audit.zip", ENTRIES, change)
    problems = verify_export(path).verdict.problems
    assert any(problem in one for one in problems), problems
