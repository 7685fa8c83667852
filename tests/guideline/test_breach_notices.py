"""本人への通知: whether it is due, may wait, may be replaced or left out."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given

from guideline.breach_notices import NOTICE_ITEMS, NOTICES, NoticeState, notices_of
from guideline.breach_report import judge_breach
from guideline.breach_situations import BreachLaw
from schemas.breach import BreachFacts
from tests.guideline.breaches import ANY_FACTS, NONE, OCCURRED, ON, judged

NUMBER_ACT, PRIVACY_ACT, GUIDELINE = BreachLaw
BOTH: dict[str, Any] = {"leak": OCCURRED, "persons_at_most": 101}
RELEASED: dict[str, Any] = {"as_contractor": True, "principal_has_duty": True, "principal_notified_on": ON}

# 事実, 番号法, 個情法, ガイドライン
STATES = [
    pytest.param(BOTH, NoticeState.DUE, NoticeState.DUE, NoticeState.NOT_DUE, id="要する"),
    pytest.param(
        {**BOTH, "notice_difficult": True},
        NoticeState.SUBSTITUTE,
        NoticeState.SUBSTITUTE,
        NoticeState.NOT_DUE,
        id="通知が困難",
    ),
    pytest.param(
        {**BOTH, "notice_difficult": None},
        NoticeState.DUE,
        NoticeState.DUE,
        NoticeState.NOT_DUE,
        id="困難か不明なら通知する",
    ),
    pytest.param(
        {**BOTH, "notice_widens_harm": True, "notice_difficult": True},
        NoticeState.MAY_WAIT,
        NoticeState.MAY_WAIT,
        NoticeState.NOT_DUE,
        id="被害が広がる間は待つ",
    ),
    pytest.param(
        {**BOTH, "not_disclosable": True},
        NoticeState.DUE,
        NoticeState.LEFT_OUT,
        NoticeState.NOT_DUE,
        id="不開示情報の例外は個情法だけ",
    ),
    pytest.param(
        {**BOTH, **RELEASED}, NoticeState.RELEASED, NoticeState.DUE, NoticeState.NOT_DUE, id="委託元に通知した委託先"
    ),
    pytest.param(
        {"leak": OCCURRED}, NoticeState.NOT_DUE, NoticeState.NOT_DUE, NoticeState.AS_THE_CASE, id="1人の漏えい"
    ),
    pytest.param(
        {"leak": OCCURRED, "persons_at_most": None},
        NoticeState.UNDECIDED,
        NoticeState.UNDECIDED,
        NoticeState.AS_THE_CASE,
        id="要否が決まらない",
    ),
    pytest.param({"leak": None}, NoticeState.NOT_DUE, NoticeState.NOT_DUE, NoticeState.UNDECIDED, id="漏えいか不明"),
    pytest.param(
        {"leak": NONE}, NoticeState.NOT_DUE, NoticeState.NOT_DUE, NoticeState.NOT_DUE, id="報告を要しないと判明"
    ),
]


@pytest.mark.parametrize(("changed", "number_act", "privacy_act", "guideline"), STATES)
def test_each_law_says_whether_the_data_subjects_are_told(
    changed: dict[str, Any], number_act: NoticeState, privacy_act: NoticeState, guideline: NoticeState
) -> None:
    found = notices_of(judged(**changed))
    assert [one.state for one in found] == [number_act, privacy_act, guideline]


def test_five_of_the_nine_items_are_told_and_it_says_by_what() -> None:
    notice = notices_of(judged(**BOTH))[0]
    assert [item.label for item in notice.items] == [
        "概要",
        "特定個人情報の項目",
        "原因",
        "二次被害又はそのおそれの有無及びその内容",
        "その他参考となる事項",
    ]
    assert notice.items == NOTICE_ITEMS
    assert notice.reasons[0].endswith(
        "（番号法第29条の4第2項、漏えい等報告規則第5条、特定個人情報ガイドライン別添2の4B、特定個人情報ガイドライン別添2の4C）。"
    )
    assert notice.confirmed


def test_what_was_not_read_is_not_confirmed() -> None:
    of_today = notices_of(judged(**BOTH))
    assert [one.confirmed for one in of_today] == [True, False, True]
    assert "個情法施行規則第45条、要確認）" in of_today[1].reasons[0]
    assert not any(one.confirmed for one in notices_of(judged(on=date(2025, 9, 30), **BOTH)))


def test_no_law_has_two_rows_for_one_state() -> None:
    keys = [(row.in_force_on, row.law, row.state) for row in NOTICES]
    assert len(set(keys)) == len(keys)
    assert NoticeState.DUE.label == "要する"
    assert all(not one.label.isascii() for one in NoticeState)


@given(ANY_FACTS)
def test_whatever_is_known_each_law_has_its_answer(known: BreachFacts) -> None:
    found = notices_of(judge_breach(known, on=ON))
    assert [one.law for one in found] == list(BreachLaw)
    assert all(one.reasons and one.provisions for one in found)
