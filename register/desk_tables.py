"""机の上の表 (desk tables): what people have before them: what waits for them, what they were told, what they write.

These change as people go on; nothing in them proves anything.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, false

from register.column_types import PlainJson, UtcInstant
from register.metadata import ACT_ID, ADDRESS, DIGEST, ID, LINE, NOTICE_ID, TEXT, WORD, metadata

# 知らせ
notices = Table(
    "notices",
    metadata,
    Column("notice_id", String(NOTICE_ID), primary_key=True),
    Column("person", String(ID), nullable=False),
    Column("review_id", ForeignKey("reviews.review_id")),
    Column("assessment_id", String(ID)),
    Column("subject", String(LINE), nullable=False),
    Column("made_at", UtcInstant, nullable=False),
    Column("delivered_at", UtcInstant),
    Column("read_at", UtcInstant),
    Column("dispatched_at", UtcInstant),
    Column("means", String(WORD)),
    Column("failed_at", UtcInstant),
    Column("failure", String(LINE)),
    Column("settled_at", UtcInstant),
    Column("settled_by", String(ID)),
    Column("urgent", Boolean, nullable=False, server_default=false()),
    Column("held_until", UtcInstant),
    Column("details", String(TEXT)),
    Index(None, "person", "made_at"),
    Index(None, "dispatched_at", "held_until"),
    Index(None, "failed_at"),
)

# 待たれる役割: what waits for whoever holds a role. `barred` is empty in one row; in each further one it is a person
# who can't act there. It may name too much, never too little: the rules decide on what is found.
awaited = Table(
    "awaited",
    metadata,
    Column("kind", String(WORD), primary_key=True),
    Column("subject", String(ACT_ID), primary_key=True),
    Column("role", String(WORD), primary_key=True),
    Column("barred", String(ID), primary_key=True),
    Column("body", String(ID), nullable=False),
    Column("department", String(ID), nullable=False),
    Index(None, "kind", "barred", "body", "role", "department"),
)

# サインインしている人。Of the token only its digest. One that has ended stays for a while: it tells who began a form.
sessions = Table(
    "sessions",
    metadata,
    Column("token_digest", String(DIGEST), primary_key=True),
    Column("person", String(ID), nullable=False),
    Column("form_token", String(DIGEST), nullable=False),
    Column("began_at", UtcInstant, nullable=False),
    Column("seen_at", UtcInstant, nullable=False),
    Column("ended_at", UtcInstant),
    Index(None, "person"),
    Index(None, "form_token"),
)

# 預かった様式。What a person typed into a form that was not sent, for that person alone; these come and go.
kept_forms = Table(
    "kept_forms",
    metadata,
    Column("person", String(ID), primary_key=True),
    Column("address", String(ADDRESS), primary_key=True),
    Column("title", String(LINE), nullable=False),
    Column("content", PlainJson, nullable=False),
    Column("has_files", Boolean, nullable=False),
    Column("kept_at", UtcInstant, nullable=False),
)

# 途中のサインイン: what was asked of the provider, and for which browser; each is answered once, or forgotten.
sign_ins = Table(
    "sign_ins",
    metadata,
    Column("state_digest", String(DIGEST), primary_key=True),
    Column("browser_digest", String(DIGEST), nullable=False),
    Column("nonce", String(DIGEST), nullable=False),
    Column("verifier", String(LINE), nullable=False),
    Column("redirect_uri", Text, nullable=False),
    Column("goes_on", Text, nullable=False),
    Column("began_at", UtcInstant, nullable=False),
    Index(None, "began_at"),
)

# 書きかけの文書。Of a form there is one in a review; `revision` counts how often it was saved.
working_copies = Table(
    "working_copies",
    metadata,
    Column("review_id", ForeignKey("reviews.review_id"), primary_key=True),
    Column("form", String(ID), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("content", PlainJson, nullable=False),
    Column("saved_by", String(ID), nullable=False),
    Column("saved_at", UtcInstant, nullable=False),
)

# 知らせの受け方
preferences = Table(
    "preferences",
    metadata,
    Column("person", String(ID), primary_key=True),
    Column("mail", String(WORD), nullable=False),
    Column("chosen_at", UtcInstant, nullable=False),
)
