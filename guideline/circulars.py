"""事務連絡の手紙 (letters of circulars): what is written to each recipient, and the answer to a question. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from guideline.notices import one_line, shortened
from schemas.duties import DutyKind, DutyStatus
from schemas.duty_acts import DutyConfirmation, DutyReminder
from schemas.duty_papers import AnswerContent, AnswerPaper, CircularContent
from schemas.forms.wording import japanese_day
from schemas.letters import Letter, key_of
from schemas.review import Urgency

if TYPE_CHECKING:
    from datetime import datetime

    from schemas.circulars import Round
    from schemas.duties import DutyState, RollMember
    from schemas.duty_acts import DutyAct

FIRST, ANSWER = "first", "answer"

_REMINDED = re.compile(r"reminder-[0-9]+")
_NO_REPLY = "（このメールは自動で送ったもので、返信できません。）"


def reminder_round(sequence: int) -> str:
    """Name the round of a reminder by the number of the act that asked for it: the same act asks for the same one."""
    return f"reminder-{sequence}"


def round_after(act: DutyAct, state: DutyState) -> str | None:
    """Say which letters go out by themselves after an act: the reminder of a circular, the answer that is confirmed.

    The 総括保護管理者 is called last: then the recipients have been reminded twice.
    """
    if isinstance(act, DutyReminder) and state.kind is DutyKind.CIRCULAR and act.alarm.status is DutyStatus.OPEN:
        return None if act.alarm.urgency is Urgency.TOP else reminder_round(state.sequence)
    if isinstance(act, DutyConfirmation) and state.kind is DutyKind.ANSWER:
        return ANSWER
    return None


def content_of_circular(state: DutyState) -> CircularContent:
    """Give what a circular says."""
    return CircularContent.read(state.content)


def content_of_answer(state: DutyState) -> AnswerContent:
    """Give the question that a duty of answering is about."""
    return AnswerContent.read(state.content)


def circular_letter(  # noqa: PLR0913 # all that the letter says
    state: DutyState, to: RollMember, *, round_: Round, sender: str, link: str, made_at: datetime
) -> Letter:
    """Write the letter to one recipient; its key, and so its Message-ID, is the same for each try of a round."""
    content = content_of_circular(state)
    is_reminder = _REMINDED.fullmatch(round_) is not None
    reply_until = content.reply_until or state.due_on
    lines = [
        f"{to.name} 御中",
        "",
        *(["受領の確認をまだいただいていないため、改めてお知らせします。", ""] if is_reminder else []),
        f"件名: {one_line(state.title)}",
        *([f"番号: {content.number}"] if content.number else []),
        *([f"日付: {japanese_day(content.dated_on)}"] if content.dated_on else []),
        f"発出: {sender}",
        *([f"改めて発出するもの（元の事務連絡: {content.repeats}）"] if content.repeats else []),
        "",
        content.text,
        "",
        *_attachment(content),
        f"受領の確認を、{japanese_day(reply_until)}までにお願いします。次のページを開いて「受領を確認する」を押してください。",
        f"　{link}",
        "このリンクは貴団体だけのものです。ほかの団体に転送しないでください。",
        "",
        _NO_REPLY,
        "",
    ]
    return Letter(
        key=key_of(f"{state.duty_id}~{round_}>{to.member}"),
        name=to.name,
        mail=to.mail or "",
        subject=shortened(
            f"{'【再送・受領の確認のお願い】' if is_reminder else '【事務連絡】'}{one_line(state.title)}"
        ),
        body="\n".join(lines),
        made_at=made_at,
    )


def _attachment(content: CircularContent) -> list[str]:
    if content.document_sha256 is None:
        return []
    return [f"添付: {content.document_name or '事務連絡の文書'}", f"　SHA-256 {content.document_sha256}", ""]


def answer_letter(state: DutyState, paper: AnswerPaper, *, sender: str, made_at: datetime) -> Letter | None:
    """Write the answer to whoever asked; None where they left no address."""
    content = content_of_answer(state)
    if content.mail is None:
        return None
    lines = (
        f"{content.asked_by} 御中",
        "",
        f"{japanese_day(content.asked_on)}の照会に、次のとおり回答します。",
        "",
        "照会:",
        content.question,
        "",
        "回答:",
        paper.answer,
        "",
        f"回答: {sender}",
        _NO_REPLY,
        "",
    )
    return Letter(
        key=key_of(f"{state.duty_id}~{ANSWER}"),
        name=content.asked_by,
        mail=content.mail,
        subject=shortened(f"【照会への回答】{one_line(state.title)}"),
        body="\n".join(lines),
        made_at=made_at,
    )
