from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guideline.provisions import NotInForceError
from guideline.threshold import (
    THRESHOLDS,
    SeriousIncident,
    analyse_threshold,
    effective_level,
    serious_incident_within_one_year,
    thresholds,
)
from schemas.levels import Level

_TODAY = date(2026, 6, 1)
_NONE, _BASIC, _PRIORITY, _ALL = Level

# 対象人数, 取扱者数, 重大事故なしの結果, 重大事故ありの結果
_TABLE = [
    (0, 0, _NONE, _NONE),
    (999, 499, _NONE, _NONE),
    (999, 500, _NONE, _NONE),
    (1_000, 499, _BASIC, _BASIC),
    (1_000, 500, _BASIC, _BASIC),
    (9_999, 499, _BASIC, _BASIC),
    (9_999, 500, _BASIC, _BASIC),
    (10_000, 499, _BASIC, _PRIORITY),
    (10_000, 500, _PRIORITY, _PRIORITY),
    (99_999, 499, _BASIC, _PRIORITY),
    (99_999, 500, _PRIORITY, _PRIORITY),
    (100_000, 499, _PRIORITY, _ALL),
    (100_000, 500, _ALL, _ALL),
    (299_999, 499, _PRIORITY, _ALL),
    (299_999, 500, _ALL, _ALL),
    (300_000, 0, _ALL, _ALL),
    (300_000, 500, _ALL, _ALL),
    (120_000_000, 20_000, _ALL, _ALL),
]
_COUNTS = st.integers(min_value=0, max_value=1_000_000)
_HANDLERS = st.integers(min_value=0, max_value=2_000)


def _level(data_subjects: int, handlers: int, *, incident: bool) -> Level:
    found = analyse_threshold(data_subjects=data_subjects, handlers=handlers, serious_incident=incident, on=_TODAY)
    return found.required_level


@pytest.mark.parametrize(
    ("data_subjects", "handlers", "without", "with_incident"),
    _TABLE,
    ids=[f"対象人数{persons:,}人・取扱者数{handlers:,}人" for persons, handlers, _, _ in _TABLE],
)
def test_each_number_belongs_to_its_upper_side(
    data_subjects: int, handlers: int, without: Level, with_incident: Level
) -> None:
    assert _level(data_subjects, handlers, incident=False) is without
    assert _level(data_subjects, handlers, incident=True) is with_incident


@pytest.mark.parametrize(
    ("data_subjects", "handlers", "incident", "articles"),
    [
        (999, 0, False, ["規則第4条第3号"]),
        (1_000, 0, False, ["規則第5条第1項", "規則第4条第8号イ"]),
        (10_000, 499, False, ["規則第5条第1項", "規則第4条第8号ロ"]),
        (10_000, 499, True, ["規則第5条第1項", "規則第6条第1項第1号"]),
        (10_000, 500, False, ["規則第5条第1項", "規則第6条第1項第1号"]),
        (100_000, 499, False, ["規則第5条第1項", "規則第6条第1項第2号"]),
        (100_000, 499, True, ["規則第5条第1項", "番号法第28条第1項", "規則第7条第1項"]),
        (300_000, 0, False, ["規則第5条第1項", "番号法第28条第1項", "規則第7条第1項"]),
    ],
    ids=["義務なし", "基礎・イ", "基礎・ロ", "重点・事故", "重点・取扱者", "重点・2号", "全項目・事故", "全項目"],
)
def test_the_result_names_its_clauses(
    data_subjects: int, handlers: int, *, incident: bool, articles: list[str]
) -> None:
    found = analyse_threshold(data_subjects=data_subjects, handlers=handlers, serious_incident=incident, on=_TODAY)
    assert [one.article for one in found.provisions] == articles
    assert "、".join(articles) in found.reasons[-1]
    assert found.confirmed


def test_the_reasons_name_the_numbers_and_the_side() -> None:
    found = analyse_threshold(data_subjects=12_345, handlers=499, serious_incident=True, on=_TODAY)
    assert found.reasons == (
        "対象人数は12,345人で、10,000人以上100,000人未満です。",
        "取扱者数は499人で、500人未満です。",
        "過去1年以内の特定個人情報に関する重大事故があります。",
        "基礎項目評価及び重点項目評価の実施が義務付けられます（規則第5条第1項、規則第6条第1項第1号）。",
    )


