"""対応 (courses): what follows from an examination."""

from __future__ import annotations

from enum import StrEnum


class Course(StrEnum):
    """対応 (course), the stronger the later."""

    NO_CHANGE = "no_change"  # 変更なし
    AMEND = "amend"  # 修正
    REASSESS = "reassess"  # 再実施

    @property
    def label(self) -> str:
        """The course in Japanese."""
        return _TITLES[self]


_TITLES = {Course.NO_CHANGE: "変更なし", Course.AMEND: "修正", Course.REASSESS: "再実施"}
