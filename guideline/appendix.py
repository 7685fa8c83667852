"""別表 (appendix of the 指針): the items of 様式3 and 様式4 of which a change is a 重要な変更 (規則11条).

The text of the 別表 was not read: each row says how far it is confirmed. A 基礎項目評価書 has no row, since a business
that needs only that one knows no 重要な変更 (規則5条1項後段 refers to the larger forms alone).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from guideline.provisions import GUIDELINE_APPENDIX, RULE_11, Provision, rows_in_force
from schemas.reports import ChangeKind


@dataclass(frozen=True, slots=True)
class AppendixRow:
    """別表の一行 (appendix row): its name, the items of the form it covers, and the kinds of change that name it.

    `paths` are those of the items, or of the group that holds them; `but_for` are items in it that are left out.
    """

    in_force_on: date
    form: str
    title: str
    paths: tuple[str, ...]
    kinds: tuple[ChangeKind, ...]
    provisions: tuple[Provision, ...] = (GUIDELINE_APPENDIX,)
    but_for: tuple[str, ...] = ()
    confirmed: bool = False

    def covers(self, path: str) -> bool:
        """Say whether the item at that path of the form is of this row."""
        return _under(path, self.paths) and not _under(path, self.but_for)


def _under(path: str, groups: tuple[str, ...]) -> bool:
    return any(path == group or path.startswith(f"{group}/") for group in groups)


_FIRST_DAY = date(2016, 1, 1)
_BY_LAW = (RULE_11, GUIDELINE_APPENDIX)
_USE = "/files/*/use"


def _both(
    title: str,
    kind: ChangeKind,
    *paths: str,
    provisions: tuple[Provision, ...] = (GUIDELINE_APPENDIX,),
    confirmed: bool = False,
) -> tuple[AppendixRow, ...]:
    """Give a row that stands in the 別表 of both forms."""
    return tuple(
        AppendixRow(_FIRST_DAY, form, title, paths, (kind,), provisions=provisions, confirmed=confirmed)
        for form in ("priority_items", "all_items")
    )


def _all(title: str, kind: ChangeKind, *paths: str, confirmed: bool = False) -> AppendixRow:
    """Give a row of the 全項目評価書 alone."""
    return AppendixRow(_FIRST_DAY, "all_items", title, paths, (kind,), confirmed=confirmed)


APPENDIX = (
    _all(
        "事務の内容",
        ChangeKind.BUSINESS_CONTENT,
        "/basic_information/business/content",
        "/business_flow/description",
        "/business_flow/pictures/*/sha256",
        confirmed=True,  # the mark was seen on published assessments
    ),
    *_both("個人番号の利用", ChangeKind.USE_OF_NUMBER, "/basic_information/number_use_legal_basis"),
    *_both("情報提供ネットワークシステムによる情報連携", ChangeKind.NETWORK_LINK, "/basic_information/network_link"),
    *_both("特定個人情報ファイルの種類", ChangeKind.FILE_KIND, "/files/*/basic/kind"),
    *_both(
        "対象となる本人の範囲",
        ChangeKind.DATA_SUBJECT_RANGE,
        "/files/*/basic/data_subject_range",
        provisions=_BY_LAW,
        confirmed=True,  # named by the ordinance itself
    ),
    *_both("記録される主な項目", ChangeKind.RECORDED_ITEMS, "/files/*/basic/main_recorded_items"),
    *_both("入手元", ChangeKind.SOURCE, f"{_USE}/sources", f"{_USE}/source_details"),
    *_both("使用目的", ChangeKind.PURPOSE, f"{_USE}/purpose"),
    _all("使用部署", ChangeKind.USING_DEPARTMENT, f"{_USE}/using_department"),
    *_both("使用方法", ChangeKind.USE_METHOD, f"{_USE}/use"),
    *_both("情報の突合", ChangeKind.USE_METHOD, f"{_USE}/matching"),
    _all("情報の統計分析", ChangeKind.USE_METHOD, f"{_USE}/statistics"),
    _all("権利利益に影響を与え得る決定", ChangeKind.USE_METHOD, f"{_USE}/decisions"),
    *_both(
        "委託の有無", ChangeKind.OUTSOURCING, "/files/*/outsourcing/status", confirmed=True
    ),  # seen in a reassessment
    _all(
        "委託するファイルの対象となる本人の範囲",
        ChangeKind.OUTSOURCING,
        "/files/*/outsourcing/entries/*/data_subject_range",
    ),
    *_both("再委託の有無", ChangeKind.OUTSOURCING, "/files/*/outsourcing/entries/*/subcontract/status"),
    AppendixRow(
        _FIRST_DAY,
        "all_items",
        "保管場所",
        ("/files/*/storage/place",),
        (ChangeKind.STORAGE_PLACE,),
        confirmed=True,  # a move of the place was reassessed
    ),
    AppendixRow(
        _FIRST_DAY,
        "priority_items",
        "保管場所",
        ("/files/*/storage/place",),
        (ChangeKind.STORAGE_PLACE,),
        confirmed=True,
    ),
    AppendixRow(
        _FIRST_DAY,
        "all_items",
        "リスク対策（重大事故の発生を除く。）",
        ("/risks",),
        (ChangeKind.RISK_MEASURES,),
        but_for=("/risks/*/file", "/risks/*/storage/leak/serious_incident"),
    ),
    AppendixRow(
        _FIRST_DAY,
        "priority_items",
        "リスク対策（重大事故の発生を除く。）",
        ("/risks",),
        (ChangeKind.RISK_MEASURES,),
        but_for=("/risks/*/file", "/risks/*/leak/serious_incident"),
    ),
    _all("その他のリスク対策", ChangeKind.RISK_MEASURES, "/other_measures"),
)
"""別表: all rows, in the order of the forms. A released row is never edited; a changed 別表 comes whole."""


def appendix(form: str, *, on: date) -> tuple[AppendixRow, ...]:
    """Give the rows of a form that are in force on that day; none for 様式2.

    Raises NotInForceError for a day before the first rows.
    """
    rows = [row for row in APPENDIX if row.form == form]
    return rows_in_force(rows, on=on, rule="別表") if rows else ()


def row_of(form: str, path: str, *, on: date) -> AppendixRow | None:
    """Give the row that covers an item of a form on that day; None for an item of which a change is no 重要な変更."""
    return next((row for row in appendix(form, on=on) if row.covers(path)), None)
