"""所見 (findings): what register, histories and mail server hold after a run, as it was read; and what is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from chaos.ledger import Ledger, Sent

BOTH = frozenset({"privacy_manager", "team_member"})


@dataclass(frozen=True)
class GroundFound:
    """事由: of which report, of which review; `held` where it waits there for the next one."""

    report_id: str
    assessment: str
    review_id: str
    held: bool
    review_is_open: bool


@dataclass(frozen=True)
class VersionFound:
    """公表された版: with the roles and the persons that approved that very digest in its review."""

    assessment: str
    number: int
    review_id: str
    roles: frozenset[str]
    persons: frozenset[str]


@dataclass(frozen=True)
class NoticeFound:
    """知らせ: delivered by which means, or given up; `key` is that of its letter."""

    notice_id: str
    key: str
    delivered_by: str | None
    failed: bool


@dataclass(frozen=True)
class Findings:
    """所見: acts by their ids, as often as they were found."""

    recorded: Counter[str] = field(default_factory=Counter)
    remembered: Counter[str] = field(default_factory=Counter)
    reports: Counter[str] = field(default_factory=Counter)
    grounds: tuple[GroundFound, ...] = ()
    versions: tuple[VersionFound, ...] = ()
    yearly: Counter[tuple[str, date]] = field(default_factory=Counter)
    due: tuple[tuple[str, date], ...] = ()
    swept: bool = True
    notices: tuple[NoticeFound, ...] = ()
    letters: Counter[str] = field(default_factory=Counter)
    disagreeing: tuple[str, ...] = ()
    problems_of_the_chain: tuple[str, ...] = ()


def what_is_wrong(found: Findings, ledger: Ledger) -> tuple[str, ...]:
    """Hold what was found against what people were told; nothing where all that must hold does."""
    return (
        *(f"an answer that nobody should get: {one}" for one in ledger.complaints),
        *(f"no answer, though nothing fails any more: {_called(one)}" for one in ledger.open()),
        *_acts(found, ledger),
        *_reports(found, ledger),
        *_publications(found),
        *_years(found),
        *_notices(found),
        *(f"register and engine disagree on {one}" for one in found.disagreeing),
        *(f"the chain does not verify: {one}" for one in found.problems_of_the_chain),
    )


def _called(sent: Sent) -> str:
    return f"{sent.kind} {sent.act_id} of {sent.by} on {sent.assessment} (sent {sent.times} times)"


def _acts(found: Findings, ledger: Ledger) -> Iterator[str]:
    accepted = {one.act_id: one for one in ledger.accepted() if not one.is_report}
    for act_id, one in accepted.items():
        counts = found.recorded[act_id], found.remembered[act_id]
        if counts != (1, 1):
            yield f"accepted, and {counts[0]} times in the register, {counts[1]} times in a history: {_called(one)}"
    for act_id in sorted(found.recorded.keys() | found.remembered.keys()):
        counts = found.recorded[act_id], found.remembered[act_id]
        sent = ledger.sent.get(act_id)
        if sent is not None and not sent.is_report and sent not in ledger.open() and act_id not in accepted:
            yield f"refused, and yet taken: {_called(sent)}"
        if counts != (1, 1) and act_id not in accepted:
            yield f"{counts[0]} times in the register, {counts[1]} times in a history: {act_id}"


def _reports(found: Findings, ledger: Ledger) -> Iterator[str]:
    for one in ledger.accepted():
        if not one.is_report:
            continue
        if found.reports[one.act_id] != 1:
            yield f"accepted, and {found.reports[one.act_id]} times in the register: {_called(one)}"
        mine = [at for at in found.grounds if (at.report_id, at.assessment) == (one.act_id, one.assessment)]
        examined = [at.review_id for at in mine if not at.held]
        waiting = [at.review_id for at in mine if at.held and at.review_is_open]
        if len(examined or waiting) != 1:
            yield f"accepted, and in {len(examined or waiting)} reviews: {_called(one)}"


def _publications(found: Findings) -> Iterator[str]:
    for one in found.versions:
        if not one.roles >= BOTH or len(one.persons) < len(BOTH):
            yield f"published without both approvals: version {one.number} of {one.assessment} ({one.review_id})"


def _years(found: Findings) -> Iterator[str]:
    if not found.swept:
        yield "the yearly sweep that was asked for has not come to its end"
        return
    for due in found.due:
        if found.yearly[due] != 1:
            yield f"the year of {due[0]} ({due[1]}) was opened {found.yearly[due]} times"


def _notices(found: Findings) -> Iterator[str]:
    for one in found.notices:
        if one.delivered_by is None and not one.failed:
            yield f"neither delivered nor given up: {one.notice_id}"
        if one.delivered_by == "mail" and not any(one.key in letter for letter in found.letters):
            yield f"said to be delivered, and never came: {one.notice_id}"
