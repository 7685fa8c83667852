"""漏えい等報告の要否: the judgement, what changes it, and that it is total."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guideline.breach_report import (
    Reportable,
    SituationState,
    changes_of,
    facts_of_event,
    is_contractor,
    judge_breach,
    told_together,
)
from guideline.breach_situations import BreachLaw
from guideline.provisions import NotInForceError
from schemas.breach import BreachFacts, Happening
from schemas.reports import RiskEvent
from tests.guideline.breaches import ANY_FACTS, CONTRACTOR, FEARED, OCCURRED, ON, OTHER, facts, judged, met

YES, NO, UNDECIDED = Reportable
NUMBER_ACT, PRIVACY_ACT, GUIDELINE = BreachLaw

# 事実, 番号法, 個情法, ガイドライン, 全体
VERDICTS = [
    pytest.param({}, NO, NO, NO, NO, id="何も起きていない"),
    pytest.param({"leak": OCCURRED}, NO, NO, YES, NO, id="1人の紙の漏えい"),
    pytest.param({"leak": OCCURRED, "persons_at_most": 100}, NO, NO, YES, NO, id="100人"),
    pytest.param({"leak": OCCURRED, "persons_at_most": 101}, YES, YES, NO, YES, id="101人"),
    pytest.param(
        {"leak": OCCURRED, "persons_at_most": None}, UNDECIDED, UNDECIDED, YES, UNDECIDED, id="本人の数が不明"
    ),
    pytest.param({"leak": None}, NO, NO, UNDECIDED, NO, id="漏えいか不明・1人"),
    pytest.param({"leak": OCCURRED, "sensitive": True}, NO, YES, YES, YES, id="個情法だけに当たる"),
    pytest.param({"seen_by_many": FEARED}, YES, NO, NO, YES, id="番号法だけに当たる"),
    pytest.param({"seen_by_many": FEARED, "holder": OTHER}, YES, NO, NO, YES, id="民間の実施者"),
    pytest.param({"leak": OCCURRED, "persons_at_most": 101, "encrypted": True}, NO, NO, NO, NO, id="高度な暗号化"),
    pytest.param({"leak": OCCURRED, "persons_at_most": 101, "encrypted": None}, YES, YES, NO, YES, id="暗号化が不明"),
]


@pytest.mark.parametrize(("changed", "number_act", "privacy_act", "guideline", "whole"), VERDICTS)
def test_an_event_is_judged_under_each_law(
    changed: dict[str, Any],
    number_act: Reportable,
    privacy_act: Reportable,
    guideline: Reportable,
    whole: Reportable,
) -> None:
    judgement = judged(**changed)
    assert [one.reportable for one in judgement.verdicts] == [number_act, privacy_act, guideline]
    assert judgement.reportable is whole


def test_nothing_known_is_undecided_and_asks_everything() -> None:
    judgement = judge_breach(BreachFacts(), on=ON)
    assert {one.state for one in judgement.findings} == {SituationState.UNDECIDED}
    assert judgement.reportable is UNDECIDED
    assert len(judgement.questions) == len(set(judgement.questions)) > 10


def test_the_reasons_name_what_is_met_and_the_clauses() -> None:
    judgement = judged(seen_by_many=OCCURRED)
    assert judgement.reasons[0] == (
        "漏えい等報告規則第2条第3号に当たります: "
        "特定個人情報ファイルの特定個人情報が電磁的方法により不特定多数の者に閲覧され、又は閲覧されるおそれがある"
        "（番号法第29条の4第1項、漏えい等報告規則第2条第3号）。"
    )
    assert judgement.reasons[1] == "番号法第29条の4により、個人情報保護委員会への報告を要します。"
    articles = [one.article for one in judgement.provisions]
    assert articles[:2] == ["番号法第29条の4第1項", "漏えい等報告規則第2条第3号"]
    assert judgement.confirmed


def test_what_was_not_read_is_said_with_the_reason() -> None:
    judgement = judged(on=date(2023, 6, 1), seen_by_many=OCCURRED, persons_at_most=None, leak=OCCURRED, sensitive=True)
    assert not judgement.confirmed
    assert sum("、要確認）" in reason for reason in judgement.reasons) > 2
    exempted = judged(sensitive=True, leak=OCCURRED, encrypted=True)
    assert any("個情法施行規則第43条、要確認）" in reason for reason in exempted.reasons)
    assert not exempted.verdict(PRIVACY_ACT).confirmed
    assert exempted.verdict(NUMBER_ACT).confirmed


def test_an_incident_outside_the_limbs_has_no_date() -> None:
    alone = judged(leak=OCCURRED).verdict(GUIDELINE)
    assert alone.reasons[-1] == "期限の定めはありません。"
    open_ = judged(leak=OCCURRED, persons_at_most=None).verdict(GUIDELINE)
    assert open_.reasons[-1].startswith("漏えい等報告規則第2条各号に当たるかが決まらなくても、少なくとも")
    beside = judged(seen_by_many=OCCURRED).verdict(GUIDELINE)
    assert beside.reasons == (
        "漏えい等報告規則第2条各号に当たる事態であり、その報告とは別の、ガイドラインによる報告は要しません。",
    )


def test_persons_of_two_limbs_of_the_hundred_are_counted_together_and_that_is_to_be_confirmed() -> None:
    one = judged(leak=OCCURRED, persons_at_most=101)
    both = judged(leak=OCCURRED, unlawful_provision=OCCURRED, persons_at_most=101)
    assert one.confirmed
    assert not both.confirmed
    assert "第2条第4号イ、漏えい等報告規則第2条第4号ハ）は要確認です" in both.verdict(NUMBER_ACT).reasons[-1]


RELEASE: dict[str, Any] = {
    "seen_by_many": OCCURRED,
    "as_contractor": True,
    "principal_has_duty": True,
    "principal_notified_on": ON,
}
RELEASES = [
    pytest.param({}, NO, id="通知した当日"),
    pytest.param({"as_contractor": None, "holder": CONTRACTOR}, NO, id="行政機関等の委託を受けた者"),
    pytest.param({"principal_notified_on": date(2026, 6, 2)}, YES, id="通知は翌日の予定"),
    pytest.param({"principal_notified_on": None}, YES, id="通知していない"),
    pytest.param({"principal_has_duty": False}, YES, id="委託元に義務がない"),
    pytest.param({"principal_has_duty": None}, YES, id="委託元の義務が不明"),
    pytest.param({"as_contractor": False}, YES, id="委託を受けていない"),
    pytest.param({"seen_by_many": None}, NO, id="該当が決まらなくても通知した"),
]


@pytest.mark.parametrize(("changed", "reportable"), RELEASES)
def test_a_contractor_is_free_only_by_its_notice_to_a_principal_with_the_duty(
    changed: dict[str, Any], reportable: Reportable
) -> None:
    verdict = judged(**{**RELEASE, **changed}).verdict(NUMBER_ACT)
    assert verdict.reportable is reportable
    assert (verdict.released_by is not None) is (reportable is NO)
    assert any("委託元に通知しています" in reason for reason in verdict.reasons) is (reportable is NO)


def test_the_general_law_releases_no_contractor() -> None:
    judgement = judged(**RELEASE, leak=OCCURRED, sensitive=True)
    assert [judgement.verdict(law).reportable for law in (NUMBER_ACT, PRIVACY_ACT)] == [NO, YES]
    assert judgement.reportable is YES
    assert not is_contractor(facts())


def test_an_event_that_meets_nothing_needs_no_release() -> None:
    assert judged(**{**RELEASE, "seen_by_many": Happening.NONE}).verdict(NUMBER_ACT).released_by is None


def test_when_the_number_crosses_a_hundred_the_judgement_says_so() -> None:
    earlier, later = (judged(leak=OCCURRED, persons_at_most=number) for number in (100, 101))
    changes = changes_of(earlier, later)
    assert [one.about for one in changes] == [
        "breach-2-4-a",
        "privacy-hundred",
        "number_act",
        "privacy_act",
        "guideline",
    ]
    assert changes[0].sentence == (
        "漏えい等報告規則第2条第4号イ: 「当たらない」から「当たる」に変わりました。"
        "変わった事実: おそれを含む最大の本人の数（100人 → 101人）。"
    )
    assert (changes[2].before, changes[2].after) == ("要しない", "要する")
    assert told_together(changes) == (
        "番号法第29条の4による報告、個情法第68条による報告: 「要しない」から「要する」に変わりました。",
        "特定個人情報ガイドラインによる報告: 「要する」から「要しない」に変わりました。",
        (
            "漏えい等報告規則第2条第4号イ、個情法施行規則第43条（百人を超える本人）: "
            "「当たらない」から「当たる」に変わりました。"
        ),
        "変わった事実: おそれを含む最大の本人の数（100人 → 101人）。",
    )
    assert told_together(()) == ()
    assert changes_of(later, later) == ()


WORDS: list[Any] = [
    pytest.param({"seen_by_many": None}, {"seen_by_many": FEARED}, "（不明 → 発生したおそれがある）", id="発生の有無"),
    pytest.param({"seen_by_many": FEARED, "encrypted": None}, {"encrypted": True}, "（不明 → はい）", id="はい"),
    pytest.param(
        {"leak": FEARED, "number_use_system": True}, {"number_use_system": False}, "（はい → いいえ）", id="いいえ"
    ),
    pytest.param(
        {"leak": FEARED, "holder": OTHER, "sensitive": True},
        {"holder": facts().holder},
        "（その他の個人番号利用事務等実施者 → 行政機関・地方公共団体・独立行政法人等・地方独立行政法人）",
        id="取り扱う者",
    ),
    pytest.param(
        {**RELEASE, "principal_notified_on": None}, {"principal_notified_on": ON}, "（不明 → 令和8年6月1日）", id="日"
    ),
]


@pytest.mark.parametrize(("before", "after", "words"), WORDS)
def test_a_change_names_the_facts_that_made_it(before: dict[str, Any], after: dict[str, Any], words: str) -> None:
    earlier = judged(**before)
    changes = changes_of(earlier, judge_breach(earlier.facts.model_copy(update=after), on=ON))
    assert changes
    assert all(words in one.sentence for one in changes)


def test_a_change_of_the_rules_alone_says_so() -> None:
    later = judged(seen_by_many=OCCURRED)
    earlier = replace(judged(on=date(2024, 1, 1), seen_by_many=OCCURRED), findings=())
    change, of_guideline = changes_of(earlier, later)
    assert of_guideline.about == "guideline-incident"
    assert told_together((change,)) == (
        "漏えい等報告規則第2条第3号: 「当たらない」から「当たる」に変わりました。",
        "適用される定めが変わりました（令和6年1月1日 → 令和8年6月1日）。",
    )
    assert change.sentence == (
        "漏えい等報告規則第2条第3号: 「当たらない」から「当たる」に変わりました。"
        "適用される定めが変わりました（令和6年1月1日 → 令和8年6月1日）。"
    )


@pytest.mark.parametrize(
    ("intentional", "purpose"),
    [(None, None), (True, FEARED), (False, Happening.NONE)],
    ids=["不明", "おそれがある", "ない"],
)
def test_a_reported_event_gives_what_it_says_and_nothing_more(
    *, intentional: bool | None, purpose: Happening | None
) -> None:
    event = RiskEvent(
        assessments=("a",),
        title="誤登録",
        facts="別人の口座が登録された。",
        known_on=ON,
        known_by_department="desk",
        persons_affected=11,
        intentional=intentional,
        cause="ログアウト忘れ",
    )
    known = facts_of_event(event)
    assert (known.known_on, known.persons_confirmed, known.persons_at_most) == (ON, 11, None)
    assert known.improper_purpose is purpose
    assert (known.account.overview, known.account.cause) == (event.facts, event.cause)
    assert known.leak is None


def test_before_the_first_rows_it_is_not_judged() -> None:
    with pytest.raises(NotInForceError):
        judged(on=date(2022, 3, 31))


def test_the_states_and_answers_are_named_in_japanese() -> None:
    assert [one.label for one in SituationState] == ["当たる", "当たらない", "決まらない", "除かれる"]
    assert [one.label for one in Reportable] == ["要する", "要しない", "決まらない"]


@given(ANY_FACTS)
def test_whatever_is_known_there_is_a_judgement_with_its_reasons(known: BreachFacts) -> None:
    judgement = judge_breach(known, on=ON)
    assert len(judgement.findings) == len({one.row.id for one in judgement.findings})
    for one in judgement.findings:
        assert one.questions or one.state is not SituationState.UNDECIDED
        assert not one.questions or one.state in (SituationState.UNDECIDED, SituationState.MET)
        assert bool(one.exemptions) is (one.state is SituationState.EXEMPTED)
    assert all(verdict.reasons and verdict.provisions for verdict in judgement.verdicts)
    assert (judgement.reportable is YES) is any(
        judgement.verdict(law).reportable is YES for law in (NUMBER_ACT, PRIVACY_ACT)
    )
    assert changes_of(judgement, judgement) == ()


@settings(max_examples=300, deadline=None)
@given(ANY_FACTS, ANY_FACTS)
def test_knowing_more_never_makes_undecided_what_was_decided(known: BreachFacts, more: BreachFacts) -> None:
    added = {name: getattr(more, name) for name in BreachFacts.model_fields if getattr(known, name) is None}
    earlier = judge_breach(known, on=ON)
    later = judge_breach(known.model_copy(update=added), on=ON)
    for before, after in zip(earlier.findings, later.findings, strict=True):
        if before.state is SituationState.MET:  # a fear that is met is lifted only by what is established
            assert after.state in (SituationState.MET, SituationState.EXEMPTED)
        elif before.state is not SituationState.UNDECIDED and agree(later.facts):
            assert after.state in (SituationState.NOT_MET, SituationState.EXEMPTED)


def agree(known: BreachFacts) -> bool:
    """Say whether the facts do not contradict each other."""
    confirmed, at_most = known.persons_confirmed, known.persons_at_most
    counts = confirmed is None or at_most is None or confirmed <= at_most
    return counts and not (known.in_file and known.specific is False)


@given(ANY_FACTS, st.integers(min_value=101, max_value=200_000_000))
def test_more_persons_never_take_a_situation_away(known: BreachFacts, number: int) -> None:
    more = judge_breach(known.model_copy(update={"persons_at_most": number}), on=ON)
    assert set(met(judge_breach(known, on=ON))) <= set(met(more))
