"""証跡の書き出し (export): the whole trail and the rows that it names in one file, to be verified elsewhere.

A ZIP of JSON lines, written as it is read. What an export holds is named here once; `register.offline` reads it.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, BinaryIO, NamedTuple

from sqlalchemy import Connection, Table, select

from guideline.withholding import TABLE as WITHHELD
from register.audit import SEALED, SUBJECTS, Head, head, plain
from register.details import DETAIL_TABLES
from register.tables import audit_entries, reviews
from schemas.canonical import digest_of

FORMAT = "minaoshi-audit-1"

HEADER = "header.json"
CHECKPOINTS = "checkpoints.jsonl"
KEYS = "keys.jsonl"

EXPORTED: tuple[Table, ...] = (
    audit_entries,
    *(subject.table for subject in SUBJECTS.values()),
    *DETAIL_TABLES,
    reviews,
)
"""書き出す表. Notices are not among them: the trail does not name them."""

_PAGE = 500


class Parts(StrEnum):
    """書き出す範囲 (parts): whether what is not published is written out, or its SHA-256 alone."""

    SEALED = "sealed"  # 公表しない部分を含む文書は、そのSHA-256だけ
    FULL = "full"  # 全部


class Other(NamedTuple):
    """添える物 (other member): lines that are written beside the trail under a name."""

    name: str
    lines: Sequence[bytes]


def member_of(table: Table) -> str:
    """Give the name of the member that holds the rows of a table."""
    return f"tables/{table.name}.jsonl"


def write(connection: Connection, file: BinaryIO, *, parts: Parts, others: Sequence[Other]) -> Head:
    """Write the export; give the head that it ends with."""
    last = head(connection)
    header = {"format": FORMAT, "parts": parts.value, "entries": last.seq, "head": last.hash}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(HEADER, json.dumps(header))
        for table in EXPORTED:
            _write(packed, member_of(table), _lines(connection, table, parts=parts))
        for other in others:
            _write(packed, other.name, (line + b"\n" for line in other.lines))
    return last


def _write(packed: zipfile.ZipFile, name: str, lines: Iterable[bytes]) -> None:
    with packed.open(name, "w", force_zip64=True) as member:
        for line in lines:
            member.write(line)


def _lines(connection: Connection, table: Table, *, parts: Parts) -> Iterator[bytes]:
    rows = connection.execution_options(yield_per=_PAGE).execute(select(table).order_by(*table.primary_key.columns))
    for row in rows.mappings():
        # Names of our own columns.
        written: dict[str, Any] = {"row": {str(name): plain(value) for name, value in row.items()}}
        if parts is Parts.SEALED and (seals := _seals(table, row)):
            written["row"] = {name: value for name, value in written["row"].items() if name not in seals}
            written["sealed"] = seals
        yield json.dumps(written, ensure_ascii=False).encode() + b"\n"


def _seals(table: Table, row: Mapping[Any, Any]) -> dict[str, str]:
    """Give the digests of what holds parts that are not published: a document, or a version's table of changes."""
    columns = [name for named, name in SEALED if named == table.name and _is_withheld(row[name])]
    return {name: digest_of(row[name]) for name in columns}


def _is_withheld(content: Any) -> bool:
    rows = content if isinstance(content, list) else [content]
    return any(isinstance(one, dict) and bool(one.get(WITHHELD)) for one in rows)
