"""リスク事案の頁 (page of a risk event): how one is shown in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.output import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from client.event_views import DeadlineRow, EventView
    from schemas.events import EventState


def print_event(view: EventView) -> None:
    """Print what happened, who knew when, whether it is to be reported, by when, and what is left."""
    for line in _lines(view):
        say(line)


def _lines(view: EventView) -> Iterator[str]:
    state = view.state
    yield f"リスク事案 {state.event_id}　{state.title}"
    yield f"  状況: {state.status.label}　事実: 第{state.facts_revision}版　受領確認: {state.acknowledged_by or 'まだ'}"
    yield f"  何が起きたか: {state.facts.account.overview or '不明'}"
    yield from _numbers(state)
    yield f"  関係する評価書: {'、'.join(state.assessments) or 'なし'}　見直し: {'、'.join(view.reviews) or 'なし'}"
    yield "知った部署"
    for one in sorted(state.knowledge, key=lambda known: known.known_on):
        yield f"  {one.known_on} {one.department}（{one.known_by.label}）"
    yield f"  報告: {state.reported_at:%Y-%m-%d %H:%M}（{state.reported_by}）　{view.delay}"
    yield from _answer(state)
    yield "期限"
    for row in view.deadlines:
        yield f"  {row.what}: {_days(row)}{'' if row.confirmed else '（要確認）'}"
        yield from (f"      {reason}" for reason in row.reasons)
    yield from _reports(view)
    yield from _done(view)
    if view.missing:
        yield "終了までに要るもの"
        yield from (f"  {one}" for one in view.missing)
    yield "経過"
    for record in view.acts:
        act = record.act
        said = getattr(act, "reason", None) or ""
        yield f"  {record.sequence:>3} {record.at:%Y-%m-%d %H:%M} {act.act.label}（{act.actor.person}）{said}"
        yield from (f"      {change}" for change in record.receipt.changes)


def _numbers(state: EventState) -> Iterator[str]:
    facts = state.facts
    numbers = (("判明している本人の数", facts.persons_confirmed), ("おそれを含む最大の数", facts.persons_at_most))
    said = "　".join(f"{what}: {'不明' if number is None else f'{number:,}人'}" for what, number in numbers)
    yield f"  発生した日: {facts.happened_on or '不明'}　{said}"


def _answer(state: EventState) -> Iterator[str]:
    answer = state.judgements[-1]
    yield f"報告の要否（{answer.on}、第{answer.facts_revision}版の事実による）: {answer.reportable.label}"
    yield f"  ガイドラインによる報告: {answer.guideline.label}　根拠: {'、'.join(answer.provisions)}"
    yield from (f"  {reason}" for reason in answer.reasons)
    yield from (f"  確かめる問い: {question}" for question in answer.questions)
    for earlier in state.judgements[:-1]:
        yield f"  以前の答え（{earlier.on}、第{earlier.facts_revision}版）: {earlier.reportable.label}"


def _days(row: DeadlineRow) -> str:
    if row.done:
        return f"済み（期限 {row.due_on or 'なし'}{_when(row)}）"
    if row.due_on is None or row.days_left is None:
        return "速やかに（日数の定めはありません）"
    left = f"あと{row.days_left}日" if row.days_left >= 0 else f"{-row.days_left}日超過"
    return f"{row.due_on}（{left}）"


def _when(row: DeadlineRow) -> str:
    if row.done_on is None:
        return ""
    if row.days_late is None:
        return f"、{row.done_on}に行った"
    return f"、{row.done_on}に行った、{f'{row.days_late}日遅れ' if row.days_late else '期限内'}"


def _reports(view: EventView) -> Iterator[str]:
    if view.reports:
        yield "漏えい等報告書"
    for row in view.reports:
        written = f"書いた者 {row.written_by}、承認 {row.approved_by}"
        yield f"  {row.version} {row.label}　{row.digest}"
        yield f"      承認済み（{written}、第{row.facts_revision}版の事実）"
        if not row.filings:
            yield "      まだ提出していません。"
        for filing in row.filings:
            yield f"      提出済み: {filing.filed_on} {filing.kind.label}（受付番号 {filing.receipt_number}）"
            if filing.correction is not None:
                yield f"      {row.corrects} を訂正しました: {filing.correction.reason}"
        if row.corrected_by is not None:
            yield f"      {row.corrected_by} により訂正されました。"
        if row.compared_with is not None:
            changed = "、".join(one.item for one in row.changes) or "なし"
            yield f"      {row.compared_with} から変わった項目: {changed}"


def _done(view: EventView) -> Iterator[str]:
    state = view.state
    for told in state.notifications:
        yield f"本人への通知: {told.kind.label} {told.done_on or ''} {told.reason or ''}".rstrip()
    for measure in view.measures:
        where = f"{measure.status.label}、対応策 {measure.countermeasure_id}"
        yield f"再発防止策: {measure.text}（{measure.owner}、期限 {measure.due_on}、{where}）"
    for other in state.joined:
        yield f"同じ事案: {other}"
    if state.same_as is not None:
        yield f"引き継いだ先: {state.same_as}"
    if state.no_report is not None:
        said = state.no_report
        yield f"報告を要しないとの判断: 申出 {said.proposed_by}、確認 {said.confirmed_by or 'まだ'}（{said.reason}）"
