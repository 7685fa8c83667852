"""手紙の文 (letters): what is written to a person who is told of something by mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.letters import Letter, Outgoing, key_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemas.review import ReviewState

_MOST_GROUNDS = 10


def letter_of(
    outgoing: Outgoing, *, name: str, mail: str, assessment: str | None = None, review: ReviewState | None = None
) -> Letter:
    """Write the letter: what, why, until when and where to look; `assessment` is its name."""
    notice = outgoing.notice
    # A line break would begin a header of its own.
    subject = " ".join(notice.subject.split())
    facts = [f"　{what}: {said}" for what, said in _facts(outgoing, assessment=assessment, review=review)]
    lines = (
        f"{name} 様",
        "",
        subject,
        "",
        *facts,
        "",
        "内容は、受信箱で確かめてください。",
        f"　minaoshi inbox --as {notice.person}",
        "",
        "（自動で送った知らせです。このメールには返信できません。）",
        "",
    )
    return Letter(
        key=key_of(notice.notice_id),
        name=name,
        mail=mail,
        subject=f"[見直し] {subject}"[:200],
        body="\n".join(lines),
        made_at=outgoing.made_at,
    )


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
