"""誤登録の頁 (page of the wrong registrations): written from the history and from what the rules answer of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from demo.account_registration import Entry, Kind, history
from demo.account_rules import Late, course, of_number_act, until
from schemas.events import EventClock, EventDeadline

_HEAD = (
    "# 公金受取口座の誤登録: いつまでに、誰が、何をすべきだったか",
    "",
    "*In English.* From July 2022 desks of the Digital Agency were told that bank accounts had been registered for the",
    "wrong persons; the Commission was told on 30 June 2023. This page holds that history against the rules: by when",
    "each report was due, who would have been told, and how late the real report was. `make demo` (third story) and",
    "`tests/demo/test_account_story.py` play it on the engine, and fail where its answers differ from this page. The",
    "days are those that were made public; what the sources do not tell is assumed, and said to be.",
    "",
    "`{command}` が、[経過の記録](../demo/account_registration.toml)と規則から作るページです。",
    "手で直さず、もとを直してから作り直してください。",
    "",
    "エンジンでの再現（[第三話](../demo/account_story.py)、[テスト](../tests/demo/test_account_story.py)）では、",
    "**記録は本日、日付は実際のもの**です。その答えがこのページと違えば、再現もテストも失敗します。",
    "",
)


def write_account_registration(command: str) -> str:
    """Write the page."""
    sections = (
        ("仮定", (f"- {one}" for one in history().assumptions)),
        ("図", _picture()),
        ("経過", _entries()),
        ("いつまでに何をすべきだったか（番号法第29条の4）", _due()),
        ("誰に知らせるべきだったか", _told()),
        ("実際はどれだけ遅れたか", _late()),
        ("出典", _sources()),
    )
    lines = [line.format(command=command) for line in _HEAD]
    for title, content in sections:
        lines += [f"## {title}", "", *content, ""]
    return "\n".join(lines).rstrip() + "\n"


def _counted() -> tuple[Entry, ...]:
    """Give the entries from which a clock of their own is counted."""
    entries = (*history().of(Kind.EVENT), *history().of(Kind.FACTS))
    return tuple(sorted((one for one in entries if _of(one)), key=lambda one: one.on))


def _of(entry: Entry) -> tuple[EventDeadline, ...]:
    return tuple(one for one in of_number_act(course().states[entry.id]) if one.known_on == entry.on)


def _filing() -> Entry:
    return history().entry("filing")


def _picture() -> Iterator[str]:
    filed_on = _filing().on
    yield from ("```mermaid", "gantt", "  dateFormat YYYY-MM-DD", "  axisFormat %Y-%m")
    for entry in _counted():
        yield f"  section {entry.said}"
        due_on = next(one.due_on for one in _of(entry) if one.kind is EventClock.FINAL)
        yield f"  知った日から確報の期限まで :{entry.on}, {due_on}"
        if due_on is not None and due_on < filed_on:
            yield f"  期限から実際の報告まで :crit, {due_on}, {filed_on}"
    yield "  section 実際"
    yield f"  {_filing().title} :milestone, {filed_on}, 0d"
    yield "```"


def _entries() -> Iterator[str]:
    yield from ("| 日 | できごと | 件数 | 仮定（要確認） | 出典 |", "|---|---|---:|---|---|")
    for entry in history().entries:
        cases = "" if entry.cases is None else f"{entry.cases:,}"
        sources = "、".join(f"[{one}](#出典)" for one in entry.sources)
        yield f"| {entry.said} | **{entry.title}**<br>{entry.text} | {cases} | {entry.assumed or ''} | {sources} |"


def _due() -> Iterator[str]:
    yield "期限が変わらない日（件数が増えただけの日など）は、表にありません。"
    yield "速報の日数は、法令でなくガイドラインの目安です。"
    yield "知った日の定めは原文で確かめていないため、全て要確認です。"
    yield from ("", "| 知った日 | すべきこと | 期限 | 数え方 | 根拠 |", "|---|---|---|---|---|")
    for entry in _counted():
        for one in _of(entry):
            counted = "".join(one.reasons[1:]) or "全てが判明するのを待ちません。"
            yield f"| {entry.on} | {one.kind.label} | {until(one)} | {counted} | {'、'.join(one.provisions)} |"


def _told() -> Iterator[str]:
    yield "人と宛先は見本の組織表のもので、実際の人ではありません。事案の報告は、報告経路の全員に知らせます。"
    yield "その後の事実は対策チームと保護管理者に、期限や答えが変わるときは総括保護管理者にも知らせます。"
    yield from ("", "| 日 | 知ったこと | 知らせた相手（知らせ方） |", "|---|---|---|")
    for entry_id, recipients in course().told.items():
        entry = history().entry(entry_id)
        names = "<br>".join(f"{one.label}（{one.channel.label}）" for one in recipients)
        yield f"| {entry.on} | {entry.title} | {names} |"


def _late() -> Iterator[str]:
    yield course().delay.sentence
    yield f"{_filing().assumed or ''}本人への通知の日は、資料にありません。"
    yield from ("", "事案全体（同じ事案として合わせ、最初に知った窓口から数える）:", "", *_late_rows(course().late))
    for entry_id, late in course().late_alone.items():
        entry = history().entry(entry_id)
        if entry.on != course().late[0].deadline.known_on:
            yield from ("", f"{entry.said}の窓口だけが知っていたとした場合:", "", *_late_rows(late))


def _late_rows(late: Iterable[Late]) -> Iterator[str]:
    yield from ("| 報告 | 起算日 | 期限 | 実際 | 遅れ |", "|---|---|---|---|---:|")
    for one in late:
        days = f"**{one.days}日**" if one.days else "期限内"
        due = one.deadline
        yield f"| {due.kind.label} | {due.known_on} | {until(due)} | {one.done_on} | {days} |"


def _sources() -> Iterator[str]:
    for name, one in history().sources.items():
        yield f"- {name}: {one.title}{f' <{one.address}>' if one.address else ''}"
