"""郵便局 (post office): a real SMTP server in the test's own loop, which can be closed and opened again on its port."""

from __future__ import annotations

import asyncio
import email
import email.policy
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any, Self

from aiosmtpd.smtp import SMTP

from engine.ports import free_port

if TYPE_CHECKING:
    from settings import Settings

HOST, SENDER = "127.0.0.1", "minaoshi@example.jp"


@dataclass
class PostOffice:
    """郵便局: what it took, and what it refuses to whom."""

    port: int = field(default_factory=free_port)
    letters: list[EmailMessage] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    tries: int = 0
    _server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        return f"smtp://{HOST}:{self.port}"

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def open(self) -> None:
        """Begin to take letters."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: SMTP(self, hostname="localhost"), HOST, self.port)

    async def close(self) -> None:
        """Take no letters any more."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    async def handle_RCPT(  # noqa: N802 # the name and the arguments are aiosmtpd's
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        self.tries += 1
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 # as above
        self.letters.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"

    def ids(self) -> list[str]:
        """Give the Message-IDs of what it took: a reader sees each once."""
        return [str(letter["Message-ID"]) for letter in self.letters]


def posting(settings: Settings, office: PostOffice) -> Settings:
    """Have letters go out by that office, those of circulars as soon as they can."""
    return settings.model_copy(update={"smtp_url": office.url, "mail_from": SENDER, "circular_pace": 1000.0})
