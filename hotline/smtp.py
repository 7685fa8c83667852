"""ホットラインの受信 (SMTP intake): takes what the body's mail server forwards, and answers 250 once it is on the disk.

It relays nothing and knows no passwords: who may connect is said by networks, and by where the port can be reached.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any, Self

from aiosmtpd.smtp import SMTP

from hotline.keeping import KeptMails

LARGEST_MAIL = 25_000_000
"""The largest mail that is taken, in bytes; a larger one is refused with 552, and its sender is told."""

_LOG = logging.getLogger("minaoshi.hotline")

Network = IPv4Network | IPv6Network


class HotlinePortError(Exception):
    """番地で待ち受けられない (the address can't be listened on)."""


class _Door(SMTP):
    # A line as long as the mail itself breaks the standard; the mail is kept for all that.
    line_length_limit = LARGEST_MAIL


class HotlineServer:
    """ホットラインの受信 (SMTP server) on one address, for as long as it is entered."""

    def __init__(  # where it listens, to whom, and what it does with a mail
        self,
        mails: KeptMails,
        *,
        address: tuple[str, int],
        networks: Sequence[Network],
        now: Callable[[], datetime],
        kept: Callable[[], None] = lambda: None,
    ) -> None:
        self._mails = mails
        self._address = address
        self._networks = networks
        self._now = now
        self._kept = kept
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        host, port = self._address
        try:
            self._server = await asyncio.get_running_loop().create_server(self._door, host, port)
        except OSError as error:
            raise HotlinePortError(error.strerror or str(error)) from error
        return self

    async def __aexit__(self, *_error: object) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    def _door(self) -> SMTP:
        return _Door(self, hostname="minaoshi", ident="minaoshi", data_size_limit=LARGEST_MAIL, enable_SMTPUTF8=True)

    async def handle_MAIL(  # noqa: N802 # the name and the arguments are aiosmtpd's
        self, _server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Take a mail only from where mails may come."""
        peer = ip_address(str(session.peer[0]).partition("%")[0])
        if isinstance(peer, IPv6Address):
            peer = peer.ipv4_mapped or peer
        if not any(peer in network for network in self._networks):
            _LOG.warning("hotline: %s is not among MINAOSHI_HOTLINE_FROM", peer)
            return "550 5.7.1 Not from here: see MINAOSHI_HOTLINE_FROM"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 # as above
        """Answer 250 when the mail is on the disk, and 452, which the sender's server tries again, when it is not."""
        try:
            await asyncio.to_thread(
                self._mails.keep, bytes(envelope.content), sender=envelope.mail_from, at=self._now()
            )
        except OSError as error:
            _LOG.exception("hotline: a mail could not be kept: %s", error.strerror)
            return "452 4.3.1 Could not be kept, try again"
        self._kept()
        return "250 2.0.0 Kept"