@pytest.mark.parametrize(
    ("data_subjects", "said"),
    [(999, "対象人数は999人で、1,000人未満です。"), (300_000, "対象人数は300,000人で、300,000人以上です。")],
    ids=["最も下の区分", "最も上の区分"],
)
def test_the_reasons_say_when_nothing_else_matters(data_subjects: int, said: str) -> None:
    found = analyse_threshold(data_subjects=data_subjects, handlers=500, serious_incident=False, on=_TODAY)
    assert found.reasons[:4] == (
        said,
        "取扱者数は500人で、500人以上です。",
        "過去1年以内の特定個人情報に関する重大事故はありません。",
        "この対象人数では、取扱者数と重大事故の有無は結果を変えません。",
    )


@given(_COUNTS, _COUNTS, _HANDLERS, _HANDLERS, st.booleans())
def test_more_persons_never_lower_the_level(one: int, more: int, few: int, many: int, incident: bool) -> None:  # noqa: FBT001 - drawn
    low = _level(min(one, more), min(few, many), incident=incident)
    assert low.rank <= _level(max(one, more), max(few, many), incident=incident).rank


@given(_COUNTS, _HANDLERS)
def test_an_incident_never_lowers_the_level_and_raises_it_by_one_at_most(data_subjects: int, handlers: int) -> None:
    raised = _level(data_subjects, handlers, incident=True).rank - _level(data_subjects, handlers, incident=False).rank
    assert raised == int(10_000 <= data_subjects < 300_000 and handlers < 500)


