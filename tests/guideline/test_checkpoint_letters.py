"""控えの手紙: what a mail must hold so that it alone is evidence."""

from __future__ import annotations

import pytest

from guideline.checkpoint_letters import checkpoint_notice_id, checkpoint_told, subject_of_checkpoint
from guideline.letters import facts_of, letter_of
from guideline.notices import LONGEST_SUBJECT
from schemas.checkpoints import Checkpoint
from tests.guideline.reviews import AT
from tests.guideline.test_letters import SATO, outgoing

KEPT = Checkpoint(seq=123_456_789, hash="a" * 64, at=AT, key_id="0123456789abcdef", signature="A" * 86 + "==")
TOLD = outgoing(notice_id=checkpoint_notice_id("2026-11-24", "sato"), subject=subject_of_checkpoint(KEPT))


def test_the_mail_holds_the_signed_line_and_the_commands() -> None:
    letter = letter_of(TOLD, to=SATO)
    assert letter.subject == "[見直し] 証跡の控え"
    lines = letter.body.splitlines()
    assert KEPT.model_dump_json() in lines
    assert f"minaoshi audit verify --expect {KEPT.hash}" in lines
    assert KEPT.key_id in letter.body


def test_nothing_of_it_is_lost_on_the_way_and_it_fits_a_row() -> None:
    assert checkpoint_told(TOLD) == KEPT
    assert len(TOLD.notice.subject) <= LONGEST_SUBJECT


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"subject": subject_of_checkpoint(KEPT)}, id="控えの知らせでない"),
        pytest.param({"notice_id": "checkpoint/1>sato", "subject": "至急: 証跡が通りません。"}, id="控えでない"),
    ],
)
def test_other_notices_hold_none(more: dict[str, str]) -> None:
    one = outgoing(**more)
    assert checkpoint_told(one) is None
    assert facts_of(one) == ()
