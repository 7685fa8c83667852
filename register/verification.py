"""証跡の検証 (verification): the chain, each row that it names, and the rows that it ought to name.

Read in pages, within one reading transaction.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, String, Table, and_, cast, func, or_, select

from register.audit import GENESIS, SUBJECTS, UNREADABLE, Head, Seals, Subject, entry_hash, row_digest
from register.checkpoints import Kept, faults_of_checkpoints
from register.details import DETAIL_TABLES, detail_of
from register.followed import (
    countermeasures_beside_their_acts,
    duties_beside_their_acts,
    events_beside_their_acts,
    reviews_beside_their_acts,
)
from register.hand_overs import as_entered
from register.signed_acts import SignedActs
from register.tables import (
    acts,
    assessments,
    audit_entries,
    countermeasure_acts,
    documents,
    duty_acts,
    event_acts,
    versions,
)
from register.told_rolls import rolls_beside_their_acts
from schemas.canonical import content_digest, digest_of
from schemas.records import AuditVerdict

if TYPE_CHECKING:
    from schemas.signatures import Trusted

PAGE = 500
"""一度に読む証跡の数: entries that are in memory at once."""

MOST_PROBLEMS = 200
"""挙げる問題の数: after so many, the rest is not named."""

Sealed = Mapping[tuple[str, str], Seals]
"""封じた行: by table and key, the digests of what is not at hand of a row."""

_HASH = re.compile("[0-9a-f]{64}")
_UNREADABLE_ROW = object()
_PAGE = select(audit_entries).order_by(audit_entries.c.seq).limit(PAGE)
_DETAIL_TITLES = {"grounds": "事由", "findings": "検討結果", "decisions": "判断", "steps": "手続の記録"}


def verify(
    connection: Connection,
    *,
    expect: str | None = None,
    kept: Kept | None = None,
    sealed: Sealed | None = None,
    trusted: Trusted | None = None,
) -> AuditVerdict:
    """Give the verdict; `problems` name each row that was changed, deleted or added, in Japanese.

    `expect` is a head, `kept` are signed checkpoints, that were kept outside: the chain must still go through them, so
    that a chain that was written anew or cut off is found. `sealed` names content that is not at hand in an export.
    With `trusted` the signatures of acts and reports are verified too.
    """
    problems: list[str] = []
    if expect is not None and not _goes_through(connection, expect):
        problems.append(f"控えの値 {expect} が証跡にありません。証跡が書き直されたか、切り詰められています。")
    if kept is not None:
        problems.extend(faults_of_checkpoints(connection, kept))
    last = Head(0, GENESIS)
    signed = SignedActs(trusted) if trusted is not None else None
    for page, unreadable in _pages(connection):
        problems.extend(unreadable)
        for entry in page:
            problems.extend(_as_far_as_readable(f"証跡の{entry['seq']}番", _faults_of_entry(entry, after=last)))
            last = Head(entry["seq"], str(entry["hash"]))
        sound: dict[tuple[str, str], Any] = {}
        problems.extend(_faults_of_rows(connection, page, sealed=sealed or {}, sound=sound))
        if signed is not None:
            problems.extend(_as_far_as_readable("署名", signed.faults(page, sound)))
        if len(problems) > MOST_PROBLEMS:
            break
    if len(problems) <= MOST_PROBLEMS:
        # An export has no rolls: they name people, and follow from the rest.
        for title, check in (*_CHECKS, *(_AT_HOME if sealed is None else ())):
            problems.extend(_as_far_as_readable(title, check(connection)))
    if len(problems) > MOST_PROBLEMS:
        problems = [*problems[:MOST_PROBLEMS], f"ほかにも問題があります（{MOST_PROBLEMS}件まで示しました）。"]
    return AuditVerdict(
        ok=not problems,
        entries=last.seq,
        # One that is no hash has been named already.
        head=last.hash if _HASH.fullmatch(last.hash) else GENESIS,
        problems=tuple(problems),
        checkpoints=len(kept.lines) if kept else 0,
    )


def _as_far_as_readable(title: str, faults: Iterator[str]) -> Iterator[str]:
    """Give the faults; content that was changed past recognition ends that with a fault of its own."""
    try:
        yield from faults
    except UNREADABLE:
        yield f"{title}に、読めない記載があります。"


def _goes_through(connection: Connection, expect: str) -> bool:
    found = select(audit_entries.c.seq).where(audit_entries.c.hash == expect)
    return expect == GENESIS or connection.execute(found).first() is not None


def _pages(connection: Connection) -> Iterator[tuple[Sequence[Any], tuple[str, ...]]]:
    """Give the entries in pages; as the last one no entries and a sentence, where one can't be read."""
    seq = 0
    try:
        # The first page begins at the very first, so that none hides below the number 1.
        page = connection.execute(_PAGE).mappings().all()
        while page:
            yield page, ()
            seq = page[-1]["seq"]
            page = connection.execute(_PAGE.where(audit_entries.c.seq > seq)).mappings().all()
    except UNREADABLE:
        yield (), (f"証跡の{seq + 1}番から{seq + PAGE}番までに、読めない記載があります。",)


