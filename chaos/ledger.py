"""控え (ledger): what people sent, and what they were told; kept outside of all that may fail."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Told(StrEnum):
    """告げられたこと (told): how an act was answered."""

    NOTHING = "nothing"  # まだ答えがない
    ACCEPTED = "accepted"  # 受け付けた
    REFUSED = "refused"  # 受け付けない


@dataclass
class Sent:
    """送った行為: one act id, however often it was sent. Times in seconds from the beginning of the run."""

    act_id: str
    kind: str
    assessment: str
    by: str
    sent_at: float
    answered_at: float | None = None
    told: Told = Told.NOTHING
    times: int = 0

    @property
    def is_report(self) -> bool:
        """Whether it is a report, whose review the engine finds or opens."""
        return self.kind in ("change", "risk")


@dataclass(frozen=True)
class Struck:
    """起こした障害: which fault, from when until when it lasted, and when the next one began."""

    fault: str
    began_at: float
    healed_at: float
    next_at: float
    note: str = ""


class Ledger:
    """控え: acts by their ids, in the order in which they were sent; and what nobody should ever be told."""

    def __init__(self) -> None:
        self.sent: dict[str, Sent] = {}
        self.complaints: list[str] = []

    def begin(self, act_id: str, *, kind: str, assessment: str, by: str, at: float) -> Sent:
        """Note an act before it is sent for the first time."""
        sent = self.sent[act_id] = Sent(act_id, kind, assessment, by, at)
        return sent

    def complain(self, sent: Sent, what: str) -> None:
        """Note an answer that is a bug whatever has failed."""
        self.complaints.append(f"{sent.by} {sent.kind} {sent.act_id}: {what}")

    def accepted(self) -> tuple[Sent, ...]:
        """Give what was accepted."""
        return tuple(one for one in self.sent.values() if one.told is Told.ACCEPTED)

    def open(self) -> tuple[Sent, ...]:
        """Give what has no answer yet."""
        return tuple(one for one in self.sent.values() if one.told is Told.NOTHING)

    def under_way_between(self, begin: float, end: float) -> int:
        """Count what was under way between two instants, and was accepted in the end."""
        return sum(one.sent_at < end and (one.answered_at or end) > begin for one in self.accepted())

    def answered_between(self, begin: float, end: float) -> int:
        """Count what was sent and accepted between two instants."""
        return sum(begin <= one.sent_at and (one.answered_at or end) < end for one in self.accepted())
