"""実施手続の内容 (content of the procedure): what is told of a hearing, a check or an approval."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from schemas.base import Digest, Line, Message, Text


class Opinion(Message):
    """意見 (opinion): one that was sent in, and the answer to it."""

    opinion: Text = Field(title="意見の内容")
    answer: Text = Field(title="意見に対する考え方")
    reflected: bool = Field(title="評価書に反映する")


class OpinionSheet(Message):
    """意見の一覧 (opinions): all that were sent in, each with its answer; kept in the register by its digest."""

    opinions: tuple[Opinion, ...] = Field(max_length=1000, title="意見")


OPINIONS = ("opinions", "1")
"""意見の一覧の様式: form and version under which the register keeps it. It is no form of an assessment."""


class Hearing(Message):
    """意見聴取の結果 (outcome of a hearing): how many opinions there were, and how many change the text."""

    opinions: int = Field(ge=0, le=1000, title="意見の数")
    reflected: int = Field(ge=0, le=1000, title="評価書に反映する意見の数")
    sheet: Digest = Field(title="意見の一覧のSHA-256")


class Notice(Message):
    """公示 (public notice): how, and until when opinions are heard."""

    method: Line = Field(title="公示の方法")
    until_on: date = Field(title="意見聴取の終了日")
    shortened_reason: Text | None = Field(default=None, title="期間を短縮する特段の理由")


class Judgement(Message):
    """点検又は審査の結果 (judgement): the conditions or opinions that were given, and whether the text must change."""

    conditions: tuple[Text, ...] = Field(default=(), max_length=50, title="条件又は意見")
    requires_revision: bool = Field(default=False, title="評価書の改訂を要する")
