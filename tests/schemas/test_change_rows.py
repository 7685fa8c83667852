import json
from collections.abc import Mapping
from datetime import date

import jsonschema_rs
import pytest
from pydantic import ValidationError

from schemas.changes import BESIDE_THE_COLUMNS, ChangeRow, Timing
from schemas.forms.catalogue import load

_FORM = load("basic_items", "2024-10").schema
_ROW = {
    "changed_on": "2024-12-02",
    "item": "Ⅳ9 監査（実施している監査）",
    "before": "自己点検",
    "after": "自己点検、\n内部監査",
    "submission_timing": "afterwards",
    "explanation": "（見本）重要な変更に当たらないため。",
}


def _fits_the_form(row: Mapping[str, object]) -> bool:
    schema = {**_FORM["properties"]["changes"]["items"], "$defs": _FORM["$defs"]}
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True).is_valid(row)


def _fits_the_message(row: Mapping[str, object]) -> bool:
    try:
        ChangeRow.model_validate_json(json.dumps(row))
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize(
    ("changed", "fits"),
    [
        ({}, True),
        ({"before": "あ" * 8000, "after": " あ "}, True),
        ({"before": "あ" * 8001}, False),
        ({"after": "　\n"}, False),
        ({"after": ""}, False),
        ({"after": "あ\x00"}, False),
        ({"item": "あ" * 201}, False),
        ({"explanation": "あ" * 1001}, False),
        ({"submission_timing": "advance"}, True),
        ({"submission_timing": "事前"}, False),
        ({"changed_on": "2024-02-30"}, False),
        ({"changed_on": 20241202}, False),
        ({"path": "/risk_measures"}, False),
    ],
    ids=[
        "そのまま",
        "上限の長さ",
        "長すぎる変更前",
        "空白の変更後",
        "空の変更後",
        "制御文字",
        "長すぎる項目",
        "長すぎる説明",
        "事前",
        "選択肢の題",
        "ない日",
        "数の日",
        "余分な列",
    ],
)
def test_the_message_and_the_table_of_the_form_take_the_same_rows(changed: dict[str, object], *, fits: bool) -> None:
    row = _ROW | changed
    assert _fits_the_message(row) is fits
    assert _fits_the_form(row) is fits


def test_a_row_is_written_as_the_form_has_it() -> None:
    row = ChangeRow(
        changed_on=date(2024, 12, 2),
        item=_ROW["item"],
        before=_ROW["before"],
        after=_ROW["after"],
        submission_timing=Timing.AFTERWARDS,
        explanation=_ROW["explanation"],
    )
    assert row.model_dump(mode="json", exclude=set(BESIDE_THE_COLUMNS)) == _ROW


@pytest.mark.parametrize("timing", list(Timing), ids=["事前", "事後"])
def test_a_timing_is_called_as_in_the_form(timing: Timing) -> None:
    assert timing.label == _FORM["$defs"]["submission_timing"]["x-choices"][timing]
