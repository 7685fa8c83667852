"""用意 (readiness): what stands before several processes is told to which of them it may give a request."""

from __future__ import annotations

import httpx2
import pytest

from tests.house import House
from tests.tampering import administering, tamper
from web.application import build_application


@pytest.mark.parametrize(
    ("revision", "words"),
    [
        pytest.param("9999", "より新しいものです。このプログラムを、台帳を進めたものと同じ版に", id="新しい"),
        pytest.param("0001", "このプログラムより古いものです。このプログラムを起動し直して", id="古い"),
    ],
)
async def test_pages_are_ready_while_their_tables_are_those_of_the_register(
    empty_house: House, revision: str, words: str
) -> None:
    transport = httpx2.ASGITransport(app=build_application(empty_house.minaoshi))
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as asking:
        answer = await asking.get("/ready")
        assert (answer.status_code, answer.text) == (200, "ready")
        with administering(empty_house.settings.register_url) as engine:
            tamper(engine, "UPDATE alembic_version SET version_num = :revision", revision=revision)
        answer = await asking.get("/ready")
        assert answer.status_code == 503
        assert words in answer.text
        assert revision not in answer.text
