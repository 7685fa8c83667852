"""ホットラインのメール (mails to the hotline): what the intake reads of a mail that was kept."""

from __future__ import annotations

from pydantic import Field

from schemas.base import Digest, Instant, Message


class IncomingMail(Message):
    """受信したメール (incoming mail). `identity` is the same for each delivery of the same mail."""

    sha256: Digest = Field(title="メール全体のSHA-256")
    identity: Digest = Field(title="同じメールを見分ける値")
    received_at: Instant = Field(title="受信の日時")
    sender: str | None = Field(title="差出人の電子メールアドレス")
    title: str = Field(title="件名（なければ空）")
    text: str = Field(title="読めた本文")
    obstacles: tuple[str, ...] = Field(default=(), title="読めない理由（読めれば空）")
    answers_us: bool = Field(default=False, title="こちらの知らせ、又はそれへの自動の応答")
