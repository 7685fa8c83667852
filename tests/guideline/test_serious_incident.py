"""重大事故: the dated definition."""

from datetime import date

import pytest

from guideline.provisions import NotInForceError
from guideline.serious_incident import SERIOUS_INCIDENTS, seriousness
from schemas.reports import RiskEvent
from tests.guideline.test_consequences import ON, event

EVENTS = [
    pytest.param(event(), False, "0人、不明は0人と扱う", id="不明"),
    pytest.param(event(affected=100), False, "100人以下", id="100人"),
    pytest.param(event(affected=101), True, "101人で100人を超える", id="101人"),
    pytest.param(event(affected=3, feared=101), True, "101人で100人を超える", id="おそれが101人"),
    pytest.param(event(affected=1, intentional=True), True, "不正の目的", id="不正の目的"),
    pytest.param(event(affected=1, intentional=False), False, "1人", id="不正の目的でない"),
]


@pytest.mark.parametrize(("given", "serious", "words"), EVENTS)
def test_more_than_a_hundred_persons_or_an_intention_make_it_serious(
    given: RiskEvent, *, serious: bool, words: str
) -> None:
    found = seriousness(given, on=ON)
    assert found.serious is serious
    assert words in found.reasons[0]
    assert not found.confirmed
    assert "規則第14条第1項" in [one.article for one in found.provisions]


def test_the_definition_holds_from_its_first_day() -> None:
    first = SERIOUS_INCIDENTS[0].in_force_on
    assert seriousness(event(affected=101), on=first).serious
    with pytest.raises(NotInForceError):
        seriousness(event(), on=date(2015, 12, 31))
