"""手紙の文 (letters): what is written to a person who is told of something by mail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from guideline.checkpoint_letters import checkpoint_told, how_to_verify
from guideline.deadlines import tokyo_date
from guideline.notices import head_of, one_line, shortened
from guideline.risk_events import reporting_delay
from schemas.letters import Letter, Outgoing, key_of
from schemas.reports import RiskEvent

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from schemas.records import Notice, RecordedReport
    from schemas.review import ReviewState

_MOST_GROUNDS = 10


@dataclass(frozen=True, slots=True)
class Addressee:
    """宛名 (addressee): a person, or an address behind which nobody has an inbox."""

    name: str
    mail: str
    has_inbox: bool = True


def letter_of(  # noqa: PLR0913 # all that a letter tells
    outgoing: Outgoing,
    *,
    to: Addressee,
    assessment: str | None = None,
    review: ReviewState | None = None,
    report: RecordedReport | None = None,
    page: str | None = None,
) -> Letter:
    """Write the letter: what, why, until when and where to look; `assessment` is its name, `page` an address.

    Behind an address without an inbox nobody can look anything up: its letter says whom to ask. A mail's subject is
    seen by whoever passes it on: what somebody typed stands in the text alone.
    """
    notice = outgoing.notice
    facts = facts_of(outgoing, assessment=assessment, review=review, report=report)
    look = (
        ("内容は、次のページか受信箱で確かめてください。", *((f"　{page}",) if page else ()), *_terminal(notice.person))
        if to.has_inbox
        else ("詳しいことは、個人情報保護担当（対策チーム）に確かめてください。",)
    )
    return Letter(
        key=key_of(notice.notice_id),
        name=to.name,
        mail=to.mail,
        subject=shortened(
            " ".join(("[見直し]", one_line(head_of(notice.subject)), notice.assessment_id or "")).strip()
        ),
        body=_body(to, one_line(notice.subject), "", *facts, *_details(notice), "", *look),
        made_at=outgoing.made_at,
    )


@dataclass(frozen=True, slots=True)
class Told:
    """まとめの一件 (one notice of a digest): with what is known of it, and the address of its page."""

    outgoing: Outgoing
    facts: tuple[str, ...]
    page: str


def digest_letter_of(told: Sequence[Told], *, to: Addressee, others: int = 0) -> Letter:
    """Write one letter of many notices, the oldest first; `others` are those that only the inbox shows.

    Its key is that of the first one: it stays so while any of them is not delivered.
    """
    first = told[0].outgoing
    number = len(told) + others
    entries = [
        line
        for place, one in enumerate(told, start=1)
        for line in (f"{place}. {one_line(one.outgoing.notice.subject)}", *one.facts, f"　{one.page}", "")
    ]
    more = (f"ほかに{others}件の知らせがあります。", "") if others else ()
    intro = f"前の日から今朝までの知らせ{number}件を、まとめて送ります。"
    return Letter(
        key=key_of(f"digest>{first.notice.notice_id}"),
        name=to.name,
        mail=to.mail,
        subject=f"[見直し] 知らせのまとめ（{number}件）",
        body=_body(to, intro, "", *entries, *more, "受信箱でも確かめられます。", *_terminal(first.notice.person)),
        made_at=told[-1].outgoing.made_at,
    )


def facts_of(
    outgoing: Outgoing,
    *,
    assessment: str | None = None,
    review: ReviewState | None = None,
    report: RecordedReport | None = None,
) -> tuple[str, ...]:
    """Give the lines that say what a notice is about, and until when."""
    told = (*_facts(outgoing, assessment=assessment, review=review), *_facts_of_event(report))
    kept = checkpoint_told(outgoing)
    return (*(f"　{what}: {said}" for what, said in told), *(how_to_verify(kept) if kept else ()))


def _body(to: Addressee, *lines: str) -> str:
    greeting = f"{to.name} {'様' if to.has_inbox else '御中'}"
    end = ("", "（自動で送った知らせです。このメールには返信できません。）", "")
    return "\n".join((greeting, "", *lines, *end))


def _terminal(person: str) -> tuple[str, ...]:
    return (f"　（端末では minaoshi inbox --as {person}）",)


def _details(notice: Notice) -> tuple[str, ...]:
    return ("", *notice.details.splitlines()) if notice.details is not None else ()


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
