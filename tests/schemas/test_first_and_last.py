"""新規の評価と事務の終了 (messages)."""

from __future__ import annotations

import json
from pathlib import Path

from schemas.gates import Gate
from schemas.records import Standing
from schemas.reports import NewBusiness
from schemas.review import Clock

EXAMPLE = Path(__file__).parents[2] / "schemas/examples/new_business/accept/example.json"


def test_each_standing_clock_and_gate_has_its_name_in_japanese() -> None:
    assert [one.label for one in Standing] == ["公表前", "公表中", "事務終了（公表中）", "公表終了"]
    assert [one.label for one in Clock] == [
        "受領確認",
        "今の番",
        "年次の見直しの期日",
        "五年ごとの再実施の期日",
        "関門",
        "取下げへの同意・裁定",
        "変更が生じる日",
    ]
    assert [one.label for one in Gate] == [
        "要件定義の終了",
        "プログラミングの開始",
        "保有の開始",
        "情報連携の開始",
    ]


def test_a_new_business_names_its_assessment_and_takes_effect_when_its_file_is_held() -> None:
    report = NewBusiness.model_validate_json(EXAMPLE.read_bytes())
    assert report.assessments == ("fuefuki-juminzei-1",)
    assert report.takes_effect_on == next(one.planned_on for one in report.gates if one.gate is Gate.HOLD_START)
    content = {**json.loads(EXAMPLE.read_bytes()), "gates": []}
    assert NewBusiness.model_validate_json(json.dumps(content)).takes_effect_on is None
