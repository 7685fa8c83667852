"""復元の訓練 (drill): people act, a backup is taken, disaster strikes, and what they were answered is there again.

Run by `make drill`: `python -m tests.client.drill ROUNDS SEED`. One round of each disaster is among the tests.
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from client.archives import ENGINE, REGISTER, read_manifest, unpack
from client.reconciling import Reconciling, Writes
from engine.exit import end_process
from engine.ports import free_port
from schemas.courses import Course
from settings import Settings
from tests.client.backed_up import backed_up, living, living_again, now, resting, restored, settled
from tests.house import MANAGER, TEAM, House

DESKS = 3
"""How many act at once."""

EACH = 6
"""How many assessments each of them reports on."""


class Disaster(StrEnum):
    """災害 (disaster)."""

    BOTH_LOST = "both_lost"  # 両方を失い、バックアップから戻す
    REGISTER_LOST = "register_lost"  # 台帳だけを、バックアップから戻す
    ENGINE_LOST = "engine_lost"  # エンジンを失い、控えもない
    ENGINE_OLDER = "engine_older"  # エンジンだけを、バックアップから戻す


@dataclass
class Ledger:
    """帳面 (ledger): each act that was answered, by its id, with the review it is of."""

    acts: dict[str, str] = field(default_factory=dict)
    is_over: bool = False

    def note(self, act_id: str, review_id: str) -> None:
        self.acts[act_id] = review_id


async def act(house: House, names: list[str], chance: random.Random, ledger: Ledger) -> None:
    """Report on one assessment after the other, and examine it by one or by both."""
    for name in names:
        if ledger.is_over:
            return
        review_id = await house.report_change(assessments=[name], act_id=f"drill/{name}")
        ledger.note(f"drill/{name}/{name}", review_id)
        course = chance.choice([Course.NO_CHANGE, Course.AMEND])
        for person in chance.choice([(), (MANAGER,), (TEAM, MANAGER)]):
            receipt = await house.find(review_id, as_=person, course=course)
            ledger.note(receipt.act_id, review_id)


async def drill(disaster: Disaster, *, seed: int, settings: Callable[[Path], Settings], folder: Path) -> int:
    """Go through one disaster; give how many acts were answered before it. Raises AssertionError."""
    chance, ledger, before = random.Random(seed), Ledger(), dict[str, str]()  # noqa: S311 # to be the same again
    file = folder / "backup.tar.gz"
    async with living(settings(folder / "home")) as house:
        pools = [[f"{house.assessment_id}-{desk}-{number}" for number in range(EACH)] for desk in range(DESKS)]
        for number, name in enumerate(name for pool in pools for name in pool):
            legacy = {"form": "basic_items", "form_version_as_printed": "平成26年4月 様式2", "sha256": f"{number:064x}"}
            await house.add_assessment(name, document=None, legacy=legacy)
        desks = [asyncio.create_task(act(house, pool, random.Random(chance.random()), ledger)) for pool in pools]  # noqa: S311 # as above
        await answered(ledger, chance.randint(DESKS, 2 * DESKS), desks)
        before |= ledger.acts
        await backed_up(house.settings, file)
        await answered(ledger, len(ledger.acts) + chance.randint(1, 2 * DESKS), desks)
        ledger.is_over = True
        await asyncio.gather(*desks)
        own = house.settings
    there = await struck(disaster, own, file, elsewhere=settings(folder / "elsewhere"))
    kept = before if disaster is Disaster.BOTH_LOST else ledger.acts
    if disaster is not Disaster.BOTH_LOST:
        async with resting(there, house.assessment_id) as still:
            reconciling = Reconciling(
                still.temporal, still.register, task_queue=there.task_queue, signatures=still.signatures, now=now
            )
            found = await reconciling.reconcile(writes=Writes.WHAT_IS_MISSING)
            assert not found.left, found.left
    async with living_again(there, house.assessment_id) as again:
        await goes_on(again, kept)
    return len(ledger.acts)


async def answered(ledger: Ledger, number: int, desks: list[asyncio.Task[None]]) -> None:
    """Wait until so many acts were answered, or all are done."""
    for _ in range(3000):
        if len(ledger.acts) >= number or all(desk.done() for desk in desks):
            return
        await asyncio.sleep(0.02)


async def struck(disaster: Disaster, own: Settings, file: Path, *, elsewhere: Settings) -> Settings:
    """Let disaster strike; give where the installation is then."""
    if disaster is Disaster.BOTH_LOST:
        there = elsewhere.model_copy(update={"task_queue": own.task_queue})
        assert (await restored(file, there)).verdict.problems == ()
        return there
    of_the_backup = own.home.parent / "unpacked"
    of_the_backup.mkdir()
    await asyncio.to_thread(unpack, file, read_manifest(file), folder=of_the_backup)
    lost = own.register_path if disaster is Disaster.REGISTER_LOST else own.temporal_database_path
    for ending in ("", "-wal", "-shm"):
        lost.with_name(lost.name + ending).unlink(missing_ok=True)
    if disaster is Disaster.REGISTER_LOST:
        (of_the_backup / REGISTER).replace(lost)
    if disaster is Disaster.ENGINE_OLDER:
        (of_the_backup / ENGINE).replace(lost)
    return own


async def goes_on(house: House, kept: dict[str, str]) -> None:
    """See that each act that was answered is there once, that both sides tell the same, and that reviews go on."""
    for act_id, review_id in kept.items():
        acts = [one.act.act_id for one in await house.register.acts_of(review_id)]
        assert acts.count(act_id) == 1, (act_id, acts)
    await settled(house)  # what was under way at the moment of the backup is done first, and may close a review
    for one in await house.register.reviews(scope="open"):
        given = {finding.person for finding in one.state.findings}
        if MANAGER not in given and one.state.course is None:
            await house.find(one.review_id, as_=MANAGER, course="no_change")
    await house.report_change(title="訓練の後の変更")
    await settled(house)
    assert (await house.minaoshi.verify_audit()).problems == ()


def _settings(home: Path) -> Settings:
    return Settings(
        home=home,
        temporal_port=free_port(),
        temporal_ui_port=free_port(),
        web_address=f"127.0.0.1:{free_port()}",
    )


async def _rounds(number: int, seed: int) -> None:
    for turn in range(number):
        for disaster in Disaster:
            with tempfile.TemporaryDirectory(prefix="minaoshi-drill-") as name:
                acts = await drill(disaster, seed=seed + turn, settings=_settings, folder=Path(name))
            sys.stdout.write(f"{seed + turn} {disaster}: {acts}件の行為は、すべてあります。\n")
            sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(_rounds(int(sys.argv[1]), int(sys.argv[2])))
    end_process(0)
