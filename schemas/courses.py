"""対応 (courses): what follows from an examination."""

from __future__ import annotations

from enum import StrEnum


class Course(StrEnum):
    """対応 (course), the stronger the later."""

    NO_CHANGE = "no_change"  # 変更なし
    AMEND = "amend"  # 修正
    REASSESS = "reassess"  # 再実施
    END_BUSINESS = "end_business"  # 事務の終了の手続
    END_PUBLICATION = "end_publication"  # 公表の終了

    @property
    def label(self) -> str:
        """The course in Japanese."""
        return _TITLES[self]


_TITLES = {
    Course.NO_CHANGE: "変更なし",
    Course.AMEND: "修正",
    Course.REASSESS: "再実施",
    Course.END_BUSINESS: "事務の終了",
    Course.END_PUBLICATION: "公表の終了",
}
