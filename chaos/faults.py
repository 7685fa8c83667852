"""障害 (faults): one table of what can fail, how it is brought about, and how it is mended."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import psutil

from chaos.databases import Postgres
from chaos.entry import ARM_AFTER, ARM_WITHIN
from chaos.house import House
from chaos.processes import KeptProcess

_DIES_WITHIN_S = 20.0
_HOUR_S = 3600
_CUTS = 3

Hand = Callable[[House, int], Awaitable[None]]


@dataclass(frozen=True)
class Fault:
    """障害: `inject` and `heal` are given the house and a number that was drawn; `lasts` is its shortest and longest.

    Of what is under way while it lasts, and of what is sent after it, at least so many must be accepted in the end: a
    fault under which nobody did anything has shown nothing.
    """

    title: str
    inject: Hand
    heal: Hand
    lasts: tuple[float, float] = (2.0, 4.0)
    under_way: int = 3
    taken_after: int = 3
    only_on: str | None = None


class NotStruckError(Exception):
    """起きなかった (not struck): the fault did not come about, so that nothing can be learned from it."""


def _worker(house: House, choice: int) -> KeptProcess:
    return house.workers[choice % 2]


def _start(house: House, *processes: KeptProcess) -> None:
    for one in processes:
        one.start(*house.options)


# --- 作業者とページ


async def kill_worker(house: House, choice: int) -> None:
    await _worker(house, choice).kill()


async def start_all(house: House, _: int) -> None:
    _start(house, *house.processes)
    await house.wait_until_served()


async def kill_workers(house: House, _: int) -> None:
    await asyncio.gather(*(one.kill() for one in house.workers))


async def kill_web(house: House, _: int) -> None:
    await house.web.kill()


async def pause_worker(house: House, choice: int) -> None:
    _worker(house, choice).send(signal.SIGSTOP)


async def continue_worker(house: House, choice: int) -> None:
    _worker(house, choice).send(signal.SIGCONT)


async def roll(house: House, choice: int) -> None:
    """One after another ends as it is told to, and is replaced."""
    for one in (*house.workers, house.web)[:: 1 if choice % 2 else -1]:
        await one.end()
        _start(house, one)
        await asyncio.sleep(1)


async def die_after_commit(house: House, choice: int) -> None:
    await _die(house, choice, ARM_AFTER)


async def die_within_transaction(house: House, choice: int) -> None:
    await _die(house, choice, ARM_WITHIN)


async def _die(house: House, choice: int, how: int) -> None:
    one = _worker(house, choice)
    one.send(how)
    if not await one.wait_for_its_end(within_s=_DIES_WITHIN_S):
        raise NotStruckError(f"{one.name} recorded nothing, and lives")


# --- エンジン


async def kill_engine(house: House, _: int) -> None:
    house.server.kill()


async def serve_again(house: House, _: int) -> None:
    await house.server.wait_until_serving()


async def pause_engine(house: House, _: int) -> None:
    psutil.Process(house.server.pid).suspend()


async def continue_engine(house: House, _: int) -> None:
    psutil.Process(house.server.pid).resume()


async def kill_engine_and_workers(house: House, choice: int) -> None:
    await kill_workers(house, choice)
    house.server.kill()


async def all_again(house: House, choice: int) -> None:
    await house.server.wait_until_serving()
    await start_all(house, choice)


async def close_engine_line(house: House, _: int) -> None:
    house.engine_line.close()


async def open_engine_line(house: House, choice: int) -> None:
    house.engine_line.open()
    await start_all(house, choice)


# --- データベース


def _postgres(house: House) -> Postgres:
    assert isinstance(house.database, Postgres)  # noqa: S101 # the table says on what it may be brought about
    return house.database


async def kill_postgres(house: House, _: int) -> None:
    _postgres(house).kill()


async def start_postgres(house: House, _: int) -> None:
    await _postgres(house).start_again()


async def pause_postgres(house: House, _: int) -> None:
    _postgres(house).pause()


async def continue_postgres(house: House, _: int) -> None:
    _postgres(house).go_on()


async def fill_register(house: House, _: int) -> None:
    await house.database.fill([one.pid for one in house.processes if one.pid is not None])


async def empty_register(house: House, _: int) -> None:
    await house.database.empty([one.pid for one in house.processes if one.pid is not None])


# --- 回線、メール、時計


async def cut_lines(house: House, _: int) -> None:
    """Every connection to engine and database is cut, again and again."""
    for _cut in range(_CUTS):
        house.engine_line.cut()
        if isinstance(house.database, Postgres) and house.database.line is not None:
            house.database.line.cut()
        await asyncio.sleep(0.7)


async def nothing(_house: House, _: int) -> None:
    """Leave it: it is over by itself."""


async def refuse_mail(house: House, _: int) -> None:
    house.office.refuse()


async def take_mail(house: House, _: int) -> None:
    house.office.take()


async def turn_clock(house: House, choice: int) -> None:
    """Put the pages and one worker an hour ahead, or behind."""
    off = _HOUR_S if choice % 4 > 1 else -_HOUR_S
    await _exchange(house, choice, "--clock-off", str(off))


async def set_clock_right(house: House, choice: int) -> None:
    await _exchange(house, choice)


async def _exchange(house: House, choice: int, *options: str) -> None:
    changed = (_worker(house, choice), house.web)
    await asyncio.gather(*(one.end() for one in changed))
    for one in changed:
        one.start(*options, *house.options)
    await house.wait_until_served()


FAULTS: Mapping[str, Fault] = MappingProxyType(
    {
        "worker-killed": Fault("作業者の一つが落ちる", kill_worker, start_all),
        "workers-killed": Fault("作業者が全て落ちる", kill_workers, start_all),
        "worker-paused": Fault("作業者の一つが止まる", pause_worker, continue_worker, lasts=(4.0, 12.0)),
        "died-after-commit": Fault("台帳に書いた直後に落ちる", die_after_commit, start_all),
        "died-in-transaction": Fault("台帳に書く途中で落ちる", die_within_transaction, start_all),
        "web-killed": Fault("ページが落ちる", kill_web, start_all),
        "rolling": Fault("順に入れ替える", roll, start_all, lasts=(0.5, 1.0)),
        "engine-killed": Fault("エンジンが落ちる", kill_engine, serve_again, lasts=(1.0, 2.0)),
        "engine-paused": Fault("エンジンが止まる", pause_engine, continue_engine),
        "engine-and-workers-killed": Fault("エンジンと作業者が落ちる", kill_engine_and_workers, all_again),
        "engine-unreachable": Fault("エンジンへの回線が閉じる", close_engine_line, open_engine_line, lasts=(4.0, 8.0)),
        "lines-cut": Fault("回線が切れる", cut_lines, nothing, lasts=(0.1, 0.2)),
        "postgres-killed": Fault("PostgreSQL が落ちる", kill_postgres, start_postgres, only_on="postgresql"),
        "postgres-paused": Fault("PostgreSQL が止まる", pause_postgres, continue_postgres, only_on="postgresql"),
        "register-full": Fault("台帳の容量が尽きる", fill_register, empty_register),
        "mail-refused": Fault("メールサーバーが断る", refuse_mail, take_mail),
        "clock-off": Fault("時計が一時間ずれる", turn_clock, set_clock_right, lasts=(3.0, 5.0)),
    }
)
"""障害の表, by the name that the report and `--faults` use."""
