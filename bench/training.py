"""研修の計測 (training): how long ten thousand staff from a table take, and what the worker keeps of each campaign."""

from __future__ import annotations

import asyncio
import json
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import psutil

from bench.body import TEAM, furnish
from bench.rows import Row
from client.minaoshi import Minaoshi
from demo.stage import Stage
from engine.connection import connect_embedded
from engine.signing import Signatures
from guideline.deadlines import tokyo_date
from register.register import open_register

if TYPE_CHECKING:
    from datetime import date

    from settings import Settings

STAFF = 10_000
BAR_S = 10.0
BAR_MEMORY = 1.15
_FIRST, _ALL = 2, 6
_SETTLE_S = 3.0
_CONDITIONS = f"{STAFF} staff in a CSV of Shift_JIS, {_ALL} campaigns, SQLite WAL, synchronous=FULL, a worker process"


async def measure_training(settings: Settings) -> list[Row]:
    """Let campaigns of all staff begin one after the other, each with all completions from a table."""
    today = tokyo_date(datetime.now(UTC))
    imports_s: list[float] = []
    sizes: list[int] = []
    async with Stage(settings) as stage:
        register = await open_register(settings.register_url)
        minaoshi = Minaoshi(
            register,
            partial(connect_embedded, settings),
            task_queue=settings.task_queue,
            signatures=Signatures(settings),
        )
        await furnish(minaoshi, assessments=0)
        for number in range(_ALL):
            imports_s.append(await _campaign(minaoshi, f"training:staff-{number}", today=today))
            if number + 1 in {_FIRST, _ALL}:
                await asyncio.sleep(_SETTLE_S)
                sizes.append(psutil.Process(stage.worker_pid).memory_info().rss)
        await register.close()
    slowest, ratio = max(imports_s), sizes[1] / sizes[0]
    return [
        Row("training: seconds to take all staff in, at most", slowest, BAR_S, slowest <= BAR_S, _CONDITIONS),
        Row(
            f"training: worker's memory after {_ALL} campaigns beside that after {_FIRST}",
            ratio,
            BAR_MEMORY,
            ratio <= BAR_MEMORY,
            _CONDITIONS,
        ),
    ]


async def _campaign(minaoshi: Minaoshi, duty_id: str, *, today: date) -> float:
    """Give the seconds in which all staff were taken in."""
    opening = {
        "department": "owner",
        "title": "研修",
        "begins_on": today.isoformat(),
        "due_on": (today + timedelta(days=60)).isoformat(),
        "content": {"material": "研修資料"},
    }
    await minaoshi.duties.open(duty_id, json.dumps(opening).encode(), as_=TEAM)
    staff = "\n".join(("職員番号,氏名,部署", *(f"p{number},見本 {number},owner" for number in range(STAFF))))
    began = time.perf_counter()
    await minaoshi.trainings.import_roll(duty_id, staff.encode("cp932"), as_=TEAM)
    took_s = time.perf_counter() - began
    done = "\n".join(("職員番号,受講日", *(f"p{number},{today}" for number in range(STAFF))))
    await minaoshi.trainings.import_completions(duty_id, done.encode("cp932"), as_=TEAM)
    return took_s
