"""事務連絡の計測 (circulars): what the worker keeps of the letters that it sends, a page of a hundred at a time."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import psutil

from bench.body import TEAM, furnish
from bench.notices import PostOffice
from client.circular_sending import sending_workflow_id
from client.minaoshi import Minaoshi
from demo.stage import Stage
from engine.connection import connect_embedded
from engine.signing import Signatures
from guideline.circulars import FIRST
from guideline.deadlines import tokyo_date
from guideline.prefectures import PREFECTURES
from register.register import open_register

if TYPE_CHECKING:
    from temporalio.client import Client

    from settings import Settings

FEW, MUNICIPALITIES = 200, 1_741
_PACE = 1000.0
_SETTLE_S = 3.0


async def measure_letters(settings: Settings) -> tuple[int, int]:
    """Give the worker's resident memory after a circular to few and after one to all municipalities, in bytes."""
    async with PostOffice() as office:
        own = settings.model_copy(
            update={"smtp_url": office.url, "mail_from": "minaoshi@example.jp", "circular_pace": _PACE}
        )
        async with Stage(own) as stage:
            register = await open_register(own.register_url)
            temporal = await connect_embedded(own)

            async def connected() -> Client:
                return temporal

            minaoshi = Minaoshi(register, connected, task_queue=own.task_queue, signatures=Signatures(own))
            await furnish(minaoshi, assessments=0)
            send = partial(_send, minaoshi, temporal)
            sizes = []
            for number in (FEW, MUNICIPALITIES):
                await send(f"circular:to-{number}", number)
                await asyncio.sleep(_SETTLE_S)
                sizes.append(psutil.Process(stage.worker_pid).memory_info().rss)
            await register.close()
    return sizes[0], sizes[1]


async def _send(minaoshi: Minaoshi, temporal: Client, duty_id: str, number: int) -> None:
    """Send a circular to so many, and wait for the last letter. Raises RuntimeError where one was not taken."""
    opening = {
        "department": "privacy",
        "title": "事務連絡",
        "due_on": (tokyo_date(datetime.now(UTC)) + timedelta(days=30)).isoformat(),
        "content": {"text": "ログアウトを徹底されたい。"},
    }
    await minaoshi.duties.open(duty_id, json.dumps(opening).encode(), as_=TEAM)
    await minaoshi.circulars.import_recipients(duty_id, _table(number), as_=TEAM)
    await minaoshi.circulars.send(duty_id, as_=TEAM)
    await temporal.get_workflow_handle(sending_workflow_id(duty_id, FIRST)).result()
    whole = (await minaoshi.circulars.coverage(duty_id, as_=TEAM)).whole
    if whole.delivered != number:
        raise RuntimeError(f"{whole.delivered} of {number} letters were taken")


def _table(number: int) -> bytes:
    lines = ["団体コード,団体名,都道府県,電子メールアドレス"]
    for one in range(number):
        prefecture = PREFECTURES[f"{one % len(PREFECTURES) + 1:02d}"]
        code = f"{prefecture.code}{one // len(PREFECTURES) + 101:04d}"
        lines.append(f"{code},{prefecture.short}第{one}市,{prefecture.name},city{one}@example.lg.jp")
    return "\n".join(lines).encode("cp932")
