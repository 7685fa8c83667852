"""台帳の誤り (errors of the register): what it refuses to write."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError as DatabaseFault
from sqlalchemy.exc import OperationalError as RegisterAway

__all__ = [
    "AlreadyThereError",
    "DatabaseFault",
    "MovedOnError",
    "OtherContentError",
    "RegisterAway",
    "RegisterError",
    "SchemaAheadError",
    "SchemaBehindError",
]


# RegisterAway: the database is not there, is full, or lets nobody in. Nobody's bug: it is asked again later.


class RegisterError(Exception):
    """台帳の誤り: nothing was written."""


class AlreadyThereError(RegisterError):
    """登録済み (already there): the id is taken by an assessment with other content."""

    def __init__(self, assessment_id: str) -> None:
        super().__init__(f"評価書 {assessment_id} は、別の内容で既に登録されています。")
        self.assessment_id = assessment_id


class MovedOnError(RegisterError):
    """先に進んだ (moved on): another act came first, of which the one that is to be written does not know."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} には、別の行為が先に記録されています。")


class OtherContentError(RegisterError):
    """別の内容 (other content): the act id is taken by an act or a report with other content."""

    def __init__(self, act_id: str) -> None:
        super().__init__(f"行為番号 {act_id} は、別の内容で既に使われています。")
        self.act_id = act_id


class SchemaAheadError(RegisterError):
    """台帳の方が新しい (schema ahead): a newer program has brought the register forward."""

    def __init__(self, revision: str, *, known: str) -> None:
        super().__init__(f"台帳の表の版は {revision} で、このプログラムが知る {known} より新しいものです。")


class SchemaBehindError(RegisterError):
    """台帳の方が古い (schema behind): it has to be brought forward, and this role of the database may not do that."""

    def __init__(self, *, wanted: str, reason: str) -> None:
        super().__init__(f"台帳の表の版を {wanted} に進められません（{reason}）。")
