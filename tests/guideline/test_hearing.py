"""意見聴取の期間: how long opinions are heard."""

from datetime import date

import pytest

from guideline.hearing import HEARINGS, days_heard, ends_at_the_earliest, hearing_days, hearing_of, is_too_short
from guideline.provisions import NotInForceError
from schemas.procedure import Hearing, Notice, Opinion, OpinionSheet

BEGAN_ON = date(2025, 9, 16)


@pytest.mark.parametrize(
    ("until_on", "reason", "short"),
    [
        (date(2025, 10, 16), None, False),
        (date(2025, 10, 15), None, True),
        (date(2025, 10, 15), "急を要するため。", False),
    ],
    ids=["9月16日から10月16日まで", "一日短い", "一日短いが理由がある"],
)
def test_thirty_days_are_counted_without_the_first(until_on: date, reason: str | None, *, short: bool) -> None:
    notice = Notice(method="インターネット", until_on=until_on, shortened_reason=reason)
    assert is_too_short(notice, began_on=BEGAN_ON) is short


def test_the_days_of_a_hearing_are_a_dated_row_that_is_not_confirmed() -> None:
    assert hearing_days(on=BEGAN_ON) == 30
    assert not HEARINGS[0].confirmed
    assert ends_at_the_earliest(began_on=BEGAN_ON) == date(2025, 10, 16)
    assert days_heard(began_on=BEGAN_ON, until_on=date(2025, 10, 16)) == 30
    with pytest.raises(NotInForceError):
        hearing_days(on=date(2015, 12, 31))


def test_a_list_of_opinions_tells_how_many_there_were_and_how_many_change_the_text() -> None:
    opinions = tuple(Opinion(opinion="意見", answer="答え", reflected=one) for one in (True, False, True))
    assert hearing_of(OpinionSheet(opinions=opinions), digest="f" * 64) == Hearing(
        opinions=3, reflected=2, sheet="f" * 64
    )
