"""報告の一覧 (view of a report) as it is printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.output import print_table, say
from guideline.deadlines import TOKYO
from schemas.reports import RiskEvent

if TYPE_CHECKING:
    from datetime import datetime

    from client.report_view import ReportView


def print_report(view: ReportView) -> None:
    """Print what was told, how late, and to whom it was told."""
    report = view.report
    say(f"報告 {view.report_id}: {report.title}")
    say(f"  報告: {_at(view.reported_at)} {view.reported_by_name}（{view.reported_by}）")
    if isinstance(report, RiskEvent):
        say(f"  把握した日: {report.known_on}（{report.known_by_department}）")
        say(f"  発生した日: {report.happened_on or '不明'}")
        say(f"  本人の数: {_number(report.persons_affected)}")
        say(f"  おそれのある本人の数: {_number(report.persons_feared)}")
    if view.delay is not None:
        say(f"  報告まで: {view.delay_days}日　{view.delay}")
    if view.with_minister is not None:
        say(f"  政務への共有: {'する' if view.with_minister else 'しない'}")
        for reason in view.minister:
            say(f"    {reason}")
    say(f"  評価書: {'、'.join(report.assessments) or 'まだ示されていません'}")
    if view.untouched is not None:
        say(f"  どの評価書にも関わらないとする理由: {view.untouched}")
    for review in view.reviews:
        say(f"  見直し: {review.review_id}")
    say("")
    say("知らせた相手（知らせた順）")
    print_table(
        ("順", "職員又は宛先", "知らせ方", "到達", "日時", "理由"),
        (
            (
                number,
                f"{one.name}（{one.recipient}）",
                one.channel.label,
                one.state.label,
                _at(one.at),
                one.failure,
            )
            for number, one in enumerate(view.told, start=1)
        ),
    )


def _at(instant: datetime) -> str:
    return instant.astimezone(TOKYO).strftime("%Y-%m-%d %H:%M")


def _number(number: int | None) -> str:
    return "不明" if number is None else f"{number:,}人"
