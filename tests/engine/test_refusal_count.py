"""拒否の数: by reason, in a closed set of labels; nothing is written for a single refusal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from temporalio.common import MetricMeter
from temporalio.exceptions import ApplicationError

from engine.refusal_count import METRIC, Alarming, RefusalCount


@dataclass
class Meter:
    """Stands for Temporal's meter: keeps what is added."""

    added: list[tuple[str, int, Mapping[str, Any]]] = field(default_factory=list)

    def create_counter(self, name: str, _description: str) -> Any:
        self._name = name
        return self

    def add(self, value: int, attributes: Mapping[str, Any]) -> None:
        self.added.append((self._name, value, attributes))


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def refusal(code: object) -> ApplicationError:
    return ApplicationError("", {"code": code}, type="Refused")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def counted(clock: Clock) -> RefusalCount:
    alarming = Alarming({"not_signed", "bad_signature"}, at_least=3, window_s=60)
    return RefusalCount("Refused", reasons={"stage", "not_signed", "bad_signature"}, alarming=alarming, clock=clock)


def test_only_known_reasons_are_labels(counted: RefusalCount) -> None:
    meter = Meter()
    errors = [
        refusal("stage"),
        refusal("stage"),
        refusal("made up by a stranger"),
        refusal(["stage"]),
        ApplicationError("", type="Refused"),
        ApplicationError("", "text", type="Refused"),
        ApplicationError("", {"code": "stage"}, type="InvalidDocument"),
    ]
    for error in errors:
        counted.count(error, lambda: cast("MetricMeter", meter))
    assert counted.totals() == {"stage": 2, "other": 4}
    assert [one[2]["reason"] for one in meter.added] == ["stage", "stage", "other", "other", "other", "other"]
    assert {one[:2] for one in meter.added} == {(METRIC, 1)}


def test_what_was_told_is_not_told_again(counted: RefusalCount) -> None:
    for _ in range(2):
        counted.count(refusal("stage"), lambda: cast("MetricMeter", Meter()))
    assert counted.since_told() == {"stage": 2}
    assert counted.since_told() == {}
    counted.count(refusal("not_signed"), lambda: cast("MetricMeter", Meter()))
    assert counted.since_told() == {"not_signed": 1}
    assert counted.totals() == {"stage": 2, "not_signed": 1}


def test_so_many_within_the_window_are_alarming(counted: RefusalCount, clock: Clock) -> None:
    def at(now: float, code: str) -> bool:
        clock.now = now
        counted.count(refusal(code), lambda: cast("MetricMeter", Meter()))
        return counted.is_alarming()

    assert [at(0, "not_signed"), at(30, "bad_signature"), at(40, "stage"), at(61, "not_signed")] == [False] * 4
    assert at(90, "not_signed")
    clock.now = 91
    assert not counted.is_alarming()
