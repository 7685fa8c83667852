"""事務連絡の発出 (sending of circulars): what the workflow that sends a circular to many is told, and what it tells."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from schemas.base import Identifier, Instant, Line, Message
from schemas.duties import DutyId

Round = Annotated[str, StringConstraints(pattern=r"^(first|answer|reminder-[1-9][0-9]{0,6})$")]
"""発出の回: the first one, a reminder by the number of the act that asked for it, or the answer to a question."""


class SendingStart(Message):
    """発出の始め (start of a run): of which duty, in which round, and how far the run before this one came."""

    duty_id: DutyId = Field(title="義務番号")
    round: Round = Field(title="発出の回")
    after: Identifier | None = Field(default=None, title="この宛先の次から")
    sweep: int = Field(default=0, ge=0, title="巡（届かなかったものを試し直した回数）")
    began_at: Instant | None = Field(default=None, title="始めた日時")


class PageRequest(Message):
    """一頁の依頼 (what the workflow asks to be sent)."""

    duty_id: DutyId = Field(title="義務番号")
    round: Round = Field(title="発出の回")
    after: Identifier | None = Field(default=None, title="この宛先の次から")
    began_at: Instant = Field(title="この回を始めた日時（手紙の日付）")


class PageSent(Message):
    """一頁の結果 (what became of a page): its last recipient; behind the last page, whether there is anybody left."""

    last: Identifier | None = Field(default=None, title="最後の宛先")
    is_left: bool = Field(default=False, title="まだ届いていない宛先がある")


class SendingEnd(Message):
    """発出の結果 (end of a round): how many could not be reached however often it was tried."""

    given_up: int = Field(ge=0, title="諦めた数")
    sweeps: int = Field(ge=1, title="巡の数")


class LetterKey(Message):
    """一通の手紙 (one letter): of a round, to one recipient; it is one however often it is tried."""

    duty_id: DutyId
    member: Identifier
    round: Round


class LetterState(Message):
    """宛先ごとの手紙の成り行き (what became of the letters to one recipient), over all rounds."""

    member: Identifier = Field(title="宛先")
    delivered_at: Instant | None = Field(default=None, title="最後に届いた日時")
    failed_at: Instant | None = Field(default=None, title="最後に届かなかった日時")
    failure: Line | None = Field(default=None, title="届かなかった理由")
    rounds: int = Field(default=0, ge=0, title="届いた回数")


class Link(Message):
    """受領のリンク (link of one recipient), found by the digest of its token."""

    duty_id: DutyId
    member: Identifier
