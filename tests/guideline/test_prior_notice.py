"""事前通知: whether publication stands for it."""

import pytest

from guideline.prior_notice import prior_notice
from schemas.courses import Course
from schemas.levels import Level
from schemas.organisation import BodyKind

STATE, LOCAL = BodyKind.ADMINISTRATIVE_BODY, BodyKind.LOCAL_GOVERNMENT
CASES = [  # whether it is to be checked, whether that is confirmed
    pytest.param(Level.ALL_ITEMS, STATE, Course.REASSESS, (False, True), "みなされます", id="全項目の公表"),
    pytest.param(Level.PRIORITY_ITEMS, STATE, Course.REASSESS, (False, False), "準じて扱われます", id="重点の公表"),
    pytest.param(Level.BASIC_ITEMS, STATE, Course.REASSESS, (True, False), "みなされません", id="基礎のみ"),
    pytest.param(Level.ALL_ITEMS, STATE, Course.AMEND, (True, False), "みなされません", id="修正"),
    pytest.param(Level.ALL_ITEMS, LOCAL, Course.AMEND, (False, True), "義務はありません", id="地方公共団体"),
]


@pytest.mark.parametrize(("level", "body_kind", "course", "found", "words"), CASES)
def test_only_an_approved_full_assessment_stands_for_the_notice(
    level: Level, body_kind: BodyKind, course: Course, found: tuple[bool, bool], words: str
) -> None:
    answer = prior_notice(level=level, body_kind=body_kind, course=course)
    assert (answer.to_be_checked, answer.confirmed) == found
    assert words in answer.sentence
    assert [one.article for one in answer.provisions] == ["番号法第28条第5項"]
