"""ホットラインの受信: a real SMTP client at a real port; 250 means that the mail is on the disk."""

from __future__ import annotations

import asyncio
import smtplib
from collections.abc import Sequence
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path

import pytest

from engine.ports import free_port
from hotline import smtp
from hotline.keeping import KeptMails
from hotline.smtp import HotlinePortError, HotlineServer, Network
from tests.notices.post_office import HOST

AT = datetime(2026, 5, 2, 3, 0, tzinfo=UTC)
LOOPBACK = (ip_network("127.0.0.0/8"),)
MAIL = "Subject: 誤交付\r\n\r\n.始まりの点\r\n別人の書類を渡した。\r\n".encode()


def server(folder: Path, port: int, *, networks: Sequence[Network] = LOOPBACK) -> HotlineServer:
    return HotlineServer(KeptMails(folder), address=(HOST, port), networks=networks, now=lambda: AT)


def deliver(port: int, content: bytes) -> None:
    with smtplib.SMTP(HOST, port, timeout=20) as client:
        client.sendmail("desk@example.jp", ["hotline@example.jp"], content, mail_options=["SMTPUTF8", "BODY=8BITMIME"])


async def test_a_mail_that_was_answered_is_on_the_disk(tmp_path: Path) -> None:
    port = free_port()
    async with server(tmp_path, port):
        await asyncio.to_thread(deliver, port, MAIL)
    mails = KeptMails(tmp_path)
    found = mails.read(mails.waiting()[0])
    assert (found.title, found.text) == ("誤交付", ".始まりの点\n別人の書類を渡した。")
    assert (found.sender, found.received_at) == ("desk@example.jp", AT)


async def test_a_line_of_any_length_is_kept(tmp_path: Path) -> None:
    port = free_port()
    async with server(tmp_path, port):
        await asyncio.to_thread(deliver, port, b"Subject: a\r\n\r\n" + b"x" * 500_000 + b"\r\n")
    assert len(KeptMails(tmp_path).waiting()) == 1


@pytest.mark.parametrize("announced", [True, False], ids=["大きさを告げる", "告げない"])
async def test_a_mail_that_is_too_large_is_refused_with_552(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, announced: bool
) -> None:
    monkeypatch.setattr(smtp, "LARGEST_MAIL", 10_000)
    port = free_port()

    def send() -> int:
        with smtplib.SMTP(HOST, port, timeout=20) as client:
            client.ehlo()
            size = ["size=20000"] if announced else []
            code, _ = client.mail("desk@example.jp", size)
            if code == 250:
                client.rcpt("hotline@example.jp")
                code, _ = client.data(b"Subject: a\r\n\r\n" + b"x\r\n" * 7_000)
            return code

    async with server(tmp_path, port):
        assert await asyncio.to_thread(send) == 552
    assert KeptMails(tmp_path).waiting() == ()


async def test_who_is_not_among_the_networks_is_refused(tmp_path: Path) -> None:
    port = free_port()
    async with server(tmp_path, port, networks=(ip_network("10.0.0.0/8"), ip_network("::1/128"))):
        with pytest.raises(smtplib.SMTPSenderRefused, match="MINAOSHI_HOTLINE_FROM") as refused:
            await asyncio.to_thread(deliver, port, MAIL)
    assert refused.value.smtp_code == 550
    assert KeptMails(tmp_path).waiting() == ()


async def test_what_can_not_be_kept_is_tried_again_by_its_sender(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    port = free_port()
    async with server(tmp_path / "file", port):
        with pytest.raises(smtplib.SMTPDataError) as refused:
            await asyncio.to_thread(deliver, port, MAIL)
    assert refused.value.smtp_code == 452


async def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    port = free_port()
    async with server(tmp_path, port):
        with pytest.raises(HotlinePortError):
            await server(tmp_path, port).__aenter__()
