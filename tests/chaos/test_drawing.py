"""籤と空振り: the same seed is the same run, and a fault that shows nothing is told."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from chaos.drawing import CALM_S, draw
from chaos.faults import FAULTS
from chaos.ledger import Ledger, Struck, Told
from chaos.running import faults_on
from chaos.vacuity import shows_nothing

LASTS = {name: one.lasts for name, one in FAULTS.items()}


def test_the_same_seed_draws_the_same_strikes_and_another_seed_draws_others() -> None:
    assert draw(LASTS, seed=7, duration_s=600) == draw(LASTS, seed=7, duration_s=600)
    assert draw(LASTS, seed=7, duration_s=600) != draw(LASTS, seed=8, duration_s=600)


def test_a_longer_run_begins_as_the_shorter_one() -> None:
    shorter = draw(LASTS, seed=7, duration_s=100)
    assert draw(LASTS, seed=7, duration_s=400)[: len(shorter)] == shorter


def test_each_fault_comes_once_before_any_comes_twice() -> None:
    drawn = [one.fault for one in draw(LASTS, seed=3, duration_s=1000)]
    assert len(drawn) > 2 * len(LASTS)
    for round_ in (drawn[: len(LASTS)], drawn[len(LASTS) : 2 * len(LASTS)]):
        assert sorted(round_) == sorted(LASTS)


def test_a_strike_keeps_to_its_times() -> None:
    for one in draw(LASTS, seed=5, duration_s=1000):
        shortest, longest = LASTS[one.fault]
        assert shortest <= one.lasts_s <= longest
        assert one.after_s >= CALM_S


def test_a_short_run_strikes_at_least_once_and_nothing_can_strike_where_nothing_can_fail() -> None:
    assert len(draw(LASTS, seed=1, duration_s=0)) == 1
    assert draw({}, seed=1, duration_s=100) == ()


def test_what_only_one_register_can_suffer_is_left_out_on_the_other() -> None:
    assert faults_on("postgresql").keys() - faults_on("sqlite").keys() == {"postgres-killed", "postgres-paused"}
    assert list(faults_on("sqlite", ["web-killed"])) == ["web-killed"]
    with pytest.raises(KeyError):
        faults_on("sqlite", ["postgres-killed"])


@dataclass(frozen=True)
class AtLeast:
    under_way: int = 1
    taken_after: int = 1


STRUCK = Struck("web-killed", began_at=10.0, healed_at=14.0, next_at=20.0)
EXPECTED = {"web-killed": AtLeast()}


def ledger_of(*times: tuple[float, float | None]) -> Ledger:
    ledger = Ledger()
    for number, (sent_at, answered_at) in enumerate(times):
        sent = ledger.begin(f"find/{number}", kind="find", assessment="a-1", by="manager", at=sent_at)
        sent.answered_at = answered_at
        sent.told = Told.NOTHING if answered_at is None else Told.ACCEPTED
    return ledger


def test_a_fault_shows_something_by_what_was_sent_during_it_and_what_was_accepted_after_it() -> None:
    assert shows_nothing(ledger_of((9.0, 30.0), (15.0, 16.0)), [STRUCK], EXPECTED) == ()


VACUOUS = [
    pytest.param(ledger_of((15.0, 16.0)), "0 that were under way", id="その間に何もない"),
    pytest.param(ledger_of((11.0, None), (15.0, 16.0)), "0 that were under way", id="その間のものに答えがない"),
    pytest.param(ledger_of((11.0, 30.0), (15.0, 21.0)), "0 were accepted after", id="次の障害までに何も受け付けない"),
    pytest.param(
        ledger_of((9.0, 10.5), (11.0, 15.0)), "0 were accepted after", id="前に送ったものは後の成功に数えない"
    ),
]


@pytest.mark.parametrize(("ledger", "said"), VACUOUS)
def test_a_fault_that_shows_too_little_is_told(ledger: Ledger, said: str) -> None:
    (line,) = shows_nothing(ledger, [STRUCK], EXPECTED)
    assert said in line


def test_a_fault_that_did_not_come_about_is_told() -> None:
    missed = Struck("web-killed", 10.0, 14.0, 20.0, note="it lives")
    (line,) = shows_nothing(ledger_of((11.0, 30.0), (15.0, 16.0)), [missed], EXPECTED)
    assert "did not come about: it lives" in line


def test_a_run_without_a_fault_shows_nothing() -> None:
    assert shows_nothing(ledger_of((1.0, 2.0)), [], EXPECTED) == ("nothing was struck: the duration is too short",)
