"""台帳との照合 (held against the register): what an act on an event says of the register must be so there. Pure.

The state of the event does not know it; whoever records the act asks the register, and asks here.
"""

from __future__ import annotations

from collections.abc import Collection

from guideline.refusals import refuse
from schemas.breach import FORM
from schemas.event_acts import EventClosing, ReportApproving
from schemas.events import EventState
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
