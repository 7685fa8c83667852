"""台帳との照合 (held against the register): what an act on an event says of the register must be so there. Pure.

The state of the event does not know it; whoever records the act asks the register, and asks here.
"""

from __future__ import annotations

from collections.abc import Collection

from guideline.breach_report_rules import contradictions
from guideline.deadlines import tokyo_date
from guideline.event_closing import waiting
from guideline.event_judgement import judgement_of
from guideline.refusals import refuse
from schemas.breach import FORM, ReportItem
from schemas.event_acts import EventClosing, FilingRecord, ReportApproving
from schemas.events import EventState, EventStatus
from schemas.records import StoredDocument


def check_reviews(act: EventClosing, *, known: Collection[str]) -> None:
    """See that the reviews are those that the report opened or joined. Raises RefusedError."""
    strange = [one for one in act.reviews if one not in known]
    if strange:
        raise refuse("review_of_another", given="、".join(strange))


def check_taken_over(act: EventClosing, *, by: EventState | None) -> None:
    """See that the event that takes this one over has joined it. Raises RefusedError."""
    if by is None or act.event_id not in by.joined:
        raise refuse("not_joined", given=act.same_as)


def check_stored(act: ReportApproving, *, document: StoredDocument | None) -> None:
    """See that the report is in the register, and of the kind that is said. Raises RefusedError."""
    content = document.content if document is not None and document.form == FORM else None
    cover = content.get("cover") if content else None
    if not isinstance(cover, dict) or cover.get("kind") != act.kind.value:
        raise refuse("report_not_stored", given=act.digest[:12], kind=act.kind.label)


def announced_in(document: StoredDocument | None) -> tuple[ReportItem, ...]:
    """Give what a report calls unknown, of which it announces that it will be told (漏えい等報告規則3条2項)."""
    content = document.content if document is not None and document.content else {}
    parts = {item: content.get(item.value) for item in ReportItem}
    return tuple(
        item for item, part in parts.items() if isinstance(part, dict) and part.get("state") in ("unknown", "partly")
    )


def check_agrees(act: FilingRecord, *, state: EventState, document: StoredDocument | None) -> None:
    """See that what was filed agrees with the facts of its day, where they have moved since it was approved.

    A 速報 that was filed before they moved told what was known, and stands. Raises RefusedError, naming each item.
    """
    filing = act.filing
    approval = next(one for one in state.approvals if one.digest == filing.digest)
    # Nothing is filed before it is approved: what moved by that day the report could have told.
    by_then = max(filing.filed_on, tokyo_date(approval.at))
    moved = any(one.facts_revision > approval.facts_revision and one.on <= by_then for one in state.judgements)
    content = document.content if document is not None else None
    if not moved or content is None:
        return
    if faults := contradictions(content, judgement=judgement_of(state)):
        said = " ".join(f"「{one.item}」: {one.message}" for one in faults)
        raise refuse("filing_contradicts", given=filing.digest[:12], faults=said)


def check_no_new_date(before: EventState, after: EventState) -> None:
    """See that a closed event is not left with a date that nobody is called for. Raises RefusedError."""
    if before.status is not EventStatus.CLOSED:
        return
    known = {(one.kind, one.law, one.known_on) for one in waiting(before)}
    new = [one for one in waiting(after) if (one.kind, one.law, one.known_on) not in known]
    if new:
        dates = "、".join(f"{one.kind.label}（{one.law}、{one.due_on or '速やかに'}）" for one in new)
        raise refuse("closed_new_date", dates=dates)
