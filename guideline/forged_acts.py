"""偽の行為の知らせ (forged acts): who is told when many acts come that nobody here has signed, once a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from guideline.organisation import holders_everywhere
from schemas.organisation import Organisation, Role
from schemas.records import Notice

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

_TOLD = (Role.AUDITOR, Role.TEAM_MEMBER)
_TITLES = {
    "not_signed": "署名なし",
    "unknown_signer": "知らない署名鍵",
    "bad_signature": "署名が合わない",
    "unread": "読めない",
}


def told_of_forged_acts(organisation: Organisation, *, on: date, refused: Mapping[str, int]) -> tuple[Notice, ...]:
    """Say who is told, of every body: the auditors and the team. The id is of the day, so that all are told once."""
    numbers = "、".join(f"{title} {refused[code]}件" for code, title in _TITLES.items() if refused.get(code))
    return tuple(
        Notice(
            notice_id=f"forged-acts/{on.isoformat()}>{person}",
            person=person,
            review_id=None,
            assessment_id=None,
            subject=f"正規の署名のない行為が続けて送られ、拒まれました（{numbers}）。送り元を確かめてください。",
        )
        for person in holders_everywhere(organisation, *_TOLD)
    )
