"""変更箇所 (table of changes): the rows of the 別添 that tells what an amendment changed, as stored and published."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from schemas.base import Identifier, Line, Message

_PRINTABLE = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*[^\x00-\x20\x7f\s][^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"

Wording = Annotated[str, StringConstraints(max_length=8000, pattern=_PRINTABLE)]
"""記載: what an item said or says, 1 to 8,000 characters, as wide as the longest item of a form."""

Explanation = Annotated[str, StringConstraints(max_length=1000, pattern=_PRINTABLE)]
"""説明: 1 to 1,000 characters."""


class Timing(StrEnum):
    """提出時期 (submission timing): whether the assessment was published before the change took effect."""

    ADVANCE = "advance"  # 事前
    AFTERWARDS = "afterwards"  # 事後

    @property
    def label(self) -> str:
        """The timing in Japanese."""
        return {"advance": "事前", "afterwards": "事後"}[self.value]


class ChangeRow(Message):
    """変更箇所の一行 (one row of the table of changes): the six columns of the 別添 of a form, and what is kept beside.

    `form` is that of the document whose item changed: two documents of a set may have items of one name. `withheld` is
    the mark under which the former version was published, where it withheld the item: what it said stays unpublished.
    """

    changed_on: date = Field(title="変更日")
    item: Line = Field(title="項目")
    before: Wording = Field(title="変更前の記載")
    after: Wording = Field(title="変更後の記載")
    submission_timing: Timing = Field(title="提出時期")
    explanation: Explanation = Field(title="提出時期に係る説明")
    form: Identifier | None = Field(default=None, title="様式")
    withheld: Wording | None = Field(default=None, title="前の版で公表しなかった旨")


BESIDE_THE_COLUMNS = frozenset({"form", "withheld"})
"""別添の欄でないもの: what a row of the register knows beside the columns of the form."""
