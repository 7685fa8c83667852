"""漏えい等報告の期限: both sides of each number and of each closed day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import jpholiday
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guideline.breach_deadlines import (
    PERIODS,
    BreachDeadline,
    DeadlineKind,
    clock_of,
    deadlines_of,
    delay_of,
    moves_of,
)
from guideline.breach_report import BreachJudgement, judge_breach
from guideline.breach_situations import BreachLaw
from guideline.deadlines import is_closed
from schemas.breach import BreachFacts, Knowledge, KnownBy
from tests.guideline.breaches import ANY_FACTS, CONTRACTOR, FEARED, OCCURRED, ON, OTHER, judged

PRELIMINARY, FINAL, GUIDELINE_REPORT, NOTICE_TO_PERSONS, NOTICE_TO_PRINCIPAL = DeadlineKind
NUMBER_ACT, PRIVACY_ACT, GUIDELINE = BreachLaw

SEEN: dict[str, Any] = {"seen_by_many": OCCURRED}
IMPROPER: dict[str, Any] = {"improper_use": FEARED}


def of(found: tuple[BreachDeadline, ...], kind: DeadlineKind, law: BreachLaw = NUMBER_ACT) -> list[BreachDeadline]:
    return [one for one in found if (one.kind, one.law) == (kind, law)]


def final(judgement: BreachJudgement, known_on: date) -> BreachDeadline:
    (found,) = of(deadlines_of(judgement, known_on=known_on), FINAL)
    return found


FINALS = [
    pytest.param(SEEN, date(2026, 6, 1), date(2026, 6, 30), id="6月1日に知り、30日目は6月30日"),
    pytest.param(IMPROPER, date(2026, 6, 1), date(2026, 7, 30), id="不正の目的、60日目は7月30日"),
    pytest.param({**SEEN, **IMPROPER}, date(2026, 6, 1), date(2026, 7, 30), id="他の事態にも当たっても60日"),
    pytest.param(SEEN, date(2026, 6, 4), date(2026, 7, 3), id="30日目が金曜日"),
    pytest.param(SEEN, date(2026, 6, 5), date(2026, 7, 6), id="30日目が土曜日"),
    pytest.param(SEEN, date(2026, 6, 6), date(2026, 7, 6), id="30日目が日曜日"),
    pytest.param(SEEN, date(2026, 6, 7), date(2026, 7, 6), id="30日目が月曜日"),
    pytest.param(SEEN, date(2026, 6, 21), date(2026, 7, 21), id="30日目が海の日"),
    pytest.param(SEEN, date(2026, 4, 4), date(2026, 5, 7), id="30日目が憲法記念日（日曜日）、連休の後"),
    pytest.param(SEEN, date(2026, 11, 29), date(2026, 12, 28), id="30日目が12月28日"),
    pytest.param(SEEN, date(2026, 11, 30), date(2027, 1, 4), id="30日目が12月29日"),
    pytest.param(SEEN, date(2026, 12, 4), date(2027, 1, 4), id="30日目が1月2日"),
    pytest.param(SEEN, date(2026, 12, 5), date(2027, 1, 4), id="30日目が1月3日"),
    pytest.param(SEEN, date(2026, 12, 6), date(2027, 1, 4), id="30日目が1月4日"),
    pytest.param(IMPROPER, date(2026, 10, 30), date(2026, 12, 28), id="60日目が12月28日"),
    pytest.param(IMPROPER, date(2026, 10, 31), date(2027, 1, 4), id="60日目が12月29日"),
    pytest.param(SEEN, date(2028, 1, 31), date(2028, 2, 29), id="30日目が閏日"),
]


@pytest.mark.parametrize(("changed", "known_on", "due_on"), FINALS)
def test_a_final_report_is_due_on_the_thirtieth_or_sixtieth_day_counting_that_of_knowing(
    changed: dict[str, Any], known_on: date, due_on: date
) -> None:
    found = final(judged(**changed), known_on)
    assert (found.earliest, found.latest, found.known_on) == (due_on, due_on, known_on)
    days = 60 if "improper_use" in changed else 30
    rolled = due_on != known_on + timedelta(days=days - 1)
    assert any("行政機関の休日に当たるため" in reason for reason in found.reasons) is rolled
    assert ("行政機関の休日に関する法律第2条" in [one.article for one in found.provisions]) is rolled
    assert found.confirmed


def open_day_by_another_library(day: date) -> date:
    """Roll `day` to the first open day, with the holidays of a library the product does not use."""
    while day.weekday() >= 5 or jpholiday.is_holiday(day) or (day.month, day.day) in TURN_OF_THE_YEAR:
        day += timedelta(days=1)
    return day


TURN_OF_THE_YEAR = {(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)}


@pytest.mark.parametrize(("changed", "days"), [(SEEN, 30), (IMPROPER, 60)], ids=["30日", "60日"])
def test_final_reports_of_every_day_of_eight_years_agree_with_a_second_library(
    changed: dict[str, Any], days: int
) -> None:
    judgement = judged(**changed)
    for number in range((date(2031, 1, 1) - date(2023, 1, 1)).days):
        known_on = date(2023, 1, 1) + timedelta(days=number)
        (found,) = of(deadlines_of(judgement, known_on=known_on), FINAL)
        assert found.latest == open_day_by_another_library(known_on + timedelta(days=days - 1)), known_on


def test_a_preliminary_report_has_both_ends_and_they_are_a_guide() -> None:
    (found,) = of(deadlines_of(judged(**SEEN), known_on=ON), PRELIMINARY)
    assert (found.earliest, found.latest) == (date(2026, 6, 3), date(2026, 6, 5))
    assert "目安であり、法令の定める日数ではありません" in found.reasons[0]
    assert not found.confirmed
    assert found.label == "速報（番号法第29条の4）"


def test_the_guide_does_not_roll_past_closed_days() -> None:
    (found,) = of(deadlines_of(judged(**SEEN), known_on=date(2026, 6, 3)), PRELIMINARY)
    assert found.latest == date(2026, 6, 7)  # a Sunday


def test_both_laws_have_dates_of_their_own() -> None:
    judgement = judged(leak=OCCURRED, improper_purpose=FEARED, sensitive=True, in_file=False)
    found = deadlines_of(judgement, known_on=ON)
    assert of(found, FINAL) == []
    (of_privacy_act,) = of(found, FINAL, PRIVACY_ACT)
    assert of_privacy_act.latest == date(2026, 7, 30)
    assert of_privacy_act.situations == ("privacy-sensitive", "privacy-improper")
    both = deadlines_of(judged(leak=OCCURRED, sensitive=True, number_use_system=True), known_on=ON)
    assert [one.latest for one in both if one.kind is FINAL] == [date(2026, 6, 30), date(2026, 6, 30)]


def test_where_nothing_is_to_be_reported_nothing_is_due() -> None:
    assert deadlines_of(judged(), known_on=ON) == ()


def test_a_report_under_the_guideline_has_no_date() -> None:
    report, notice = deadlines_of(judged(leak=OCCURRED), known_on=ON)
    assert (report.kind, report.law, report.earliest, report.latest) == (GUIDELINE_REPORT, GUIDELINE, None, None)
    assert report.situations == ("guideline-incident",)
    assert "期限の定めはありません（特定個人情報ガイドライン別添2の3B）" in report.reasons[0]
    assert (notice.kind, notice.latest) == (NOTICE_TO_PERSONS, None)


def test_while_it_is_undecided_it_is_counted_as_if_it_were_met_and_short() -> None:
    found = final(judged(seen_by_many=None, improper_use=None), ON)
    assert found.latest == date(2026, 6, 30)
    assert found.situations == ("breach-2-2-b", "breach-2-3")
    assert "安全側をとり、当たるものとして数えました（要確認）" in found.reasons[1]
    assert "短い期間で数えました" in found.reasons[2]
    assert not found.confirmed


def test_an_open_question_of_purpose_is_said_beside_the_thirty_days() -> None:
    with_question = final(judged(**SEEN, improper_use=None), ON)
    assert with_question.latest == date(2026, 6, 30)
    assert "あると分かれば長くなります" in with_question.reasons[-1]
    assert len(final(judged(**SEEN), ON).reasons) == 2


CROSSED = date(2026, 6, 10)


def test_more_than_a_hundred_known_later_has_a_clock_of_its_own() -> None:
    judgement = judged(leak=OCCURRED, number_use_system=True, persons_at_most=101)
    first, second = of(deadlines_of(judgement, known_on=ON, situations_known_on={"breach-2-4-a": CROSSED}), FINAL)
    assert (first.situations, first.latest, first.confirmed) == (("breach-2-1-b",), date(2026, 6, 30), True)
    assert (second.situations, second.latest, second.confirmed) == (("breach-2-4-a",), date(2026, 7, 9), False)
    assert "令和8年6月10日に知ったため、その日を一日目として、別に数えます（要確認）" in second.reasons[1]


def test_a_situation_is_not_known_before_its_event() -> None:
    with pytest.raises(ValueError, match=r"「breach-2-3」を知った日（令和8年5月31日）が、.*（令和8年6月1日）より前"):
        deadlines_of(judged(**SEEN), known_on=ON, situations_known_on={"breach-2-3": date(2026, 5, 31)})


def test_the_date_moves_when_the_purpose_becomes_known_and_says_why() -> None:
    earlier = deadlines_of(judged(**SEEN), known_on=ON)
    later = deadlines_of(judged(**SEEN, **IMPROPER), known_on=ON, situations_known_on={"breach-2-2-b": CROSSED})
    moves = moves_of(earlier, later)
    assert moves[0].startswith("確報（番号法第29条の4）の期限が、令和8年6月30日から令和8年7月30日に変わりました。")
    assert "漏えい等報告規則第2条第2号ロに当たるため、他の事態にも当たるときも、期間は60日です。" in moves[0]
    assert moves[0].endswith("先に知った事態の期間まで延びるかは要確認です。")
    assert moves[1].startswith("速報（番号法第29条の4）の期限令和8年6月14日が加わりました。")
    assert moves[2].startswith("確報（番号法第29条の4）の期限令和8年8月10日が加わりました。")
    assert not of(later, FINAL)[0].confirmed
    back = moves_of(later, earlier)
    assert "確報（番号法第29条の4）の期限が、令和8年7月30日から令和8年6月30日に変わりました" in back[0]
    assert back[1:] == (
        "速報（番号法第29条の4）は、要しなくなりました。",
        "確報（番号法第29条の4）は、要しなくなりました。",
    )
    assert moves_of(later, later) == ()


CONTRACTORS = [
    pytest.param({"as_contractor": True, "principal_has_duty": True}, True, id="通知していない委託先"),
    pytest.param({"holder": CONTRACTOR, "principal_has_duty": None}, True, id="委託元の義務が不明"),
    pytest.param({"as_contractor": True, "principal_has_duty": False}, False, id="委託元に義務がない"),
    pytest.param({"holder": OTHER}, False, id="委託を受けていない"),
]


@pytest.mark.parametrize(("changed", "due"), CONTRACTORS)
def test_a_contractor_tells_its_principal_as_soon_as_it_would_report(changed: dict[str, Any], *, due: bool) -> None:
    found = deadlines_of(judged(**SEEN, **changed), known_on=ON)
    notices = of(found, NOTICE_TO_PRINCIPAL)
    assert [(one.earliest, one.latest) for one in notices] == ([(date(2026, 6, 3), date(2026, 6, 5))] if due else [])
    assert len(of(found, FINAL)) == 1  # until it told its principal, both have the full duty
    assert all("漏えい等報告規則第4条" in one.reasons[0] for one in notices)


def test_after_its_notice_a_contractor_has_nothing_left_to_do() -> None:
    released: dict[str, Any] = {"as_contractor": True, "principal_has_duty": True, "principal_notified_on": ON}
    assert deadlines_of(judged(**SEEN, **released), known_on=ON) == ()


def knew(department: str, known_on: date, known_by: KnownBy = KnownBy.DEPARTMENT) -> Knowledge:
    return Knowledge(department=department, known_on=known_on, known_by=known_by)


def test_the_clock_starts_when_any_department_knew() -> None:
    clock = clock_of([knew("team", date(2023, 5, 23)), knew("desk", date(2023, 2, 1)), knew("head", date(2023, 5, 20))])
    assert clock.known_on == date(2023, 2, 1)
    assert clock.reasons == (
        "いずれかの部署が最初に知った日（令和5年2月1日、desk）から数えます（特定個人情報ガイドライン別添2の3D）。",
    )


def test_a_reason_names_the_department_where_its_name_is_known() -> None:
    clock = clock_of([knew("desk", ON)], names={"desk": "窓口担当"})
    assert "、窓口担当）から数えます" in clock.reasons[0]


@pytest.mark.parametrize(
    ("own", "known_on", "article"),
    [
        (date(2026, 6, 2), date(2026, 6, 1), "特定個人情報ガイドライン別添2の3C"),
        (date(2026, 5, 31), date(2026, 5, 31), "特定個人情報ガイドライン別添2の3D"),
    ],
    ids=["通知が先", "部署が先"],
)
def test_the_notice_of_a_contractor_starts_the_clock_at_the_latest(own: date, known_on: date, article: str) -> None:
    clock = clock_of([knew("desk", own), knew("contracts", ON, KnownBy.CONTRACTOR_NOTICE)])
    assert clock.known_on == known_on
    assert [one.article for one in clock.provisions] == [article]


def test_a_clock_needs_somebody_who_knew() -> None:
    with pytest.raises(ValueError, match="知った部署が一つもありません"):
        clock_of([])


DELAYS = [
    pytest.param(
        datetime(2026, 6, 1, 14, 59, tzinfo=UTC),
        0,
        "知った日（令和8年6月1日）のうちに報告されました。",
        id="当日の23時59分",
    ),
    pytest.param(datetime(2026, 6, 1, 15, 0, tzinfo=UTC), 1, "まで1日が過ぎています。", id="翌日の0時"),
    pytest.param(datetime(2026, 6, 30, 0, 0, tzinfo=UTC), 29, "知った日から数えます", id="30日目"),
]


@pytest.mark.parametrize(("reported_at", "days", "words"), DELAYS)
def test_the_days_between_knowing_and_reporting_are_counted_in_japan(
    reported_at: datetime, days: int, words: str
) -> None:
    delay = delay_of(ON, reported_at)
    assert delay.days == days
    assert words in delay.sentence
    assert [one.article for one in delay.provisions] == ["特定個人情報ガイドライン別添2の3D"]


def test_nobody_reports_before_knowing() -> None:
    with pytest.raises(ValueError, match=r"報告した日（令和8年5月31日）が、知った日（令和8年6月1日）より前"):
        delay_of(ON, datetime(2026, 5, 31, 14, 59, tzinfo=UTC))
    with pytest.raises(ValueError, match="時間帯"):
        delay_of(ON, datetime(2026, 6, 2))  # noqa: DTZ001 # refused for it


def test_the_periods_of_before_are_not_confirmed_and_kinds_have_their_names() -> None:
    assert not any(row.confirmed for row in PERIODS if row.in_force_on < date(2025, 10, 1))
    assert not final(judged(on=date(2025, 9, 30), **SEEN), ON).confirmed
    assert [kind.label for kind in DeadlineKind] == [
        "速報",
        "確報",
        "ガイドラインによる報告",
        "本人への通知",
        "委託元への通知",
    ]
    assert [one.label for one in KnownBy] == ["部署が知った", "委託先から通知を受けた"]


@settings(deadline=None)  # the first of them makes the calendar of holidays
@given(ANY_FACTS, st.dates(min_value=date(2025, 10, 1), max_value=date(2090, 12, 31)))
def test_whatever_is_known_a_final_report_falls_due_on_an_open_day_and_never_too_early(
    known: BreachFacts, known_on: date
) -> None:
    for one in deadlines_of(judge_breach(known, on=ON), known_on=known_on):
        assert one.reasons
        assert one.provisions
        assert (one.earliest is None) is (one.latest is None)
        if one.kind is FINAL and one.latest:
            assert not is_closed(one.latest)
            assert (one.latest - known_on).days >= 29
            assert (one.latest - known_on).days <= 59 + 10
