"""最初の表 (first tables): Revision 0001."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from register.column_types import PlainJson, UtcInstant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "assessments",
        sa.Column("assessment_id", sa.String(length=64), nullable=False),
        sa.Column("body", sa.String(length=64), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("required_level", sa.String(length=40), nullable=False),
        sa.Column("effective_level", sa.String(length=40), nullable=False),
        sa.Column("systems", PlainJson(), nullable=False),
        sa.Column("files", PlainJson(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("manifest", PlainJson(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("validated", sa.Boolean(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=False),
        sa.Column("yearly_due_on", sa.Date(), nullable=False),
        sa.Column("five_years_due_on", sa.Date(), nullable=False),
        sa.Column("entry_digest", sa.String(length=64), nullable=False),
        sa.Column("entered_by", sa.String(length=64), nullable=False),
        sa.Column("entered_at", UtcInstant(), nullable=False),
        sa.PrimaryKeyConstraint("assessment_id", name=op.f("pk_assessments")),
    )
    op.create_index(op.f("ix_assessments_yearly_due_on"), "assessments", ["yearly_due_on"])

    op.create_table(
        "audit_entries",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", UtcInstant(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("subject_table", sa.String(length=40), nullable=False),
        sa.Column("subject_key", sa.String(length=250), nullable=False),
        sa.Column("content_digest", sa.String(length=64), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_entries")),
        sa.UniqueConstraint("subject_table", "subject_key", name=op.f("uq_audit_entries_subject_table_subject_key")),
    )
    op.create_table(
        "documents",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("form", sa.String(length=64), nullable=False),
        sa.Column("form_version", sa.String(length=200), nullable=False),
        sa.Column("content", PlainJson(), nullable=True),
        sa.Column("stored_by", sa.String(length=64), nullable=False),
        sa.Column("stored_at", UtcInstant(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_documents")),
    )
    op.create_table(
        "organisation_revisions",
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", PlainJson(), nullable=False),
        sa.Column("content_digest", sa.String(length=64), nullable=False),
        sa.Column("applied_by", sa.String(length=64), nullable=False),
        sa.Column("applied_at", UtcInstant(), nullable=False),
        sa.PrimaryKeyConstraint("revision", name=op.f("pk_organisation_revisions")),
    )
    op.create_table(
        "reports",
        sa.Column("act_id", sa.String(length=250), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("body", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("content", PlainJson(), nullable=False),
        sa.Column("content_digest", sa.String(length=64), nullable=False),
        sa.Column("at", UtcInstant(), nullable=False),
        sa.PrimaryKeyConstraint("act_id", name=op.f("pk_reports")),
    )
    op.create_table(
        "reviews",
        sa.Column("review_id", sa.String(length=80), nullable=False),
        sa.Column("assessment_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", sa.String(length=64), nullable=False),
        sa.Column("run_id", sa.String(length=200), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("state", PlainJson(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("opened_at", UtcInstant(), nullable=False),
        sa.Column("closed_at", UtcInstant(), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.assessment_id"], name=op.f("fk_reviews_assessment_id")
        ),
        sa.PrimaryKeyConstraint("review_id", name=op.f("pk_reviews")),
        sa.UniqueConstraint("assessment_id", "number", name=op.f("uq_reviews_assessment_id_number")),
        sa.UniqueConstraint("run_id", name=op.f("uq_reviews_run_id")),
    )
    op.create_index(op.f("ix_reviews_opened_at"), "reviews", ["opened_at"])
    op.create_index(op.f("ix_reviews_stage"), "reviews", ["stage"])

    op.create_table(
        "acts",
        sa.Column("act_id", sa.String(length=250), nullable=False),
        sa.Column("review_id", sa.String(length=80), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("content", PlainJson(), nullable=False),
        sa.Column("content_digest", sa.String(length=64), nullable=False),
        sa.Column("answer", PlainJson(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("run_id", sa.String(length=200), nullable=False),
        sa.Column("at", UtcInstant(), nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.review_id"], name=op.f("fk_acts_review_id")),
        sa.PrimaryKeyConstraint("act_id", name=op.f("pk_acts")),
        sa.UniqueConstraint("review_id", "sequence", name=op.f("uq_acts_review_id_sequence")),
    )
    op.create_table(
        "notices",
        sa.Column("notice_id", sa.String(length=320), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("review_id", sa.String(length=80), nullable=True),
        sa.Column("assessment_id", sa.String(length=64), nullable=True),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("made_at", UtcInstant(), nullable=False),
        sa.Column("delivered_at", UtcInstant(), nullable=True),
        sa.Column("read_at", UtcInstant(), nullable=True),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.review_id"], name=op.f("fk_notices_review_id")),
        sa.PrimaryKeyConstraint("notice_id", name=op.f("pk_notices")),
    )
    op.create_index(op.f("ix_notices_person_made_at"), "notices", ["person", "made_at"])

    op.create_table(
        "versions",
        sa.Column("version_id", sa.String(length=80), nullable=False),
        sa.Column("assessment_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("manifest", PlainJson(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("validated", sa.Boolean(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("review_id", sa.String(length=80), nullable=True),
        sa.Column("changes", PlainJson(), nullable=False),
        sa.Column("recorded_at", UtcInstant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessments.assessment_id"], name=op.f("fk_versions_assessment_id")
        ),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.review_id"], name=op.f("fk_versions_review_id")),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_versions")),
        sa.UniqueConstraint("assessment_id", "number", name=op.f("uq_versions_assessment_id_number")),
    )
    op.create_table(
        "decisions",
        sa.Column("act_id", sa.String(length=250), nullable=False),
        sa.Column("review_id", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("facts_revision", sa.Integer(), nullable=True),
        sa.Column("course", sa.String(length=40), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["act_id"], ["acts.act_id"], name=op.f("fk_decisions_act_id")),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.review_id"], name=op.f("fk_decisions_review_id")),
        sa.PrimaryKeyConstraint("act_id", name=op.f("pk_decisions")),
    )
    op.create_table(
        "findings",
        sa.Column("act_id", sa.String(length=250), nullable=False),
        sa.Column("review_id", sa.String(length=80), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("facts_revision", sa.Integer(), nullable=False),
        sa.Column("course", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["act_id"], ["acts.act_id"], name=op.f("fk_findings_act_id")),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.review_id"], name=op.f("fk_findings_review_id")),
        sa.PrimaryKeyConstraint("act_id", name=op.f("pk_findings")),
    )
    op.create_table(
        "grounds",
        sa.Column("act_id", sa.String(length=250), nullable=False),
        sa.Column("review_id", sa.String(length=80), nullable=False),
        sa.Column("ground_id", sa.String(length=250), nullable=False),
        sa.Column("report_id", sa.String(length=250), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("known_on", sa.Date(), nullable=False),
        sa.Column("takes_effect_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["act_id"], ["acts.act_id"], name=op.f("fk_grounds_act_id")),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.review_id"], name=op.f("fk_grounds_review_id")),
        sa.PrimaryKeyConstraint("act_id", name=op.f("pk_grounds")),
    )
    op.create_index(op.f("ix_grounds_report_id"), "grounds", ["report_id"])

    op.create_table(
        "steps",
        sa.Column("act_id", sa.String(length=250), nullable=False),
        sa.Column("review_id", sa.String(length=80), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["act_id"], ["acts.act_id"], name=op.f("fk_steps_act_id")),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.review_id"], name=op.f("fk_steps_review_id")),
        sa.PrimaryKeyConstraint("act_id", name=op.f("pk_steps")),
    )
