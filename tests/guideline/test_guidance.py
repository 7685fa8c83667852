"""指導と改善策の規則: how a measure stands on a day, what a guidance lacks, and what is still to be followed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from guideline.guidance import (
    Followed,
    as_entered,
    days_overdue,
    faults_of,
    follow_ups,
    missing_for_report,
    standing_of,
)
from guideline.guidance_report import report_on
from schemas.guidance import GuidanceDocument, GuidanceItem, MeasureResult, Origin, Passage, Place, Standing
from tests.guideline.guidance_samples import PAPER, document, done, guidance, planned, when

LAST = date(2023, 12, 31)
DONE_ON = date(2023, 12, 20)
RESULT = MeasureResult(when=when("令和5年12月20日", DONE_ON))
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("followed", "on", "standing"),
    [
        pytest.param(Followed(measure=planned()), LAST, Standing.PLANNED, id="期限の日は予定"),
        pytest.param(Followed(measure=planned()), LAST + DAY, Standing.OVERDUE, id="翌日は期限超過"),
        pytest.param(Followed(measure=planned(), due_on=date(2024, 1, 31)), LAST + DAY, Standing.PLANNED, id="延期"),
        pytest.param(Followed(measure=planned(), result=RESULT), DONE_ON, Standing.AWAITING, id="報告の後は確認待ち"),
        pytest.param(
            Followed(measure=planned(), result=RESULT), LAST + DAY, Standing.AWAITING, id="確認待ちは超過でない"
        ),
        pytest.param(
            Followed(measure=planned(), result=RESULT, is_confirmed=True), DONE_ON, Standing.DONE, id="確認の後は済"
        ),
        pytest.param(
            Followed(measure=planned(), result=RESULT, is_confirmed=True),
            DONE_ON - DAY,
            Standing.PLANNED,
            id="実施の前日は予定",
        ),
        pytest.param(
            Followed(measure=planned(), cancelled="不要となった。"), LAST + DAY, Standing.CANCELLED, id="取りやめ"
        ),
        pytest.param(Followed(measure=done()), date(2023, 10, 31), Standing.AWAITING, id="済との記載も確認を待つ"),
        pytest.param(Followed(measure=done(), is_confirmed=True), date(2023, 10, 31), Standing.DONE, id="済"),
        pytest.param(
            Followed(measure=done(), is_confirmed=True), date(2023, 10, 30), Standing.PLANNED, id="前日は予定"
        ),
        pytest.param(
            Followed(measure=done(when=None), is_confirmed=True), date(2023, 1, 1), Standing.DONE, id="日のない済"
        ),
    ],
)
def test_a_measure_stands_so_on_a_day(followed: Followed, on: date, standing: Standing) -> None:
    assert standing_of(followed, on=on) is standing


def test_what_a_document_calls_done_is_taken_for_confirmed() -> None:
    entered = as_entered(document(done(), planned()))
    assert [standing_of(one, on=LAST) for one in entered] == [Standing.DONE, Standing.PLANNED]


def test_days_overdue_are_days_of_the_calendar_and_none_of_what_is_not_overdue() -> None:
    one = Followed(measure=planned())
    assert [days_overdue(one, on=LAST + n * DAY) for n in (0, 1, 34)] == [0, 1, 34]
    assert days_overdue(Followed(measure=done()), on=LAST) == 0
    assert days_overdue(Followed(measure=planned(), result=RESULT), on=LAST + DAY) == 0


def test_what_a_measure_says_of_itself_is_named_as_its_standing_is() -> None:
    assert (done().state.label, planned().state.label) == (Standing.DONE.label, Standing.PLANNED.label)


def test_a_guidance_that_makes_sense_has_no_faults() -> None:
    assert faults_of(document(done(), planned(), passages=(Passage(item="1", order=5, text="説明"),))) == ()


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        pytest.param(
            document(done(), planned("2-1", id="a.b")),
            "識別子「a.b」は、点（.）を含まない40字までとしてください。",
            id="識別子の点",
        ),
        pytest.param(document(report_due_on=None), "報告の期限（report_due_on）がありません。", id="期限がない"),
        pytest.param(document(report_due_on=date(2023, 9, 19)), "報告の期限が、指導の日より前です。", id="期限が先"),
        pytest.param(
            document(items=(*guidance().items, GuidanceItem(number="2", heading="又", text="又"))),
            "指導事項の番号「2」が2度あります。",
            id="番号が二度",
        ),
        pytest.param(
            document(passages=(Passage(item="3", order=1, text="説明"),)),
            "説明の指す指導事項3がありません。",
            id="説明の項目がない",
        ),
        pytest.param(document(done(), done(order=20)), "改善策の識別子「1-1」が2度あります。", id="識別子が二度"),
        pytest.param(document(done("3-1")), "改善策 3-1: 指導事項3がありません。", id="改善策の項目がない"),
        pytest.param(
            document(planned(when=None)),
            "改善策 2-1: 予定には、いつまでか（when）を書いてください。",
            id="時期のない予定",
        ),
        pytest.param(
            document(planned(when=when(latest_on=date(2023, 12, 30)))),
            "改善策 2-1: 「令和5年12月迄」の最も遅い日は 令和5年12月31日 です（令和5年12月30日 とあります）。",
            id="記載と日が違う",
        ),
        pytest.param(document(done(), done("1-2", order=10)), "文の順「指導事項1の10」が2度あります。", id="順が二度"),
        pytest.param(
            document(done(place=Place.CONTINUED)),
            "指導事項1の最初の文は、続ける前の文がありません。",
            id="続ける文がない",
        ),
    ],
)
def test_what_makes_no_sense_is_said(given: GuidanceDocument, fault: str) -> None:
    assert faults_of(given) == (fault,)


def test_a_report_lacks_an_item_without_measure_and_evidence_of_what_is_done_but_not_punctuality() -> None:
    head = document(items=(*guidance().items, GuidanceItem(number="3", heading="その他", text="他", origin=Origin.OWN)))
    followed = [Followed(measure=done(evidence=()), is_confirmed=True), Followed(measure=planned())]
    assert missing_for_report(report_on(head, followed, on=LAST + DAY)) == (
        "改善策 1-1: 済とするには、根拠資料が要ります。",
        "自らの取組3「その他」に、改善策がありません。",
    )
    told = [
        Followed(measure=done(evidence=()), is_confirmed=True, evidence=(PAPER,)),
        Followed(measure=planned()),
        Followed(measure=done("3-1", evidence=()), cancelled="不要"),
    ]
    assert missing_for_report(report_on(head, told, on=LAST + DAY)) == ()


def test_follow_ups_are_the_deadline_and_the_planned_dates_and_what_is_late_is_followed_up_at_once() -> None:
    early, late, far = planned(), planned("2-2"), planned("2-3", when=when("令和5年度中", date(2024, 3, 31)))
    followed = [
        Followed(measure=done(), is_confirmed=True),
        Followed(measure=early, result=RESULT, is_confirmed=True),
        Followed(measure=late),
        Followed(measure=far),
    ]
    in_time = report_on(document(), followed, on=date(2023, 10, 31))
    assert follow_ups(in_time) == (date(2023, 10, 31), LAST, date(2024, 3, 31))
    assert follow_ups(report_on(document(), followed, on=LAST + DAY)) == (LAST + DAY, date(2024, 3, 31))
