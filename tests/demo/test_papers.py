"""見本の書類: what the stories hand in agrees with what they record."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest

from demo import city_story, procedure_scenes
from demo.papers import document, with_days
from guideline.changes import table_of_changes

STORIES = [
    pytest.param("digital-agency-1", procedure_scenes.OPINIONS, {"Ⅲ2リスク3", "Ⅳ1①", "Ⅳ2", "別添1"}, id="行政機関"),
    pytest.param("sapporo-7", city_story.OPINIONS, {"Ⅲ4"}, id="市"),
]


@pytest.mark.parametrize(("assessment", "opinions", "reflected"), STORIES)
def test_the_revised_form_tells_each_opinion_that_is_recorded_and_what_it_brought(
    assessment: str, opinions: Sequence[Mapping[str, Any]], reflected: set[str]
) -> None:
    before, after = (json.loads(document(f"{assessment}-all-items-{which}")) for which in ("first-draft", "revised"))
    told = after["procedure"]["public_comment"]["opinions"].split("\n")
    assert [line.removeprefix("・") for line in told[1:]] == [
        one["opinion"].replace("（見本）", "") for one in opinions
    ]
    assert f"意見は{len(opinions)}件" in told[0]
    changed = {row.number for row in table_of_changes(before, after)}
    assert {number for number in changed if not number.startswith("Ⅵ")} == reflected
    assert sum(one["reflected"] for one in opinions) == 1


def test_the_days_of_the_telling_stand_in_the_section_of_the_procedure() -> None:
    began_on, ended_on = date(2026, 5, 1), date(2026, 5, 31)
    told = json.loads(with_days("digital-agency-1-all-items-revised", began=began_on, ended=ended_on))
    of_the_hearing = told["procedure"]["public_comment"]
    assert (of_the_hearing["began_on"], of_the_hearing["ended_on"]) == ("2026-05-01", "2026-05-31")