@pytest.mark.parametrize(
    ("data_subjects", "handlers", "said"),
    [(-1, 0, "対象人数は0以上"), (0, -1, "取扱者数は0以上")],
    ids=["対象人数", "取扱者数"],
)
def test_a_negative_number_is_refused(data_subjects: int, handlers: int, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        analyse_threshold(data_subjects=data_subjects, handlers=handlers, serious_incident=False, on=_TODAY)


def test_the_first_row_holds_from_its_very_day() -> None:
    assert thresholds(on=date(2016, 1, 1)) is THRESHOLDS[0]
    with pytest.raises(NotInForceError, match="しきい値判断"):
        analyse_threshold(data_subjects=1_000, handlers=1, serious_incident=False, on=date(2015, 12, 31))


def _incident(occurred_on: date | None, known_on: date, body: str = "市長") -> SeriousIncident:
    return SeriousIncident(body=body, occurred_on=occurred_on, became_known_on=known_on)


@pytest.mark.parametrize(
    ("occurred_on", "known_on", "counts", "confirmed"),
    [
        (date(2026, 5, 1), date(2026, 5, 2), True, True),
        (date(2020, 1, 1), date(2026, 5, 2), True, True),
        (None, date(2026, 5, 2), True, True),
        (date(2026, 6, 1), date(2026, 6, 1), True, True),
        (date(2025, 6, 2), date(2025, 6, 2), True, True),
        (date(2025, 6, 1), date(2025, 6, 1), True, False),
        (date(2020, 1, 1), date(2025, 6, 1), True, False),
        (date(2025, 6, 1), date(2025, 6, 2), True, True),
        (date(2025, 5, 31), date(2025, 5, 31), False, True),
        (None, date(2025, 5, 31), False, True),
        (date(2026, 6, 2), date(2026, 6, 2), False, True),
        (None, date(2026, 6, 2), False, True),
        (date(2026, 5, 31), date(2026, 6, 2), True, True),
    ],
    ids=[
        "発生・把握とも1年以内",
        "古い事故を1年以内に把握",
        "発生日不明・1年以内に把握",
        "当日",
        "1年前の翌日",
        "ちょうど1年前",
        "ちょうど1年前に把握",
        "ちょうど1年前に発生し翌日に把握",
        "1年前の前日",
        "発生日不明・1年前の前日に把握",
        "未来",
        "発生日不明・未来に把握",
        "発生は前日・把握は未来",
    ],
)
def test_an_incident_counts_by_either_clock(
    occurred_on: date | None, known_on: date, *, counts: bool, confirmed: bool
) -> None:
    incident = _incident(occurred_on, known_on)
    found = serious_incident_within_one_year([incident], body="市長", on=_TODAY)
    assert (found.serious_incident, found.confirmed) == (counts, confirmed)
    assert found.incidents == ((incident,) if counts else ())
    assert ("数えます" in found.reasons[0]) is counts
    assert any("要確認" in reason for reason in found.reasons) is not confirmed


def test_an_incident_of_another_body_never_counts() -> None:
    found = serious_incident_within_one_year(
        [_incident(_TODAY, _TODAY, "教育委員会"), _incident(_TODAY, _TODAY, "水道事業管理者")], body="市長", on=_TODAY
    )
    assert not found.serious_incident
    assert found.reasons == (
        "他の評価実施機関の重大事故2件は数えません。",
        "令和7年6月1日から令和8年6月1日までに発生し、又は知った重大事故はありません。",
    )


def test_an_incident_is_told_with_both_its_days() -> None:
    found = serious_incident_within_one_year([_incident(date(2020, 1, 1), date(2026, 5, 2))], body="市長", on=_TODAY)
    assert found.reasons[0] == (
        "令和2年1月1日に発生し、令和8年5月2日に知った重大事故は、"
        "いずれかの日が令和7年6月1日から令和8年6月1日までの間にあるため数えます。"
    )
    assert "規則第4条第8号ロ" in [one.article for one in found.provisions]


@pytest.mark.parametrize(
    ("on", "since_on"),
    [
        (date(2024, 2, 29), date(2023, 2, 28)),
        (date(2025, 2, 28), date(2024, 2, 28)),
        (date(2025, 3, 1), date(2024, 3, 1)),
        (date(2024, 2, 28), date(2023, 2, 28)),
    ],
    ids=["閏日", "翌年の2月28日", "翌年の3月1日", "閏年の2月28日"],
)
def test_one_year_is_counted_by_the_calendar(on: date, since_on: date) -> None:
    before = since_on - timedelta(days=1)
    inside = serious_incident_within_one_year([_incident(since_on, since_on)], body="市長", on=on)
    outside = serious_incident_within_one_year([_incident(before, before)], body="市長", on=on)
    assert inside.since_on == since_on
    assert (inside.serious_incident, outside.serious_incident) == (True, False)


def test_an_incident_is_not_known_before_it_occurs() -> None:
    with pytest.raises(ValueError, match=r"知った日（令和8年5月1日）が、発生した日（令和8年5月2日）より前"):
        _incident(date(2026, 5, 2), date(2026, 5, 1))


@pytest.mark.parametrize(
    ("required", "policy", "voluntary", "effective", "why"),
    [
        (_BASIC, _NONE, _NONE, _BASIC, ""),
        (_ALL, _BASIC, _PRIORITY, _ALL, ""),
        (_PRIORITY, _PRIORITY, _PRIORITY, _PRIORITY, ""),
        (_PRIORITY, _ALL, _NONE, _ALL, "機関の方針"),
        (_NONE, _NONE, _BASIC, _BASIC, "任意の選択"),
        (_BASIC, _PRIORITY, _ALL, _ALL, "任意の選択"),
    ],
    ids=["求められるとおり", "方針も任意も低い", "同じ", "方針が高い", "義務なしで任意", "任意が最も高い"],
)
def test_the_effective_level_is_the_highest_of_three(
    required: Level, policy: Level, voluntary: Level, effective: Level, why: str
) -> None:
    found = effective_level(required=required, body_policy_minimum=policy, voluntary=voluntary)
    assert (found.required, found.effective) == (required, effective)
    assert why in found.reasons[-1]
    assert found.confirmed is (effective is required)
    assert bool(found.provisions) is (effective is not required)


def test_without_policy_or_choice_the_required_level_is_carried_out() -> None:
    found = effective_level(required=_PRIORITY)
    assert found.effective is _PRIORITY
    assert found.reasons == ("しきい値判断により求められるのは「重点項目評価」です。",)
