"""手紙の文 (letters): what is written to a person who is told of something by mail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from guideline.deadlines import tokyo_date
from guideline.notices import shortened
from guideline.risk_events import reporting_delay
from schemas.letters import Letter, Outgoing, key_of
from schemas.reports import RiskEvent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemas.records import RecordedReport
    from schemas.review import ReviewState

_MOST_GROUNDS = 10


@dataclass(frozen=True, slots=True)
class Addressee:
    """宛名 (addressee): a person, or an address behind which nobody has an inbox."""

    name: str
    mail: str
    has_inbox: bool = True


def letter_of(
    outgoing: Outgoing,
    *,
    to: Addressee,
    assessment: str | None = None,
    review: ReviewState | None = None,
    report: RecordedReport | None = None,
) -> Letter:
    """Write the letter: what, why, until when and where to look; `assessment` is its name.

    Behind an address without an inbox nobody can look anything up: its letter says whom to ask.
    """
    notice = outgoing.notice
    # A line break would begin a header of its own.
    subject = " ".join(notice.subject.split())
    facts = [
        f"　{what}: {said}"
        for what, said in (*_facts(outgoing, assessment=assessment, review=review), *_facts_of_event(report))
    ]
    look = (
        ("内容は、受信箱で確かめてください。", f"　minaoshi inbox --as {notice.person}")
        if to.has_inbox
        else ("詳しいことは、個人情報保護担当（対策チーム）に確かめてください。",)
    )
    lines = (
        f"{to.name} {'様' if to.has_inbox else '御中'}",
        "",
        subject,
        "",
        *facts,
        "",
        *look,
        "",
        "（自動で送った知らせです。このメールには返信できません。）",
        "",
    )
    return Letter(
        key=key_of(notice.notice_id),
        name=to.name,
        mail=to.mail,
        subject=shortened(f"[見直し] {subject}"),
        body="\n".join(lines),
        made_at=outgoing.made_at,
    )


def _facts_of_event(report: RecordedReport | None) -> Iterator[tuple[str, str]]:
    """Tell of a risk event what calls for haste; not what happened to whom, which may name persons."""
    event = report.intake.report if report else None
    if report is None or not isinstance(event, RiskEvent):
        return
    yield "把握した日", f"{event.known_on}（{event.known_by_department}）"
    yield "報告まで", reporting_delay(event, reported_on=tokyo_date(report.at)).sentence
    for what, number in (("本人の数", event.persons_affected), ("おそれのある本人の数", event.persons_feared)):
        yield what, "不明" if number is None else f"{number:,}人"
    if not event.assessments:
        yield "評価書", "まだ示されていません"
    yield "報告の番号", report.intake.adds_to or report.intake.act_id


def _facts(outgoing: Outgoing, *, assessment: str | None, review: ReviewState | None) -> Iterator[tuple[str, str]]:
    notice = outgoing.notice
    if notice.assessment_id is not None:
        yield "評価書", f"{assessment}（{notice.assessment_id}）" if assessment else notice.assessment_id
    if notice.review_id is not None:
        yield "見直し", notice.review_id
    if review is not None:
        yield "事由", "、".join(" ".join(ground.title.split()) for ground in review.grounds[:_MOST_GROUNDS])
        if review.due_on is not None:
            yield "期限", review.due_on.isoformat()
