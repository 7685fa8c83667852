"""事由と対応: one named case for each row of the table."""

from datetime import date

import pytest

from guideline.provisions import NotInForceError
from guideline.triggers import EMERGENCY_PROVISION, TRIGGERS, Timing, Trigger, due_by, trigger_row
from schemas.courses import Course

ON = date(2026, 5, 1)

ROWS = [
    pytest.param(
        Trigger.MATERIAL_CHANGE, Course.REASSESS, Timing.BEFORE_THE_CHANGE, "番号法第28条第1項", id="T1 重要な変更"
    ),
    pytest.param(Trigger.LEVEL_RISE, Course.REASSESS, Timing.PROMPTLY, "規則第6条第2項", id="T2 人数の増加"),
    pytest.param(Trigger.LEVEL_RISE_BY_INCIDENT, Course.REASSESS, Timing.PROMPTLY, "規則第14条第1項", id="T3 重大事故"),
    pytest.param(Trigger.LEVEL_FALL, Course.AMEND, Timing.PROMPTLY, "規則第14条第1項", id="T4 下位の評価"),
    pytest.param(Trigger.FIVE_YEARS, Course.REASSESS, Timing.BY_THE_DATE, "規則第15条", id="T5 五年"),
    pytest.param(Trigger.YEARLY, Course.NO_CHANGE, Timing.BY_THE_DATE, "規則第14条第3項", id="T6 一年"),
    pytest.param(Trigger.OTHER_CHANGE, Course.AMEND, Timing.PROMPTLY, "規則第14条第2項", id="T7 その他の変更"),
    pytest.param(Trigger.END_OF_BUSINESS, Course.END_BUSINESS, Timing.WITHOUT_DELAY, "規則第16条", id="T8 事務の終了"),
    pytest.param(Trigger.FORM_AMENDED, Course.NO_CHANGE, Timing.EXAMINED, "番号法第27条第1項", id="T9 様式の改正"),
]


@pytest.mark.parametrize(("trigger", "course", "timing", "article"), ROWS)
def test_each_occasion_has_its_course_its_time_and_its_provision(
    trigger: Trigger, course: Course, timing: Timing, article: str
) -> None:
    row = trigger_row(trigger, on=ON)
    assert (row.course, row.timing) == (course, timing)
    assert article in [one.article for one in row.provisions]


def test_every_occasion_has_one_row() -> None:
    assert [row.trigger for row in TRIGGERS] == list(Trigger)
    with pytest.raises(NotInForceError):
        trigger_row(Trigger.YEARLY, on=date(2015, 12, 31))


LATER, EARLIER = date(2026, 8, 1), date(2026, 4, 1)
DAYS = [
    pytest.param(Trigger.MATERIAL_CHANGE, LATER, date(2026, 7, 31), id="変更の前日まで"),
    pytest.param(Trigger.MATERIAL_CHANGE, None, None, id="変更の日が未定"),
    pytest.param(Trigger.OTHER_CHANGE, None, date(2026, 6, 17), id="速やかに、知った日から30開庁日"),
    pytest.param(Trigger.OTHER_CHANGE, LATER, date(2026, 9, 14), id="速やかに、変更の日から"),
    pytest.param(Trigger.OTHER_CHANGE, EARLIER, date(2026, 6, 17), id="既に生じた変更は知った日から"),
    pytest.param(Trigger.END_OF_BUSINESS, None, date(2026, 5, 13), id="遅滞なく、5開庁日"),
    pytest.param(Trigger.FORM_AMENDED, LATER, date(2026, 5, 13), id="検討、知った日から5開庁日"),
    pytest.param(Trigger.FIVE_YEARS, LATER, LATER, id="期日まで"),
]


@pytest.mark.parametrize(("trigger", "takes_effect_on", "by"), DAYS)
def test_what_follows_is_due_on_a_day(trigger: Trigger, takes_effect_on: date | None, by: date | None) -> None:
    assert due_by(trigger_row(trigger, on=ON), on=ON, takes_effect_on=takes_effect_on) == by


def test_in_an_emergency_the_reassessment_follows_the_change() -> None:
    row = trigger_row(Trigger.MATERIAL_CHANGE, on=ON)
    assert due_by(row, on=ON, takes_effect_on=EARLIER, emergency=True) == date(2026, 6, 17)
    assert EMERGENCY_PROVISION.article == "規則第9条第2項"
