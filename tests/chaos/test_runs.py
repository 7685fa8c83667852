"""実行: a clean installation stands every fault; one with a planted bug does not, and that is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from chaos.running import Wanted, run

pytestmark = pytest.mark.chaos

DEATHS = ("died-after-commit", "died-in-transaction")


@pytest.mark.parametrize("register", ["postgresql", "sqlite"])
async def test_an_installation_stands_a_worker_that_dies_at_the_worst_moment(register: str, tmp_path: Path) -> None:
    outcome = await run(tmp_path / "house", Wanted(1, 20, register=register, faults=DEATHS))
    assert (outcome.wrong, outcome.empty) == ((), ())
    assert {one.fault for one in outcome.struck} == set(DEATHS)


async def test_without_the_check_of_act_ids_a_death_after_the_commit_is_found_out(tmp_path: Path) -> None:
    """The unique key keeps the act from being doubled; its history never has it, and who waits gets no answer."""
    wanted = Wanted(1, 10, faults=("died-after-commit",), plant="no-act-id-check", settling_s=30)
    outcome = await run(tmp_path / "house", wanted)
    assert [
        line
        for line in outcome.wrong
        if line.startswith(("no answer", "the yearly sweep", "1 times in the register, 0"))
    ]


async def test_without_a_transaction_a_death_in_the_middle_of_it_is_found_out(tmp_path: Path) -> None:
    wanted = Wanted(1, 10, faults=("died-in-transaction",), plant="no-transaction", settling_s=30)
    outcome = await run(tmp_path / "house", wanted)
    assert any("the chain does not verify" in line for line in outcome.wrong)
