"""関門 (gates): the points of a project by which an assessment must have come so far."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pydantic import Field

from schemas.base import ActId, Identifier, Instant, Message


class Gate(StrEnum):
    """関門の種類 (kind of gate), in the order in which a project passes them."""

    REQUIREMENTS_END = "requirements_end"  # 要件定義の終了
    PROGRAMMING_START = "programming_start"  # プログラミングの開始
    HOLD_START = "hold_start"  # 特定個人情報ファイルの保有の開始
    NETWORK_LINK_START = "network_link_start"  # 情報連携の開始

    @property
    def label(self) -> str:
        """The gate in Japanese."""
        return _GATE_TITLES[self]


_GATE_TITLES = {
    Gate.REQUIREMENTS_END: "要件定義の終了",
    Gate.PROGRAMMING_START: "プログラミングの開始",
    Gate.HOLD_START: "保有の開始",
    Gate.NETWORK_LINK_START: "情報連携の開始",
}


class PlannedGate(Message):
    """関門の予定 (a gate and the day planned for it)."""

    gate: Gate = Field(title="関門")
    planned_on: date = Field(title="予定日")


class PassedGate(Message):
    """通過した関門 (a gate that was passed); why, where it was by exception, is in the register."""

    act_id: ActId = Field(title="行為番号")
    gate: Gate = Field(title="関門")
    passed_on: date = Field(title="通過した日")
    person: Identifier = Field(title="記録した者")
    by_exception: bool = Field(title="求められる手続の前に、例外として通過した")
    at: Instant = Field(title="日時")
