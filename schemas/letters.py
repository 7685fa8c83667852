"""手紙 (letters): a notice on its way to a person, and what became of it."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints

from schemas.base import Identifier, Instant, Line, Message
from schemas.records import Notice

_KEY_LENGTH = 32

LetterText = Annotated[str, StringConstraints(min_length=1, max_length=100_000)]
"""手紙の本文: long enough for all that a day brings."""


class Means(StrEnum):
    """知らせ方 (means) by which a notice reaches its person."""

    MAIL = "mail"  # 電子メール
    INBOX = "inbox"  # 受信箱のみ

    @property
    def label(self) -> str:
        """The means in Japanese."""
        return "メール" if self is Means.MAIL else "受信箱"


class MailChoice(StrEnum):
    """メールの受け方 (choice of mail): each notice at once, or all of a day in one mail."""

    AT_ONCE = "at_once"  # その都度
    DAILY = "daily"  # 一日一通にまとめる

    @property
    def label(self) -> str:
        """The choice in Japanese."""
        return {"at_once": "知らせのたびに送る", "daily": "毎朝一通にまとめて送る"}[self.value]


class Digest(Message):
    """まとめ (digest): what was held for one person until a morning, which goes out as one mail."""

    person: Identifier
    until: Instant


class Outgoing(Message):
    """出す知らせ (outgoing notice), as the register holds it."""

    notice: Notice
    made_at: Instant
    delivered_at: Instant | None = None


class Letter(Message):
    """手紙 (letter): `key` is the same for each try of the same notice."""

    key: Line
    name: Line
    mail: Line
    subject: Line
    body: LetterText
    made_at: Instant


class NoticeProgress(Message):
    """知らせの成り行き (progress of a notice): delivered, given up, told otherwise, or on its way."""

    notice: Notice
    made_at: Instant
    delivered_at: Instant | None
    means: Means | None
    failed_at: Instant | None
    failure: Line | None
    settled_at: Instant | None
    settled_by: Identifier | None
    held_until: Instant | None = None


class FailedNotice(Message):
    """届かなかった知らせ (a notice that was given up), with the reason."""

    notice: Notice
    failed_at: Instant
    failure: Line


def key_of(notice_id: str) -> str:
    """Give the key of a notice: where its id must not be seen, for that carries the id of a person."""
    return hashlib.sha256(notice_id.encode()).hexdigest()[:_KEY_LENGTH]
