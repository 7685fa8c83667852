"""手紙の文 (letters)."""

from __future__ import annotations

from datetime import date

from guideline.letters import Addressee, Told, digest_letter_of, facts_of, letter_of
from schemas.acts import Intake
from schemas.letters import Outgoing, key_of
from schemas.organisation import Role
from schemas.records import Notice, RecordedReport
from schemas.reports import ChangeKind, ChangeReport, RiskEvent
from tests.guideline.reviews import AT, REVIEW_ID, actor, opened

SATO = Addressee("佐藤", "sato@example.jp")
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
    letter = letter_of(one, to=SATO, assessment="口座登録の事務", review=review)
    for said in (
        "佐藤 様",
        "評価書: 口座登録の事務（digital-agency-1）",
        f"見直し: {REVIEW_ID}",
        "事由: システムの更新",
        "期限: 2026-06-08",
        "minaoshi inbox --as sato",
    ):
        assert said in letter.body
    assert letter.subject == "[見直し] あなたの番です digital-agency-1"
    assert letter.key == key_of("act/1>sato")


def test_what_is_not_known_is_not_said() -> None:
    letter = letter_of(outgoing(), to=SATO)
    assert "評価書" not in letter.body
    nameless = letter_of(outgoing(assessment_id="a-1"), to=SATO, review=opened())
    assert "評価書: a-1" in nameless.body
    assert "期限" not in nameless.body


def test_a_subject_of_two_lines_becomes_one() -> None:
    letter = letter_of(outgoing(subject=SUBJECT), to=SATO)
    assert "\n" not in letter.subject
    assert "\r" not in letter.subject


def test_the_key_of_a_notice_names_nobody() -> None:
    assert "sato" not in key_of("act/1>sato")
    assert key_of("act/1>sato") != key_of("act/1>suzuki")


def recorded(**more: object) -> RecordedReport:
    fields: dict[str, object] = {
        "title": "誤登録",
        "facts": "佐藤さんの口座が別人に登録された。",
        "known_on": date(2026, 3, 1),
        "known_by_department": "desk",
        **more,
    }
    event = RiskEvent.model_validate(fields)
    return RecordedReport(intake=Intake(act_id="risk/1", actor=actor(Role.STAFF), report=event), at=AT)


def test_of_an_event_a_letter_says_what_calls_for_haste_and_not_what_happened_to_whom() -> None:
    letter = letter_of(outgoing(notice_id="risk/1>0001>sato"), to=SATO, report=recorded(persons_affected=1_200))
    days = (AT.date() - date(2026, 3, 1)).days
    for said in (
        "2026-03-01（desk）",
        f"{days}日が経っています",
        "本人の数: 1,200人",
        "おそれのある本人の数: 不明",
        "risk/1",
    ):
        assert said in letter.body
    assert "まだ示されていません" in letter.body
    assert "口座" not in letter.body
    named = letter_of(outgoing(), to=SATO, report=recorded(assessments=("a",)))
    assert "まだ示されていません" not in named.body


def test_of_another_report_a_letter_says_nothing_more() -> None:
    change = ChangeReport(
        assessments=("a",), kind=ChangeKind.SYSTEM, title="件", facts="事実", known_on=date(2026, 3, 1)
    )
    report = RecordedReport(intake=Intake(act_id="c", actor=actor(Role.STAFF), report=change), at=AT)
    assert "把握した日" not in letter_of(outgoing(), to=SATO, report=report).body


def test_behind_an_address_nobody_has_an_inbox() -> None:
    to = Addressee("リスク事案ホットライン", "hotline@example.jp", has_inbox=False)
    letter = letter_of(outgoing(person="risk-hotline"), to=to, report=recorded())
    assert letter.body.startswith("リスク事案ホットライン 御中")
    assert "minaoshi inbox" not in letter.body
    assert "対策チーム" in letter.body


def test_what_somebody_typed_stands_in_the_text_and_not_in_the_subject() -> None:
    letter = letter_of(outgoing(subject="リスク事案の報告: 佐藤さんの口座の誤登録"), to=SATO)
    assert letter.subject == "[見直し] リスク事案の報告"
    assert "リスク事案の報告: 佐藤さんの口座の誤登録" in letter.body


def test_a_letter_leads_to_the_page_where_it_is_done() -> None:
    page = "https://minaoshi.example.jp/reviews/digital-agency-1/1"
    assert f"　{page}\n" in letter_of(outgoing(), to=SATO, page=page).body
    address = Addressee("リスク事案ホットライン", "hotline@example.jp", has_inbox=False)
    assert page not in letter_of(outgoing(), to=address, page=page).body


def test_a_digest_is_one_letter_of_all_that_was_held_under_the_key_of_the_first() -> None:
    first = outgoing(notice_id="act/1>sato", subject="あなたの番です（起案）: a-1", assessment_id="a-1")
    second = outgoing(notice_id="act/2>sato", subject="対応策「完了」: 佐藤さんの\n台帳")
    told = [
        Told(one, facts_of(one, assessment="児童手当の事務" if one is first else None), f"https://example.jp/{place}")
        for place, one in enumerate((first, second))
    ]
    letter = digest_letter_of(told, to=SATO, others=3)
    assert letter.subject == "[見直し] 知らせのまとめ（5件）"
    for said in (
        "佐藤 様",
        "1. あなたの番です（起案）: a-1",
        "　評価書: 児童手当の事務（a-1）",
        "　https://example.jp/0",
        "2. 対応策「完了」: 佐藤さんの 台帳",
        "ほかに3件の知らせがあります。",
        "minaoshi inbox --as sato",
    ):
        assert said in letter.body
    assert letter.key == digest_letter_of(told[:1], to=SATO).key != key_of("act/1>sato")
    assert "ほかに" not in digest_letter_of(told, to=SATO).body
