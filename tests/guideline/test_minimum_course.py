"""最低限の対応: the order of the courses."""

from __future__ import annotations

from guideline.minimum_course import is_weaker, stronger
from schemas.courses import Course


def test_courses_are_ordered() -> None:
    assert stronger(Course.AMEND, Course.REASSESS) is Course.REASSESS
    assert stronger(Course.AMEND, Course.NO_CHANGE) is Course.AMEND
    assert is_weaker(Course.NO_CHANGE, than=Course.AMEND)
    assert not is_weaker(Course.AMEND, than=Course.AMEND)
