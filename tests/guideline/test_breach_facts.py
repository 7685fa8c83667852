"""漏えい等の事実の矛盾: what can't be so, and the nearest that can."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from guideline.breach_facts import faults_of_facts
from tests.guideline.breaches import facts

ON, TOMORROW, YESTERDAY = date(2026, 6, 1), date(2026, 6, 2), date(2026, 5, 31)

CASES = [
    pytest.param({"happened_on": TOMORROW}, ["happened_on"], id="発生した日が未来"),
    pytest.param({"known_on": TOMORROW}, ["known_on"], id="知った日が未来"),
    pytest.param({"principal_notified_on": TOMORROW}, ["principal_notified_on"], id="委託元に通知した日が未来"),
    pytest.param({"happened_on": ON, "known_on": YESTERDAY}, ["happened_on"], id="知った後に発生"),
    pytest.param({"persons_confirmed": 12, "persons_at_most": 11}, ["persons_at_most"], id="最大より多い"),
    pytest.param({"happened_on": ON, "known_on": ON, "principal_notified_on": ON}, [], id="全て今日"),
    pytest.param({"persons_confirmed": 11, "persons_at_most": 11}, [], id="最大と同じ"),
    pytest.param({"happened_on": ON, "known_on": None}, [], id="知った日が不明"),
    pytest.param({"persons_confirmed": 12, "persons_at_most": None}, [], id="最大が不明"),
]


@pytest.mark.parametrize(("known", "expected"), CASES)
def test_what_can_not_be_so_is_named_with_its_field(known: dict[str, Any], expected: list[str]) -> None:
    found = faults_of_facts(facts(**known), on=ON)
    assert [one.fields[0] for one in found] == expected
    assert all(one.sentence.startswith(f"{one.fields[0]}（") and one.sentence.endswith("。") for one in found)
