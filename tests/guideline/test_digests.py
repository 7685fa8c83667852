"""まとめて知らせる時刻: the first morning after a notice, in Tokyo; and what never waits for it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from guideline.digests import may_be_held, next_morning
from schemas.letters import MailChoice
from schemas.records import Notice


@pytest.mark.parametrize(
    ("at", "morning"),
    [
        pytest.param("2026-11-24T22:59:59", "2026-11-24T23:00:00", id="8時の前"),
        pytest.param("2026-11-24T23:00:00", "2026-11-25T23:00:00", id="8時ちょうどは次の朝"),
        pytest.param("2026-11-24T15:00:00", "2026-11-24T23:00:00", id="日本の0時"),
        pytest.param("2026-12-31T05:00:00", "2026-12-31T23:00:00", id="年をまたぐ"),
    ],
)
def test_the_next_morning_is_at_eight_in_tokyo(at: str, morning: str) -> None:
    found = next_morning(datetime.fromisoformat(at).replace(tzinfo=UTC))
    assert found == datetime.fromisoformat(morning).replace(tzinfo=UTC)


@pytest.mark.parametrize("urgent", [False, True])
def test_what_is_urgent_is_never_held(*, urgent: bool) -> None:
    notice = Notice(
        notice_id="act/1>sato", person="sato", review_id=None, assessment_id=None, subject="知らせ", urgent=urgent
    )
    assert may_be_held(notice) is not urgent


def test_each_choice_of_mail_has_its_words() -> None:
    assert [one.label for one in MailChoice] == ["知らせのたびに送る", "毎朝一通にまとめて送る"]
