"""行為の文: what the timeline tells of a step of the procedure."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from client.act_texts import text_of
from schemas.acts import ActKind, StepRecord
from schemas.procedure import Hearing, Judgement, Notice
from schemas.review import Step
from tests.guideline.reviews import MANAGER, act_of, in_procedure

ON = date(2026, 6, 1)

TOLD = [
    pytest.param({"step": Step.SUBMISSION}, "提出（2026-06-01）", id="提出"),
    pytest.param(
        {"step": Step.PUBLIC_NOTICE, "notice": Notice(method="広報紙", until_on=ON, shortened_reason="復旧のため。")},
        "公示（2026-06-01）広報紙により、2026-06-01 まで意見を聴く。 期間を短縮する理由: 復旧のため。",
        id="公示",
    ),
    pytest.param(
        {"step": Step.PUBLIC_COMMENT, "hearing": Hearing(opinions=3, reflected=1, sheet="f" * 64)},
        "意見聴取（2026-06-01）意見3件、うち反映する意見1件。",
        id="意見聴取",
    ),
    pytest.param(
        {
            "step": Step.COMMISSION_APPROVAL,
            "judgement": Judgement(conditions=("研修の結果を報告すること。",), requires_revision=True),
            "note": "口頭の補足あり。",
        },
        "委員会の承認（2026-06-01）条件又は意見: 研修の結果を報告すること。 案の改訂を要する。 備考: 口頭の補足あり。",
        id="条件の付いた承認",
    ),
]


@pytest.mark.parametrize(("said", "text"), TOLD)
def test_a_step_is_told_with_what_was_heard_and_what_was_asked_for(said: dict[str, Any], text: str) -> None:
    act = act_of(ActKind.RECORD_STEP, MANAGER, review=in_procedure(), done_on=ON, **said)
    assert isinstance(act, StepRecord)
    assert text_of(act) == text
