"""事務連絡の手紙: what it says, what is the same for each try, and which letters go out by themselves."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from guideline.circulars import (
    ANSWER,
    FIRST,
    answer_letter,
    circular_letter,
    reminder_round,
    round_after,
)
from guideline.organisation import engine_actor
from schemas.duties import DutyAlarm, DutyKind, DutyState, DutyStatus, RollMember
from schemas.duty_acts import DutyConfirmation, DutyReminder
from schemas.duty_papers import AnswerPaper
from schemas.review import Urgency

AT = datetime(2023, 5, 23, 1, 0, tzinfo=UTC)
TO = RollMember(member="131016", name="見本区", mail="a@example.lg.jp")
ENGINE = engine_actor(body="digital-agency", department="privacy")
DIGEST = "0" * 64


def state(kind: DutyKind = DutyKind.CIRCULAR, **content: Any) -> DutyState:
    text = {"text": "ログアウトを徹底されたい。"} if kind is DutyKind.CIRCULAR else {}
    return DutyState(
        duty_id=f"{kind.value}:one",
        kind=kind,
        body="digital-agency",
        department="privacy",
        title="ログアウトの\n徹底",
        due_on=date(2023, 6, 30),
        opened_at=AT,
        opened_by="team-lead",
        began_at=AT,
        content={**text, **content},
        content_digest=DIGEST,
        sequence=7,
    )


def letter(one: DutyState, round_: str = FIRST) -> Any:
    return circular_letter(one, TO, round_=round_, sender="デジタル庁", link="https://x/acknowledge/t", made_at=AT)


def test_a_letter_says_what_until_when_and_by_which_link() -> None:
    said = letter(state())
    assert said.subject == "【事務連絡】ログアウトの 徹底"
    for words in ("見本区 御中", "ログアウトを徹底されたい。", "令和5年6月30日までに", "https://x/acknowledge/t"):
        assert words in said.body
    assert "添付" not in said.body


def test_what_is_known_of_the_paper_is_said_too() -> None:
    more: dict[str, Any] = {
        "number": "第1号",
        "dated_on": "2023-11-02",
        "reply_until": "2023-11-20",
        "repeats": "circular:may",
    }
    said = letter(state(**more, document_sha256=DIGEST, document_name="連絡.pdf")).body
    for words in ("番号: 第1号", "令和5年11月2日", "令和5年11月20日までに", "circular:may", "連絡.pdf", DIGEST):
        assert words in said
    assert "事務連絡の文書" in letter(state(document_sha256=DIGEST)).body


def test_each_try_of_a_round_has_the_same_key_and_each_round_its_own() -> None:
    assert letter(state()).key == letter(state()).key
    reminder = letter(state(), reminder_round(7))
    assert reminder.key != letter(state()).key
    assert reminder.subject.startswith("【再送・受領の確認のお願い】")
    assert "まだいただいていない" in reminder.body


def test_an_answer_goes_to_whoever_left_an_address() -> None:
    asked: dict[str, Any] = {"asked_by": "見本区", "asked_on": "2023-06-01", "question": "窓口の端末も含むか。"}
    paper = AnswerPaper(answer="含む。")
    assert answer_letter(state(DutyKind.ANSWER, **asked), paper, sender="デジタル庁", made_at=AT) is None
    said = answer_letter(
        state(DutyKind.ANSWER, **asked, mail="a@example.lg.jp"), paper, sender="デジタル庁", made_at=AT
    )
    assert said is not None
    assert all(words in said.body for words in ("窓口の端末も含むか。", "含む。", "令和5年6月1日の照会"))


def reminder(urgency: Urgency, status: DutyStatus = DutyStatus.OPEN) -> DutyReminder:
    alarm = DutyAlarm(status=status, urgency=urgency, due_on=date(2023, 6, 30), at=AT)
    return DutyReminder(act_id="a", actor=ENGINE, duty_id="circular:one", alarm=alarm)


@pytest.mark.parametrize(
    ("act", "kind", "round_"),
    [
        pytest.param(reminder(Urgency.REMINDER), DutyKind.CIRCULAR, "reminder-7", id="期限の前"),
        pytest.param(reminder(Urgency.SUPERIOR), DutyKind.CIRCULAR, "reminder-7", id="期限の後"),
        pytest.param(reminder(Urgency.TOP), DutyKind.CIRCULAR, None, id="総括保護管理者への報告"),
        pytest.param(reminder(Urgency.REMINDER, DutyStatus.HANDED_IN), DutyKind.CIRCULAR, None, id="確認の督促"),
        pytest.param(reminder(Urgency.REMINDER), DutyKind.TRAINING, None, id="研修"),
        pytest.param(
            DutyConfirmation(act_id="a", actor=ENGINE, duty_id="answer:one"), DutyKind.ANSWER, ANSWER, id="回答の確認"
        ),
        pytest.param(
            DutyConfirmation(act_id="a", actor=ENGINE, duty_id="circular:one"), DutyKind.CIRCULAR, None, id="完了"
        ),
    ],
)
def test_which_letters_go_out_by_themselves(act: Any, kind: DutyKind, round_: str | None) -> None:
    assert round_after(act, state(kind)) == round_
