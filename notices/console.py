"""端末への知らせ (console): letters are written where the worker writes, for a demonstration without a mail server."""

from __future__ import annotations

import sys
from typing import TextIO

from schemas.letters import Letter


class Console:
    """端末への知らせ (console)."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr

    async def send(self, letter: Letter) -> None:
        """Write the letter; nothing is refused."""
        self._stream.write(f"知らせ {letter.key} → {letter.name}\n件名: {letter.subject}\n\n{letter.body}\n")
        self._stream.flush()
