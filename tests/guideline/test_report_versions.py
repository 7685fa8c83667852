"""報告書の版: each approved document is one; a 訂正 says of which filed one, and all are kept."""

from __future__ import annotations

from typing import Any

import pytest

from guideline.events import take_event
from guideline.refusals import RefusedError
from guideline.report_versions import former_of, versions_of
from schemas.breach import ReportKind
from schemas.event_acts import EventActKind
from schemas.events import Correction, EventState, Filing, FilingKind
from tests.guideline.breaches import facts
from tests.guideline.event_samples import AT, LEAK, act_of, approval, event, filing

PRELIMINARY, FINAL, CORRECTION = FilingKind.PRELIMINARY, FilingKind.FINAL, FilingKind.CORRECTION
A, B, C, D, E = (letter * 64 for letter in "abcde")
APPROVED = (
    approval(digest=A),
    approval(ReportKind.FINAL, digest=B),
    approval(ReportKind.FINAL, digest=C),
    approval(ReportKind.FINAL, digest=D),
)
FILED = (filing(digest=A, receipt_number="1"), filing(FINAL, digest=B, receipt_number="2"))


def correction(digest: str, *, of: str, number: str = "3") -> Filing:
    why = Correction(corrects=of, reason="人数の誤記。")
    return filing(CORRECTION, digest=digest, receipt_number=number, correction=why)


def reported(*more: Filing, **changes: Any) -> EventState:
    return event(facts(**LEAK), **{"approvals": APPROVED, "filings": (*FILED, *more), **changes})


def file(state: EventState, given: Filing) -> EventState:
    return take_event(state, act_of(EventActKind.RECORD_FILING, filing=given), at=AT)


def test_an_event_without_reports_has_no_version() -> None:
    assert versions_of(event()) == ()


def test_each_approved_document_is_a_version_of_its_kind_and_a_correction_takes_none_away() -> None:
    state = file(file(reported(), correction(C, of=B)), correction(D, of=C, number="4"))
    versions = versions_of(state)
    assert [one.name for one in versions] == ["preliminary/1", "final/1", "final/2", "final/3"]
    assert [one.label for one in versions] == ["速報 第1版", "確報 第1版", "確報 第2版", "確報 第3版"]
    assert [one.corrects for one in versions] == [None, None, "final/1", "final/2"]
    assert [one.corrected_by for one in versions] == [None, "final/2", "final/3", None]
    assert [len(one.filings) for one in versions] == [1, 1, 1, 1]
    assert [one.correction and one.correction.reason for one in versions] == [
        None,
        None,
        "人数の誤記。",
        "人数の誤記。",
    ]
    assert [one.kind for one in state.filings] == [PRELIMINARY, FINAL, CORRECTION, CORRECTION]


def test_a_version_is_compared_with_what_it_corrects_or_with_the_one_before_it() -> None:
    state = reported(correction(D, of=A), approvals=(*APPROVED[:3], approval(digest=D)))
    versions = versions_of(state)
    names = [former and former.name for former in (former_of(one, versions) for one in versions)]
    assert names == [None, "preliminary/1", "final/1", "preliminary/1"]


REFUSED = [
    pytest.param(filing(CORRECTION, digest=C), "correction_of_what", id="何の訂正か言わない"),
    pytest.param(correction(C, of=E), "correction_never_filed", id="提出していない、又は別の事案の報告書の訂正"),
    pytest.param(correction(C, of=D), "correction_never_filed", id="承認されただけの報告書の訂正"),
    pytest.param(correction(B, of=B), "correction_by_the_same", id="同じ報告書"),
    pytest.param(correction(A, of=B), "correction_by_the_same", id="既に提出した別の報告書"),
    pytest.param(correction(C, of=A), "correction_kind", id="別の区分の報告書"),
    pytest.param(correction(E, of=B), "filing_not_approved", id="承認のない報告書"),
    pytest.param(
        filing(PRELIMINARY, digest=A, receipt_number="9", correction=Correction(corrects=A, reason="。")),
        "filing_again",
        id="訂正でない二度の速報",
    ),
]


@pytest.mark.parametrize(("given", "code"), REFUSED)
def test_what_is_no_correction_is_refused(given: Filing, code: str) -> None:
    with pytest.raises(RefusedError) as refused:
        file(reported(), given)
    assert refused.value.refusal.code == code


def test_only_a_correction_says_what_it_corrects() -> None:
    state = reported(filings=FILED[:1])
    with pytest.raises(RefusedError, match="「確報」の提出では"):
        file(state, filing(FINAL, digest=B, correction=Correction(corrects=A, reason="誤記。")))


def test_what_was_corrected_is_not_corrected_again_but_its_correction_is() -> None:
    state = file(reported(), correction(C, of=B))
    with pytest.raises(RefusedError) as refused:
        file(state, correction(D, of=B, number="4"))
    assert refused.value.refusal.code == "corrected_already"
    assert C[:12] in refused.value.refusal.message
    assert file(state, correction(D, of=C, number="4")).filings[-1].digest == D
