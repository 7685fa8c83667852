"""署名と暗号の費用 (sealed): an act that is signed and encrypted beside one in clear, on one server in one run."""

from __future__ import annotations

from contextlib import AsyncExitStack
from functools import partial
from typing import TYPE_CHECKING

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from bench.body import furnish
from bench.measure import AT_ONCE, PER_ROUND, REVIEW_ACTS, ROUNDS, WARM_UP, at_once, review_without_change
from bench.rows import Row
from client.minaoshi import Minaoshi
from engine.connection import connect_embedded
from engine.search_attributes import SEARCH_ATTRIBUTES
from engine.server import EmbeddedServer
from engine.signing import prepared_signatures
from register.register import open_register
from worker import build_worker

if TYPE_CHECKING:
    from schemas.signatures import Signatures
    from settings import Settings

BAR = 1.15


class Unsigned:
    """署名の代わり (in place of signatures): costs nothing, and takes everything."""

    def sign(self, content: bytes) -> tuple[str, str]:
        """Give what looks like a signature."""
        return f"n{len(content)}", "A" * 86 + "=="

    def knows(self, key_id: str) -> bool:
        """Say yes."""
        return bool(key_id)

    def verifies(self, content: bytes, *, key_id: str, value: str) -> bool:
        """Say yes."""
        return bool(content and key_id and value)


async def measure_sealed(settings: Settings) -> Row:
    """Measure in alternating rounds, so that both sides meet the same machine."""
    async with AsyncExitStack() as opening:
        await opening.enter_async_context(EmbeddedServer(settings, search_attributes=SEARCH_ATTRIBUTES))
        in_clear = await Client.connect(settings.temporal_address, data_converter=pydantic_data_converter)
        of_plain = settings.model_copy(update={"home": settings.home / "plain", "task_queue": "plain"})
        of_plain.home.mkdir()
        plain = await _side(opening, in_clear, of_plain, signatures=Unsigned())
        encrypted = await connect_embedded(settings)
        sealed = await _side(opening, encrypted, settings, signatures=prepared_signatures(settings))
        sides = [(one, iter(await furnish(one, assessments=_REVIEWS, prefix=name))) for one, name in (plain, sealed)]
        for minaoshi, ids in sides:
            await at_once(partial(review_without_change, minaoshi), [next(ids) for _ in range(WARM_UP)])
        spent = [0.0, 0.0]
        for _ in range(ROUNDS):
            for place, (minaoshi, ids) in enumerate(sides):
                some = [next(ids) for _ in range(PER_ROUND)]
                spent[place] += await at_once(partial(review_without_change, minaoshi), some)
    ratio = spent[1] / spent[0]
    acts = ROUNDS * PER_ROUND * REVIEW_ACTS
    conditions = (
        f"{acts} acts each, {AT_ONCE} reviews at once, {ROUNDS} alternating rounds; in clear {acts / spent[0]:.1f}/s, "
        f"signed and encrypted {acts / spent[1]:.1f}/s"
    )
    return Row("a signed, encrypted act beside one in clear, at most", ratio, BAR, ratio <= BAR, conditions)


_REVIEWS = WARM_UP + ROUNDS * PER_ROUND


async def _side(
    opening: AsyncExitStack, temporal: Client, settings: Settings, *, signatures: Signatures
) -> tuple[Minaoshi, str]:
    """Open a register and a worker, and give the facade with the prefix of its assessments."""
    register = await open_register(settings.register_url)
    opening.push_async_callback(register.close)
    await opening.enter_async_context(build_worker(temporal, register, settings, signatures=signatures))

    async def connected() -> Client:
        return temporal

    return Minaoshi(register, connected, task_queue=settings.task_queue, signatures=signatures), settings.task_queue
