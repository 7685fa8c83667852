from datetime import date

import pytest

from guideline.form_rules import check
from guideline.hearing import HEARINGS, hearing_days
from guideline.provisions import NotInForceError
from tests.guideline.sample_documents import ALL_ITEMS, ON, PRIORITY_ITEMS, broken_rules, changed

_COMMENT = "/procedure/public_comment"
_ENDS, _SHORT, _VOLUNTARY, _NEEDLESS = (
    (f"{_COMMENT}/ended_on", "comment_ends_after_it_begins"),
    (f"{_COMMENT}/shortened_reason", "comment_shortened_with_reason"),
    (f"{_COMMENT}/shortened_reason", "voluntary_comment_shortened_with_reason"),
    (f"{_COMMENT}/shortened_reason", "comment_reason_without_need"),
)


def _heard(ended_on: str, reason: str | None, *, began_on: str = "2025-09-16") -> dict[str, object]:
    comment = {"began_on": began_on, "ended_on": ended_on, "status": "heard", "method": "ホームページ"}
    told = {"opinions": "なかった。", "reflection": "なし。"}
    return {_COMMENT: comment | told | ({"shortened_reason": reason} if reason is not None else {})}


@pytest.mark.parametrize(
    ("ended_on", "reason", "found"),
    [
        ("2025-09-15", None, [_ENDS]),
        ("2025-09-16", None, [_ENDS]),
        ("2025-09-17", None, [_SHORT]),
        ("2025-10-15", None, [_SHORT]),
        ("2025-10-15", " ", [_SHORT]),
        ("2025-10-15", "災害への対応のため。", []),
        ("2025-10-16", None, []),
        ("2025-10-16", "急ぐため。", [_NEEDLESS]),
        ("2025-11-20", None, []),
    ],
    ids=[
        "開始の前に終わる",
        "開始の日に終わる",
        "一日",
        "29日間で理由がない",
        "29日間で理由が空白",
        "29日間で理由がある",
        "30日間",
        "30日間で理由がある",
        "65日間",
    ],
)
def test_less_than_thirty_days_without_the_first_need_a_reason(
    ended_on: str, reason: str | None, found: list[tuple[str, str]]
) -> None:
    assert broken_rules(changed(ALL_ITEMS, _heard(ended_on, reason))) == found


@pytest.mark.parametrize(
    ("ended_on", "found"),
    [("2025-10-15", [_VOLUNTARY]), ("2025-10-16", [])],
    ids=["29日間", "30日間"],
)
def test_where_hearing_is_voluntary_a_short_time_is_a_warning(ended_on: str, found: list[tuple[str, str]]) -> None:
    content = changed(PRIORITY_ITEMS, _heard(ended_on, None))
    assert broken_rules(content) == found
    assert {error.severity.label for error in check(content, on=ON)} <= {"注意"}


@pytest.mark.parametrize("day", ["began_on", "ended_on"], ids=["開始日がない", "終了日がない"])
@pytest.mark.parametrize("written", [None, "9月ごろ"], ids=["未記入", "日でない"])
def test_without_both_days_nothing_is_counted(day: str, written: str | None) -> None:
    content = changed(ALL_ITEMS, {f"{_COMMENT}/{day}": written})
    assert broken_rules(content) == []


def test_the_days_are_told_and_that_their_number_is_not_confirmed() -> None:
    [error] = check(changed(ALL_ITEMS, _heard("2025-10-15", None)), on=ON)
    assert error.item == "Ⅵ2③ 期間を短縮する特段の理由"
    assert "意見聴取の期間が29日間（初日を数えない。要確認）" in error.message
    assert "原則の30日間より短い" in error.message
    assert error.message.endswith("（指針第5の3（要確認））")


def test_the_period_is_known_from_its_first_day() -> None:
    first = HEARINGS[0].in_force_on
    assert hearing_days(on=first) == 30
    with pytest.raises(NotInForceError):
        hearing_days(on=date(first.year - 1, 12, 31))
