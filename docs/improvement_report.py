"""改善策の頁 (page of the improvement report): written from the guidance of 2023 and from what the rules say of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from demo.guidance import guidance_of_2023
from guideline.guidance import as_entered, follow_ups
from guideline.guidance_report import report_on
from rendering.guidance import GuidancePaper, listed, title_of
from schemas.forms.wording import japanese_day
from schemas.guidance import MeasureEntry, MeasuresReport, MeasureState, Standing, When

PUBLISHED = date(2023, 11, 15)
"""基準日: the published paper bears no day; it tells of 9 November 2023, and of nothing later."""

_DAYS = (date(2023, 10, 31), PUBLISHED, date(2024, 2, 3), date(2025, 4, 1))

_HEAD = (
    "# 指導とその改善策: 「改善策の実施状況」を、いつの日でも作る",
    "",
    "*In English.* On 20 September 2023 the Commission gave the Digital Agency guidance about the wrong registrations",
    "of bank accounts; the paper that it published tells of every measure, done or planned. All of it is entered as",
    "data. The rules say how each measure stands on a day; the report is produced as XLSX, PDF and page in the",
    "arrangement of the published paper, and `tests/demo/test_guidance.py` compares the two, measure by measure.",
    "",
    "`{command}` が、[改善策の記録](../demo/guidance.toml)と規則から作るページです。",
    "手で直さず、もとを直してから作り直してください。",
    "",
    "- 文と日付は公表資料（個人情報保護委員会 資料1-1 別紙2）のもの、担当と根拠資料は見本です。",
    "- 公表資料の後にどうなったかは入れていません。期限を過ぎた予定が、報告でどう示されるかの例です。",
    f"- 公表資料は基準日を示しません。それが述べる最も新しい日は11月9日です。{japanese_day(PUBLISHED)}として比べます。",
    "",
)


def write_improvement_report(command: str) -> str:
    """Write the page."""
    sections: tuple[tuple[str, Iterable[str]], ...] = (
        ("図", _picture()),
        ("その日の報告が述べる状況", _on_each_day()),
        ("次の報告の日", _follow_ups()),
        ("改善策の一覧", _measures()),
        ("記載から日が定まらず、仮定した期限", _assumed()),
    )
    lines = [line.format(command=command) for line in _HEAD]
    for title, content in sections:
        lines += [f"## {title}", "", *content, ""]
    return "\n".join(lines).rstrip() + "\n"


def _report(on: date) -> MeasuresReport:
    document = guidance_of_2023()
    return report_on(document, as_entered(document), on=on)


def _picture() -> Iterator[str]:
    yield from ("```mermaid", "gantt", "  dateFormat YYYY-MM-DD", "  axisFormat %Y-%m")
    for item in _report(PUBLISHED).items:
        yield f"  section {title_of(item)}"
        for one in guidance_of_2023().measures:
            if one.item == item.number and one.when is not None:
                yield _bar(one, one.when)
    yield "```"


def _bar(measure: MeasureEntry, when: When) -> str:
    sign = "done, " if measure.state is MeasureState.DONE else ""
    first_on = when.first_on or when.latest_on
    days = (when.latest_on - first_on).days + 1
    return f"  {measure.id} {measure.state.label} :{sign}{first_on.isoformat()}, {days}d"


def _on_each_day() -> Iterator[str]:
    yield "| 基準日 | " + " | ".join(one.label for one in Standing if one in _SHOWN) + " | 期限を過ぎた改善策 |"
    yield "|---|" + "---|" * (len(_SHOWN) + 1)
    for on in _DAYS:
        lines = _report(on).lines
        counts = [str(sum(line.standing is one for line in lines)) for one in _SHOWN]
        late = "、".join(f"{line.measure}（{line.days_overdue}日）" for line in lines if line.days_overdue)
        yield f"| {japanese_day(on)} | {' | '.join(counts)} | {late or 'なし'} |"


_SHOWN = (Standing.DONE, Standing.PLANNED, Standing.OVERDUE)


def _follow_ups() -> Iterator[str]:
    report = _report(PUBLISHED)
    yield f"{japanese_day(PUBLISHED)}の後は、予定の期限のそれぞれに、状況を改めて報告します。"
    yield "過ぎたものがあれば、直ちに報告します。"
    yield ""
    for on in follow_ups(report):
        yield f"- {japanese_day(on)}（{'、'.join(line.measure for line in report.lines if line.on == on)}）"


def _measures() -> Iterator[str]:
    paper = GuidancePaper(report=_report(PUBLISHED), digest="", state="")
    yield "| 番号 | 改善策 | 状況 | 時期 |"
    yield "|---|---|---|---|"
    for number, name, state, time, *_ in listed(paper):
        yield f"| {number} | {_cell(name)} | {state} | {_cell(time)} |"


def _cell(text: str) -> str:
    return text.replace("\n", "<br>")


def _assumed() -> Iterator[str]:
    for one in guidance_of_2023().measures:
        if one.when is not None and one.when.assumed is not None:
            yield f"- {one.id}「{one.when.said}」→ {japanese_day(one.when.latest_on)}: {one.when.assumed}"
