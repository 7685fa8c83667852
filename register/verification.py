"""証跡の検証 (verification): the chain, each row that it names, and the rows that it ought to name.

Read in pages, within one reading transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, String, Table, and_, cast, func, or_, select

from register.audit import GENESIS, SUBJECTS, Head, Subject, entry_hash, row_digest
from register.details import DETAIL_TABLES, detail_of
from register.followed import countermeasures_beside_their_acts, events_beside_their_acts
from register.hand_overs import as_entered
from register.signed_acts import SignedActs
from register.tables import (
    acts,
    assessments,
    audit_entries,
    countermeasure_acts,
    documents,
    event_acts,
    versions,
)
from schemas.canonical import content_digest, digest_of
from schemas.records import AuditVerdict

if TYPE_CHECKING:
    from schemas.signatures import Trusted

PAGE = 500
"""一度に読む証跡の数: entries that are in memory at once."""

MOST_PROBLEMS = 200
"""挙げる問題の数: after so many, the rest is not named."""

_PAGE = select(audit_entries).order_by(audit_entries.c.seq).limit(PAGE)
_DETAIL_TITLES = {"grounds": "事由", "findings": "検討結果", "decisions": "判断", "steps": "手続の記録"}


def verify(connection: Connection, *, expect: str | None = None, trusted: Trusted | None = None) -> AuditVerdict:
    """Give the verdict; `problems` name each row that was changed, deleted or added, in Japanese.

    `expect` is a head that was kept outside: the chain must still go through it, so that a chain that was written anew
    or cut off before it is found. With `trusted` the signatures of acts and reports are verified too.
    """
    problems: list[str] = []
    if expect is not None and not _goes_through(connection, expect):
        problems.append(f"控えの値 {expect} が証跡にありません。証跡が書き直されたか、切り詰められています。")
    last = Head(0, GENESIS)
    signed = SignedActs(trusted) if trusted is not None else None
    for page in _pages(connection):
        for entry in page:
            problems.extend(_faults_of_entry(entry, after=last))
            last = Head(entry["seq"], entry["hash"])
        rows: dict[tuple[str, str], Any] = {}
        problems.extend(_faults_of_rows(connection, page, found=rows))
        if signed is not None:
            problems.extend(signed.faults(page, rows))
        if len(problems) > MOST_PROBLEMS:
            break
    if len(problems) <= MOST_PROBLEMS:
        problems.extend(_rows_without_entry(connection))
        problems.extend(_details_without_act(connection))
        problems.extend(_assessments_beside_their_version(connection))
        problems.extend(countermeasures_beside_their_acts(connection))
        problems.extend(events_beside_their_acts(connection))
    if len(problems) > MOST_PROBLEMS:
        problems = [*problems[:MOST_PROBLEMS], f"ほかにも問題があります（{MOST_PROBLEMS}件まで示しました）。"]
    return AuditVerdict(ok=not problems, entries=last.seq, head=last.hash, problems=tuple(problems))


def _goes_through(connection: Connection, expect: str) -> bool:
    found = select(audit_entries.c.seq).where(audit_entries.c.hash == expect)
    return expect == GENESIS or connection.execute(found).first() is not None


def _pages(connection: Connection) -> Iterator[Sequence[Any]]:
    seq = 0
    while page := connection.execute(_PAGE.where(audit_entries.c.seq > seq)).mappings().all():
        yield page
        seq = page[-1]["seq"]


def _faults_of_entry(entry: Any, *, after: Head) -> Iterator[str]:
    seq = entry["seq"]
    if seq != after.seq + 1:
        yield f"証跡の{after.seq + 1}番から{seq - 1}番までがありません。"
    elif entry["previous_hash"] != after.hash:
        yield f"証跡の{seq}番で鎖が切れています（{after.seq}番に続いていません）。"
    if entry_hash(entry) != entry["hash"]:
        yield f"証跡の{seq}番の記載が改められています。"


def _faults_of_rows(connection: Connection, page: Sequence[Any], *, found: dict[tuple[str, str], Any]) -> Iterator[str]:
    """Name what is wrong with the rows that the page names, and put those that are there into `found`."""
    named: defaultdict[str, list[Any]] = defaultdict(list)
    for entry in page:
        named[entry["subject_table"]].append(entry)
    for table, entries in named.items():
        subject = SUBJECTS.get(table)
        if subject is None:
            yield f"証跡の{entries[0]['seq']}番は、知らない表「{table}」を指しています。"
            continue
        rows = _rows_named(connection, subject, [entry["subject_key"] for entry in entries])
        if subject.table is assessments:
            rows = as_entered(connection, rows)
        found.update(((table, key), row) for key, row in rows.items())
        for entry in entries:
            row = rows.get(entry["subject_key"])
            name = f"{subject.title} {entry['subject_key']}"
            if row is None:
                yield f"{name} が台帳から消えています（証跡の{entry['seq']}番）。"
            elif row_digest(subject.table, row) != entry["content_digest"]:
                yield f"{name} の内容が、記帳の時と違います（証跡の{entry['seq']}番）。"
            elif fault := _own_digest_differs(subject.table, row):
                yield f"{name} の{fault}（証跡の{entry['seq']}番）。"
        if subject.table is acts:
            yield from _faults_of_details(connection, rows)


def _rows_named(connection: Connection, subject: Subject, keys: list[str]) -> dict[str, Any]:
    key = subject.table.c[subject.key]
    wanted = [int(one) for one in keys if one.isdecimal()] if key.type.python_type is int else keys
    rows = connection.execute(select(subject.table).where(key.in_(wanted)))
    return {str(row[subject.key]): row for row in rows.mappings()}


def _own_digest_differs(table: Table, row: Any) -> str | None:
    """Hold a row's content against the digest that people know it by: the trail fixes both, but not that they agree."""
    if table in (acts, countermeasure_acts, event_acts) and content_digest(row["content"]) != row["content_digest"]:
        return "内容が、受付の答えの SHA-256 と合いません"
    if table is documents and row["content"] is not None and digest_of(row["content"]) != row["sha256"]:
        return "内容が、その SHA-256 と合いません"
    if table is versions and digest_of(row["manifest"]) != row["digest"]:
        return "文書の一覧が、その SHA-256 と合いません"
    return None


