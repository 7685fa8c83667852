"""報告書の版 (versions of the reports of an event): each approved document is one, numbered in its kind. Pure.

None is ever taken away: a 訂正 is a further version that says which filed one it takes the place of, and why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from guideline.refusals import refuse
from schemas.breach import ReportKind
from schemas.events import Correction, EventState, Filing, FilingKind, ReportApproval


@dataclass(frozen=True, slots=True)
class ReportVersion:
    """報告書の版 (version of a report): an approved document with what was filed of it.

    `corrects` and `corrected_by` are the names of other versions.
    """

    approval: ReportApproval
    number: int
    filings: tuple[Filing, ...] = ()
    corrects: str | None = None
    corrected_by: str | None = None

    @property
    def name(self) -> str:
        """The name by which a person asks for it."""
        return name_of(self.approval.kind, self.number)

    @property
    def label(self) -> str:
        """The kind and the number in Japanese."""
        return label_of(self.name)

    @property
    def correction(self) -> Correction | None:
        """What it corrects, and why; None where it is no 訂正, or was not filed as one yet."""
        return next((one.correction for one in self.filings if one.correction is not None), None)


def name_of(kind: ReportKind, number: int) -> str:
    """Give the name of a version."""
    return f"{kind.value}/{number}"


def label_of(name: str) -> str:
    """Give the kind and the number of a named version in Japanese."""
    kind, _, number = name.partition("/")
    return f"{ReportKind(kind).label} 第{number}版"


def versions_of(state: EventState) -> tuple[ReportVersion, ...]:
    """Give every version of the reports of an event, in the order in which they were approved."""
    counted: Counter[ReportKind] = Counter()
    names: dict[str, str] = {}
    for one in state.approvals:
        counted[one.kind] += 1
        names[one.digest] = name_of(one.kind, counted[one.kind])
    corrected = {one.correction.corrects: one.digest for one in state.filings if one.correction is not None}
    corrects = {after: before for before, after in corrected.items()}
    return tuple(
        ReportVersion(
            approval=one,
            number=int(names[one.digest].rpartition("/")[2]),
            filings=tuple(filed for filed in state.filings if filed.digest == one.digest),
            corrects=names.get(corrects.get(one.digest, "")),
            corrected_by=names.get(corrected.get(one.digest, "")),
        )
        for one in state.approvals
    )


def former_of(version: ReportVersion, versions: Sequence[ReportVersion]) -> ReportVersion | None:
    """Give the version that one is compared with: what it corrects, or else the one approved before it."""
    if version.corrects is not None:
        return next(one for one in versions if one.name == version.corrects)
    before = versions[: versions.index(version)]
    return before[-1] if before else None


def check_correction(state: EventState, filing: Filing) -> None:
    """See that a 訂正 is one: of a report that was filed for this event and stands, by another document of its kind.

    Raises RefusedError.
    """
    correction = filing.correction
    if filing.kind is not FilingKind.CORRECTION:
        if correction is not None:
            raise refuse("correction_of_no_correction", kind=filing.kind.label)
        return
    if correction is None:
        raise refuse("correction_of_what")
    filed = {one.digest for one in state.filings}
    corrected = correction.corrects
    if corrected not in filed:
        raise refuse("correction_never_filed", given=corrected[:12])
    if filing.digest in filed:
        raise refuse("correction_by_the_same", given=filing.digest[:12])
    later = next((one for one in state.filings if one.correction and one.correction.corrects == corrected), None)
    if later is not None:
        raise refuse("corrected_already", given=corrected[:12], by=later.digest[:12])
    kinds = {one.digest: one.kind for one in state.approvals}
    if kinds[filing.digest] is not kinds[corrected]:
        raise refuse("correction_kind", given=kinds[filing.digest].label, corrected=kinds[corrected].label)
