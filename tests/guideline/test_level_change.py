"""しきい値判断の結果の変更: what new facts make of the level that was stated."""

import json
from datetime import date
from importlib import resources
from typing import Any

import pytest

from guideline.level_change import StatedNumbers, level_change, stated_numbers
from guideline.triggers import Trigger
from schemas.levels import Level

ON = date(2026, 5, 1)
BASIC = StatedNumbers(10_000, 499, serious_incident=False)


def test_the_numbers_are_those_of_the_basic_form() -> None:
    text = resources.files("demo").joinpath("documents/digital-agency-1.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    assert stated_numbers(document) == StatedNumbers(300_000, 499, serious_incident=False)
    del document["threshold_items"]["handlers"]
    assert stated_numbers(document) is None


@pytest.mark.parametrize(
    "document", [None, {"form": "unknown", "form_version": "1"}], ids=["旧様式", "知られていない様式"]
)
def test_a_document_that_cannot_be_read_states_nothing(document: dict[str, object] | None) -> None:
    assert stated_numbers(document) is None


CHANGES = [
    pytest.param({"data_subjects": 99_999}, Level.BASIC_ITEMS, None, id="帯が変わらない"),
    pytest.param({"data_subjects": 100_000}, Level.PRIORITY_ITEMS, Trigger.LEVEL_RISE, id="人数で重点へ"),
    pytest.param({"handlers": 500}, Level.PRIORITY_ITEMS, Trigger.LEVEL_RISE, id="取扱者数で重点へ"),
    pytest.param(
        {"serious_incident": True}, Level.PRIORITY_ITEMS, Trigger.LEVEL_RISE_BY_INCIDENT, id="重大事故で重点へ"
    ),
    pytest.param({"data_subjects": 300_000}, Level.ALL_ITEMS, Trigger.LEVEL_RISE, id="人数で全項目へ"),
    pytest.param({"data_subjects": 999}, Level.NOT_REQUIRED, Trigger.LEVEL_FALL, id="義務なしへ"),
]


@pytest.mark.parametrize(("facts", "after", "trigger"), CHANGES)
def test_new_facts_lead_to_a_level(facts: dict[str, Any], after: Level, trigger: Trigger | None) -> None:
    change = level_change(BASIC, on=ON, **facts)
    assert (change.before, change.after, change.trigger) == (Level.BASIC_ITEMS, after, trigger)
    assert change.rises is (trigger in (Trigger.LEVEL_RISE, Trigger.LEVEL_RISE_BY_INCIDENT))


def test_when_the_year_has_passed_the_level_falls_back() -> None:
    raised = StatedNumbers(100_000, 499, serious_incident=True)
    change = level_change(raised, on=ON, serious_incident=False)
    assert (change.before, change.after) == (Level.ALL_ITEMS, Level.PRIORITY_ITEMS)


def test_a_rise_warns_of_the_network_link_and_one_from_nothing_goes_to_a_person() -> None:
    assert "番号法第28条第6項" in level_change(BASIC, on=ON, data_subjects=100_000).reasons[-1]
    first = level_change(StatedNumbers(999, 1, serious_incident=False), on=ON, data_subjects=1_000)
    assert not first.confirmed
