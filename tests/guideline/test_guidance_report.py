"""改善策の実施状況: a sentence stands as it was written, and what it does not say itself is added to it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from guideline.guidance import Followed
from guideline.guidance_report import digest_of_report, report_on
from schemas.guidance import MeasureResult, MeasuresReport, Origin, Passage, Place, ReportEntry, Standing
from tests.guideline.guidance_samples import PAPER, document, done, guidance, planned, when

LAST = date(2023, 12, 31)
DAY = timedelta(days=1)
DONE_ON = when("令和5年12月20日", date(2023, 12, 20))
SENTENCE = "資料を周知済み（令和5年12月20日）。"
RESULT = MeasureResult(when=DONE_ON)
TOLD = MeasureResult(when=DONE_ON, text=SENTENCE)


def _entry(followed: Followed, *, on: date) -> ReportEntry:
    report = report_on(document(), [followed], on=on)
    return next(entry for item in report.items for entry in item.entries)


@pytest.mark.parametrize(
    ("followed", "on", "mark"),
    [
        pytest.param(Followed(measure=planned()), LAST, None, id="予定の文がそう述べる"),
        pytest.param(
            Followed(measure=planned(text="周知予定。")), LAST, "【予定: 令和5年12月迄】", id="文が時期を述べない予定"
        ),
        pytest.param(
            Followed(measure=planned()),
            LAST + 34 * DAY,
            "【予定・期限超過: 期限の令和5年12月31日を34日過ぎています】",
            id="期限超過",
        ),
        pytest.param(
            Followed(measure=planned(), due_on=date(2024, 1, 31)),
            LAST,
            "【予定: 期限を令和6年1月31日に延期】",
            id="延期",
        ),
        pytest.param(
            Followed(measure=planned(), due_on=date(2024, 1, 31)),
            date(2024, 2, 1),
            "【予定・期限超過: 期限の令和6年1月31日を1日過ぎています】",
            id="延期した期限の超過",
        ),
        pytest.param(Followed(measure=planned(), result=RESULT), LAST, "【確認待ち: 令和5年12月20日】", id="確認待ち"),
        pytest.param(
            Followed(measure=planned(), result=RESULT, is_confirmed=True),
            LAST,
            "【済: 令和5年12月20日】",
            id="予定の文のまま済",
        ),
        pytest.param(Followed(measure=planned(), result=TOLD, is_confirmed=True), LAST, None, id="済の文がそう述べる"),
        pytest.param(
            Followed(measure=planned(), cancelled="不要となった。"), LAST, "【取りやめ: 不要となった。】", id="取りやめ"
        ),
        pytest.param(Followed(measure=done(), is_confirmed=True), LAST, None, id="済"),
        pytest.param(
            Followed(measure=done(text="改正。"), is_confirmed=True),
            LAST,
            "【済: 令和5年10月31日】",
            id="文が時期を述べない済",
        ),
        pytest.param(Followed(measure=done(when=None), is_confirmed=True), LAST, None, id="日のない済"),
        pytest.param(Followed(measure=done(when=None)), LAST, "【確認待ち】", id="日のない確認待ち"),
        pytest.param(
            Followed(measure=done(), is_confirmed=True),
            date(2023, 10, 30),
            "【予定: 令和5年10月30日には実施していません】",
            id="その日の後に行われた",
        ),
    ],
)
def test_what_the_sentence_does_not_say_is_added(followed: Followed, on: date, mark: str | None) -> None:
    assert _entry(followed, on=on).mark == mark


def test_the_sentence_of_what_was_done_takes_the_place_of_the_plan_from_its_day_on() -> None:
    followed = Followed(measure=planned(), result=TOLD, is_confirmed=True, evidence=(PAPER,))
    before, after = _entry(followed, on=date(2023, 12, 19)), _entry(followed, on=date(2023, 12, 20))
    assert (before.text, after.text) == (planned().text, SENTENCE)
    assert before.line is not None
    assert after.line is not None
    assert (before.line.standing, before.line.said, before.line.on) == (Standing.PLANNED, "令和5年12月迄", LAST)
    assert (after.line.standing, after.line.said, after.line.on) == (Standing.DONE, DONE_ON.said, DONE_ON.latest_on)
    assert after.line.evidence == (PAPER,)


def _report(**facts: Any) -> MeasuresReport:
    head = document(passages=(Passage(item="1", order=5, heading="規程", text="従前の説明。"),), **facts)
    measures = [planned("2-1"), done("1-2", place=Place.CONTINUED), done("1-1", heading="規程")]
    return report_on(head, [Followed(measure=one, is_confirmed=True) for one in measures], on=LAST)


def test_items_and_sentences_stand_in_their_order_whatever_the_order_in_which_they_were_entered() -> None:
    report = _report(items=tuple(reversed(guidance().items)))
    assert [item.number for item in report.items] == ["1", "2"]
    assert [line.measure for line in report.lines] == ["1-1", "1-2", "2-1"]
    first, *_ = report.items[0].entries
    assert (first.text, first.line, first.heading) == ("従前の説明。", None, "規程")
    assert report.title == "見本の事案に関する見本市における改善策の実施状況について"
    assert {item.origin for item in report.items} == {Origin.INSTRUCTION}


def test_the_digest_is_that_of_what_the_report_says_and_of_its_day() -> None:
    same, reworded = digest_of_report(_report()), digest_of_report(_report(subject="別の事案"))
    later = digest_of_report(_report().model_copy(update={"on": LAST + DAY}))
    assert digest_of_report(_report()) == same
    assert len({same, reworded, later}) == 3
