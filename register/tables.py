"""台帳の表 (tables): what the register keeps.

What is in `APPEND_ONLY` only grows (see `register.triggers`).
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from register.column_types import PlainJson, UtcInstant
from register.desk_tables import awaited, kept_forms, notices, preferences, sessions, sign_ins, working_copies
from register.duty_tables import circular_letters, circular_links, duties, duty_acts, duty_roll
from register.metadata import ACT_ID, DIGEST, ID, LINE, REVIEW_ID, WORD, metadata

__all__ = [
    "APPEND_ONLY",
    "acts",
    "assessments",
    "audit_entries",
    "awaited",
    "circular_letters",
    "circular_links",
    "countermeasure_acts",
    "countermeasures",
    "decisions",
    "documents",
    "duties",
    "duty_acts",
    "duty_roll",
    "event_acts",
    "events",
    "findings",
    "grounds",
    "kept_forms",
    "metadata",
    "notices",
    "organisation_revisions",
    "preferences",
    "reports",
    "reviews",
    "sessions",
    "sign_ins",
    "steps",
    "versions",
    "working_copies",
]

# 組織表の版
organisation_revisions = Table(
    "organisation_revisions",
    metadata,
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("content", PlainJson, nullable=False),
    Column("content_digest", String(DIGEST), nullable=False),
    Column("applied_by", String(ID), nullable=False),
    Column("applied_at", UtcInstant, nullable=False),
)

# 評価書（今の姿）。Nothing of a version is there before the first publication.
# `entry_digest` tells whether a second entry under the same id is the same.
assessments = Table(
    "assessments",
    metadata,
    Column("assessment_id", String(ID), primary_key=True),
    Column("body", String(ID), nullable=False),
    Column("department", String(ID), nullable=False),
    Column("number", String(LINE), nullable=False),
    Column("name", String(LINE), nullable=False),
    Column("required_level", String(WORD), nullable=False),
    Column("effective_level", String(WORD), nullable=False),
    Column("systems", PlainJson, nullable=False),
    Column("files", PlainJson, nullable=False),
    Column("note", Text),
    Column("version", Integer, nullable=False),
    Column("standing", String(WORD), nullable=False),
    Column("manifest", PlainJson),
    Column("digest", String(DIGEST)),
    Column("validated", Boolean, nullable=False),
    Column("published_on", Date),
    Column("verified_on", Date),
    Column("yearly_due_on", Date),
    Column("five_years_due_on", Date),
    Column("ended_on", Date),
    Column("published_until", Date),
    Column("present_required_level", String(WORD)),
    Column("present_effective_level", String(WORD)),
    Column("entry_digest", String(DIGEST), nullable=False),
    Column("entered_by", String(ID), nullable=False),
    Column("entered_at", UtcInstant, nullable=False),
    Index(None, "yearly_due_on"),
    Index(None, "published_until"),
    Index(None, "standing"),
    Index(None, "five_years_due_on", "assessment_id"),
    Index(None, "verified_on", "assessment_id"),
    Index(None, "name", "assessment_id"),
    Index(None, "department", "assessment_id"),
)

# 見直し（今の姿）
reviews = Table(
    "reviews",
    metadata,
    Column("review_id", String(REVIEW_ID), primary_key=True),
    Column("assessment_id", ForeignKey(assessments.c.assessment_id), nullable=False),
    Column("number", Integer, nullable=False),
    Column("body", String(ID), nullable=False),
    Column("run_id", String(LINE), nullable=False),
    Column("stage", String(WORD), nullable=False),
    Column("state", PlainJson, nullable=False),
    Column("due_on", Date),
    Column("opened_at", UtcInstant, nullable=False),
    Column("closed_at", UtcInstant),
    Column("outcome", String(WORD)),
    UniqueConstraint("assessment_id", "number"),
    UniqueConstraint("run_id"),
    Index(None, "stage"),
    Index(None, "opened_at"),
    Index(None, "body", "due_on"),
)

# 版。`version_id` is `<assessment>/<number>`.
versions = Table(
    "versions",
    metadata,
    Column("version_id", String(REVIEW_ID), primary_key=True),
    Column("assessment_id", ForeignKey(assessments.c.assessment_id), nullable=False),
    Column("number", Integer, nullable=False),
    Column("manifest", PlainJson, nullable=False),
    Column("digest", String(DIGEST), nullable=False),
    Column("validated", Boolean, nullable=False),
    Column("published_on", Date, nullable=False),
    Column("review_id", ForeignKey(reviews.c.review_id)),
    Column("changes", PlainJson, nullable=False),
    Column("recorded_at", UtcInstant, nullable=False),
    UniqueConstraint("assessment_id", "number"),
)

# 文書。A legacy document has no content.
documents = Table(
    "documents",
    metadata,
    Column("sha256", String(DIGEST), primary_key=True),
    Column("form", String(ID), nullable=False),
    Column("form_version", String(LINE), nullable=False),
    Column("content", PlainJson),
    Column("stored_by", String(ID), nullable=False),
    Column("stored_at", UtcInstant, nullable=False),
)

# 報告
reports = Table(
    "reports",
    metadata,
    Column("act_id", String(ACT_ID), primary_key=True),
    Column("kind", String(WORD), nullable=False),
    Column("body", String(ID), nullable=False),
    Column("person", String(ID), nullable=False),
    Column("content", PlainJson, nullable=False),
    Column("content_digest", String(DIGEST), nullable=False),
    Column("at", UtcInstant, nullable=False),
)

# 行為。`answer` is the receipt, `due_on` what the workflow was told with it.
acts = Table(
    "acts",
    metadata,
    Column("act_id", String(ACT_ID), primary_key=True),
    Column("review_id", ForeignKey(reviews.c.review_id), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("kind", String(WORD), nullable=False),
    Column("person", String(ID), nullable=False),
    Column("content", PlainJson, nullable=False),
    Column("content_digest", String(DIGEST), nullable=False),
    Column("answer", PlainJson, nullable=False),
    Column("due_on", Date),
    Column("run_id", String(LINE), nullable=False),
    Column("at", UtcInstant, nullable=False),
    UniqueConstraint("review_id", "sequence"),
)

# 事由。A ground that was carried over stands here once for each review that it joined.
grounds = Table(
    "grounds",
    metadata,
    Column("act_id", ForeignKey(acts.c.act_id), primary_key=True),
    Column("review_id", ForeignKey(reviews.c.review_id), nullable=False),
    Column("ground_id", String(ACT_ID), nullable=False),
    Column("report_id", String(ACT_ID), nullable=False),
    Column("kind", String(WORD), nullable=False),
    Column("title", String(LINE), nullable=False),
    Column("known_on", Date, nullable=False),
    Column("takes_effect_on", Date),
    Index(None, "report_id"),
)

# 検討結果
findings = Table(
    "findings",
    metadata,
    Column("act_id", ForeignKey(acts.c.act_id), primary_key=True),
    Column("review_id", ForeignKey(reviews.c.review_id), nullable=False),
    Column("person", String(ID), nullable=False),
    Column("role", String(WORD), nullable=False),
    Column("facts_revision", Integer, nullable=False),
    Column("course", String(WORD), nullable=False),
)

# 判断（承認・差戻し・総括保護管理者の決定）
decisions = Table(
    "decisions",
    metadata,
    Column("act_id", ForeignKey(acts.c.act_id), primary_key=True),
    Column("review_id", ForeignKey(reviews.c.review_id), nullable=False),
    Column("kind", String(WORD), nullable=False),
    Column("person", String(ID), nullable=False),
    Column("role", String(WORD), nullable=False),
    Column("facts_revision", Integer),
    Column("course", String(WORD)),
    Column("revision", Integer),
    Column("digest", String(DIGEST)),
)

# 実施手続の記録
steps = Table(
    "steps",
    metadata,
    Column("act_id", ForeignKey(acts.c.act_id), primary_key=True),
    Column("review_id", ForeignKey(reviews.c.review_id), nullable=False),
    Column("step", String(WORD), nullable=False),
    Column("done_on", Date, nullable=False),
    Column("person", String(ID), nullable=False),
)

# 対応策（今の姿）。`countermeasure_id` is `<review>/<n>`; `planned_on` is the date that it was given first.
countermeasures = Table(
    "countermeasures",
    metadata,
    Column("countermeasure_id", String(REVIEW_ID), primary_key=True),
    Column("review_id", ForeignKey(reviews.c.review_id)),
    Column("assessment_id", ForeignKey(assessments.c.assessment_id)),
    Column("item", String(LINE), nullable=False),
    Column("text", Text, nullable=False),
    Column("owner", String(ID), nullable=False),
    Column("planned_on", Date, nullable=False),
    Column("opened_at", UtcInstant, nullable=False),
    Column("status", String(WORD), nullable=False),
    Column("due_on", Date, nullable=False),
    Column("state", PlainJson, nullable=False),
    Column("event_id", ForeignKey("events.event_id")),
    Index(None, "assessment_id"),
    Index(None, "event_id"),
    Index(None, "status"),
    Index(None, "owner", "status"),
    Index(None, "due_on"),
)

# 対応策の行為。`answer` is the receipt.
countermeasure_acts = Table(
    "countermeasure_acts",
    metadata,
    Column("act_id", String(ACT_ID), primary_key=True),
    Column("countermeasure_id", ForeignKey(countermeasures.c.countermeasure_id), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("kind", String(WORD), nullable=False),
    Column("person", String(ID), nullable=False),
    Column("content", PlainJson, nullable=False),
    Column("content_digest", String(DIGEST), nullable=False),
    Column("answer", PlainJson, nullable=False),
    Column("at", UtcInstant, nullable=False),
    UniqueConstraint("countermeasure_id", "sequence"),
)

# リスク事案（今の姿）。`event_id` is that of its report; `first_due_on` is the date that was waited for first.
events = Table(
    "events",
    metadata,
    Column("event_id", ForeignKey(reports.c.act_id), primary_key=True),
    Column("body", String(ID), nullable=False),
    Column("department", String(ID), nullable=False),
    Column("title", String(LINE), nullable=False),
    Column("known_on", Date, nullable=False),
    Column("reported_at", UtcInstant, nullable=False),
    Column("first_due_on", Date),
    Column("status", String(WORD), nullable=False),
    Column("due_on", Date),
    Column("state", PlainJson, nullable=False),
    Index(None, "status"),
    Index(None, "body", "status"),
)

# リスク事案の行為。`answer` is the receipt.
event_acts = Table(
    "event_acts",
    metadata,
    Column("act_id", String(ACT_ID), primary_key=True),
    Column("event_id", ForeignKey(events.c.event_id), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("kind", String(WORD), nullable=False),
    Column("person", String(ID), nullable=False),
    Column("content", PlainJson, nullable=False),
    Column("content_digest", String(DIGEST), nullable=False),
    Column("answer", PlainJson, nullable=False),
    Column("at", UtcInstant, nullable=False),
    UniqueConstraint("event_id", "sequence"),
)

# 出来事。What happened that is no row of another table: a sign-in, a file written, a key made anew.
occurrences = Table(
    "occurrences",
    metadata,
    Column("occurrence_id", String(ACT_ID), primary_key=True),
    Column("kind", String(WORD), nullable=False),
    Column("person", String(ID), nullable=False),
    Column("subject", String(ACT_ID), nullable=False),
    Column("detail", PlainJson, nullable=False),
    Column("at", UtcInstant, nullable=False),
    Index(None, "kind"),
)

# 証跡。Numbered from 1 without a gap; each row of the other tables is named once.
audit_entries = Table(
    "audit_entries",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcInstant, nullable=False),
    Column("actor", String(ID), nullable=False),
    Column("action", String(WORD), nullable=False),
    Column("subject_table", String(WORD), nullable=False),
    Column("subject_key", String(ACT_ID), nullable=False),
    Column("content_digest", String(DIGEST), nullable=False),
    Column("previous_hash", String(DIGEST), nullable=False),
    Column("hash", String(DIGEST), nullable=False),
    UniqueConstraint("subject_table", "subject_key"),
    Index(None, "actor", "seq"),
    Index(None, "action", "seq"),
    Index(None, "at"),
)

APPEND_ONLY = (
    organisation_revisions,
    versions,
    documents,
    reports,
    acts,
    grounds,
    findings,
    decisions,
    steps,
    countermeasure_acts,
    event_acts,
    duty_acts,
    occurrences,
    audit_entries,
)
"""書き加えるだけの表 (append-only tables)."""