def _faults_of_details(connection: Connection, named: dict[str, Any]) -> Iterator[str]:
    """Hold the rows of their own that acts have against what the acts say."""
    wanted = {
        (detail.table.name, act_id): detail.row
        for act_id, row in named.items()
        if (detail := detail_of(row["content"], review_id=row["review_id"]))
    }
    for table in DETAIL_TABLES:
        rows = connection.execute(select(table).where(table.c.act_id.in_(list(named))))
        for row in rows.mappings():
            expected = wanted.pop((table.name, row["act_id"]), None)
            if expected != dict(row):
                yield f"行為 {row['act_id']} の{_DETAIL_TITLES[table.name]}が、行為の内容と違います。"
    for table_name, act_id in wanted:
        yield f"行為 {act_id} の{_DETAIL_TITLES[table_name]}が台帳から消えています。"


def _rows_without_entry(connection: Connection) -> Iterator[str]:
    for subject in SUBJECTS.values():
        key = cast(subject.table.c[subject.key], String)
        named = and_(audit_entries.c.subject_table == subject.table.name, audit_entries.c.subject_key == key)
        unnamed = select(key).outerjoin_from(subject.table, audit_entries, named).where(audit_entries.c.seq.is_(None))
        for one in connection.execute(unnamed.order_by(key).limit(MOST_PROBLEMS)).scalars():
            yield f"証跡にない{subject.title} {one} があります。"


def _details_without_act(connection: Connection) -> Iterator[str]:
    for table in DETAIL_TABLES:
        whole = table.outerjoin(acts, acts.c.act_id == table.c.act_id)
        stray = select(table.c.act_id).select_from(whole).where(acts.c.act_id.is_(None)).limit(MOST_PROBLEMS)
        for act_id in connection.execute(stray).scalars():
            yield f"行為のない{_DETAIL_TITLES[table.name]} {act_id} があります。"


def _assessments_beside_their_version(connection: Connection) -> Iterator[str]:
    newest = (
        select(versions.c.assessment_id, func.max(versions.c.number).label("number"))
        .group_by(versions.c.assessment_id)
        .subquery("newest")
    )
    whole = assessments.outerjoin(newest, newest.c.assessment_id == assessments.c.assessment_id).outerjoin(
        versions, and_(versions.c.assessment_id == assessments.c.assessment_id, versions.c.number == newest.c.number)
    )
    differs = or_(
        and_(versions.c.number.is_(None), assessments.c.version != 0),
        versions.c.number != assessments.c.version,
        versions.c.digest != assessments.c.digest,
        versions.c.published_on != assessments.c.published_on,
    )
    statement = select(assessments.c.assessment_id).select_from(whole).where(differs).limit(MOST_PROBLEMS)
    for assessment_id in connection.execute(statement).scalars():
        yield f"評価書 {assessment_id} の今の版が、最も新しい版と違います。"
