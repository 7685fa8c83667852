"""メール (mail), against a real SMTP server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from email.headerregistry import AddressHeader, DateHeader
from io import StringIO
from typing import cast

import pytest

from notices.console import Console
from notices.mail import Mail
from schemas.letters import Letter, NotSentError
from tests.notices.post_office import SENDER, PostOffice

LETTER = Letter(
    key="0123456789abcdef0123456789abcdef",
    name="見本 担当（窓口）",
    mail="desk@example.jp",
    subject="[見直し] あなたの番です（両者の検討）: digital-agency-1",
    body="見本 様\n\n　期限: 2026-06-08\n",
    made_at=datetime(2026, 6, 1, 3, 0, tzinfo=UTC),
)


@pytest.fixture
async def office() -> AsyncIterator[PostOffice]:
    async with PostOffice() as office:
        yield office


async def test_a_japanese_letter_arrives_as_it_was_written(office: PostOffice) -> None:
    assert await Mail(office.url, sender=SENDER).send(LETTER) is None
    taken = office.letters[0]
    assert taken["Subject"] == LETTER.subject
    assert taken.get_content().replace("\r\n", "\n") == LETTER.body
    to = cast("AddressHeader", taken["To"]).addresses[0]
    assert (to.display_name, to.addr_spec) == (LETTER.name, LETTER.mail)
    assert cast("DateHeader", taken["Date"]).datetime == LETTER.made_at
    assert taken["Auto-Submitted"] == "auto-generated"
    assert taken["Message-ID"] == f"<{LETTER.key}@example.jp>"


async def test_each_try_has_the_same_message_id(office: PostOffice) -> None:
    for _ in range(2):
        await Mail(office.url, sender=SENDER).send(LETTER)
    assert len(set(office.ids())) == 1


async def test_an_address_that_is_refused_for_good_is_told(office: PostOffice) -> None:
    office.refused[LETTER.mail] = "550 No such user"
    refusal = await Mail(office.url, sender=SENDER).send(LETTER)
    assert refusal is not None
    assert "550 No such user" in refusal
    assert LETTER.mail not in refusal


async def test_what_is_no_letter_in_a_refusal_is_told_as_such(office: PostOffice) -> None:
    """PostgreSQL would not keep the refusal, and the letter would be tried for ever."""
    office.refused[LETTER.mail] = "550 No\0such\x1buser"
    refusal = await Mail(office.url, sender=SENDER).send(LETTER)
    assert refusal is not None
    assert "550 No\ufffdsuch\ufffduser" in refusal


async def test_an_address_that_is_refused_for_now_is_tried_again(office: PostOffice) -> None:
    office.refused[LETTER.mail] = "451 Try later"
    with pytest.raises(NotSentError) as error:
        await Mail(office.url, sender=SENDER).send(LETTER)
    assert LETTER.mail not in str(error.value)


async def test_a_server_that_is_down_is_tried_again(office: PostOffice) -> None:
    await office.close()
    with pytest.raises(NotSentError):
        await Mail(office.url, sender=SENDER).send(LETTER)


@pytest.mark.parametrize("address", ["no address@", "a@b@c", "x\n@example.jp"])
async def test_what_is_no_address_is_refused_for_good(office: PostOffice, address: str) -> None:
    refusal = await Mail(office.url, sender=SENDER).send(LETTER.model_copy(update={"mail": address}))
    assert refusal == "宛先の形が正しくありません。"
    assert office.tries == 0


async def test_a_name_that_breaks_the_line_begins_no_header(office: PostOffice) -> None:
    await Mail(office.url, sender=SENDER).send(LETTER.model_copy(update={"name": "見本\r\nBcc: x@example.jp"}))
    assert office.letters[0]["Bcc"] is None


async def test_the_console_writes_the_letter() -> None:
    stream = StringIO()
    await Console(stream).send(LETTER)
    assert LETTER.subject in stream.getvalue()
    assert LETTER.body in stream.getvalue()
