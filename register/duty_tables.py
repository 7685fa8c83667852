"""義務の表 (tables of duties): a duty, its acts, who is on its roll, and the letters of a circular.

Its acts only grow (`register.tables`); all else is what they say, or how far the letters have come.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, UniqueConstraint, false

from register.column_types import PlainJson, UtcInstant
from register.metadata import ACT_ID, DIGEST, DUTY_ID, ID, LINE, NOTICE_ID, WORD, metadata

# 義務（今の姿）。Its first act opens it; its state is what the last one left.
duties = Table(
    "duties",
    metadata,
    Column("duty_id", String(DUTY_ID), primary_key=True),
    Column("kind", String(WORD), nullable=False),
    Column("parent", ForeignKey("duties.duty_id")),
    Column("body", String(ID), nullable=False),
    Column("department", String(ID), nullable=False),
    Column("owner", String(ID)),
    Column("title", String(LINE), nullable=False),
    Column("repeats", String(WORD)),
    Column("status", String(WORD), nullable=False),
    Column("due_on", Date, nullable=False),
    Column("state", PlainJson, nullable=False),
    Index(None, "parent"),
    Index(None, "body", "status", "due_on"),
    Index(None, "owner", "status"),
    Index(None, "repeats"),
)

# 義務の行為。`answer` is the receipt, with the digest of the state that the act left.
duty_acts = Table(
    "duty_acts",
    metadata,
    Column("act_id", String(ACT_ID), primary_key=True),
    Column("duty_id", ForeignKey(duties.c.duty_id), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("kind", String(WORD), nullable=False),
    Column("person", String(ID), nullable=False),
    Column("content", PlainJson, nullable=False),
    Column("content_digest", String(DIGEST), nullable=False),
    Column("answer", PlainJson, nullable=False),
    Column("at", UtcInstant, nullable=False),
    UniqueConstraint("duty_id", "sequence"),
)

# 名簿。Who is on the roll of a duty and what became of them, as its acts say.
duty_roll = Table(
    "duty_roll",
    metadata,
    Column("duty_id", ForeignKey(duties.c.duty_id), primary_key=True),
    Column("member", String(ID), primary_key=True),
    Column("name", String(LINE), nullable=False),
    Column("department", String(ID)),
    Column("mail", String(NOTICE_ID)),
    Column("status", String(WORD), nullable=False),
    Column("completed_on", Date),
    Column("reason", String(LINE)),
    Column("due_on", Date),
    Column("delivered_at", UtcInstant),
    Index(None, "duty_id", "status", "member"),
    Index(None, "member", "status"),
    Index(None, "department", "duty_id"),
)

# 宛先ごとの手紙。One row for each round in which a letter was tried; one that is given up is tried no more.
circular_letters = Table(
    "circular_letters",
    metadata,
    Column("duty_id", ForeignKey(duties.c.duty_id), primary_key=True),
    Column("member", String(ID), primary_key=True),
    Column("round", String(WORD), primary_key=True),
    Column("delivered_at", UtcInstant),
    Column("failed_at", UtcInstant),
    Column("failure", String(LINE)),
    Column("given_up", Boolean, nullable=False, server_default=false()),
)

# 受領のリンク。Of a token only its digest. Each try has one of its own: whichever letter arrives, its link is known.
circular_links = Table(
    "circular_links",
    metadata,
    Column("token_digest", String(DIGEST), primary_key=True),
    Column("duty_id", ForeignKey(duties.c.duty_id), nullable=False),
    Column("member", String(ID), nullable=False),
    Column("made_at", UtcInstant, nullable=False),
)
