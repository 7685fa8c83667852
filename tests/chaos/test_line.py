"""回線と郵便局: a line carries, is cut and is closed; a mail server takes letters, or asks to come again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiosmtplib
import pytest

from chaos.line import HOST, Line, to_port
from chaos.post_office import PostOffice
from engine.ports import free_port

LETTER = b"From: a@example.jp\r\nTo: b@example.jp\r\nMessage-ID: <k1@example.jp>\r\n\r\nx\r\n"


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    """Give a line to somebody who says back what they hear."""
    port = free_port()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while heard := await reader.read(100):
            writer.write(heard)
            await writer.drain()
        writer.close()

    there = await asyncio.start_server(answer, HOST, port)
    line = Line(to_port(port))
    await line.start()
    yield line
    await line.stop()
    there.close()


async def said_over(line: Line) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection(HOST, line.port)
    writer.write(b"hello")
    assert await reader.readexactly(5) == b"hello"
    return reader, writer


async def ends(reader: asyncio.StreamReader) -> bool:
    """Say whether the other side is gone, told by an end or by a reset."""
    async with asyncio.timeout(5):
        try:
            return await reader.read() == b""
        except ConnectionResetError:
            return True


async def test_a_line_that_is_cut_ends_what_is_open_and_lets_new_connections_come_about(line: Line) -> None:
    connections = [await said_over(line) for _ in range(3)]
    assert line.cut() == 3
    for reader, writer in connections:
        assert await ends(reader)
        writer.close()
    _, writer = await said_over(line)
    writer.close()


async def test_a_line_that_is_closed_lets_nothing_through_until_it_is_opened(line: Line) -> None:
    line.close()
    reader, writer = await asyncio.open_connection(HOST, line.port)
    assert await ends(reader)
    writer.close()
    line.open()
    _, writer = await said_over(line)
    writer.close()


async def test_whoever_hangs_up_is_hung_up_on_at_the_other_end(line: Line) -> None:
    _, writer = await said_over(line)
    assert line.connections == 1
    writer.close()
    async with asyncio.timeout(5):
        while line.connections:  # noqa: ASYNC110 # nothing tells when a connection is gone
            await asyncio.sleep(0.01)


async def test_a_line_to_nobody_is_no_line() -> None:
    line = Line(to_port(free_port()))
    await line.start()
    reader, writer = await asyncio.open_connection(HOST, line.port)
    assert await ends(reader)
    writer.close()
    await line.stop()


async def test_a_mail_server_that_refuses_is_asked_again_and_counts_what_it_took() -> None:
    office = PostOffice()
    await office.start()

    async def send() -> None:
        await aiosmtplib.send(
            LETTER, sender="a@example.jp", recipients=["b@example.jp"], hostname=HOST, port=office.port
        )

    office.refuse()
    with pytest.raises(aiosmtplib.SMTPDataError, match="try again later"):
        await send()
    office.take()
    for _ in range(2):
        await send()
    assert office.letters == {"<k1@example.jp>": 2}
    await office.stop()
