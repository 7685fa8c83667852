from schemas.courses import Course


def test_each_course_has_its_name_in_japanese() -> None:
    assert {course.value: course.label for course in Course} == {
        "no_change": "変更なし",
        "amend": "修正",
        "reassess": "再実施",
        "end_business": "事務の終了",
        "end_publication": "公表の終了",
    }
