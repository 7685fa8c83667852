"""見本の郵便局 (post office of the demo): a real SMTP server on this machine alone, with its letters."""

from __future__ import annotations

import asyncio
import email
import email.policy
import re
from typing import TYPE_CHECKING, Any, Self

from aiosmtpd.smtp import SMTP

from demo.errors import StoryError

if TYPE_CHECKING:
    from collections.abc import Collection
    from email.message import EmailMessage
    from types import TracebackType

_HOST = "127.0.0.1"
_LINK = re.compile(r"/acknowledge/(\S+)")
_PATIENCE_S = 60.0
_PAUSE_S = 0.05


class PostOffice:
    """見本の郵便局: letters by the address to which they went; who has moved is refused for good."""

    def __init__(self, *, moved: Collection[str] = ()) -> None:
        self._moved = moved
        self._letters: dict[str, list[bytes]] = {}
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        """Where it takes letters; raises RuntimeError while it is closed."""
        if self._server is None:
            raise RuntimeError("the post office is closed")
        return f"smtp://{_HOST}:{self._server.sockets[0].getsockname()[1]}"

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: SMTP(self, hostname="localhost"), _HOST, 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    async def handle_RCPT(  # noqa: N802 # the name and the arguments are aiosmtpd's
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self._moved:
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 # as above
        for address in envelope.rcpt_tos:
            self._letters.setdefault(address, []).append(envelope.content)
        return "250 OK"

    async def letter_to(self, address: str, *, words: str) -> EmailMessage:
        """Wait for a letter to somebody with these words in its text; raises StoryError where none comes."""
        try:
            async with asyncio.timeout(_PATIENCE_S):
                while (found := self._find(address, words)) is None:  # noqa: ASYNC110 # nobody tells
                    await asyncio.sleep(_PAUSE_S)
        except TimeoutError:
            raise StoryError("a letter that the story waits for has not come") from None
        return found

    def _find(self, address: str, words: str) -> EmailMessage | None:
        kept = reversed(self._letters.get(address, ()))
        letters = (email.message_from_bytes(one, policy=email.policy.default) for one in kept)
        return next((one for one in letters if words in text_of(one)), None)

    def token_for(self, address: str, *, words: str) -> str:
        """Give the token in the link of the last such letter; raises StoryError where there is none."""
        letter = self._find(address, words)
        found = _LINK.search(text_of(letter)) if letter is not None else None
        if found is None:
            raise StoryError("a letter of the circular has no link")
        return found[1]


def text_of(letter: EmailMessage) -> str:
    """Give what a letter says, with its subject."""
    content: str = letter.get_content()
    return f"{letter['Subject']}\n{content}"
