"""手紙の文 (letters)."""

from __future__ import annotations

from datetime import date

from guideline.letters import letter_of
from schemas.letters import Outgoing, key_of
from schemas.records import Notice
from tests.guideline.reviews import AT, REVIEW_ID, opened

SUBJECT = "あなたの番です（両者の検討）\r\nBcc: somebody@example.jp"


def outgoing(**more: str | None) -> Outgoing:
    fields = {
        "notice_id": "act/1>sato",
        "person": "sato",
        "review_id": None,
        "assessment_id": None,
        "subject": "あなたの番です",
        **more,
    }
    return Outgoing(notice=Notice.model_validate(fields), made_at=AT)


def test_a_letter_says_what_why_until_when_and_where_to_look() -> None:
    one = outgoing(review_id=REVIEW_ID, assessment_id="digital-agency-1")
    review = opened().model_copy(update={"due_on": date(2026, 6, 8)})
    letter = letter_of(one, name="佐藤", mail="sato@example.jp", assessment="口座登録の事務", review=review)
    for said in (
        "佐藤 様",
        "評価書: 口座登録の事務（digital-agency-1）",
        f"見直し: {REVIEW_ID}",
        "事由: システムの更新",
        "期限: 2026-06-08",
        "minaoshi inbox --as sato",
    ):
        assert said in letter.body
    assert letter.subject == "[見直し] あなたの番です"
    assert letter.key == key_of("act/1>sato")


def test_what_is_not_known_is_not_said() -> None:
    letter = letter_of(outgoing(), name="佐藤", mail="sato@example.jp")
    assert "評価書" not in letter.body
    nameless = letter_of(outgoing(assessment_id="a-1"), name="佐藤", mail="sato@example.jp", review=opened())
    assert "評価書: a-1" in nameless.body
    assert "期限" not in nameless.body


def test_a_subject_of_two_lines_becomes_one() -> None:
    letter = letter_of(outgoing(subject=SUBJECT), name="佐藤", mail="sato@example.jp")
    assert "\n" not in letter.subject
    assert "\r" not in letter.subject


def test_the_key_of_a_notice_names_nobody() -> None:
    assert "sato" not in key_of("act/1>sato")
    assert key_of("act/1>sato") != key_of("act/1>suzuki")
