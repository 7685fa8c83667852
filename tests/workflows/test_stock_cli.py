"""Temporal の命令から (stock CLI): whoever has the program and the address, and no key, is refused and counted."""

from __future__ import annotations

import asyncio
import base64
import json
import re
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator

import pytest
from temporalio.common import MetricMeter

from client.forgery_alarm import ForgeryAlarm
from engine.keys import key_ring
from engine.ports import free_port
from engine.refusal_count import UNREAD, RefusalCount
from engine.server import EmbeddedServer, find_executable
from engine.unsealing import Unsealing
from schemas.records import AuditAction
from tests.house import AUDITOR, MANAGER, TEAM, House, today
from tests.serving import served
from tests.workflows.test_signed_acts import events_of
from web.codec import CodecEndpoint
from worker import build_worker, count_of

PATIENCE = "2s"
"""The program asks the codec endpoint again and again until it loses patience."""


@pytest.fixture
def counted(empty_house: House) -> RefusalCount:
    return count_of(empty_house.settings)


@pytest.fixture
async def house(empty_house: House, counted: RefusalCount) -> AsyncIterator[House]:
    async with build_worker(
        empty_house.temporal, empty_house.register, empty_house.settings, counted=counted, runner=empty_house.runner
    ):
        yield empty_house


@pytest.fixture
async def codec(empty_house: House, server: EmbeddedServer) -> AsyncIterator[tuple[str, ...]]:
    """Serve the codec endpoint of that server's keys, and give the options with which an auditor uses it."""
    reading = empty_house.minaoshi.payload_reading(Unsealing(key_ring(server.settings)))
    token = await empty_house.minaoshi.sessions.begin(AUDITOR)
    endpoint = CodecEndpoint(server.settings.ui_origin, reading)
    async with served(empty_house, port=free_port(), codec=endpoint) as address:
        yield "--codec-endpoint", f"{address}/codec", "--codec-auth", f"Bearer {token}"


async def temporal(house: House, *words: str) -> tuple[int, str]:
    """Run the program as anybody may; give its exit status and what it says."""
    address = house.temporal.service_client.config.target_host
    own = ("--address", address, "--command-timeout", PATIENCE, "--disable-config-file", "--disable-config-env")
    process = await asyncio.create_subprocess_exec(find_executable(), *words, *own, stdout=PIPE, stderr=PIPE)
    out, err = await process.communicate()
    return process.returncode or 0, (out + err).decode()


def payloads_in(said: str) -> list[bytes]:
    return [base64.b64decode(one) for one in re.findall(r'"data": "([^"]*)"', said)]


def forged(house: House, *more: str) -> tuple[str, ...]:
    act = {"act": "acknowledge", "act_id": "ack/forged", "review_id": f"{house.assessment_id}/1", "actor": None}
    update = ("workflow", "update", "execute", "--workflow-id", house.handle().id, "--name", "acknowledge")
    return (*update, "--update-id", "ack/forged", *(more or ("--input", json.dumps(act))))


async def test_an_update_in_clear_is_refused_and_counted_and_the_review_goes_on(
    house: House, counted: RefusalCount
) -> None:
    review_id = await house.report_change()
    before = await events_of(house.handle())
    status, said = await temporal(house, *forged(house))
    assert status != 0
    assert "unable to update workflow" in said
    assert counted.totals() == {UNREAD: 1}
    assert await events_of(house.handle()) == before
    await house.minaoshi.reviews.acknowledge(review_id, as_=TEAM, act_id="ack/forged")  # the id is free as before
    await house.find(review_id, as_=MANAGER)


async def test_an_update_without_an_argument_is_refused_and_counted(house: House, counted: RefusalCount) -> None:
    review_id = await house.report_change()
    status, _ = await temporal(house, *forged(house, "--identity", "stranger"))
    assert status != 0
    assert counted.totals() == {UNREAD: 1}
    await house.find(review_id, as_=MANAGER)


async def test_the_codec_endpoint_lends_its_key_to_nobody(
    house: House, codec: tuple[str, ...], counted: RefusalCount
) -> None:
    review_id = await house.report_change()
    before = await events_of(house.handle())
    status, _ = await temporal(house, *forged(house), *codec)
    assert status != 0
    assert counted.totals() == {}  # it never came to the engine
    assert await events_of(house.handle()) == before
    assert await house.register.occurrences(AuditAction.REFUSED_BY_PAGE)
    await house.find(review_id, as_=MANAGER)


async def test_an_auditor_reads_a_history_with_it_and_that_is_noted(house: House, codec: tuple[str, ...]) -> None:
    await house.report_change(title="窓口の佐藤花子の報告")
    show = ("workflow", "show", "--workflow-id", house.handle().id, "--output", "json")
    in_clear = await temporal(house, *show)
    assert await house.register.occurrences(AuditAction.READ_WITHHELD) == ()
    opened = await temporal(house, *show, *codec)
    assert [status for status, _ in (in_clear, opened)] == [0, 0]
    found = [any("佐藤花子".encode() in one for one in payloads_in(said)) for _, said in (in_clear, opened)]
    assert found == [False, True]
    read = await house.register.occurrences(AuditAction.READ_WITHHELD)
    assert {(one.person, one.detail["namespace"]) for one in read} == {(AUDITOR, house.temporal.namespace)}
    assert "佐藤" not in "".join(one.model_dump_json() for one in read)


async def test_many_of_them_raise_the_alarm(house: House, counted: RefusalCount) -> None:
    await house.report_change()
    counted.count_unread(house.settings.forged_acts_alarm - 1, lambda: MetricMeter.noop)
    alarm = ForgeryAlarm(house.register, counted)
    assert not await alarm.look()
    await temporal(house, *forged(house))
    assert await alarm.look()
    told = await house.register.notices_of_act(f"forged-acts/{today().isoformat()}")
    assert "読めない 10件" in told[0].notice.subject
