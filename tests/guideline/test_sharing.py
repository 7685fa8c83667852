"""共有: what shares the system or the file of a report is examined too."""

from __future__ import annotations

from datetime import date

import pytest

from guideline.sharing import sharing
from schemas.levels import Level
from schemas.records import AssessmentRecord
from schemas.reports import ChangeKind, ChangeReport
from tests.guideline.reviews import DIGEST, MANIFEST

DAY = date(2026, 6, 1)


def assessment(one: str, *, systems: tuple[str, ...] = (), files: tuple[str, ...] = ()) -> AssessmentRecord:
    return AssessmentRecord(
        assessment_id=one,
        body="town",
        department="desk",
        number="1",
        name=one,
        required_level=Level.BASIC_ITEMS,
        effective_level=Level.BASIC_ITEMS,
        systems=systems,
        files=files,
        version=1,
        manifest=MANIFEST,
        digest=DIGEST,
        validated=True,
        published_on=DAY,
        verified_on=DAY,
        yearly_due_on=DAY,
        five_years_due_on=DAY,
    )


def report(**more: str) -> ChangeReport:
    return ChangeReport.model_validate(
        {
            "assessments": ("named",),
            "kind": ChangeKind.SYSTEM,
            "title": "更新",
            "facts": "更新する。",
            "known_on": DAY,
            **more,
        }
    )


ASSESSMENTS = (
    assessment("named", systems=("住民基本台帳システム",)),
    assessment("by-system", systems=("宛名システム", "住民基本台帳システム")),
    assessment("by-file", files=("児童手当ファイル",)),
    assessment("neither", systems=("税システム",)),
)

CASES = [
    pytest.param({}, {}, id="何も示されない"),
    pytest.param({"system": "住民基本台帳システム"}, {"by-system": "住民基本台帳システム"}, id="システム"),
    pytest.param({"system": " 住民基本台帳 ｼｽﾃﾑ"}, {"by-system": "住民基本台帳システム"}, id="半角と空白"),
    pytest.param({"file": "児童手当ファイル"}, {"by-file": "児童手当ファイル"}, id="ファイル"),
    pytest.param({"system": "住民基本台帳"}, {}, id="名称の一部では足りない"),
]


@pytest.mark.parametrize(("named", "found"), CASES)
def test_what_shares_the_named_system_or_file_is_found(named: dict[str, str], found: dict[str, str]) -> None:
    assert sharing(report(**named), ASSESSMENTS) == found
