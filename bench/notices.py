"""リスク事案の知らせ (notices of a risk event): from the reporter's receipt to the last of fifty mails handed over."""

from __future__ import annotations

import asyncio
import json
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from aiosmtpd.smtp import SMTP

from bench.body import large_line
from bench.rows import Row
from client.minaoshi import Minaoshi
from engine.connection import connect_embedded
from engine.ports import free_port
from engine.search_attributes import SEARCH_ATTRIBUTES
from engine.server import EmbeddedServer
from engine.signing import Signatures
from notices.mail import Mail
from register.register import open_register
from schemas.letters import Letter
from worker import build_outbox, build_worker

if TYPE_CHECKING:
    from temporalio.client import Client

    from settings import Settings

RECIPIENTS = 50
BAR_S = 2.0
BAR_RATIO = 12.0

_ROUNDS = 7
_QUIET_S = 1.1
"""Between two rounds: what the one before has left to write down is written, and each comes into another pause."""

_PATIENCE_S = 60.0
_HOST = "127.0.0.1"
_SENDER = "minaoshi@example.jp"


class PostOffice:
    """郵便局 (post office): a real SMTP server, which tells when it has taken as many mails as are expected."""

    def __init__(self) -> None:
        self.port = free_port()
        self._left = 0
        self._all = asyncio.Event()
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        return f"smtp://{_HOST}:{self.port}"

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: SMTP(self, hostname="localhost"), _HOST, self.port)
        return self

    async def __aexit__(self, *_error: object) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    def expect(self, number: int) -> None:
        """Count anew."""
        self._left = number
        self._all.clear()

    async def has_all(self) -> None:
        """Wait for the last one."""
        async with asyncio.timeout(_PATIENCE_S):
            await self._all.wait()

    async def handle_DATA(self, _server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802 # aiosmtpd's name
        self._left -= 1
        if self._left == 0:
            self._all.set()
        return "250 OK"


async def measure_notices(settings: Settings) -> list[Row]:
    """Report events one after the other, and after each send as many letters without the engine."""
    async with PostOffice() as office, EmbeddedServer(settings, search_attributes=SEARCH_ATTRIBUTES):
        own = settings.model_copy(update={"smtp_url": office.url, "mail_from": _SENDER})
        temporal = await connect_embedded(own)
        register = await open_register(own.register_url)

        async def connected() -> Client:
            return temporal

        minaoshi = Minaoshi(register, connected, task_queue=own.task_queue, signatures=Signatures(own))
        await minaoshi.organisation.apply(large_line(RECIPIENTS))
        outbox = build_outbox(temporal, register, own)
        mail = Mail(office.url, sender=_SENDER)
        told_s: list[float] = []
        sent_s: list[float] = []
        async with build_worker(temporal, register, own):
            giving_out = asyncio.create_task(outbox.run())
            for number in range(_ROUNDS + 1):  # the first warms up
                told_s.append(await _told(minaoshi, office, number))
                sent_s.append(await _sent(mail, office))
            giving_out.cancel()
            await asyncio.gather(giving_out, return_exceptions=True)
        await register.close()
    return _rows(told_s[1:], sent_s[1:])


async def _told(minaoshi: Minaoshi, office: PostOffice, number: int) -> float:
    """Give the seconds from the receipt of an event to its last mail; raises TimeoutError when one is missing."""
    await asyncio.sleep(_QUIET_S)
    office.expect(RECIPIENTS)
    event = {"title": f"誤交付 {number}", "facts": "別人の書類を渡した。"}
    await minaoshi.reports.risk(json.dumps(event).encode(), as_="drafter")
    began = time.perf_counter()
    await office.has_all()
    return time.perf_counter() - began


async def _sent(mail: Mail, office: PostOffice) -> float:
    """Give the seconds that as many letters take where nothing is written down, all at once."""
    office.expect(RECIPIENTS)
    letters = [
        Letter(
            key=f"{number:032x}",
            name="見本",
            mail=f"member-{number}@example.jp",
            subject="[見直し] リスク事案の報告: 誤交付",
            body="見本 様\n\n別人の書類を渡した。\n" * 10,
            made_at=datetime.now(UTC),
        )
        for number in range(RECIPIENTS)
    ]
    began = time.perf_counter()
    await asyncio.gather(*(mail.send(letter) for letter in letters))
    await office.has_all()
    return time.perf_counter() - began


def _rows(told_s: list[float], sent_s: list[float]) -> list[Row]:
    slowest, ratio = max(told_s), sum(told_s) / sum(sent_s)
    conditions = (
        f"{RECIPIENTS} recipients, {len(told_s)} events, each followed by as many mails without the engine: "
        f"{sum(told_s) / len(told_s):.2f} and {sum(sent_s) / len(sent_s):.2f} s on average; "
        "SQLite WAL, synchronous=FULL, a real SMTP server in the same process"
    )
    return [
        Row("risk event: seconds from receipt to the last mail, at most", slowest, BAR_S, slowest <= BAR_S, conditions),
        Row("risk event: the same beside mails sent directly", ratio, BAR_RATIO, ratio <= BAR_RATIO, conditions),
    ]
