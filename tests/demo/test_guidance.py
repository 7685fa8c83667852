"""改善策の実施状況 (公表資料 資料1-1 別紙2): the produced report against what was published, measure by measure.

What is expected is written down here from the published paper: which measure, below which heading, beginning with
which words, 済 or 予定, and when.
"""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from io import BytesIO
from typing import NamedTuple

import pytest
from openpyxl import load_workbook

from demo.account_registration import organisation
from demo.guidance import guidance_of_2023
from guideline.guidance import as_entered, faults_of, follow_ups, missing_for_report
from guideline.guidance_report import digest_of_report, report_on
from rendering.guidance import GuidancePaper, guidance_page, listed, paragraphs_of, title_of
from rendering.guidance_sheets import LIST_SHEET, REPORT_SHEET, guidance_workbook
from schemas.canonical import sha256_of
from schemas.guidance import MeasureEntry, MeasuresReport, MeasureState, Origin, Standing

PUBLISHED = date(2023, 11, 15)
"""基準日: the paper bears none; it tells of 9 November, and of nothing later."""


class Seed(NamedTuple):
    """公表資料の改善策 (measure as published)."""

    id: str
    heading: str | None
    begins: str
    state: str
    said: str | None = None
    latest_on: date | None = None


def done(id_: str, heading: str | None, begins: str, said: str | None, *day: int) -> Seed:
    return Seed(id_, heading, begins, "済", said, date(*day) if day else None)


def planned(id_: str, heading: str | None, begins: str, said: str, *day: int) -> Seed:
    return Seed(id_, heading, begins, "予定", said, date(*day))


TO_COMMISSION = "個人情報保護委員会への報告体制の整備に向けた規程等の見直し"
TRAINED = "令和5年8月7日～同年10月20日"
MEASURES = (
    done("1-1", "システム面での対策", "地方公共団体における支援窓口", "令和5年6月23日", 2023, 6, 23),
    done("1-2", "運用面での対策", "さらに、令和5年11月2日、地方公共", "令和5年11月2日", 2023, 11, 2),
    done("2-1", "人員体制の強化", "従前は職員2名で個人情報保護担当", "令和5年10月11日", 2023, 10, 11),
    done("2-2", "規程等の見直し", "個人情報管理規程において保有個人", "令和5年10月31日", 2023, 10, 31),
    done("2-3", "庁内報告体制の整備", "迅速に組織内幹部へ情報共有する", "令和5年6月26日", 2023, 6, 26),
    done("2-4", "デジタル庁内の周知", "明確化された報告フロー図及び", "令和5年10月13日", 2023, 10, 13),
    done("2-5", "教育研修", "個人情報保護法全般を網羅的に", TRAINED, 2023, 10, 20),
    planned("2-6", "教育研修", "また、令和5年度中に、今回の事案", "令和5年度中", 2024, 3, 31),
    done("2-7", "幹部層における働きかけ", "リスク事案ホットラインの設置に伴い", None),
    done("2-8", "幹部層における働きかけ", "また、明確化された報告フロー図", None),
    done("3-1", None, "デジタル庁が保有する個人情報に", "令和5年5月23日", 2023, 5, 23),
    done("3-2", None, "更に確実な対応を確保する観点から", "同年11月2日", 2023, 11, 2),
    done("4-1", TO_COMMISSION, "個人情報管理規程においては、個人の", "令和5年9月27日", 2023, 9, 27),
    done("4-2", TO_COMMISSION, "前記2のリスク事案ホットライン", None),
    done("4-3", "デジタル庁内の周知", "当委員会への報告手順が明記された", "令和5年10月27日", 2023, 10, 27),
    done("4-4", "教育研修", "当委員会への報告も含めた個人情報", TRAINED, 2023, 10, 20),
    planned("4-5", "教育研修", "また、令和5年度中に、当委員会への", "令和5年度中", 2024, 3, 31),
    planned("4-6", "教育研修", "今後も、1年に1回、全職員向けに", "1年に1回", 2024, 10, 20),
    planned("5-1", None, "環境変化に応じて特定個人情報保護", "令和5年12月迄", 2023, 12, 31),
    planned("5-2", None, "上記に加え、特定個人情報保護評価", "令和5年12月迄", 2023, 12, 31),
    done("6-1", "個人情報保護に関する監査について", "個人情報保護監査チームを発足", "令和5年10月31日", 2023, 10, 31),
    done(
        "6-2", "個人情報保護に関する監査について", "個人情報ファイルを保有する全部署", "令和5年10月30日", 2023, 10, 30
    ),
    planned("6-3", "個人情報保護に関する監査について", "自己点検を兼ねた実態調査の結果", "令和5年度中", 2024, 3, 31),
    planned("6-4", "個人情報保護に関する監査について", "令和6年9月までに残り6ファイル", "令和6年9月まで", 2024, 9, 30),
    planned("6-5", "個人情報保護に関する監査について", "令和6年10月以降も、定期的かつ", "令和6年10月以降", 2025, 3, 31),
    planned("6-6", "個人情報保護に関する監査について", "個人情報ファイルを取り扱う情報", "令和5年度内", 2024, 3, 31),
    done("6-7", "ログ分析について", "従前、デジタル庁では、セキュリティ", "令和5年11月より", 2023, 11, 1),
)
ITEMS = (
    ("1. 本人確認の措置", "特にオンラインでマイナンバーに"),
    ("2. 保有個人情報の漏えい等発生時における報告体制", "保有個人情報の漏えい等事案が"),
    ("3. 取扱手順の見直し", "特定個人情報等の取扱手順の"),
    ("4. 個人情報保護委員会に対する漏えい等の報告", "個人情報保護法に基づく漏えい等の"),
    ("5. 特定個人情報保護評価", "特定個人情報保護評価制度の趣旨"),
    ("6. その他", "上記個人情報保護委員会からの"),
)
TITLE = "公金受取口座の誤登録事案に関するデジタル庁における改善策の実施状況について"


