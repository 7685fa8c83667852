"""表の土台 (metadata): what all tables of the register share: their naming, and how long their texts may be."""

from __future__ import annotations

from sqlalchemy import MetaData

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

ID = 64
REVIEW_ID = 80
ACT_ID = 250
DIGEST = 64
WORD = 40
DUTY_ID = 100
LINE = 200
TEXT = 4000
NOTICE_ID = 320
ADDRESS = 400
