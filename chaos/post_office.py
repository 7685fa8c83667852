"""郵便局 (post office): a real SMTP server, which can refuse every letter for a while."""

from __future__ import annotations

import asyncio
import email
import email.policy
from collections import Counter
from typing import Any

from aiosmtpd.smtp import SMTP

from chaos.line import HOST
from engine.ports import free_port

_TAKEN, _LATER = "250 OK", "451 4.3.0 try again later"


class PostOffice:
    """郵便局: how often each letter came, by its Message-ID."""

    def __init__(self) -> None:
        self.port = free_port()
        self.letters: Counter[str] = Counter()
        self.refused = 0
        self._refuses = False
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        """Its address for a setting."""
        return f"smtp://{HOST}:{self.port}"

    async def start(self) -> None:
        """Begin to listen."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: SMTP(self, hostname="localhost"), HOST, self.port)

    async def stop(self) -> None:
        """Listen no longer."""
        if self._server is not None:
            self._server.close()

    def refuse(self) -> None:
        """Refuse every letter, for now."""
        self._refuses = True

    def take(self) -> None:
        """Take letters again."""
        self._refuses = False

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 # the name is aiosmtpd's
        """Take a letter, or ask to come again."""
        if self._refuses:
            self.refused += 1
            return _LATER
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.letters[str(letter["Message-ID"])] += 1
        return _TAKEN
