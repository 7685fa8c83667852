"""リスク事案の残り (what is left of a risk event): what is still waited for, and what is missing for its end. Pure.

Improvement report, item 4: a reportable event is reported promptly; nobody alone says that none is due.
"""

from __future__ import annotations

from collections.abc import Iterator

from schemas.breach import ReportItem, ReportKind
from schemas.event_acts import EventClosing
from schemas.events import EventClock, EventDeadline, EventState, Filing, FilingKind, NotificationKind
from schemas.forms.wording import japanese_day

_ANSWERS = {
    EventClock.PRELIMINARY: (FilingKind.PRELIMINARY, FilingKind.BOTH, FilingKind.FINAL),
    EventClock.FINAL: (FilingKind.FINAL, FilingKind.BOTH),
    EventClock.GUIDELINE_REPORT: (FilingKind.PRELIMINARY, FilingKind.BOTH, FilingKind.FINAL),
}
"""期限に応える提出: which filings do what a deadline asks for."""


def waiting(state: EventState) -> tuple[EventDeadline, ...]:
    """Give the deadlines for which nothing was done yet."""
    return tuple(one for one in state.deadlines if not _is_met(one, state))


def no_report_agreed(state: EventState) -> bool:
    """Say whether both sides agree, on the facts as they stand, that no report is due."""
    return state.no_report is not None and state.no_report.confirmed_by is not None


def _is_met(deadline: EventDeadline, state: EventState) -> bool:
    if deadline.kind is EventClock.NOTICE_TO_PERSONS:
        return bool(state.notifications)
    if deadline.kind is EventClock.NOTICE_TO_PRINCIPAL:
        return state.facts.principal_notified_on is not None
    return bool(answering(deadline, state))


def is_said_not_to_be_due(deadline: EventDeadline, state: EventState) -> bool:
    """Say whether nobody did it, because it was said, with its reason, not to be due: of the notice to the persons."""
    kinds = {one.kind for one in state.notifications}
    return deadline.kind is EventClock.NOTICE_TO_PERSONS and kinds == {NotificationKind.NOT_DUE}


def answering(deadline: EventDeadline, state: EventState) -> tuple[Filing, ...]:
    """Give the filings that do what a deadline asks for; none where it asks for something else than a filing."""
    # A filing speaks of what was known on its day: of a situation that became known later it says nothing.
    kinds = _ANSWERS.get(deadline.kind, ())
    return tuple(one for one in state.filings if one.kind in kinds and one.filed_on >= deadline.known_on)


def missing_for_closing(state: EventState, act: EventClosing | None = None) -> tuple[str, ...]:
    """Name everything that keeps the event from being closed; with the act, what it says is taken into account."""
    if act is not None and act.same_as is not None:
        return tuple(_acknowledged(state))
    return (
        *_acknowledged(state),
        *_reported(state),
        *_supplemented(state),
        *_prevented(state, act),
        *_reviewed(act),
    )


def announced(state: EventState) -> tuple[ReportItem, ...]:
    """Give what the filed reports that stand still call unknown: of the last 追完, or else of the last 確報."""
    filed = {one.digest for one in state.filings}
    corrected = {one.correction.corrects for one in state.filings if one.correction is not None}
    standing = [one for one in state.approvals if one.digest in filed - corrected]
    for kind in (ReportKind.SUPPLEMENT, ReportKind.FINAL):
        last = next((one for one in reversed(standing) if one.kind is kind), None)
        if last is not None:
            return last.announced
    return ()


def _acknowledged(state: EventState) -> Iterator[str]:
    if state.acknowledged_by is None:
        yield "対策チームの受領確認"


def _reported(state: EventState) -> Iterator[str]:
    """Ask for every report that is due, or for both sides to say that none is; then for the notice to the persons."""
    if no_report_agreed(state):
        return
    left = waiting(state)
    for one in left:
        yield f"{one.kind.label}（{one.law}{f'、期限 {japanese_day(one.due_on)}' if one.due_on else ''}）"
    reports = (one.kind for one in (*left, *state.deadlines) if one.kind is EventClock.GUIDELINE_REPORT or one in left)
    filed = any(one.kind in _ANSWERS[EventClock.FINAL] for one in state.filings)
    if not filed and all(kind not in _ANSWERS for kind in reports):
        yield "確報の提出、又は報告を要しないことの担当部署と対策チームの両者による確認"
    if not state.notifications and all(one.kind is not EventClock.NOTICE_TO_PERSONS for one in left):
        yield "本人への通知、又はこれを要しない理由"


def _supplemented(state: EventState) -> Iterator[str]:
    """Ask for the 追完 that a report has announced (漏えい等報告規則3条2項)."""
    if items := announced(state):
        yield f"追完（提出した報告書で不明とした事項: {'、'.join(one.label for one in items)}）"


def _prevented(state: EventState, act: EventClosing | None) -> Iterator[str]:
    if not state.measures and not (act and act.without_measures):
        yield "再発防止策、又はこれを定めない理由"


def _reviewed(act: EventClosing | None) -> Iterator[str]:
    if act is not None and not act.reviews and not act.without_review:
        yield "関係する評価書の見直し、又はこれを要しない理由"
