"""終了の値 (exit status): the one table of how a command ends."""

from __future__ import annotations

from enum import IntEnum


class ExitStatus(IntEnum):
    """終了の値 (exit status)."""

    DONE = 0  # 済んだ
    REFUSED = 1  # 規則により受け付けない、又は誤りがある
    USAGE = 2  # 使い方の誤り
    NOT_REACHABLE = 3  # エンジンに届かない、又は応答がない
    BUG = 70  # 不具合
    INTERRUPTED = 130  # 中断
