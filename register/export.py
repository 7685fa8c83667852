"""証跡の書き出し (export): the whole trail and the rows that it names in one file, to be verified elsewhere.

A ZIP of JSON lines, written as it is read. What an export holds is named here once; `register.offline` reads it.
"""

from __future__ import annotations

import json
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, BinaryIO, NamedTuple

from sqlalchemy import Connection, Table, select

from guideline.withholding import TABLE as WITHHELD
from register.audit import SEALED, SUBJECTS, Head, head, plain
from register.details import DETAIL_TABLES
from register.tables import audit_entries, documents, duties, reviews, versions
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
    duties,
)
"""書き出す表. Notices are not among them: the trail does not name them."""

Published = frozenset[str]
"""公表されたもの: documents by their SHA-256, and assessments by their id, of which all was published."""

_PAGE = 500


class Parts(StrEnum):
    """書き出す範囲 (parts): whether what is not published is written out, or its SHA-256 alone."""

    SEALED = "sealed"  # 公表されていない文書などは、そのSHA-256だけ
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
        published = None if parts is Parts.FULL else _published_in_full(connection)
        for table in EXPORTED:
            _write(packed, member_of(table), _lines(connection, table, published))
        for other in others:
            _write(packed, other.name, (line + b"\n" for line in other.lines))
    return last


def _write(packed: zipfile.ZipFile, name: str, lines: Iterable[bytes]) -> None:
    with packed.open(name, "w", force_zip64=True) as member:
        for line in lines:
            member.write(line)


def _lines(connection: Connection, table: Table, published: Published | None) -> Iterator[bytes]:
    rows = connection.execution_options(yield_per=_PAGE).execute(select(table).order_by(*table.primary_key.columns))
    for row in rows.mappings():
        # Names of our own columns.
        written: dict[str, Any] = {"row": {str(name): plain(value) for name, value in row.items()}}
        if published is not None and (seals := _seals(table, row, published)):
            written["row"] = {name: value for name, value in written["row"].items() if name not in seals}
            written["sealed"] = seals
        yield json.dumps(written, ensure_ascii=False).encode() + b"\n"


def _seals(table: Table, row: Mapping[Any, Any], published: Published) -> dict[str, str]:
    """Give the digests of what is not published of a row."""
    columns = [name for named, name in SEALED if named == table.name and row[name] is not None]
    if not columns or (row["sha256"] if table is documents else row["assessment_id"]) in published:
        return {}
    return {name: digest_of(row[name]) for name in columns}


def _published_in_full(connection: Connection) -> Published:
    """Give the documents and the assessments of which nothing was ever withheld.

    Not document by document: what one withholds may stand in another of the set, and in the lists of the assessment. A
    document that is in no version was not published.
    """
    contents = connection.execution_options(yield_per=_PAGE).execute(select(documents.c.sha256, documents.c.content))
    withheld = {row.sha256 for row in contents if row.content is not None and row.content.get(WITHHELD)}
    of: defaultdict[str, set[str]] = defaultdict(set)
    for row in connection.execute(select(versions.c.assessment_id, versions.c.manifest)):
        of[row.assessment_id] |= {one["sha256"] for one in row.manifest["documents"]}
    concealed = {one for one, named in of.items() if named & withheld}
    apart = {sha256 for one in concealed for sha256 in of[one]}
    open_ones = {sha256 for one in of.keys() - concealed for sha256 in of[one]}
    return frozenset((of.keys() - concealed) | (open_ones - apart))
