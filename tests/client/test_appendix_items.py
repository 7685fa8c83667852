"""別表の項目: each is told in words by which the rules find its row again."""

from __future__ import annotations

from datetime import date

import pytest

from client.appendix_items import AppendixItems, appendix_items
from guideline.material_change import material_by_report
from schemas.levels import Level
from schemas.reports import ChangeKind, ChangeReport

ON = date(2026, 6, 1)
LEVELS = {"様式3": Level.PRIORITY_ITEMS, "様式4": Level.ALL_ITEMS}
FORMS = appendix_items(on=ON)


@pytest.mark.parametrize("form", FORMS, ids=[one.form for one in FORMS])
def test_each_item_is_found_in_its_row(form: AppendixItems) -> None:
    assert sum(len(words) for _, words in form.rows) > len(form.rows)
    for title, items in form.rows:
        for words in items:
            report = ChangeReport(
                assessments=("a",), kind=ChangeKind.ENVIRONMENT, title="x", facts="x", known_on=ON, items=(words,)
            )
            found = material_by_report(report, level=LEVELS[form.form], on=ON)
            assert title in {one.row for one in found}, words


def test_both_larger_forms_have_items() -> None:
    assert {one.form for one in FORMS} == set(LEVELS)