def _faults_of_entry(entry: Any, *, after: Head) -> Iterator[str]:
    seq = entry["seq"]
    if seq < 1:
        yield f"証跡に、番号が{seq}番の記載があります。番号は1番から始まります。"
    elif seq != after.seq + 1:
        yield f"証跡の{after.seq + 1}番から{seq - 1}番までがありません。"
    elif entry["previous_hash"] != after.hash:
        yield f"証跡の{seq}番で鎖が切れています（{after.seq}番に続いていません）。"
    if entry_hash(entry) != entry["hash"]:
        yield f"証跡の{seq}番の記載が改められています。"


def _faults_of_rows(
    connection: Connection, page: Sequence[Any], *, sealed: Sealed, sound: dict[tuple[str, str], Any]
) -> Iterator[str]:
    """Name what is wrong with the rows that the page names, and put those with which nothing is into `sound`."""
    named: defaultdict[str, list[Any]] = defaultdict(list)
    for entry in page:
        named[entry["subject_table"]].append(entry)
    for table, entries in named.items():
        subject = SUBJECTS.get(table)
        if subject is None:
            yield f"証跡の{entries[0]['seq']}番は、知らない表「{table}」を指しています。"
            continue
        rows = _rows_named(connection, subject, [entry["subject_key"] for entry in entries])
        agreeing: dict[str, Any] = {}
        if subject.table is assessments:
            rows |= _as_entered(connection, rows)
        for entry in entries:
            key = entry["subject_key"]
            row = rows.get(key)
            if fault := _fault_of_row(subject.table, row, entry, seals=sealed.get((table, key), {})):
                yield f"{subject.title} {key} {fault}（証跡の{entry['seq']}番）。"
            else:
                agreeing[key] = row
        sound.update(((table, key), row) for key, row in agreeing.items())
        if subject.table is acts:
            yield from _as_far_as_readable("行為の内訳", _faults_of_details(connection, agreeing))


def _fault_of_row(table: Table, row: Any, entry: Any, *, seals: Seals) -> str | None:
    if row is None:
        return "が台帳から消えています"
    try:
        if row is _UNREADABLE_ROW or row_digest(table, row, seals=seals) != entry["content_digest"]:
            return "の内容が、記帳の時と違います"
        own = _own_digest_differs(table, row, seals=seals)
    except UNREADABLE:
        return "の内容が、記帳の時と違います"
    return None if own is None else f"の{own}"


def _as_entered(connection: Connection, rows: dict[str, Any]) -> dict[str, Any]:
    there = {one: row for one, row in rows.items() if row is not _UNREADABLE_ROW}
    try:
        return as_entered(connection, there)
    except UNREADABLE:  # of a hand-over, which is named by itself
        return there


def _rows_named(connection: Connection, subject: Subject, keys: list[str]) -> dict[str, Any]:
    """Give the rows by their keys; in the place of one that can't be read, a mark that it is none."""
    key = subject.table.c[subject.key]
    try:
        wanted = [int(one) for one in keys if one.isdecimal()] if key.type.python_type is int else keys
        rows = connection.execute(select(subject.table).where(key.in_(wanted))).mappings().all()
    except UNREADABLE:
        if len(keys) == 1:
            return {keys[0]: _UNREADABLE_ROW}
        return {name: row for one in keys for name, row in _rows_named(connection, subject, [one]).items()}
    return {str(row[subject.key]): row for row in rows}


def _own_digest_differs(table: Table, row: Any, *, seals: Seals) -> str | None:
    """Hold a row's content against the digest that people know it by: the trail fixes both, but not that they agree."""
    if (
        table in (acts, countermeasure_acts, duty_acts, event_acts)
        and content_digest(row["content"]) != row["content_digest"]
    ):
        return "内容が、受付の答えの SHA-256 と合いません"
    if table is documents and (seals.get("content") or _digest(row["content"]) or row["sha256"]) != row["sha256"]:
        return "内容が、その SHA-256 と合いません"
    if table is versions and digest_of(row["manifest"]) != row["digest"]:
        return "文書の一覧が、その SHA-256 と合いません"
    return None


def _digest(content: Any) -> str | None:
    return None if content is None else digest_of(content)


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
        # As it stands: a key that somebody has made bytes of can't be read as a text.
        key = subject.table.c[subject.key]
        is_it = audit_entries.c.subject_key == cast(key, String)
        named = and_(audit_entries.c.subject_table == subject.table.name, is_it)
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
        versions.c.validated != assessments.c.validated,
    )
    statement = select(assessments.c.assessment_id).select_from(whole).where(differs).limit(MOST_PROBLEMS)
    named = connection.execute(statement).scalars().all()
    for assessment_id in named:
        yield f"評価書 {assessment_id} の今の版が、最も新しい版と違います。"
    manifests = select(assessments.c.assessment_id, assessments.c.manifest, versions.c.manifest.label("of_version"))
    for row in connection.execute(manifests.select_from(whole)):
        if row.manifest != row.of_version and row.assessment_id not in named:
            yield f"評価書 {row.assessment_id} の文書の一覧が、最も新しい版と違います。"


_CHECKS: tuple[tuple[str, Callable[[Connection], Iterator[str]]], ...] = (
    ("証跡にない行", _rows_without_entry),
    ("行為の内訳", _details_without_act),
    ("評価書", _assessments_beside_their_version),
    ("見直し", reviews_beside_their_acts),
    ("対応策", countermeasures_beside_their_acts),
    ("リスク事案", events_beside_their_acts),
    ("義務", duties_beside_their_acts),
)

_AT_HOME = (("名簿", rolls_beside_their_acts),)