def report(on: date = PUBLISHED) -> MeasuresReport:
    document = guidance_of_2023()
    return report_on(document, as_entered(document), on=on)


def paper(on: date = PUBLISHED) -> GuidancePaper:
    made = report(on)
    return GuidancePaper(report=made, digest=digest_of_report(made), state="案（承認されていません）")


def in_order(text: str, wanted: list[str]) -> bool:
    """Say whether these stand in the text one after the other, whatever its line breaks."""
    plain, at = "".join(text.split()), 0
    for words in wanted:
        at = plain.find("".join(words.split()), at) + 1
        if at == 0:
            return False
    return True


def test_the_document_makes_sense_and_its_report_lacks_nothing() -> None:
    assert faults_of(guidance_of_2023()) == ()
    assert missing_for_report(report()) == ()
    document = guidance_of_2023()
    assert (document.guidance.authority, document.guidance.received_on, document.guidance.report_due_on) == (
        "個人情報保護委員会",
        date(2023, 9, 20),
        date(2023, 10, 31),
    )
    assert report().title == TITLE


def test_every_instruction_is_entered_and_the_last_is_not_one() -> None:
    items = report().items
    assert [title_of(item) for item in items] == [title for title, _ in ITEMS]
    assert all(item.text.startswith(begins) for item, (_, begins) in zip(items, ITEMS, strict=True))
    assert [item.origin for item in items] == [*[Origin.INSTRUCTION] * 5, Origin.OWN]


def test_the_report_has_every_measure_of_the_published_paper_and_no_other() -> None:
    found = [
        Seed(
            entry.line.measure,
            entry.heading,
            entry.text,
            entry.line.standing.label,
            entry.line.said,
            entry.line.on,
        )
        for item in report().items
        for entry in item.entries
        if entry.line is not None
    ]
    assert len(found) == len(MEASURES) == 27
    for one, seed in zip(found, MEASURES, strict=True):
        assert one._replace(begins=one.begins[: len(seed.begins)]) == seed
        assert seed.said is None or seed.said in one.begins


def test_on_its_day_each_sentence_stands_as_published_with_nothing_added() -> None:
    assert [entry.mark for item in report().items for entry in item.entries if entry.mark] == []
    passages = [entry.text[:12] for item in report().items for entry in item.entries if entry.line is None]
    assert passages == ["なお、令和5年11月9日", "従前、デジタル庁では、情"]


def test_the_audits_are_bullets_and_two_dates_of_one_sentence_stay_in_it() -> None:
    sixth = [one.text for one in paragraphs_of(report().items[5])]
    assert [text[:8] for text in sixth] == [
        "■個人情報保護に",
        "従前、デジタル庁",
        "・個人情報保護監",
        "・個人情報ファイ",
        "・自己点検を兼ね",
        "・令和6年10月",
        "・個人情報ファイ",
        "■ログ分析につい",
        "従前、デジタル庁",
    ]
    assert sixth[4].endswith("令和5年度中に5ファイル実施予定、令和6年9月までに残り6ファイル実施予定。）。")
    third = paragraphs_of(report().items[2])
    assert len(third) == 1
    assert "発出済みであり、更に確実な" in third[0].text


