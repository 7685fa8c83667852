"""共有 (sharing): which other assessments a report is about, because they share its system or file.

The department does not decide alone which assessments are touched (improvement report, item 5).
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from schemas.records import AssessmentRecord
    from schemas.reports import ChangeReport, RiskEvent


def sharing(report: ChangeReport | RiskEvent, assessments: Iterable[AssessmentRecord]) -> dict[str, str]:
    """Give the assessments that the report does not name and that share what it names: id and what is shared.

    Names are compared without regard to width, case and white space.
    """
    found: dict[str, str] = {}
    for one in assessments:
        if one.assessment_id in report.assessments:
            continue
        shared = _shared(report.system, one.systems) or _shared(report.file, one.files)
        if shared is not None:
            found[one.assessment_id] = shared
    return found


def _shared(named: str | None, there: Iterable[str]) -> str | None:
    if named is None:
        return None
    return next((one for one in there if _plain(one) == _plain(named)), None)


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())
