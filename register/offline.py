"""書き出しの検証 (offline verification): an export is held against itself and against checkpoints, anywhere.

Its rows are put into a database of the moment, and the same verification looks at them.
"""

from __future__ import annotations

import json
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError
from sqlalchemy import Column, Connection, Date, Table, insert
from sqlalchemy.exc import SQLAlchemyError

from register.audit import GENESIS, SEALED, UNREADABLE
from register.checkpoints import Kept, lines_of
from register.column_types import UtcInstant
from register.database import engine_for, writer_of
from register.export import CHECKPOINTS, EXPORTED, FORMAT, HEADER, KEYS, member_of
from register.tables import metadata
from register.verification import MOST_PROBLEMS, verify
from schemas.checkpoints import PublicKey
from schemas.records import AuditVerdict
from schemas.signatures import Trusted


class NoExportError(ValueError):
    """書き出しではない (no export): the file is no export of an audit trail, or too broken to be read as one."""


class OfflineVerdict(NamedTuple):
    """判定 (verdict): on the chain, with the keys that were trusted, and how many rows had sealed content."""

    verdict: AuditVerdict
    keys: tuple[PublicKey, ...]
    sealed: int


def verify_export(
    path: Path,
    *,
    expect: str | None = None,
    lines: Sequence[bytes] = (),
    keys: Sequence[PublicKey] = (),
    signers: Trusted | None = None,
) -> OfflineVerdict:
    """Verify an export by itself, through its own checkpoints and the given `lines`.

    `keys` are the public keys that the reader trusts; without them those in the export are taken. With
    `signers` the signatures of acts and reports are verified too. Raises NoExportError.
    """
    with tempfile.TemporaryDirectory(prefix="minaoshi-audit-") as folder:
        engine = engine_for(f"sqlite:///{folder}/export.db", foreign_keys="OFF")
        try:
            with writer_of(engine).begin() as connection:
                metadata.create_all(connection)
                loaded = _load(connection, path)
                trusted = tuple(keys) or loaded.keys
                kept = Kept(tuple(dict.fromkeys((*loaded.checkpoints, *lines))), trusted)
                verdict = verify(connection, expect=expect, kept=kept, sealed=loaded.sealed, trusted=signers)
        finally:
            engine.dispose()
    faults = [*loaded.faults, *_beside_its_header(loaded.header, verdict)]
    problems = (*faults[:MOST_PROBLEMS], *verdict.problems)
    whole = verdict.model_copy(update={"ok": not problems, "problems": problems})
    return OfflineVerdict(whole, trusted, len(loaded.sealed))


class _Loaded(NamedTuple):
    header: Mapping[str, Any]
    checkpoints: tuple[bytes, ...]
    keys: tuple[PublicKey, ...]
    sealed: dict[tuple[str, str], dict[str, str]]
    faults: list[str]


def _load(connection: Connection, path: Path) -> _Loaded:
    try:
        with zipfile.ZipFile(path) as packed:
            header = json.loads(packed.read(HEADER))
            if header["format"] != FORMAT:
                raise NoExportError(f"知らない形式「{header['format']}」の書き出しです。")
            keys = tuple(PublicKey.model_validate_json(line) for line in lines_of(packed.read(KEYS)))
            loaded = _Loaded(header, lines_of(packed.read(CHECKPOINTS)), keys, {}, [])
            for table in EXPORTED:
                with packed.open(member_of(table)) as member:
                    loaded.faults.extend(_take_in(connection, table, member, sealed=loaded.sealed))
            return loaded
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        KeyError,
        TypeError,
        ValidationError,
        json.JSONDecodeError,
    ) as error:
        raise NoExportError(f"証跡の書き出しとして読めません（{type(error).__name__}）。") from None


def _take_in(
    connection: Connection, table: Table, member: Any, *, sealed: dict[tuple[str, str], dict[str, str]]
) -> Iterator[str]:
    """Put the rows of a table into the database; name each line that is no row of it."""
    # A row whose key is taken is left out: that tells it from one that comes in.
    statement = insert(table).prefix_with("OR IGNORE")
    (key,) = table.primary_key.columns.keys()
    before: Any = None
    for number, line in enumerate(member, start=1):
        place = f"{member_of(table)} の{number}行目"
        try:
            row, seals = _row(table, json.loads(line))
            is_new = connection.execute(statement, row).rowcount > 0
        except (*UNREADABLE, SQLAlchemyError):
            yield f"{place}を読めません。"
            continue
        if not is_new:
            yield f"{place}は、既にある行と同じ番号です（{row[key]}）。"
        if isinstance(row[key], int):
            if before is not None and row[key] < before:
                yield f"{place}は、順序が違います（{row[key]}が{before}の後にあります）。"
            before = row[key]
        if seals:
            sealed[table.name, str(row[key])] = seals


def _row(table: Table, written: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Give a row with its seals; raises one of UNREADABLE for what is none."""
    seals = dict(written.get("sealed", {}))
    if any((table.name, name) not in SEALED for name in seals):
        raise ValueError("a column that can't be sealed")
    given = {**written["row"], **{name: [] for name in seals}}
    if set(given) != set(table.c.keys()):
        raise ValueError("other columns than the table has")
    return {column.name: _value(column, given[column.name]) for column in table.c}, seals


def _value(column: Column[Any], value: Any) -> Any:
    if value is not None and isinstance(column.type, UtcInstant):
        return datetime.fromisoformat(value)
    if value is not None and isinstance(column.type, Date):
        return date.fromisoformat(value)
    return value


def _beside_its_header(header: Mapping[str, Any], verdict: AuditVerdict) -> Iterator[str]:
    if (header.get("entries"), header.get("head")) != (verdict.entries, verdict.head or GENESIS):
        yield (
            f"書き出しの表題は証跡を{header.get('entries')}番（{header.get('head')}）までとしていますが、"
            f"{verdict.entries}番で終わっています。切り詰められたか、書き換えられています。"
        )