def _wanted() -> list[str]:
    wanted: list[str] = [TITLE]
    for number, (title, _) in enumerate(ITEMS, start=1):
        wanted.append(title)
        heading = None
        for seed in MEASURES:
            if seed.id.startswith(f"{number}-"):
                wanted += [f"■{seed.heading}"] if seed.heading not in (None, heading) else []
                heading = seed.heading
                wanted.append(seed.begins)
    return wanted


def test_the_sheet_has_the_two_columns_of_the_published_paper() -> None:
    sheet = load_workbook(BytesIO(guidance_workbook(paper())))[REPORT_SHEET]
    rows = [[str(cell.value or "") for cell in row] for row in sheet.iter_rows(max_col=2)]
    assert in_order("\n".join(cell for row in rows for cell in row), _wanted())
    head = rows.index(["指導事項", "改善策の実施状況"])
    assert sheet.print_title_rows == f"${head + 1}:${head + 1}"
    left = [row[0] for row in rows[head + 1 :] if row[0]]
    assert left[:12:2] == [title for title, _ in ITEMS]
    assert all(text.startswith(begins) for text, (_, begins) in zip(left[1:12:2], ITEMS, strict=True))
    right = "\n".join(row[1] for row in rows[head + 1 :] if row[1])
    assert in_order(right, [seed.begins for seed in MEASURES])


def test_the_page_has_the_arrangement_of_the_published_paper() -> None:
    page = guidance_page(paper()).decode()
    text = unescape(re.sub(r"<style>.*?</style>|<[^>]+>", "", page, flags=re.DOTALL))
    assert in_order(text, ["資料1-1", "別紙2", "公表資料", *_wanted()])
    assert page.count("<tbody>") == len(ITEMS) + 1


def test_the_list_tells_of_each_measure_how_it_stands_and_when() -> None:
    book = load_workbook(BytesIO(guidance_workbook(paper())))
    rows = [[cell.value for cell in row] for row in book[LIST_SHEET].iter_rows(min_row=4)]
    assert [(row[0], row[2]) for row in rows] == [(seed.id, seed.state) for seed in MEASURES]
    times = {row[0]: row[3] for row in rows}
    assert times["2-5"] == TRAINED
    assert times["3-2"] == "令和5年11月2日"
    assert times["5-1"] == "令和5年12月迄\n（期限 令和5年12月31日）"
    assert times["2-7"] == "（記載なし）"
    assert book[LIST_SHEET]["A2"].value == "令和5年11月15日現在　改善策 27件（済 18、予定 9）"


def test_what_is_planned_and_overdue_is_shown_as_such_in_every_form() -> None:
    late = date(2024, 2, 3)
    overdue = [line.measure for line in report(late).lines if line.standing is Standing.OVERDUE]
    assert overdue == ["5-1", "5-2"]
    mark = "【予定・期限超過: 期限の令和5年12月31日を34日過ぎています】"
    assert guidance_page(paper(late)).decode().count(f"<strong>{mark}</strong>") == 2
    sheet = load_workbook(BytesIO(guidance_workbook(paper(late))))[REPORT_SHEET]
    assert sum(str(cell.value).count(mark) for row in sheet.iter_rows() for cell in row) == 2
    told = [row[2:4] for row in listed(paper(late)) if row[0] == "5-1"]
    assert told == [("予定・期限超過", "令和5年12月迄\n（期限 令和5年12月31日）\n期限を34日超過")]
    assert follow_ups(report(late))[0] == late


def test_at_the_deadline_of_the_report_what_came_later_had_not_been_done() -> None:
    not_yet = [line.measure for line in report(date(2023, 10, 31)).lines if line.standing is Standing.PLANNED]
    assert [one for one in not_yet if {seed.id: seed.state for seed in MEASURES}[one] == "済"] == [
        "1-2",
        "3-2",
        "6-7",
    ]


@pytest.mark.parametrize("measure", guidance_of_2023().measures, ids=lambda one: one.id)
def test_departments_are_those_of_the_sample_and_what_is_done_has_evidence(measure: MeasureEntry) -> None:
    assert measure.department in {department.id for department in organisation().departments}
    assert bool(measure.evidence) is (measure.state is MeasureState.DONE)
    assert measure.state.label == next(seed.state for seed in MEASURES if seed.id == measure.id)
    assert all(one.sha256 == sha256_of(one.title.encode()) for one in measure.evidence)
